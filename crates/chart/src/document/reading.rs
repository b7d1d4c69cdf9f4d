//! Reading a document back: what stands under a key, and who wrote it, over what.

use super::Document;
use crate::{ChangeHash, EditError, Heads, stamp};
use automerge::{ObjId, ReadDoc, ScalarValue, Value};
use clinical::{PractitionerId, Stamp};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeBounds,
};

/// One of the values of a key, and the change that wrote it.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    /// The value as bytes: text is UTF-8.
    pub(crate) bytes: Vec<u8>,
    /// Who wrote it.
    pub(crate) stamp: Stamp,
    /// The change that wrote it.
    pub(crate) change: ChangeHash,
}

/// A value a key has or had.
#[derive(Debug)]
pub(crate) struct Write {
    /// The value as bytes.
    pub(crate) bytes: Vec<u8>,
    /// Who wrote it.
    pub(crate) stamp: Stamp,
    /// The changes whose values it stands in the place of.
    pub(crate) before: Vec<ChangeHash>,
}

/// A key of a section with the value that shows, and whether others stand beside it.
#[derive(Debug)]
pub(crate) struct Item {
    /// The key.
    pub(crate) key: String,
    /// The value that shows.
    pub(crate) written: Written,
    /// Whether there are others.
    pub(crate) disputed: bool,
}

/// A value that shows, without its origin.
#[derive(Debug)]
pub(crate) struct Present {
    /// The value as bytes.
    pub(crate) bytes: Vec<u8>,
}

impl Document {
    /// A text section.
    pub(crate) fn text(&self, section: &str) -> String {
        self.section(section).and_then(|object| self.doc.text(&object).ok()).unwrap_or_default()
    }

    /// Whose words stand in a text section, each person once, in the order of their first word.
    /// Never while a change is being made.
    pub(crate) fn text_authors(&mut self, section: &str) -> Vec<PractitionerId> {
        let Some(object) = self.section(section) else { return Vec::new() };
        let is_word = |value: &ScalarValue| matches!(value, ScalarValue::Str(text) if !text.trim().is_empty());
        let letters = self.doc.list_range(&object, ..);
        let words =
            letters.filter(|item| item.value.clone().into_value().as_scalar().is_some_and(is_word));
        let ids: Vec<ObjId> = words.map(|item| item.id()).collect();
        let mut authors: Vec<PractitionerId> = Vec::new();
        let mut known: BTreeSet<automerge::ChangeHash> = BTreeSet::new();
        for id in ids {
            let change = self.change_of(&id);
            if known.insert(change) {
                let author = self.stamp_of(&change).author;
                if !authors.contains(&author) {
                    authors.push(author);
                }
            }
        }
        authors
    }

    /// Every key of a section, sorted.
    pub(crate) fn items(&mut self, section: &str) -> Vec<Item> {
        self.items_in(section, ..)
    }

    /// The keys of a section that begin with `beginning`, sorted; all of them have one length or
    /// go on with a slash.
    pub(crate) fn items_of(&mut self, section: &str, beginning: &str) -> Vec<Item> {
        // The character after the slash.
        self.items_in(section, beginning.to_owned()..format!("{beginning}0"))
    }

    fn items_in(&mut self, section: &str, keys: impl RangeBounds<String>) -> Vec<Item> {
        let Some(object) = self.section(section) else { return Vec::new() };
        let rows: Vec<_> = self
            .doc
            .map_range(&object, keys)
            .map(|item| {
                let bytes = bytes_of(&item.value.clone().into_value());
                (item.key.to_string(), bytes, item.id(), item.conflict)
            })
            .collect();
        // One change writes many keys: who made it is looked up once.
        let mut stamps: BTreeMap<automerge::ChangeHash, Stamp> = BTreeMap::new();
        let item = |(key, bytes, id, disputed)| {
            let hash = self.change_of(&id);
            let stamp = *stamps.entry(hash).or_insert_with(|| self.stamp_of(&hash));
            Item { key, written: Written { bytes, stamp, change: hash.0 }, disputed }
        };
        rows.into_iter().map(item).collect()
    }

    /// The keys of a section beside whose values others stand, sorted.
    pub(crate) fn disputed(&self, section: &str) -> Vec<String> {
        let Some(object) = self.section(section) else { return Vec::new() };
        let items = self.doc.map_range(&object, ..).filter(|item| item.conflict);
        items.map(|item| item.key.to_string()).collect()
    }

    /// The value of a key that shows.
    pub(crate) fn get(&self, section: &str, key: &str) -> Option<Present> {
        let object = self.section(section)?;
        let (value, _) = self.doc.get(&object, key).ok()??;
        Some(Present { bytes: bytes_of(&value) })
    }

    /// Whether a key has several values that differ. It leaves a change that is being made as it
    /// is.
    pub(crate) fn is_disputed(&self, section: &str, key: &str) -> bool {
        let Some(object) = self.section(section) else { return false };
        let all = self.doc.get_all(&object, key).unwrap_or_default();
        let mut values = all.iter().map(|(value, _)| bytes_of(value));
        let Some(first) = values.next() else { return false };
        values.any(|value| !same(&value, &first))
    }

    /// How many values a key had when the document had these heads.
    ///
    /// # Errors
    /// As [`Self::get_at`].
    pub(crate) fn count_at(
        &mut self,
        section: &str,
        key: &str,
        heads: &Heads,
    ) -> Result<usize, EditError> {
        let Some((object, heads)) = self.at(section, heads)? else { return Ok(0) };
        let all = self.doc.get_all_at(&object, key, &heads).map_err(|_| EditError::Refused)?;
        Ok(all.len())
    }

    /// The value of a key that showed when the document had these heads.
    ///
    /// # Errors
    /// [`EditError::UnknownHeads`] where one of them is not known here.
    pub(crate) fn get_at(
        &mut self,
        section: &str,
        key: &str,
        heads: &Heads,
    ) -> Result<Option<Vec<u8>>, EditError> {
        let Some((object, heads)) = self.at(section, heads)? else { return Ok(None) };
        let found = self.doc.get_at(&object, key, &heads).map_err(|_| EditError::Refused)?;
        Ok(found.map(|(value, _)| bytes_of(&value)))
    }

    /// A section, and heads as the document's own library names them.
    fn at(
        &mut self,
        section: &str,
        heads: &Heads,
    ) -> Result<Option<(ObjId, Vec<automerge::ChangeHash>)>, EditError> {
        if !heads.0.iter().all(|head| self.has(head)) {
            return Err(EditError::UnknownHeads);
        }
        let heads = heads.0.iter().map(|head| automerge::ChangeHash(*head)).collect();
        Ok(self.section(section).map(|object| (object, heads)))
    }

    /// Every value of a key, equal ones once, in the same order on every device. What is neither
    /// text nor bytes has no bytes.
    pub(crate) fn versions(&mut self, section: &str, key: &str) -> Vec<Written> {
        let Some(object) = self.section(section) else { return Vec::new() };
        let all = self.doc.get_all(&object, key).unwrap_or_default();
        let all: Vec<_> = all.into_iter().map(|(value, id)| (bytes_of(&value), id)).collect();
        let mut versions: Vec<Written> = Vec::new();
        for (bytes, id) in all {
            let (stamp, change) = self.origin(&id);
            versions.push(Written { bytes, stamp, change });
        }
        versions.sort_by_key(|version| (version.stamp.at, version.change));
        let mut distinct: Vec<Written> = Vec::new();
        for version in versions {
            if !distinct.iter().any(|other| same(&other.bytes, &version.bytes)) {
                distinct.push(version);
            }
        }
        distinct
    }

    /// Every value a key has or had, by the change that wrote it.
    pub(crate) fn writes(&mut self, section: &str, key: &str) -> BTreeMap<ChangeHash, Write> {
        let mut writes = BTreeMap::new();
        let Some(object) = self.section(section) else { return writes };
        let values = |all: Vec<(Value<'_>, ObjId)>| -> Vec<(Vec<u8>, ObjId)> {
            all.into_iter().map(|(value, id)| (bytes_of(&value), id)).collect()
        };
        let mut next = values(self.doc.get_all(&object, key).unwrap_or_default());
        while let Some((bytes, id)) = next.pop() {
            let (stamp, change) = self.origin(&id);
            if writes.contains_key(&change) {
                continue;
            }
            let meta = self.doc.get_change_meta_by_hash(&automerge::ChangeHash(change));
            let deps = meta.map(|meta| meta.deps.to_vec()).unwrap_or_default();
            let before = self.doc.get_all_at(&object, key, &deps).unwrap_or_default();
            let before = if deps.is_empty() { Vec::new() } else { values(before) };
            let changes = before.iter().map(|(_, id)| self.change_of(id).0).collect();
            writes.insert(change, Write { bytes, stamp, before: changes });
            next.extend(before);
        }
        writes
    }

    /// The changes that wrote a key over several values that differed.
    pub(crate) fn decisions(&mut self, section: &str, key: &str) -> BTreeSet<ChangeHash> {
        let writes = self.writes(section, key);
        let is_decision = |write: &Write| {
            let mut before = write.before.iter().filter_map(|one| writes.get(one));
            let Some(first) = before.next() else { return false };
            before.any(|other| !same(&other.bytes, &first.bytes))
        };
        let decisions = writes.iter().filter(|(_, write)| is_decision(write));
        decisions.map(|(change, _)| *change).collect()
    }

    /// The changes that wrote the values of a key.
    pub(crate) fn writers(&mut self, section: &str, key: &str) -> Vec<ChangeHash> {
        let Some(object) = self.section(section) else { return Vec::new() };
        let all = self.doc.get_all(&object, key).unwrap_or_default();
        let ids: Vec<ObjId> = all.into_iter().map(|(_, id)| id).collect();
        ids.iter().map(|id| self.change_of(id).0).collect()
    }

    /// Every change that neither is this one nor came before it: what knew of it, and what was
    /// made beside it.
    pub(crate) fn not_before(&mut self, change: ChangeHash) -> BTreeSet<ChangeHash> {
        let changes = self.doc.get_changes_meta(&[automerge::ChangeHash(change)]);
        changes.iter().map(|change| change.hash.0).collect()
    }

    /// Every change that is none of `heads` and came before none of them; `None` where one of
    /// them is not known here.
    pub(crate) fn after(&mut self, heads: &Heads) -> Option<BTreeSet<ChangeHash>> {
        if !heads.0.iter().all(|head| self.has(head)) {
            return None;
        }
        let heads: Vec<_> = heads.0.iter().map(|head| automerge::ChangeHash(*head)).collect();
        Some(self.doc.get_changes_meta(&heads).iter().map(|change| change.hash.0).collect())
    }

    /// Those of some heads that are of this document.
    pub(crate) fn of_these(&mut self, heads: &Heads) -> Heads {
        Heads(heads.0.iter().copied().filter(|head| self.has(head)).collect())
    }

    /// The value of a key that stood before it was written apart: the last that all who wrote its
    /// values knew of. Where that was disputed itself, and decided apart, what stood before that.
    pub(crate) fn stood(&mut self, section: &str, key: &str) -> Option<Vec<u8>> {
        let writes = self.writes(section, key);
        let mut heads: BTreeSet<ChangeHash> = self.writers(section, key).into_iter().collect();
        loop {
            let known = heads.iter().map(|head| known_to(&writes, *head));
            let shared = known.reduce(|one, other| one.intersection(&other).copied().collect())?;
            let of_others: BTreeSet<ChangeHash> =
                shared.iter().flat_map(|one| known_to(&writes, *one)).collect();
            heads = shared.difference(&of_others).copied().collect();
            let mut values = heads.iter().filter_map(|head| writes.get(head)).map(|it| &it.bytes);
            let first = values.next()?;
            if values.all(|other| same(other, first)) {
                return Some(first.clone());
            }
        }
    }

    /// Every value a key has had, oldest change first: the place of that change among all, the
    /// key, who wrote it, what.
    pub(crate) fn history(
        &mut self,
        section: &str,
        is_key: impl Fn(&str) -> bool,
    ) -> Vec<(usize, String, Written)> {
        let Some(object) = self.section(section) else { return Vec::new() };
        let mut history = Vec::new();
        for (place, change) in self.changes_in_order().into_iter().enumerate() {
            let stamp = stamp::stamp_of(change.message(), change.timestamp());
            for op in change.decode().operations {
                let automerge::legacy::Key::Map(key) = &op.key else { continue };
                let same = matches!(&op.obj, automerge::legacy::ObjectId::Id(id)
                    if self.doc.import_obj(&id.to_string()).is_ok_and(|found| found == object));
                let Some(value) = op.primitive_value() else { continue };
                if same && is_key(key) {
                    let bytes = bytes_of(&Value::from(value));
                    let written = Written { bytes, stamp, change: change.hash().0 };
                    history.push((place, key.to_string(), written));
                }
            }
        }
        history
    }

    /// Never while a change is being made: Automerge would end it, without its stamp.
    fn origin(&mut self, id: &ObjId) -> (Stamp, ChangeHash) {
        let hash = self.change_of(id);
        (self.stamp_of(&hash), hash.0)
    }

    pub(super) fn change_of(&mut self, id: &ObjId) -> automerge::ChangeHash {
        self.doc.hash_for_opid(id).unwrap_or(automerge::ChangeHash([0; 32]))
    }

    pub(super) fn stamp_of(&mut self, hash: &automerge::ChangeHash) -> Stamp {
        match self.doc.get_change_meta_by_hash(hash) {
            Some(meta) => stamp::stamp_of(meta.message.as_deref(), meta.timestamp),
            None => stamp::stamp_of(None, 0),
        }
    }
}

/// Text and bytes as bytes. Nothing else is ever put: what a newer version may have put there has
/// no bytes here, which no value of ours reads as.
fn bytes_of(value: &Value<'_>) -> Vec<u8> {
    match value.as_scalar() {
        Some(ScalarValue::Str(text)) => text.as_bytes().to_vec(),
        Some(ScalarValue::Bytes(bytes)) => bytes.clone(),
        Some(
            ScalarValue::Int(_)
            | ScalarValue::Uint(_)
            | ScalarValue::F64(_)
            | ScalarValue::Counter(_)
            | ScalarValue::Timestamp(_)
            | ScalarValue::Boolean(_)
            | ScalarValue::Unknown { .. }
            | ScalarValue::Null,
        )
        | None => Vec::new(),
    }
}

/// Whether two values are known to be equal.
fn same(one: &[u8], other: &[u8]) -> bool {
    !one.is_empty() && one == other
}

/// The changes that wrote what one was written over, and what was before.
fn known_to(writes: &BTreeMap<ChangeHash, Write>, change: ChangeHash) -> BTreeSet<ChangeHash> {
    let mut known = BTreeSet::new();
    let mut next = vec![change];
    while let Some(one) = next.pop() {
        let before = writes.get(&one).map(|write| write.before.as_slice()).unwrap_or_default();
        next.extend(before.iter().filter(|one| known.insert(**one)));
    }
    known
}
