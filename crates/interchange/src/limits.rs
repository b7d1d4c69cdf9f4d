//! How much of a file is read.

/// Limits on what a file may hold. The defaults hold for everything people have sent us and keep
/// a hostile file from filling the memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one JSON document, or of one line of NDJSON.
    pub document_bytes: usize,
    /// Levels of arrays and objects within one resource.
    pub depth: usize,
    /// Entries of one Bundle.
    pub entries: usize,
    /// Bytes of one string before it is remarked on; it is kept.
    pub string_bytes: usize,
    /// Values within one resource.
    pub values: usize,
    /// Findings told for one file; the rest is counted.
    pub findings: usize,
    /// Bytes of resources held back to hand over a patient's entries together.
    pub window_bytes: usize,
    /// Resources held back until the patient they name by identifier is known.
    pub pending: usize,
    /// References remembered until the end to tell which were never resolved.
    pub references: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document_bytes: 64 << 20,
            depth: 64,
            entries: 50_000,
            string_bytes: 1 << 20,
            values: 4_000_000,
            findings: 1_000,
            window_bytes: 16 << 20,
            pending: 10_000,
            references: 1_000_000,
        }
    }
}
