//! References whose target never came.

use crate::FileFinding;
use clinical::Finding;
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// What is known and what is wanted, over all files.
#[derive(Debug, Default)]
pub(super) struct Unresolved {
    known: HashSet<Uuid>,
    wanted: BTreeMap<Uuid, Wanted>,
    /// References by identifier, which have no id until their target is known.
    by_identifier: BTreeMap<String, Wanted>,
    cache: HashMap<String, Uuid>,
    /// How many references, and resources that came, were not remembered.
    beyond: u64,
}

#[derive(Debug)]
struct Wanted {
    kind: String,
    count: u64,
    file: String,
    entry: Option<u64>,
}

/// Where a reference stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) file: &'a str,
    pub(super) entry: Option<u64>,
}

impl Unresolved {
    /// A resource came.
    pub(super) fn came(&mut self, id: Uuid, limit: usize) {
        if self.known.len() < limit.saturating_mul(4) {
            self.known.insert(id);
        } else if !self.known.contains(&id) {
            self.beyond += 1;
        }
    }

    /// How many references, and resources that came, were not remembered.
    pub(super) fn beyond(&self) -> u64 {
        self.beyond
    }

    /// The id of a reference seen before, if any.
    pub(super) fn cached(&self, reference: &str) -> Option<Uuid> {
        self.cache.get(reference).copied()
    }

    /// A reference to something that has not come yet.
    pub(super) fn want(&mut self, id: Uuid, reference: &str, place: Place<'_>, limit: usize) {
        if self.known.contains(&id) {
            return;
        }
        if self.cache.len() < limit.min(65_536) {
            self.cache.insert(reference.to_owned(), id);
        }
        if let Some(wanted) = self.wanted.get_mut(&id) {
            wanted.count += 1;
        } else if self.wanted.len() < limit {
            self.wanted.insert(id, Wanted::new(reference, place));
        } else {
            self.beyond += 1;
        }
    }

    /// A reference by identifier to something that has not come yet.
    pub(super) fn want_identified(&mut self, reference: &str, place: Place<'_>, limit: usize) {
        if let Some(wanted) = self.by_identifier.get_mut(reference) {
            wanted.count += 1;
        } else if self.by_identifier.len() < limit {
            self.by_identifier.insert(reference.to_owned(), Wanted::new(reference, place));
        } else {
            self.beyond += 1;
        }
    }

    /// One finding for each type that references named and that never came. `resolved` answers
    /// for references by identifier.
    pub(super) fn findings(&self, resolved: impl Fn(&str) -> bool) -> Vec<FileFinding> {
        let by_id = self.wanted.iter().filter(|(id, _)| !self.known.contains(id));
        let by_identifier = self.by_identifier.iter().filter(|(text, _)| !resolved(text));
        let all = by_id.map(|(_, wanted)| wanted).chain(by_identifier.map(|(_, wanted)| wanted));
        let mut kinds: BTreeMap<&str, (u64, &Wanted)> = BTreeMap::new();
        for wanted in all {
            let (count, _) = kinds.entry(&wanted.kind).or_insert((0, wanted));
            *count += wanted.count;
        }
        kinds.into_iter().map(|(kind, (count, first))| finding(kind, count, first)).collect()
    }
}

impl Wanted {
    fn new(reference: &str, place: Place<'_>) -> Self {
        let kind = crate::resolve::Reference::parse(reference).resource_type();
        let kind = kind.unwrap_or("something without a type").to_owned();
        Self { kind, count: 1, file: place.file.to_owned(), entry: place.entry }
    }
}

fn finding(kind: &str, count: u64, first: &Wanted) -> FileFinding {
    let detail = format!(
        "{count} references to {kind} lead nowhere in what was read (the first is told here). \
         They are kept as written."
    );
    let finding = Finding::warning("reference", "reference-unresolved", detail);
    FileFinding { file: first.file.clone(), entry: first.entry, finding }
}
