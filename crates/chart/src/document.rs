//! What all documents share: opening, writing, merging, and reading back who wrote what.

use crate::{
    Actor, ChangeHash, DocumentChange, EditError, Heads, LoadError, MergeError, Merged, RawChange,
    Stored, Touched,
    guard::{CHANGE_LEN_MAX, DOCUMENT_LEN_MAX, SNAPSHOT_LEN_MAX, VALUE_LEN_MAX, guarded},
    schema::{self, VERSION, VERSION_KEY},
    stamp,
};
use automerge::{
    AutoCommit, Change, LoadOptions, ObjId, ROOT, ReadDoc, ScalarValue, TextEncoding, Value,
    VerificationMode, transaction::Transactable,
};
use clinical::{DocumentRef, PractitionerId, Stamp};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeBounds,
};

/// One Automerge document with its name.
#[derive(Debug)]
pub(crate) struct Document {
    name: DocumentRef,
    doc: AutoCommit,
    /// Bytes of what was stored, and of what was put since: never less than a snapshot takes.
    len: usize,
    /// Bytes put since the last change ended.
    put: usize,
    /// What an edit of many changes has ended already.
    cut: Option<Box<Cut>>,
}

/// The changes of an edit that is too large for one.
#[derive(Debug)]
struct Cut {
    /// The document before the edit.
    before: AutoCommit,
    /// The changes that have ended.
    changes: Vec<RawChange>,
}

/// A change ends when so many bytes were put into it: with one value more it still travels in one
/// piece (`sync` carries 512 KiB).
const CUT_LEN: usize = 192 << 10;

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

impl Document {
    /// Begins a document.
    pub(crate) fn new(name: DocumentRef, actor: Actor) -> Self {
        let mut doc = schema::genesis(name.kind);
        doc.set_actor(actor.id());
        Self { name, doc, len: 0, put: 0, cut: None }
    }

    /// Opens a stored document. Loose changes are applied in one batch: one by one would be
    /// quadratic.
    pub(crate) fn load(
        name: DocumentRef,
        stored: Stored<'_>,
        actor: Actor,
    ) -> Result<Self, LoadError> {
        if stored.snapshot.is_some_and(|bytes| bytes.len() > SNAPSHOT_LEN_MAX) {
            return Err(LoadError::TooLarge { limit: SNAPSHOT_LEN_MAX });
        }
        let loose_len: usize = stored.loose.iter().map(Vec::len).sum();
        let len = stored.snapshot.map_or(0, <[u8]>::len).saturating_add(loose_len);
        let open = || -> Result<AutoCommit, LoadError> {
            let mut doc = match stored.snapshot {
                Some(bytes) => AutoCommit::load_with_options(bytes, options())
                    .map_err(|_| LoadError::Snapshot)?,
                None => schema::genesis(name.kind),
            };
            let loose = stored.loose.iter().map(|bytes| parse(bytes.clone()));
            let loose = loose.collect::<Option<Vec<_>>>().ok_or(LoadError::Change)?;
            doc.apply_changes_batch(loose).map_err(|_| LoadError::Change)?;
            doc.set_actor(actor.id());
            Ok(doc)
        };
        let doc = guarded(open).map_err(|_| LoadError::Panicked)??;
        Ok(Self { name, doc, len, put: 0, cut: None })
    }

    /// Whether a newer version has changed the document's shape.
    pub(crate) fn is_newer(&self) -> bool {
        match self.doc.get(ROOT, VERSION_KEY) {
            Ok(Some((value, _))) => value.as_u64().is_none_or(|version| version > VERSION),
            Ok(None) | Err(_) => true,
        }
    }

    /// Writes one value; returns whether it is another than the one that shows.
    pub(crate) fn put(
        &mut self,
        section: &str,
        key: &str,
        value: &[u8],
    ) -> Result<bool, EditError> {
        if self.get(section, key).is_some_and(|written| written.bytes == value) {
            return Ok(false);
        }
        self.put_over(section, key, value)?;
        Ok(true)
    }

    /// Writes one value even when it is the one that shows: what stood beside it is decided.
    pub(crate) fn put_over(
        &mut self,
        section: &str,
        key: &str,
        value: &[u8],
    ) -> Result<(), EditError> {
        let object = self.section(section).ok_or(EditError::Refused)?;
        self.count(key.len().saturating_add(value.len()))?;
        let scalar = match std::str::from_utf8(value) {
            Ok(text) => ScalarValue::Str(text.into()),
            Err(_) => ScalarValue::Bytes(value.to_vec()),
        };
        // Of several values Automerge would keep the equal one and delete the others: no value of
        // this change, and whoever decides otherwise at the same time would silently win.
        if self.doc.get_all(&object, key).is_ok_and(|all| all.len() > 1) {
            self.doc.delete(&object, key).map_err(|_| EditError::Refused)?;
        }
        self.doc.put(&object, key, scalar).map_err(|_| EditError::Refused)
    }

    /// Writes what no version of ours writes.
    #[cfg(test)]
    pub(crate) fn put_number(&mut self, section: &str, key: &str) {
        let object = self.section(section).unwrap();
        self.doc.put(&object, key, 1).unwrap();
    }

    /// Replaces a text section, keeping what others write into it at the same time.
    pub(crate) fn put_text(&mut self, section: &str, text: &str) -> Result<bool, EditError> {
        let object = self.section(section).ok_or(EditError::Refused)?;
        if self.doc.text(&object).is_ok_and(|present| present == text) {
            return Ok(false);
        }
        self.count(text.len())?;
        self.doc.update_text(&object, text).map_err(|_| EditError::Refused)?;
        Ok(true)
    }

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

    /// Ends an edit: all that was put becomes one change, or several where it was cut.
    pub(crate) fn commit(&mut self, stamp: Stamp, touched: Touched) -> DocumentChange {
        let last = self.end_change(stamp);
        let mut changes = self.cut.take().map(|cut| cut.changes).unwrap_or_default();
        changes.extend(last);
        DocumentChange { document: self.name, changes, heads: self.heads(), touched }
    }

    /// Ends the change that is being made when it has grown long. The edit goes on in another: no
    /// change is longer than what can travel. Call it where a reader may see what came before
    /// without what follows.
    pub(crate) fn cut(&mut self, stamp: Stamp) {
        if self.put < CUT_LEN {
            return;
        }
        if self.cut.is_none() {
            let mut before = self.doc.clone();
            before.rollback();
            self.cut = Some(Box::new(Cut { before, changes: Vec::new() }));
        }
        let change = self.end_change(stamp);
        if let Some(cut) = &mut self.cut {
            cut.changes.extend(change);
        }
    }

    /// Takes back all that was put since the last edit.
    pub(crate) fn rollback(&mut self) {
        match self.cut.take() {
            Some(cut) => self.doc = cut.before,
            None => {
                self.doc.rollback();
            }
        }
        self.put = 0;
    }

    /// Whether so many bytes more fit: the document must open again.
    pub(crate) fn has_room(&self, len: usize, len_max: usize) -> Result<(), EditError> {
        if len > len_max {
            return Err(EditError::TooLarge { limit: len_max });
        }
        if self.len.saturating_add(len) > DOCUMENT_LEN_MAX {
            return Err(EditError::TooLarge { limit: DOCUMENT_LEN_MAX });
        }
        Ok(())
    }

    fn end_change(&mut self, stamp: Stamp) -> Option<RawChange> {
        self.put = 0;
        let hash = self.doc.commit_with(stamp::options_of(stamp))?;
        self.doc.get_change_by_hash(&hash).as_ref().map(raw)
    }

    fn count(&mut self, len: usize) -> Result<(), EditError> {
        if len > VALUE_LEN_MAX {
            return Err(EditError::TooLarge { limit: VALUE_LEN_MAX });
        }
        self.len = self.len.saturating_add(len);
        self.put = self.put.saturating_add(len);
        Ok(())
    }

    /// Merges changes of other devices, in one batch. On an error the document is gone: load it
    /// again.
    pub(crate) fn merge(mut self, changes: Vec<Vec<u8>>) -> Result<(Self, Merged), MergeError> {
        if changes.iter().any(|bytes| bytes.len() > CHANGE_LEN_MAX) {
            return Err(MergeError::TooLarge { limit: CHANGE_LEN_MAX });
        }
        guarded(move || {
            let changes = changes.into_iter().map(parse);
            let changes = changes.collect::<Option<Vec<_>>>().ok_or(MergeError::Change)?;
            let new: Vec<RawChange> = changes
                .iter()
                .filter(|change| self.doc.get_change_meta_by_hash(&change.hash()).is_none())
                .map(raw)
                .collect();
            self.doc.apply_changes_batch(changes).map_err(|_| MergeError::Contradiction)?;
            let waiting = new.iter().map(|change| change.hash).filter(|hash| !self.has(hash));
            let waiting = waiting.collect();
            let len: usize = new.iter().map(|change| change.bytes.len()).sum();
            self.len = self.len.saturating_add(len);
            let heads = self.heads();
            let change =
                DocumentChange { document: self.name, changes: new, heads, touched: Touched::All };
            Ok((self, Merged { change, waiting }))
        })
        .map_err(|_| MergeError::Panicked)?
    }

    fn has(&mut self, hash: &ChangeHash) -> bool {
        self.doc.get_change_meta_by_hash(&automerge::ChangeHash(*hash)).is_some()
    }

    /// The heads, sorted.
    pub(crate) fn heads(&mut self) -> Heads {
        let mut heads: Vec<ChangeHash> = self.doc.get_heads().iter().map(|head| head.0).collect();
        heads.sort_unstable();
        Heads(heads)
    }

    /// The whole document as one snapshot.
    pub(crate) fn save(&mut self) -> Vec<u8> {
        self.doc.save()
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

    /// The value of a key just before a change was made.
    pub(crate) fn before(
        &mut self,
        section: &str,
        key: &str,
        change: ChangeHash,
    ) -> Option<Vec<u8>> {
        let object = self.section(section)?;
        let deps = self.doc.get_change_meta_by_hash(&automerge::ChangeHash(change))?.deps;
        let (value, _) = self.doc.get_at(&object, key, &deps).ok()??;
        Some(bytes_of(&value))
    }

    /// Every value a key has had, oldest change first: its key, who wrote it, what.
    pub(crate) fn history(
        &mut self,
        section: &str,
        is_key: impl Fn(&str) -> bool,
    ) -> Vec<(String, Written)> {
        let Some(object) = self.section(section) else { return Vec::new() };
        let mut history = Vec::new();
        for change in self.doc.get_changes(&[]) {
            let stamp = stamp::stamp_of(change.message(), change.timestamp());
            for op in change.decode().operations {
                let automerge::legacy::Key::Map(key) = &op.key else { continue };
                let same = matches!(&op.obj, automerge::legacy::ObjectId::Id(id)
                    if self.doc.import_obj(&id.to_string()).is_ok_and(|found| found == object));
                let Some(value) = op.primitive_value() else { continue };
                if same && is_key(key) {
                    let bytes = bytes_of(&Value::from(value));
                    let written = Written { bytes, stamp, change: change.hash().0 };
                    history.push((key.to_string(), written));
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

    fn change_of(&mut self, id: &ObjId) -> automerge::ChangeHash {
        self.doc.hash_for_opid(id).unwrap_or(automerge::ChangeHash([0; 32]))
    }

    fn stamp_of(&mut self, hash: &automerge::ChangeHash) -> Stamp {
        match self.doc.get_change_meta_by_hash(hash) {
            Some(meta) => stamp::stamp_of(meta.message.as_deref(), meta.timestamp),
            None => stamp::stamp_of(None, 0),
        }
    }

    fn section(&self, name: &str) -> Option<ObjId> {
        match self.doc.get(ROOT, name) {
            Ok(Some((Value::Object(_), id))) => Some(id),
            Ok(_) | Err(_) => None,
        }
    }
}

/// A value that shows, without its origin.
#[derive(Debug)]
pub(crate) struct Present {
    /// The value as bytes.
    pub(crate) bytes: Vec<u8>,
}

fn options() -> LoadOptions<'static> {
    LoadOptions::new()
        .verification_mode(VerificationMode::Check)
        .text_encoding(TextEncoding::Utf16CodeUnit)
}

/// Reads a change and holds it against its own checksum, which Automerge leaves to the caller:
/// the four bytes behind the magic are the first four of the hash.
pub(crate) fn parse(bytes: Vec<u8>) -> Option<Change> {
    let checksum = bytes.get(4..8)?.to_vec();
    let change = Change::from_bytes(bytes).ok()?;
    change.hash().0.starts_with(&checksum).then_some(change)
}

fn raw(change: &Change) -> RawChange {
    RawChange { hash: change.hash().0, bytes: change.raw_bytes().to_vec() }
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
