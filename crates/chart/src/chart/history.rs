//! What an entry has been.

use super::{
    conflict,
    field::{self, KEY, VALUE, WITHDRAWN},
};
use crate::{
    ChangeHash,
    change::hex,
    document::{Document, Written},
};
use clinical::{EntryKind, EntryRef, Stamp};
use serde::Deserialize;
use std::collections::BTreeSet;
use uuid::Uuid;

/// A correction of a correction, and so on, is followed so far back.
const CORRECTIONS_MAX: usize = 64;

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
    /// Whether that change decided a dispute about the entry.
    pub decides: bool,
}

/// The fact that a fact corrects.
#[derive(Deserialize)]
struct Correction {
    #[serde(default)]
    replaces: Option<Uuid>,
}

/// Everything an entry has been, and the facts it corrects before it, in an order that respects
/// what followed what.
pub(super) fn of(document: &mut Document, entry: EntryRef) -> Vec<HistoryItem> {
    let mut items = alone(document, entry);
    let mut known = vec![entry.id];
    let mut oldest = corrected(entry.kind, &items);
    while let Some(id) = oldest.filter(|id| !known.contains(id) && known.len() < CORRECTIONS_MAX) {
        known.push(id);
        let before = alone(document, EntryRef::new(entry.kind, id));
        oldest = corrected(entry.kind, &before);
        items.splice(0..0, before);
    }
    // Clocks do not say what followed what, and one change is not torn: its place is the order.
    items.sort_by_key(|(place, _)| *place);
    items.into_iter().map(|(_, item)| item).collect()
}

/// An item, and the place of its change among all.
type Placed = (usize, HistoryItem);

fn corrected(kind: EntryKind, items: &[Placed]) -> Option<Uuid> {
    if !matches!(kind, EntryKind::Observation | EntryKind::Composition) {
        return None;
    }
    let (_, fact) = items.iter().find(|(_, item)| item.field == VALUE)?;
    serde_json::from_str::<Correction>(&fact.value).ok()?.replaces
}

/// What the entry itself has been: its fields, then its marks.
fn alone(document: &mut Document, entry: EntryRef) -> Vec<Placed> {
    let id = entry.id.simple().to_string();
    // There is one patient: its fields stand alone.
    let of_patient = entry.kind == EntryKind::Patient;
    let of_entry = |key: &str| of_patient || key.split('/').next() == Some(id.as_str());
    let is_told = |key: &str| of_entry(key) && (of_patient || !is_secret(key));
    let decisions = conflict::decisions(document, entry);
    let fields = document.history(field::section(entry.kind), is_told).into_iter();
    let fields = fields.map(|(place, key, written)| {
        let name = field::parse(&key).map(|(_, name)| name.to_owned());
        (place, item(name.filter(|_| !of_patient).unwrap_or(key), written, &decisions))
    });
    let (mark, why) = (field::mark(entry), field::why(entry));
    let marks = document.history(WITHDRAWN, |key| key == mark || key == why).into_iter();
    let marks = marks.map(|(place, key, written)| {
        let name = if key == why { "reason" } else { WITHDRAWN };
        (place, item(name.to_owned(), written, &decisions))
    });
    fields.chain(marks).collect()
}

/// Whether a key holds what opens a file: nobody reads that in what an entry has been.
fn is_secret(key: &str) -> bool {
    field::parse(key).is_some_and(|(_, name)| name == KEY)
}

fn item(field: String, written: Written, decisions: &BTreeSet<ChangeHash>) -> HistoryItem {
    HistoryItem {
        stamp: written.stamp,
        change: hex(&written.change),
        field,
        value: String::from_utf8(written.bytes).unwrap_or_default(),
        decides: decisions.contains(&written.change),
    }
}
