//! What goes in and out of a document, as bytes the store and the sync carry.

use crate::{document, guard::guarded, stamp};
use clinical::{DocumentRef, EntryKind, EntryRef, Stamp, Waiting};
use std::collections::BTreeMap;

/// The SHA-256 of a change.
pub type ChangeHash = [u8; 32];

/// One Automerge change: opaque to everyone but this crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawChange {
    /// Its hash.
    pub hash: ChangeHash,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The changes nothing else follows yet, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heads(pub Vec<ChangeHash>);

/// What of a document must be projected again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touched {
    /// All of it.
    All,
    /// These entries, sorted.
    Entries(Vec<EntryRef>),
}

impl Touched {
    /// Whether an entry of a kind is among them.
    pub fn has_kind(&self, kind: EntryKind) -> bool {
        match self {
            Self::All => true,
            Self::Entries(entries) => entries.iter().any(|entry| entry.kind == kind),
        }
    }

    /// Whether an entry is among them.
    pub fn has(&self, entry: EntryRef) -> bool {
        match self {
            Self::All => true,
            Self::Entries(entries) => entries.binary_search(&entry).is_ok(),
        }
    }
}

/// A document as the store keeps it: a snapshot and the changes since.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stored<'a> {
    /// `save()` of an earlier state.
    pub snapshot: Option<&'a [u8]>,
    /// Changes that are not in the snapshot, in the order they were kept.
    pub loose: &'a [Vec<u8>],
}

/// What an edit or a merge added to a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentChange {
    /// Which document.
    pub document: DocumentRef,
    /// The changes that are new; none when nothing changed.
    pub changes: Vec<RawChange>,
    /// The heads afterwards.
    pub heads: Heads,
    /// What must be projected again.
    pub touched: Touched,
}

/// What a merge did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// Every change that was new, applied or waiting.
    pub change: DocumentChange,
    /// Those of them that wait: a change they follow has not arrived.
    pub waiting: Vec<ChangeHash>,
}

impl Heads {
    /// The heads as hex, in order.
    pub fn to_hex(&self) -> Vec<String> {
        self.0.iter().map(|hash| hex(hash)).collect()
    }

    /// The heads as one text, which [`Self::from_text`] reads.
    pub fn to_text(&self) -> String {
        self.to_hex().join(" ")
    }

    /// The heads a text names; `None` where it is none.
    pub fn from_text(text: &str) -> Option<Self> {
        text.split(' ').map(unhex).collect::<Option<_>>().map(Self)
    }
}

/// The hash of a change; `None` of bytes that are none.
pub fn hash_of(bytes: &[u8]) -> Option<ChangeHash> {
    let read = || document::parse(bytes.to_vec());
    guarded(read).ok().flatten().map(|change| change.hash().0)
}

/// Who made a change, where and when; a stamp of nobody where it does not say, or is none.
pub fn stamp_of_change(bytes: &[u8]) -> Stamp {
    let read = || document::parse(bytes.to_vec());
    match guarded(read).ok().flatten() {
        Some(change) => stamp::stamp_of(change.message(), change.timestamp()),
        None => stamp::stamp_of(None, 0),
    }
}

/// Changes that wait, by the computer that made them, sorted.
pub fn waiting_by_device(changes: &[Vec<u8>]) -> Vec<Waiting> {
    let mut counts: BTreeMap<_, u32> = BTreeMap::new();
    for bytes in changes {
        let read = || document::parse(bytes.clone());
        let change = guarded(read).ok().flatten();
        let stamp = match &change {
            Some(change) => stamp::stamp_of(change.message(), change.timestamp()),
            None => stamp::stamp_of(None, 0),
        };
        let count = counts.entry(stamp.device).or_default();
        *count = count.saturating_add(1);
    }
    counts.into_iter().map(|(device, changes)| Waiting { device, changes }).collect()
}

fn unhex(text: &str) -> Option<ChangeHash> {
    let mut hash = ChangeHash::default();
    if text.len() != 2 * hash.len() {
        return None;
    }
    for (at, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(hash)
}

/// Bytes as lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
