//! Who removed whom from the clinic, in the order of the record.
//!
//! Whoever knew of their own removal removes nobody: what a change followed decides, never a clock.
//! Of removals that did not know of each other both stand, and it is said which they are; what
//! becomes of a clinic in which they leave nobody is for the use-cases to decide.

use crate::{ChangeHash, document::Document};
use clinical::{Practitioner, PractitionerId};
use std::collections::{BTreeMap, BTreeSet};

/// One removal.
struct Removal {
    of: PractitionerId,
    by: PractitionerId,
    /// Where it was written first.
    change: ChangeHash,
    /// What neither is that change nor came before it.
    unknown: BTreeSet<ChangeHash>,
}

impl Removal {
    fn knew(&self, other: &Self) -> bool {
        self.change != other.change && !self.unknown.contains(&other.change)
    }
}

/// Takes back what those removed who knew of their own removal, and says of the others who removed
/// their removers at the same time.
pub(crate) fn judge(document: &mut Document, section: &str, people: &mut [Practitioner]) {
    let removed: BTreeSet<_> = people.iter().filter(|one| !one.active).map(|one| one.id).collect();
    let is_removed = |by: &PractitionerId| removed.contains(by);
    if !people.iter().any(|one| !one.active && one.removed_by.iter().any(is_removed)) {
        return;
    }
    let mut removals: Vec<Removal> = Vec::new();
    for person in people.iter().filter(|person| !person.active) {
        removals.extend(removals_of(document, section, person));
    }
    let standing = standing(removals);
    for person in people.iter_mut().filter(|person| !person.removed_by.is_empty()) {
        let stands =
            |by: &PractitionerId| standing.iter().any(|it| (it.of, it.by) == (person.id, *by));
        let left: Vec<_> = person.removed_by.iter().copied().filter(stands).collect();
        person.active = left.is_empty() && !is_removed_by_nobody_known(document, section, person);
        person.removed_by = left;
        person.removed_beside = beside(&standing, person.id);
    }
}

/// The removals by those who did not know of a removal of their own that stands. The earlier are
/// looked at first: more came after them or beside them.
fn standing(mut removals: Vec<Removal>) -> Vec<Removal> {
    removals.sort_by_key(|removal| std::cmp::Reverse(removal.unknown.len()));
    let mut standing: Vec<Removal> = Vec::new();
    for removal in removals {
        if !standing.iter().any(|before| before.of == removal.by && removal.knew(before)) {
            standing.push(removal);
        }
    }
    standing
}

fn beside(
    standing: &[Removal],
    of: PractitionerId,
) -> BTreeMap<PractitionerId, Vec<PractitionerId>> {
    let mut beside: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for removal in standing.iter().filter(|removal| removal.of == of) {
        let at_once = standing
            .iter()
            .filter(|other| other.of == removal.by && !removal.knew(other) && !other.knew(removal));
        let at_once: BTreeSet<_> = at_once.map(|other| other.by).collect();
        if !at_once.is_empty() {
            beside.entry(removal.by).or_default().extend(at_once);
        }
    }
    beside.into_iter().map(|(by, who)| (by, who.into_iter().collect())).collect()
}

/// The removals of a person. Who is given a key later is written anew, and was removed before that.
fn removals_of(document: &mut Document, section: &str, person: &Practitioner) -> Vec<Removal> {
    let key = person.id.uuid().simple().to_string();
    let mut found: BTreeSet<(PractitionerId, ChangeHash)> = BTreeSet::new();
    for side in document.versions(section, &key) {
        let before = document.before(section, &key, side.change);
        let before = before.map(|bytes| removers(&bytes)).unwrap_or_default();
        for by in removers(&side.bytes) {
            let change =
                if before.contains(&by) { first(document, section, &key, by) } else { None };
            found.insert((by, change.unwrap_or(side.change)));
        }
    }
    let removal = |(by, change)| {
        let unknown = document.not_before(change);
        Removal { of: person.id, by, change, unknown }
    };
    found.into_iter().map(removal).collect()
}

/// Whether a side says that a person was removed and not by whom.
fn is_removed_by_nobody_known(
    document: &mut Document,
    section: &str,
    person: &Practitioner,
) -> bool {
    let sides = document.versions(section, &person.id.uuid().simple().to_string());
    let people = sides.iter().filter_map(|side| serde_json::from_slice(&side.bytes).ok());
    people.into_iter().any(|side: Practitioner| !side.active && side.removed_by.is_empty())
}

/// The change that first said that somebody removed the person of a key.
fn first(
    document: &mut Document,
    section: &str,
    key: &str,
    by: PractitionerId,
) -> Option<ChangeHash> {
    let history = document.history(section, |known| known == key);
    let mut said =
        history.into_iter().filter(|(_, written)| removers(&written.bytes).contains(&by));
    said.next().map(|(_, written)| written.change)
}

fn removers(bytes: &[u8]) -> Vec<PractitionerId> {
    let person: Option<Practitioner> = serde_json::from_slice(bytes).ok();
    person.filter(|person| !person.active).map(|person| person.removed_by).unwrap_or_default()
}
