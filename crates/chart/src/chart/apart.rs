//! Visits that were written apart, member by member.
//!
//! A visit stands in two values: what it is about, and what became of it. Two computers that write
//! one of them without knowing of each other have mostly written different members of it: then all
//! of what they wrote holds. A member that both wrote otherwise is told, and what is read of it until
//! somebody decides is the same on every computer, by no clock: a patient whom somebody saw was not
//! sent away, and a visit that somebody ended is over.

mod members;
mod standing;

use super::field::{self, STATUS, VALUE};
use crate::{
    ChangeHash,
    document::{Document, Written},
};
use clinical::{EncounterAbout, EncounterState, EntryKind};
use members::{Members, part, with};
use standing::{Held, held};
use std::collections::{BTreeMap, BTreeSet};

/// What stands under a key of a visit that was written apart.
#[derive(Debug)]
pub(super) struct Apart {
    /// What is read of it.
    pub(super) shown: Written,
    /// What must be decided between, in the same order on every computer; nothing where all that was
    /// written holds. Of one that can be read, what nobody disputes is in it too.
    pub(super) sides: Vec<Written>,
    /// What stood before, where anything did.
    pub(super) base: Option<Vec<u8>>,
}

/// Reads a key of a visit; `None` where it has one value.
pub(super) fn of(document: &mut Document, key: &str) -> Option<Apart> {
    let section = field::section(EntryKind::Encounter);
    let (_, name) = field::parse(key)?;
    let heads: BTreeSet<ChangeHash> = document.writers(section, key).into_iter().collect();
    if heads.len() < 2 || !matches!(name, VALUE | STATUS) {
        return None;
    }
    let past = Past::read(document, section, key, name);
    let Found { shown, sides } = past.apart(&heads)?;
    let base = if sides.is_empty() { None } else { document.stood(section, key) };
    Some(Apart { shown, sides, base })
}

/// The changes that wrote a key of a visit over what was to be decided.
pub(super) fn decisions(document: &mut Document, key: &str) -> BTreeSet<ChangeHash> {
    let Some((_, name)) = field::parse(key) else { return BTreeSet::new() };
    let past = Past::read(document, field::section(EntryKind::Encounter), key, name);
    let is_decision = |version: &Version| {
        let before: BTreeSet<ChangeHash> = version.before.iter().copied().collect();
        before.len() > 1 && past.apart(&before).is_some_and(|found| !found.sides.is_empty())
    };
    let decisions = past.versions.iter().filter(|(_, version)| is_decision(version));
    decisions.map(|(change, _)| *change).collect()
}

/// One value that a key has or had.
#[derive(Debug)]
struct Version {
    written: Written,
    /// Its members; none where this version of the program cannot read it.
    members: Option<Members>,
    /// What it was written over.
    before: Vec<ChangeHash>,
    /// Of each part, the changes whose words of it stand here: its own, or those it left as they were.
    from: BTreeMap<String, BTreeSet<ChangeHash>>,
}

/// All that a key was.
#[derive(Debug)]
struct Past {
    versions: BTreeMap<ChangeHash, Version>,
    /// The parts that any version has.
    parts: BTreeSet<String>,
}

/// [`Apart`] but for what stood before.
struct Found {
    shown: Written,
    sides: Vec<Written>,
}

impl Past {
    fn read(document: &mut Document, section: &str, key: &str, name: &str) -> Self {
        let readable = |bytes: &[u8]| match name {
            STATUS => field::decode::<EncounterState>(bytes).is_some(),
            _ => field::decode::<EncounterAbout>(bytes).is_some(),
        };
        let read = |(change, write): (ChangeHash, crate::document::Write)| {
            let members = readable(&write.bytes).then(|| field::decode(&write.bytes)).flatten();
            let written = Written { bytes: write.bytes, stamp: write.stamp, change };
            (change, Version { written, members, before: write.before, from: BTreeMap::new() })
        };
        let versions: BTreeMap<_, _> =
            document.writes(section, key).into_iter().map(read).collect();
        let members = versions.values().filter_map(|version| version.members.as_ref());
        let parts = members.flat_map(|members| members.keys().map(|name| part(name).to_owned()));
        let parts = parts.collect();
        let mut past = Self { versions, parts };
        for change in past.in_order() {
            past.follow(change);
        }
        past
    }

    /// Every version after those it was written over.
    fn in_order(&self) -> Vec<ChangeHash> {
        let is_known = |before: &&ChangeHash| self.versions.contains_key(*before);
        let mut waits: BTreeMap<ChangeHash, usize> = BTreeMap::new();
        let mut followers: BTreeMap<ChangeHash, Vec<ChangeHash>> = BTreeMap::new();
        for (change, version) in &self.versions {
            let before: BTreeSet<&ChangeHash> = version.before.iter().filter(is_known).collect();
            waits.insert(*change, before.len());
            for one in before {
                followers.entry(*one).or_default().push(*change);
            }
        }
        let ready = waits.iter().filter(|(_, waits)| **waits == 0).map(|(change, _)| *change);
        let mut ready: Vec<ChangeHash> = ready.collect();
        let mut ordered = Vec::with_capacity(waits.len());
        while let Some(next) = ready.pop() {
            ordered.push(next);
            for follower in followers.get(&next).into_iter().flatten() {
                let Some(left) = waits.get_mut(follower) else { continue };
                *left = left.saturating_sub(1);
                if *left == 0 {
                    ready.push(*follower);
                }
            }
        }
        ordered
    }

    /// Tells whose words of each part stand in a version, once those before it are told.
    fn follow(&mut self, change: ChangeHash) {
        let Some(version) = self.versions.get(&change) else { return };
        let own = |name: &String| {
            let before = self.standing(name, &version.before);
            let is_kept = match (&version.members, self.held(name, &before)) {
                (Some(members), Held::All(stood)) => with(name, members) == stood,
                // What could not be read before is known to nobody, and what was disputed was
                // decided by who wrote over it.
                (Some(_), Held::Disputed(_)) | (None, _) => false,
            };
            let is_new = before.is_empty() || !is_kept;
            (name.clone(), if is_new { BTreeSet::from([change]) } else { before })
        };
        let from = self.parts.iter().map(own).collect();
        if let Some(version) = self.versions.get_mut(&change) {
            version.from = from;
        }
    }

    /// Whose words of a part stand after some versions: of two of which one knew the other, its own.
    fn standing(&self, name: &str, versions: &[ChangeHash]) -> BTreeSet<ChangeHash> {
        let from = versions.iter().filter_map(|change| self.versions.get(change)?.from.get(name));
        let all: BTreeSet<ChangeHash> = from.flatten().copied().collect();
        if all.len() < 2 {
            return all;
        }
        let known: BTreeSet<ChangeHash> = all.iter().flat_map(|one| self.past_of(*one)).collect();
        all.difference(&known).copied().collect()
    }

    /// Every version that one knew of.
    fn past_of(&self, change: ChangeHash) -> BTreeSet<ChangeHash> {
        let mut known = BTreeSet::new();
        let mut next: Vec<ChangeHash> = vec![change];
        while let Some(one) = next.pop() {
            let before = self.versions.get(&one).map(|version| version.before.as_slice());
            next.extend(before.unwrap_or_default().iter().filter(|one| known.insert(**one)));
        }
        known
    }

    /// What holds of a part that some changes wrote.
    fn held(&self, name: &str, changes: &BTreeSet<ChangeHash>) -> Held {
        let mut written: Vec<&Version> =
            changes.iter().filter_map(|change| self.versions.get(change)).collect();
        written.sort_by_key(|version| (version.written.stamp.at, version.written.change));
        let parts = written.into_iter().map(|one| Some(with(name, one.members.as_ref()?)));
        held(name, &parts.collect::<Vec<_>>())
    }

    fn apart(&self, heads: &BTreeSet<ChangeHash>) -> Option<Found> {
        let mut last: Vec<&Version> =
            heads.iter().filter_map(|change| self.versions.get(change)).collect();
        last.sort_by_key(|version| (version.written.stamp.at, version.written.change));
        let readable: Vec<&Version> =
            last.iter().copied().filter(|version| version.members.is_some()).collect();
        let changes: Vec<ChangeHash> =
            readable.iter().map(|version| version.written.change).collect();
        let mut shown = Members::new();
        let mut disputed: BTreeMap<&str, BTreeSet<ChangeHash>> = BTreeMap::new();
        for name in &self.parts {
            let standing = self.standing(name, &changes);
            match self.held(name, &standing) {
                Held::All(members) => shown.extend(members),
                Held::Disputed(members) => {
                    shown.extend(members);
                    disputed.insert(name.as_str(), standing);
                }
            }
        }
        // Where nothing can be read, what shows cannot be either.
        let newest = readable.last().or(last.last())?.written.clone();
        let is_whole = disputed.is_empty() && readable.len() == last.len();
        let sides = if is_whole { Vec::new() } else { self.sides(&last, &shown, &disputed) };
        let stood = readable.iter().find(|version| version.members.as_ref() == Some(&shown));
        let bytes = match stood {
            Some(stood) => stood.written.bytes.clone(),
            None if readable.is_empty() => newest.bytes.clone(),
            None => field::encode(&shown),
        };
        Some(Found { shown: Written { bytes, ..newest }, sides })
    }

    /// The versions in which what is disputed was written, each with what nobody disputes.
    fn sides(
        &self,
        last: &[&Version],
        shown: &Members,
        disputed: &BTreeMap<&str, BTreeSet<ChangeHash>>,
    ) -> Vec<Written> {
        let mut sides: Vec<(Option<Members>, Written)> = Vec::new();
        for version in last {
            let Some(members) = &version.members else {
                if !sides.iter().any(|(_, other)| is_same(other, &version.written)) {
                    sides.push((None, version.written.clone()));
                }
                continue;
            };
            let own = disputed.iter().filter_map(|(name, standing)| {
                Some(version.from.get(*name)?.intersection(standing))
            });
            let own: BTreeSet<ChangeHash> = own.flatten().copied().collect();
            let own = own.iter().filter_map(|change| self.versions.get(change));
            let wrote = own.map(|it| it.written.stamp).max_by_key(|stamp| stamp.at);
            // It knows nothing of what is disputed, unless what it is held against cannot be read.
            let Some(stamp) = wrote.or(disputed.is_empty().then_some(version.written.stamp)) else {
                continue;
            };
            let mut side = shown.clone();
            side.retain(|name, _| !disputed.contains_key(part(name)));
            disputed.keys().for_each(|name| side.extend(with(name, members)));
            if !sides.iter().any(|(other, _)| other.as_ref() == Some(&side)) {
                let bytes = field::encode(&side);
                sides.push((Some(side), Written { bytes, stamp, change: version.written.change }));
            }
        }
        let mut sides: Vec<Written> = sides.into_iter().map(|(_, written)| written).collect();
        sides.sort_by_key(|side| (side.stamp.at, side.change));
        if sides.len() < 2 { Vec::new() } else { sides }
    }
}

/// Whether two values are known to be equal.
fn is_same(one: &Written, other: &Written) -> bool {
    !one.bytes.is_empty() && one.bytes == other.bytes
}
