//! Why each version of a dispute was written.
//!
//! An entry has one why. Of those that were said apart any one shows, and it may be another version's
//! than the one that is decided for: here each version has its own.

use super::field::{self, WITHDRAWN};
use crate::{
    ChangeHash, Heads,
    document::{Document, Write, Written},
};
use clinical::EntryRef;
use std::{cmp::Reverse, collections::BTreeSet};

/// Why each version of a field was written, as it is stored: what was said last by who knew of that
/// version and of no other, or what stood where it was written; `None` where nobody said why. Never
/// while a change is being made.
pub(super) fn of_versions(
    document: &mut Document,
    (entry, name): (EntryRef, &str),
    versions: &[Written],
) -> Vec<Option<Vec<u8>>> {
    let key = field::why(entry);
    if !field::is_explained(entry.kind, name) || document.get(WITHDRAWN, &key).is_none() {
        return vec![None; versions.len()];
    }
    let sides = sides(document, (entry, name), versions);
    let said = said_of_one(document, &key, &sides);
    let why = |(at, side): (usize, &BTreeSet<ChangeHash>)| {
        let own = said.iter().filter(|(of, _)| *of == at).map(|(_, text)| text.clone());
        let stood = side.iter().filter_map(|change| {
            document.get_at(WITHDRAWN, &key, &Heads(vec![*change])).ok().flatten()
        });
        own.chain(stood).find(|text| !field::is_silent(text))
    };
    sides.iter().enumerate().map(why).collect()
}

/// The changes that wrote each version: what was written alike apart is one version.
fn sides(
    document: &mut Document,
    (entry, name): (EntryRef, &str),
    versions: &[Written],
) -> Vec<BTreeSet<ChangeHash>> {
    let (section, key) = (field::section(entry.kind), field::key(entry.kind, entry.id, name));
    let writers = document.writers(section, &key);
    let writes = document.writes(section, &key);
    let side = |version: &Written| -> BTreeSet<ChangeHash> {
        let is_its = |change: &&ChangeHash| {
            let bytes = writes.get(*change).map(|write| &write.bytes);
            **change == version.change
                || bytes.is_some_and(|bytes| !bytes.is_empty() && *bytes == version.bytes)
        };
        writers.iter().filter(is_its).copied().collect()
    };
    versions.iter().map(side).collect()
}

/// What was said by who knew of one side alone, with the place of that side, the last first.
fn said_of_one(
    document: &mut Document,
    key: &str,
    sides: &[BTreeSet<ChangeHash>],
) -> Vec<(usize, Vec<u8>)> {
    let writers = document.writers(WITHDRAWN, key);
    let mut writes = document.writes(WITHDRAWN, key);
    let mut last: Vec<(ChangeHash, Write)> =
        writers.into_iter().filter_map(|change| Some((change, writes.remove(&change)?))).collect();
    last.sort_by_key(|(change, write)| Reverse((write.stamp.at, *change)));
    let mut said = Vec::new();
    for (change, write) in last {
        let unknown = document.not_before(change);
        let mut known = sides.iter().enumerate().filter(|(_, side)| !side.is_subset(&unknown));
        if let (Some((at, _)), None) = (known.next(), known.next()) {
            said.push((at, write.bytes));
        }
    }
    said
}
