//! What all documents share: opening, writing, merging.

mod frame;
mod order;
mod ours;
mod reading;
mod rewritten;
mod tracked;

pub(crate) use reading::{Item, Write, Written};
use rewritten::Rewritten;

use crate::{
    Actor, ChangeHash, DocumentChange, EditError, Heads, LoadError, MergeError, Merged, RawChange,
    Stored, Touched,
    guard::{CHANGE_LEN_MAX, DOCUMENT_LEN_MAX, Panicked, SNAPSHOT_LEN_MAX, VALUE_LEN_MAX, guarded},
    schema::{self, VERSION, VERSION_KEY},
    stamp,
};
use automerge::{
    AutoCommit, Change, LoadOptions, ObjId, ROOT, ReadDoc, ScalarValue, TextEncoding, Value,
    VerificationMode, legacy, transaction::Transactable,
};
use clinical::{DocumentRef, PractitionerId, Stamp};
use std::collections::{BTreeMap, BTreeSet};

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

/// A section, and a key of it that a change writes.
pub(crate) type WrittenKey = (&'static str, String);

/// A change ends when so many bytes were put into it: with one value more it still travels in one
/// piece (`sync` carries 512 KiB).
const CUT_LEN: usize = 192 << 10;

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

    /// Makes a section of those a document begins without, before anything is put: what is being
    /// written would end with it. The change that makes it goes out with the edit's own.
    pub(crate) fn begin_section(&mut self, name: &str) -> Result<(), EditError> {
        if self.section(name).is_some() {
            return Ok(());
        }
        let made = schema::later_change(self.name.kind, name).ok_or(EditError::Refused)?;
        let before = self.doc.clone();
        let change = raw(&made);
        self.doc.apply_changes([made]).map_err(|_| EditError::Refused)?;
        match &mut self.cut {
            Some(cut) => cut.changes.push(change),
            None => self.cut = Some(Box::new(Cut { before, changes: vec![change] })),
        }
        Ok(())
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
        // Of several values Automerge would keep the equal one and delete the others, and would not
        // write one that is equal: no value of this change, and whoever decides otherwise at the same
        // time would silently win.
        let stands = self.get(section, key).is_some_and(|written| written.bytes == value);
        if stands || self.doc.get_all(&object, key).is_ok_and(|all| all.len() > 1) {
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
        let present = self.doc.text(&object).map_err(|_| EditError::Refused)?;
        match Rewritten::between(&present, text) {
            Some(Rewritten { at, removed, inserted }) => {
                let removed = isize::try_from(removed).unwrap_or(isize::MAX);
                self.doc.splice_text(&object, at, removed, inserted)
            }
            None => self.doc.update_text(&object, text),
        }
        .map_err(|_| EditError::Refused)?;
        Ok(true)
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

    /// Merges changes of other devices, in one batch; what they touch, `touched_by` says. On an error
    /// the document is gone: load it again.
    pub(crate) fn merge(
        mut self,
        changes: Vec<Vec<u8>>,
        touched_by: impl FnOnce(&Self, &[Change]) -> Touched,
    ) -> Result<(Self, Merged), MergeError> {
        if changes.iter().any(|bytes| bytes.len() > CHANGE_LEN_MAX) {
            return Err(MergeError::TooLarge { limit: CHANGE_LEN_MAX });
        }
        guarded(move || {
            let changes = changes.into_iter().map(parse);
            let changes = changes.collect::<Option<Vec<_>>>().ok_or(MergeError::Change)?;
            let touched = touched_by(&self, &changes);
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
            let change = DocumentChange { document: self.name, changes: new, heads, touched };
            Ok((self, Merged { change, waiting }))
        })
        .map_err(|_| MergeError::Panicked)?
    }

    /// The keys of sections that changes write; `None` where nothing was stored before, or one
    /// writes anything else, as a newer version may.
    pub(crate) fn keys_of(&self, changes: &[Change]) -> Option<Vec<WrittenKey>> {
        if self.len == 0 {
            return None;
        }
        let sections = schema::sections(self.name.kind).iter();
        let sections = sections.chain(schema::later_sections(self.name.kind));
        let sections: BTreeMap<String, &'static str> = sections
            .filter_map(|section| Some((self.section(section.name)?.to_string(), section.name)))
            .collect();
        let operations = changes.iter().flat_map(|change| change.decode().operations);
        let key_of = |operation: legacy::Op| match (operation.obj, operation.key) {
            (legacy::ObjectId::Id(object), legacy::Key::Map(key)) => {
                Some((*sections.get(&object.to_string())?, key.to_string()))
            }
            (legacy::ObjectId::Root | legacy::ObjectId::Id(_), _) => None,
        };
        operations.map(key_of).collect()
    }

    pub(crate) fn has(&mut self, hash: &ChangeHash) -> bool {
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

    /// The whole document as one snapshot that is not compressed.
    pub(crate) fn save_plain(&mut self) -> Vec<u8> {
        self.doc.save_nocompress()
    }

    /// How many changes it has, beside the first.
    pub(crate) fn changes_len(&mut self) -> usize {
        self.doc.get_changes_meta(&[]).len().saturating_sub(1)
    }

    /// What a document is that was opened as it came from another device.
    pub(crate) fn taken(&mut self) -> Result<Merged, MergeError> {
        // One that does not begin as all of its kind do has other sections than ours.
        let first = schema::first_change(self.name.kind);
        if first.iter().any(|hash| !self.has(&hash.0)) {
            return Err(MergeError::Change);
        }
        let (document, heads) = (self.name, self.heads());
        let change = DocumentChange { document, changes: Vec::new(), heads, touched: Touched::All };
        Ok(Merged { change, waiting: Vec::new() })
    }

    /// Its changes, but for the first.
    pub(crate) fn changes(&mut self) -> Result<Vec<Vec<u8>>, MergeError> {
        let first = schema::first_change(self.name.kind);
        let changes = guarded(|| self.doc.get_changes(first));
        let changes = changes.map_err(|Panicked| MergeError::Panicked)?;
        Ok(changes.iter().map(|change| change.raw_bytes().to_vec()).collect())
    }

    /// The hashes of its changes, but for the first.
    pub(crate) fn hashes(&mut self) -> BTreeSet<ChangeHash> {
        let first = schema::genesis(self.name.kind).get_heads();
        self.doc.get_changes_meta(&first).iter().map(|change| change.hash.0).collect()
    }

    /// Who wrote its changes; nobody where a change says nobody.
    pub(crate) fn authors(&mut self) -> BTreeSet<PractitionerId> {
        let changes = self.doc.get_changes_meta(&[]);
        let author = |message: Option<&str>| stamp::stamp_of(message, 0).author;
        let authors = changes.iter().map(|change| author(change.message.as_deref()));
        authors.filter(|author| !author.uuid().is_nil()).collect()
    }

    /// When the last of its changes was made, in milliseconds since the Unix epoch.
    pub(crate) fn changed_at_ms(&mut self) -> i64 {
        let heads = self.doc.get_heads();
        let mut made = |head| {
            let meta = self.doc.get_change_meta_by_hash(head)?;
            Some(stamp::stamp_of(meta.message.as_deref(), meta.timestamp).at.unix_ms())
        };
        heads.iter().filter_map(&mut made).max().unwrap_or(0)
    }

    fn section(&self, name: &str) -> Option<ObjId> {
        match self.doc.get(ROOT, name) {
            Ok(Some((Value::Object(_), id))) => Some(id),
            Ok(_) | Err(_) => None,
        }
    }
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
