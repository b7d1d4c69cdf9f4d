//! The clinic's own resources, such as people of a directory: of two versions the newer stays,
//! whichever file comes last, of one import or of two.

use super::facts::updated;
use chart::{ClinicDocument, ClinicEdit};
use clinical::{Instant, Source};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Takes out of what comes the originals of which a newer version is here or came before them, by
/// what both say themselves; each with the place it had. Without a day on both sides the last that
/// comes stays.
pub(super) fn take_older(
    document: &mut ClinicDocument,
    edits: &mut Vec<ClinicEdit>,
) -> BTreeMap<usize, Source> {
    let dated: BTreeSet<Uuid> = edits.iter().filter_map(dated).collect();
    let mut older = BTreeMap::new();
    if dated.is_empty() {
        return older;
    }
    let kept = document.read().sources;
    let kept = kept.into_iter().filter(|source| dated.contains(&source.id));
    let mut newest: BTreeMap<Uuid, Instant> =
        kept.filter_map(|source| Some((source.id, updated(&source.body)?))).collect();
    for (place, edit) in std::mem::take(edits).into_iter().enumerate() {
        let ClinicEdit::KeepSource(source) = edit else {
            edits.push(edit);
            continue;
        };
        if is_older(&source, &mut newest) {
            older.insert(place, source);
        } else {
            edits.push(ClinicEdit::KeepSource(source));
        }
    }
    older
}

/// Whether the last that stays is newer; else this one is the last from now on.
fn is_older(source: &Source, newest: &mut BTreeMap<Uuid, Instant>) -> bool {
    let Some(at) = updated(&source.body) else {
        newest.remove(&source.id);
        return false;
    };
    if newest.get(&source.id).is_some_and(|newest| at < *newest) {
        return true;
    }
    newest.insert(source.id, at);
    false
}

/// The id of an original that says when it was last changed.
fn dated(edit: &ClinicEdit) -> Option<Uuid> {
    let ClinicEdit::KeepSource(source) = edit else { return None };
    updated(&source.body).map(|_| source.id)
}
