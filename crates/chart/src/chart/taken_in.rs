//! What was written here after its original was taken in.

use super::field;
use crate::{
    ChangeHash,
    document::{Document, Item},
    source::SOURCES,
};
use clinical::{EntryKind, EntryRef};
use std::collections::{BTreeMap, BTreeSet};

/// Of some entries those that somebody has written since their original came, or that have none
/// and so were written here. It goes by what each change knew of, never by a clock: an import
/// writes an entry before its original, and a person's change knows of the original or is beside
/// it.
pub(super) fn changed(document: &mut Document, entries: &[EntryRef]) -> Vec<EntryRef> {
    // An import keeps many originals in one change.
    let mut followers: BTreeMap<ChangeHash, BTreeSet<ChangeHash>> = BTreeMap::new();
    let mut is_changed = |entry: &&EntryRef| {
        let written = writers(document, **entry);
        let kept = document.writers(SOURCES, &entry.id.simple().to_string());
        for original in &kept {
            followers.entry(*original).or_insert_with(|| document.not_before(*original));
        }
        let is_after = |change: &ChangeHash| {
            kept.iter().all(|kept| followers.get(kept).is_none_or(|after| after.contains(change)))
        };
        written.iter().any(is_after)
    };
    entries.iter().filter(|entry| is_changed(entry)).copied().collect()
}

/// Who wrote what stands in an entry's fields.
fn writers(document: &mut Document, entry: EntryRef) -> Vec<ChangeHash> {
    let section = field::section(entry.kind);
    let id = entry.id.simple().to_string();
    // There is one patient: its fields stand alone.
    let is_patient = entry.kind == EntryKind::Patient;
    let items = if is_patient { document.items(section) } else { document.items_of(section, &id) };
    let of_entry = |item: &&Item| is_patient || item.key.split('/').next() == Some(&*id);
    let keys: Vec<String> = items.iter().filter(of_entry).map(|item| item.key.clone()).collect();
    keys.iter().flat_map(|key| document.writers(section, key)).collect()
}
