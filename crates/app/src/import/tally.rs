//! What of each file is in the record.

use std::collections::BTreeMap;

/// Counts of what was committed, by file and by type.
#[derive(Debug, Default)]
pub(super) struct Tally {
    files: BTreeMap<usize, u64>,
    types: BTreeMap<String, u64>,
}

impl Tally {
    /// One resource of a file is in the record.
    pub(super) fn count(&mut self, file: usize, resource_type: String) {
        *self.files.entry(file).or_default() += 1;
        *self.types.entry(resource_type).or_default() += 1;
    }

    /// How many of a file are.
    pub(super) fn of_file(&self, file: usize) -> u64 {
        self.files.get(&file).copied().unwrap_or_default()
    }

    /// How many of each type are.
    pub(super) fn types(self) -> BTreeMap<String, u64> {
        self.types
    }
}
