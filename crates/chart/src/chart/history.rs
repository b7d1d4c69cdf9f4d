//! What an entry has been.

use super::field;
use crate::{change::hex, document::Document};
use clinical::{EntryKind, EntryRef, Stamp};

/// One value an entry has had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryItem {
    /// Who wrote it.
    pub stamp: Stamp,
    /// The change it was written in, 64 hex digits.
    pub change: String,
    /// The field.
    pub field: String,
    /// The value as JSON text.
    pub value: String,
}

/// Everything an entry has been, in an order that respects what followed what.
pub(super) fn of(document: &mut Document, entry: EntryRef) -> Vec<HistoryItem> {
    let id = entry.id.simple().to_string();
    // There is one patient: its fields stand alone.
    let alone = entry.kind == EntryKind::Patient;
    let of_entry = |key: &str| alone || key.split('/').next() == Some(id.as_str());
    let item = |(key, written): (String, crate::document::Written)| {
        let name = field::parse(&key).map(|(_, name)| name.to_owned());
        HistoryItem {
            stamp: written.stamp,
            change: hex(&written.change),
            field: name.filter(|_| !alone).unwrap_or(key),
            value: String::from_utf8(written.bytes).unwrap_or_default(),
        }
    };
    document.history(field::section(entry.kind), of_entry).into_iter().map(item).collect()
}
