//! Why each version of a dispute was written.
//!
//! An entry has one why. Of those that were said apart any one shows, and it may be another version's
//! than the one that is decided for: here each version has its own.

use super::{
    conflict::Decoder,
    field::{self, WITHDRAWN},
};
use crate::{ChangeHash, Heads, document::Document};
use clinical::EntryRef;
use std::collections::BTreeSet;

/// One version as it is stored.
#[derive(Debug)]
pub(super) struct Side {
    /// The change that is named as its writer.
    pub(super) change: ChangeHash,
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
    /// Whether it ends the entry.
    pub(super) ends: bool,
}

/// So many whys that were said apart are looked at: one of each computer is few, and each is held
/// against all that its chart ever was.
const SAID_APART_MAX: usize = 64;

/// Why each version of a field was written, as it is stored: what was said by who knew of that version
/// and of no other, or what stood where it was written; `None` where nobody said why. What stood before
/// an entry was ended is why of something else. Never while a change is being made.
pub(super) fn of_sides(
    document: &mut Document,
    (entry, name): (EntryRef, &str),
    decode: Decoder,
    sides: &[Side],
) -> Vec<Option<Vec<u8>>> {
    let key = field::why(entry);
    if !field::is_explained(entry.kind, name) || document.get(WITHDRAWN, &key).is_none() {
        return vec![None; sides.len()];
    }
    let writers = writers(document, (entry, name), decode, sides);
    let said = said_of_one(document, &key, &writers);
    let why = |(at, (side, writers)): (usize, (&Side, &BTreeSet<ChangeHash>))| {
        let own = said.iter().filter(|(of, _)| *of == at).map(|(_, text)| text.clone());
        let stood = writers.iter().filter(|_| !side.ends).filter_map(|change| {
            document.get_at(WITHDRAWN, &key, &Heads(vec![*change])).ok().flatten()
        });
        own.chain(stood).find(|text| !field::is_silent(text))
    };
    sides.iter().zip(&writers).enumerate().map(why).collect()
}

/// The changes that wrote each version: what was written alike apart is one version.
fn writers(
    document: &mut Document,
    (entry, name): (EntryRef, &str),
    decode: Decoder,
    sides: &[Side],
) -> Vec<BTreeSet<ChangeHash>> {
    let (section, key) = (field::section(entry.kind), field::key(entry.kind, entry.id, name));
    let writers = document.writers(section, &key);
    let writes = document.writes(section, &key);
    let of = |side: &Side| -> BTreeSet<ChangeHash> {
        let value = decode(&side.bytes);
        let is_its = |change: &&ChangeHash| {
            let bytes = || writes.get(*change).map(|write| &write.bytes);
            let is_alike = || bytes().and_then(|bytes| decode(bytes)) == value;
            **change == side.change || value.is_some() && is_alike()
        };
        writers.iter().filter(is_its).copied().collect()
    };
    sides.iter().map(of).collect()
}

/// What was said by who knew of one side alone, with the place of that side. Of what was said apart of
/// one side the lesser change is first, at every computer.
fn said_of_one(
    document: &mut Document,
    key: &str,
    sides: &[BTreeSet<ChangeHash>],
) -> Vec<(usize, Vec<u8>)> {
    let changes: BTreeSet<ChangeHash> = document.writers(WITHDRAWN, key).into_iter().collect();
    let mut writes = document.writes(WITHDRAWN, key);
    let mut said = Vec::new();
    for change in changes.into_iter().take(SAID_APART_MAX) {
        let Some(write) = writes.remove(&change) else { continue };
        let unknown = document.not_before(change);
        let mut known = sides.iter().enumerate().filter(|(_, side)| !side.is_subset(&unknown));
        if let (Some((at, _)), None) = (known.next(), known.next()) {
            said.push((at, write.bytes));
        }
    }
    said
}
