//! A remark with the place it belongs to.

use clinical::Finding;

/// A [`Finding`] and where it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFinding {
    /// The file's name as the caller gave it.
    pub file: String,
    /// The entry of the Bundle, from 0, or the line of the NDJSON file, from 1.
    pub entry: Option<u64>,
    /// The remark. Its path is a FHIR path within the resource.
    pub finding: Finding,
}
