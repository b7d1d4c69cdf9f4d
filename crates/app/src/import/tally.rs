//! What of each file is in the record.

use super::coming::Came;
use std::collections::BTreeMap;

/// Counts of what was committed, by file and by type.
#[derive(Debug, Default)]
pub(super) struct Tally {
    files: BTreeMap<usize, u64>,
    types: BTreeMap<String, u64>,
    already: BTreeMap<String, u64>,
    not_shown: BTreeMap<String, u64>,
}

/// Counts by type.
pub(super) struct Types {
    /// Of what is in the record.
    pub(super) all: BTreeMap<String, u64>,
    /// Of what was here before, just as it came.
    pub(super) already: BTreeMap<String, u64>,
    /// Of what is kept and no view shows.
    pub(super) not_shown: BTreeMap<String, u64>,
}

impl Tally {
    /// One resource of a file is in the record.
    pub(super) fn count(&mut self, came: Came) {
        *self.files.entry(came.file).or_default() += 1;
        if !came.is_shown {
            *self.not_shown.entry(came.resource_type.clone()).or_default() += 1;
        }
        if !came.is_new {
            *self.already.entry(came.resource_type.clone()).or_default() += 1;
        }
        *self.types.entry(came.resource_type).or_default() += 1;
    }

    /// How many of a file are.
    pub(super) fn of_file(&self, file: usize) -> u64 {
        self.files.get(&file).copied().unwrap_or_default()
    }

    /// How many of each type are.
    pub(super) fn types(self) -> Types {
        Types { all: self.types, already: self.already, not_shown: self.not_shown }
    }
}
