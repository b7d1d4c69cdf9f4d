//! Who has come under which id.

use crate::resolve::{identity_contradicts, is_same_person};
use clinical::{Identity, Instant, Patient};
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

/// The people of an import by their ids, and the ids that are several resources'.
#[derive(Debug, Default)]
pub(super) struct People {
    came: BTreeMap<Uuid, Came>,
    held: usize,
    beyond: u64,
    several: HashSet<Uuid>,
}

/// Who has come under one id: what was said of them, each once, and when the last of it was
/// changed.
#[derive(Debug, Default)]
struct Came {
    said: Vec<Identity>,
    updated: Option<Instant>,
}

/// What an id is to a patient who comes under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Claim {
    /// The patient's own.
    Own,
    /// The patient's own, who had another birth date or sex before and is one by an identifier.
    Corrected,
    /// The patient's own, of whom a newer version has come.
    Older,
    /// Another person's too.
    Others,
}

impl People {
    /// A patient comes, last changed then. The first `limit` particulars are remembered. Each is
    /// held against all that came before: of a day, a year and another day of that year, two are
    /// two people's, in whatever order they come.
    pub(super) fn claim(
        &mut self,
        patient: &Patient,
        updated: Option<Instant>,
        limit: usize,
    ) -> Claim {
        let (id, identity) = (patient.id.uuid(), &patient.identity);
        if self.several.contains(&id) {
            return Claim::Others;
        }
        let before = self.came.get(&id).map(|came| came.said.as_slice()).unwrap_or_default();
        if !before.iter().all(|said| is_same_person(said, identity)) {
            self.are_several(id);
            return Claim::Others;
        }
        let is_corrected = before.iter().any(|said| identity_contradicts(said, identity));
        self.remember(id, identity, limit);
        let Some(came) = self.came.get_mut(&id) else { return Claim::Own };
        if came.updated.zip(updated).is_some_and(|(newest, this)| this < newest) {
            return Claim::Older;
        }
        came.updated = updated.or(came.updated);
        if is_corrected { Claim::Corrected } else { Claim::Own }
    }

    fn remember(&mut self, id: Uuid, identity: &Identity, limit: usize) {
        if self.came.get(&id).is_some_and(|came| came.said.contains(identity)) {
            return;
        }
        if self.held >= limit {
            self.beyond += 1;
            return;
        }
        self.held += 1;
        self.came.entry(id).or_default().said.push(identity.clone());
    }

    /// How many were not remembered.
    pub(super) fn beyond(&self) -> u64 {
        self.beyond
    }

    /// Several resources have this id.
    pub(super) fn are_several(&mut self, id: Uuid) {
        self.several.insert(id);
    }

    /// The ids that are several resources'.
    pub(super) fn several(&self) -> &HashSet<Uuid> {
        &self.several
    }
}
