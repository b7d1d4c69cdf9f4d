//! Who let in and removed whom, as the record tells it, and what becomes of the people by that.

use crate::{
    ChangeHash,
    at_work::{self, Deed, Places, What},
    document::{Document, Write},
};
use clinical::{Practitioner, PractitionerId};
use std::collections::{BTreeMap, BTreeSet};

/// Says of the people who works at the clinic, once anybody was ever removed.
pub(crate) fn judge(document: &mut Document, section: &str, people: &mut [Practitioner]) {
    let mut told: Vec<Told> = Vec::new();
    for person in people.iter() {
        let key = person.id.uuid().simple().to_string();
        told.extend(deeds_of(person.id, &document.writes(section, &key)));
    }
    if !told.iter().any(|told| told.what == What::Removed) {
        return;
    }
    let standings = at_work::judge(in_order(document, told));
    for person in people {
        let Some(standing) = standings.get(&person.id) else { continue };
        person.active = standing.at_work;
        person.unconfirmed = standing.role.is_none() && standing.removed.is_empty();
        person.role = standing.role.unwrap_or(person.role);
        let by: BTreeSet<_> = standing.removed.values().flatten().copied().collect();
        person.removed_by = by.into_iter().collect();
    }
}

/// A deed and the change that told it first.
struct Told {
    of: PractitionerId,
    by: Option<PractitionerId>,
    what: What,
    change: ChangeHash,
}

/// What was done to a person. Whoever writes somebody else down as at work lets them in, also anew;
/// who writes themselves down does where it was said otherwise. A removal that is written on, with
/// a key that came later, is none of its own.
fn deeds_of(of: PractitionerId, writes: &BTreeMap<ChangeHash, Write>) -> Vec<Told> {
    let read = |write: &Write| serde_json::from_slice::<Practitioner>(&write.bytes).ok();
    let mut deeds = Vec::new();
    for (change, write) in writes {
        let Some(person) = read(write) else { continue };
        let before = write.before.iter().filter_map(|change| writes.get(change));
        let before: Vec<Practitioner> = before.filter_map(read).collect();
        let author = write.stamp.author;
        let mut tell = |by, what| deeds.push(Told { of, by, what, change: *change });
        if person.active {
            let is_same = |one: &Practitioner| one.active && one.role == person.role;
            if author != of || before.is_empty() || !before.iter().all(is_same) {
                tell(Some(author), What::LetIn(person.role));
            }
            continue;
        }
        let mut gone = before.iter().filter(|one| !one.active);
        if person.removed_by.is_empty() && !gone.any(|one| one.removed_by.is_empty()) {
            tell(None, What::Removed);
        }
        for by in person.removed_by {
            let is_told = before.iter().any(|one| !one.active && one.removed_by.contains(&by));
            if by == author || !is_told {
                tell(Some(by), What::Removed);
            }
        }
    }
    deeds
}

/// The deeds in the order of the record: the earlier came before more.
fn in_order(document: &mut Document, mut told: Vec<Told>) -> Vec<Deed> {
    let changes: BTreeSet<_> = told.iter().map(|told| told.change).collect();
    let changes: Vec<ChangeHash> = changes.into_iter().collect();
    let place = |change: &ChangeHash| changes.binary_search(change).unwrap_or_default();
    // Of each change how many neither are it nor came before it, and which of these tell a deed.
    let mut unknown: Vec<(usize, Places)> = Vec::with_capacity(changes.len());
    for change in &changes {
        let all = document.not_before(*change);
        let telling = changes.iter().enumerate().filter(|(_, other)| all.contains(*other));
        unknown.push((all.len(), telling.map(|(at, _)| at).collect()));
    }
    let is_later = |one: usize, other: usize| {
        one != other && unknown.get(one).is_some_and(|(_, unknown)| !unknown.has(other))
    };
    told.sort_by_key(|told| {
        let not_before = unknown.get(place(&told.change)).map_or(0, |(count, _)| *count);
        (std::cmp::Reverse(not_before), told.change, told.of, told.by)
    });
    let places: Vec<usize> = told.iter().map(|told| place(&told.change)).collect();
    let deed = |(at, it): (usize, Told)| {
        let one = place(&it.change);
        let others = || places.iter().copied().enumerate();
        let before = others().filter(|(_, other)| is_later(one, *other));
        let beside = others()
            .filter(|(_, other)| one != *other && !is_later(one, *other) && !is_later(*other, one));
        Deed {
            at,
            of: it.of,
            by: it.by,
            what: it.what,
            before: before.map(|(at, _)| at).collect(),
            beside: beside.map(|(at, _)| at).collect(),
        }
    };
    told.into_iter().enumerate().map(deed).collect()
}
