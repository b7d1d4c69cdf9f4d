//! What is kept of a document: its row, its snapshot, the changes beside it, and which of them are
//! still to be sealed. The tables know nothing of each other; this is where they meet.

use super::{
    change::{self, State},
    document::{self, DocumentRow},
    outbox, unacknowledged,
};
use crate::{error::Result, packing::Unpacker, transaction::Tx};
use chart::{Heads, RawChange, Stored};
use rusqlite::Connection;

/// A document as it is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoredDocument {
    /// An earlier state as one piece.
    pub snapshot: Option<Vec<u8>>,
    /// The changes since, in the order they came.
    pub loose: Vec<Vec<u8>>,
    /// Changes that wait for others. They belong into the next merge, together with what has
    /// arrived: what is still waiting after it is then all that waits.
    pub waiting: Vec<Vec<u8>>,
    /// The heads.
    pub heads: Heads,
}

impl StoredDocument {
    /// What `chart` loads.
    pub fn stored(&self) -> Stored<'_> {
        Stored { snapshot: self.snapshot.as_deref(), loose: &self.loose }
    }
}

/// Changes that stand one after another in the outbox, all sealed into one envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SealedRun {
    /// The place of the first.
    pub(crate) first: i64,
    /// The place of the last.
    pub(crate) last: i64,
    /// The envelope's generation and counter.
    pub(crate) envelope: (u32, u64),
}

impl SealedRun {
    /// The places of the first and the last.
    pub(crate) const fn places(&self) -> (i64, i64) {
        (self.first, self.last)
    }
}

/// Keeps changes that are not kept yet; where they are ours, they go to the outbox too. Answers the
/// place there of the last.
pub(crate) fn keep(
    tx: &mut Tx<'_>,
    row: &mut DocumentRow,
    changes: &[RawChange],
    to_send: bool,
) -> Result<Option<i64>> {
    let mut last = None;
    for change in changes {
        if let Some(ord) = change::put(tx, row, change)?.filter(|_| to_send) {
            outbox::put(tx, ord)?;
            last = Some(ord);
        }
    }
    Ok(last)
}

/// Takes changes that were sealed into an envelope out of the outbox, and lets go of those that a
/// snapshot covers.
pub(crate) fn sealed(tx: &mut Tx<'_>, run: &SealedRun) -> Result<()> {
    document::mark_sealed_by(tx.db, run.places())?;
    unacknowledged::sealed(tx.db, run)?;
    outbox::take_all(tx, run.places())?;
    change::release(tx, run.places())
}

/// Puts a snapshot in the place of everything loose.
pub(crate) fn compact(tx: &mut Tx<'_>, row: &mut DocumentRow, snapshot: &[u8]) -> Result<()> {
    document::put_snapshot(tx, row.ord, snapshot)?;
    change::cover(tx, row.ord)?;
    row.loose_count = 0;
    row.loose_bytes = 0;
    Ok(())
}

/// Everything kept of a document.
pub(crate) fn load(
    db: &Connection,
    unpacker: &mut Unpacker,
    row: &DocumentRow,
) -> Result<StoredDocument> {
    let snapshot = document::snapshot(db, unpacker, row.ord)?;
    let loose = change::of_document(db, unpacker, row.ord, State::Loose)?;
    let waiting = change::of_document(db, unpacker, row.ord, State::Waiting)?;
    Ok(StoredDocument { snapshot, loose, waiting, heads: row.heads.clone() })
}
