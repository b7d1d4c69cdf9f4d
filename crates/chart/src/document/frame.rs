//! The root of a document: where its sections are found, and what nobody else than this program may
//! write.
//!
//! Sections are found by name under the root. Whoever put another object under a name would hide all
//! that stands in the section, and whoever put a higher version there would make the document one that
//! is only read: for ever, and on every computer it comes to.

use super::{Document, parse};
use crate::{
    ChangeHash, MergeError,
    guard::{CHANGE_LEN_MAX, Panicked, guarded},
    schema::{self, VERSION, VERSION_KEY},
};
use automerge::{ROOT, ReadDoc, ScalarValue, Value, legacy};
use clinical::DocumentKind;
use std::collections::BTreeSet;

impl Document {
    /// Refuses changes of whom nobody here trusts that write under the root. Those that are here are
    /// not looked at.
    ///
    /// # Errors
    /// [`MergeError`]: nothing was merged.
    pub(crate) fn must_leave_the_root(&mut self, changes: &[Vec<u8>]) -> Result<(), MergeError> {
        if changes.iter().any(|bytes| bytes.len() > CHANGE_LEN_MAX) {
            return Err(MergeError::TooLarge { limit: CHANGE_LEN_MAX });
        }
        let kind = self.name.kind;
        let own: BTreeSet<ChangeHash> = schema::later_changes(kind).map(|it| it.hash().0).collect();
        let look = || {
            for bytes in changes {
                let change = parse(bytes.clone()).ok_or(MergeError::Change)?;
                let hash = change.hash().0;
                if own.contains(&hash) || self.has(&hash) {
                    continue;
                }
                let mut operations = change.decode().operations.into_iter();
                if let Some(one) = operations.find(|one| one.obj == legacy::ObjectId::Root) {
                    return Err(of_root(kind, &one));
                }
            }
            Ok(())
        };
        guarded(look).map_err(|Panicked| MergeError::Panicked)?
    }

    /// Refuses a document of which a section is another object than the one it began with, or has
    /// another beside it.
    ///
    /// # Errors
    /// [`MergeError::Root`].
    pub(crate) fn must_have_its_sections(&self) -> Result<(), MergeError> {
        let kind = self.name.kind;
        let whole = schema::whole(kind);
        let begun = schema::sections(kind).iter().map(|section| (section.name, true));
        let later = schema::later_sections(kind).iter().map(|section| (section.name, false));
        let is_its_own = |(name, always): (&str, bool)| {
            let there = self.doc.get_all(ROOT, name).unwrap_or_default();
            let own = whole.get(ROOT, name).ok().flatten().map(|(_, id)| id);
            match there.as_slice() {
                [] => !always,
                [(Value::Object(_), id)] => Some(id) == own.as_ref(),
                _ => false,
            }
        };
        let all = begun.chain(later).all(is_its_own);
        if all { Ok(()) } else { Err(MergeError::Root) }
    }
}

/// What is wrong with an operation on the root: a newer version makes sections and versions that this
/// one does not know, and nobody makes anew what is there.
fn of_root(kind: DocumentKind, operation: &legacy::Op) -> MergeError {
    let legacy::Key::Map(key) = &operation.key else { return MergeError::Root };
    let mut sections = schema::sections(kind).iter().chain(schema::later_sections(kind));
    let is_version = key == VERSION_KEY;
    let is_unknown =
        |value: ScalarValue| Value::from(value).as_u64().is_none_or(|version| version > VERSION);
    let is_newer = match is_version {
        true => operation.primitive_value().is_some_and(is_unknown),
        false => !sections.any(|section| section.name == key),
    };
    if is_newer { MergeError::Newer } else { MergeError::Root }
}
