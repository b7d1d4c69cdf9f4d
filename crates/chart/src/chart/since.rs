//! What of an entry was written after a reader looked.

use super::field::{self, VALUE, WITHDRAWN};
use crate::{Heads, document::Document};
use clinical::{EntryKind, EntryRef};

/// Whether a value of an entry, or a mark on it, is of a change that is none of those up to `seen`.
/// Where a head of those is not known here, nobody can tell what was seen: it is.
pub(super) fn changed(document: &mut Document, entry: EntryRef, seen: &Heads) -> bool {
    if document.heads() == *seen {
        return false;
    }
    let Some(later) = document.after(seen) else { return true };
    keys(document, entry).iter().any(|(section, key)| {
        document.writers(section, key).iter().any(|writer| later.contains(writer))
    })
}

/// Every key there is of an entry, and where it stands.
pub(super) fn keys(document: &mut Document, entry: EntryRef) -> Vec<(&'static str, String)> {
    let section = field::section(entry.kind);
    // There is one patient: its fields stand alone.
    let fields = if entry.kind == EntryKind::Patient {
        document.items(section)
    } else {
        document.items_of(section, &field::key(entry.kind, entry.id, VALUE))
    };
    let fields = fields.into_iter().map(|item| (section, item.key));
    let marks = [(WITHDRAWN, field::mark(entry)), (WITHDRAWN, field::why(entry))];
    fields.chain(marks).collect()
}
