//! Who has come under which id.

use crate::resolve::is_same_person;
use clinical::{Identity, Patient};
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

/// The people of an import by their ids, and the ids that are several resources'.
#[derive(Debug, Default)]
pub(super) struct People {
    first: BTreeMap<Uuid, Identity>,
    several: HashSet<Uuid>,
}

/// What an id is to a patient who comes under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Claim {
    /// The patient's own.
    Own,
    /// Another person's too.
    Others,
}

impl People {
    /// A patient comes. The first `limit` of them are remembered.
    pub(super) fn claim(&mut self, patient: &Patient, limit: usize) -> Claim {
        let id = patient.id.uuid();
        if self.several.contains(&id) {
            return Claim::Others;
        }
        match self.first.get(&id) {
            Some(first) if is_same_person(first, &patient.identity) => Claim::Own,
            Some(_) => {
                self.are_several(id);
                Claim::Others
            }
            None => {
                if self.first.len() < limit {
                    self.first.insert(id, patient.identity.clone());
                }
                Claim::Own
            }
        }
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
