//! What entries were when the chart had certain heads, for the edits that put them back.

use super::{
    ChartEdit,
    field::{self, ABOUT, ORDER, VALUE},
    since,
};
use crate::{ChangeHash, EditError, Heads, document::Document};
use clinical::{Conflict, EntryKind, EntryRef};
use std::collections::{BTreeMap, BTreeSet};

/// What an entry was.
#[derive(Debug)]
pub(super) enum Past {
    /// It was not there yet.
    None,
    /// What stood, or is to stand, under each of its keys.
    Values(Vec<Value>),
}

/// What is to stand under a key.
#[derive(Debug)]
pub(super) struct Value {
    pub(super) section: &'static str,
    pub(super) key: String,
    pub(super) bytes: Vec<u8>,
}

/// Looks up all that is put back, before anything is written: a look at the history ends the change
/// that is being made.
///
/// # Errors
/// [`EditError::UnknownHeads`]; [`EditError::Immutable`] for a signed note and whatever else is not put
/// back; [`EditError::SeveralEdits`] where more than one edit wrote the entry since;
/// [`EditError::Disputed`] where several values stood under a key.
pub(super) fn of(
    document: &mut Document,
    edits: &[ChartEdit],
) -> Result<BTreeMap<EntryRef, Past>, EditError> {
    let asked = edits.iter().filter_map(|edit| {
        let ChartEdit::PutBack { entry, to } = edit else { return None };
        Some((*entry, to))
    });
    asked.map(|(entry, to)| Ok((entry, past(document, entry, to)?))).collect()
}

fn past(document: &mut Document, entry: EntryRef, to: &Heads) -> Result<Past, EditError> {
    match entry.kind {
        EntryKind::Composition | EntryKind::Task | EntryKind::Source | EntryKind::Patient => {
            return Err(EditError::Immutable(entry));
        }
        EntryKind::Allergy
        | EntryKind::Condition
        | EntryKind::Encounter
        | EntryKind::Medication
        | EntryKind::Observation
        | EntryKind::Document => {}
    }
    let main = if entry.kind == EntryKind::Medication { ORDER } else { VALUE };
    let main = field::key(entry.kind, entry.id, main);
    let later = document.after(to).ok_or(EditError::UnknownHeads)?;
    let written = written_since(document, entry, &later)?;
    if document.get_at(field::section(entry.kind), &main, to)?.is_none() {
        return Ok(Past::None);
    }
    let mut values = Vec::new();
    for (section, key) in written {
        // Of several values that stood there one alone would be written back.
        if document.count_at(section, &key, to)? > 1 {
            return Err(EditError::Disputed(Conflict::id_of(entry, field_of(&key))));
        }
        let then = document.get_at(section, &key, to)?.or_else(|| nothing(entry, &key));
        values.extend(then.map(|bytes| Value { section, key, bytes }));
    }
    Ok(Past::Values(values))
}

/// The keys of an entry that were written since, by one edit: of several, the others' work would go
/// with it.
fn written_since(
    document: &mut Document,
    entry: EntryRef,
    later: &BTreeSet<ChangeHash>,
) -> Result<Vec<(&'static str, String)>, EditError> {
    let (mut written, mut edit) = (Vec::new(), None);
    for (section, key) in since::keys(document, entry) {
        let writes = document.writes(section, &key).into_iter();
        let mut since = writes.filter(|(by, _)| later.contains(by)).map(|(_, write)| write.stamp);
        let Some(stamp) = since.next() else { continue };
        if since.any(|other| other != stamp) || edit.is_some_and(|edit| edit != stamp) {
            return Err(EditError::SeveralEdits(entry));
        }
        edit = Some(stamp);
        written.push((section, key));
    }
    Ok(written)
}

/// What says that nothing stands under a key that held nothing: keys are never taken out, and a mark
/// on a fact is never unsaid.
fn nothing(entry: EntryRef, key: &str) -> Option<Vec<u8>> {
    if key == field::why(entry) {
        return Some(field::encode(&""));
    }
    (field_of(key) == ABOUT).then(|| b"{}".to_vec())
}

fn field_of(key: &str) -> &str {
    field::parse(key).map_or(key, |(_, field)| field)
}
