//! Who works at the clinic, from who let in and removed whom in the order of the record.
//!
//! What a change followed decides, never a clock. A deed counts when whoever did it worked here as
//! an administrator by all they knew, and nobody who stands removed them beside it. Removed
//! *beside* is: neither knew of the other.
//!
//! Each deed is judged by what came before it, which as a rule is what came before the last one
//! and that one: what was weighed then is not weighed again. So the time grows with the square of
//! the deeds, and with the cube only of those that were made apart before computers met.

mod places;
mod standing;
mod worth;

#[cfg(test)]
mod plain;
#[cfg(test)]
mod tests;

pub(crate) use places::Places;

use clinical::{PractitionerId, Role};
use std::collections::{BTreeMap, BTreeSet};
use worth::{Deeds, Judged, Scope};

/// What was done to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    LetIn(Role),
    Removed,
}

/// Somebody let in or removed.
#[derive(Debug, Clone)]
pub(crate) struct Deed {
    /// Its place among the deeds: none stands before one it followed.
    pub(crate) at: usize,
    pub(crate) of: PractitionerId,
    /// Nobody where it was not kept who did it.
    pub(crate) by: Option<PractitionerId>,
    pub(crate) what: What,
    /// The deeds that came before it.
    pub(crate) before: Places,
    /// The deeds beside it.
    pub(crate) beside: Places,
}

/// What the record says of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// By whoever could; nothing where nobody who could let them in.
    pub(crate) role: Option<Role>,
    /// The removals that hold, and who made them.
    pub(crate) removed: BTreeMap<usize, Option<PractitionerId>>,
    /// Works at the clinic.
    pub(crate) at_work: bool,
}

impl Standing {
    fn runs(&self) -> bool {
        self.at_work && self.role == Some(Role::Admin)
    }
}

/// What the record says of everybody.
pub(crate) type Standings = BTreeMap<PractitionerId, Standing>;

/// Judges the deeds, given in their order.
pub(crate) fn judge(deeds: Vec<Deed>) -> Standings {
    let known: BTreeSet<_> = deeds.iter().map(|deed| deed.of).collect();
    let mut judged = Deeds::default();
    // What came before each of them.
    let mut earlier: Vec<Scope> = Vec::with_capacity(deeds.len());
    for deed in deeds {
        let scope = judged.scope(&deed.before, &earlier);
        let maker = deed.by.map(|by| judged.standing(by, &scope));
        let is_unknown = deed.by.is_none_or(|by| !known.contains(&by));
        judged.add(Judged::new(deed, maker, is_unknown));
        earlier.push(scope);
    }
    judged.standings(&judged.scope(&(0..judged.len()).collect(), &earlier))
}
