//! Changes: the history of documents, as opaque bytes in the order they came.

use crate::{
    error::Result,
    packing::Unpacker,
    sql::{all, one, run, unsql},
    tables::document::DocumentRow,
    transaction::Tx,
};
use chart::{ChangeHash, RawChange, waiting_by_device};
use clinical::Waiting;
use rusqlite::{Connection, Row};
use std::collections::BTreeSet;

/// Where a change stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Beside the snapshot.
    Loose,
    /// A change it follows has not arrived.
    Waiting,
    /// In the snapshot, kept until it has been sealed.
    Covered,
}

impl State {
    const fn number(self) -> i64 {
        match self {
            Self::Loose => 0,
            Self::Waiting => 1,
            Self::Covered => 2,
        }
    }
}

/// Keeps a change that is not kept yet; answers its place, or `None` where it is.
pub(crate) fn put(
    tx: &mut Tx<'_>,
    row: &mut DocumentRow,
    change: &RawChange,
) -> Result<Option<i64>> {
    let text = "INSERT OR IGNORE INTO change (document, hash, state, bytes) VALUES (?1, ?2, 0, ?3)";
    let packed = tx.packer.quick(&change.bytes)?;
    if run(tx.db, text, (row.ord, change.hash, &packed))? == 0 {
        return Ok(None);
    }
    let ord = tx.db.last_insert_rowid();
    tx.mark.tally.add(&[b"change", &row.ord.to_be_bytes(), &change.hash]);
    row.loose_count += 1;
    row.loose_bytes += u64::try_from(packed.len()).unwrap_or_default();
    Ok(Some(ord))
}

/// Says exactly which changes of a document wait.
pub(crate) fn set_waiting(
    tx: &mut Tx<'_>,
    row: &mut DocumentRow,
    waiting: &[ChangeHash],
) -> Result<()> {
    let text = "SELECT hash FROM change WHERE document = ?1 AND state = 1";
    let before: BTreeSet<ChangeHash> =
        all(tx.db, text, [row.ord], |found| found.get(0))?.into_iter().collect();
    let now: BTreeSet<ChangeHash> = waiting.iter().copied().collect();
    let text = "UPDATE change SET state = ?3 WHERE document = ?1 AND hash = ?2 AND state < 2";
    for hash in before.difference(&now) {
        run(tx.db, text, (row.ord, hash, State::Loose.number()))?;
    }
    for hash in now.difference(&before) {
        run(tx.db, text, (row.ord, hash, State::Waiting.number()))?;
    }
    if before != now {
        count_loose(tx.db, row)?;
    }
    Ok(())
}

fn count_loose(db: &Connection, row: &mut DocumentRow) -> Result<()> {
    let text = "SELECT count(*), coalesce(sum(length(bytes)), 0) FROM change
                WHERE document = ?1 AND state = 0";
    let counts = one(db, text, [row.ord], |found| Ok((found.get(0)?, found.get(1)?)))?;
    let (loose_count, loose_bytes) = counts.unwrap_or_default();
    row.loose_count = unsql(loose_count);
    row.loose_bytes = unsql(loose_bytes);
    Ok(())
}

/// Lets go of what a snapshot now covers; what has not been sealed is kept aside.
pub(crate) fn cover(tx: &mut Tx<'_>, document: i64) -> Result<()> {
    let text = "UPDATE change SET state = ?2 WHERE document = ?1 AND state = 0
                AND ord IN (SELECT change FROM outbox)";
    run(tx.db, text, (document, State::Covered.number()))?;
    let text = "DELETE FROM change WHERE document = ?1 AND state = 0 RETURNING hash";
    let gone: Vec<ChangeHash> = all(tx.db, text, [document], |found| found.get(0))?;
    for hash in gone {
        tx.mark.tally.subtract(&[b"change", &document.to_be_bytes(), &hash]);
    }
    Ok(())
}

/// Lets go of those changes, from one place to another, that a snapshot covers: they were sealed.
pub(crate) fn release(tx: &mut Tx<'_>, (first, last): (i64, i64)) -> Result<()> {
    // Few are: a statement that answers what it deletes sets up a table for it each time.
    let text = "SELECT ord, document, hash FROM change WHERE ord BETWEEN ?1 AND ?2 AND state = 2";
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let covered: Vec<(i64, i64, ChangeHash)> = all(tx.db, text, (first, last), read)?;
    for (ord, document, hash) in covered {
        run(tx.db, "DELETE FROM change WHERE ord = ?1", [ord])?;
        tx.mark.tally.subtract(&[b"change", &document.to_be_bytes(), &hash]);
    }
    Ok(())
}

/// The changes of a document in one state, in the order they came.
pub(crate) fn of_document(
    db: &Connection,
    unpacker: &mut Unpacker,
    document: i64,
    state: State,
) -> Result<Vec<Vec<u8>>> {
    // The number stands in the text: bound, it has SQLite plan anew for each value, for there is an
    // index of those that wait alone.
    let number = state.number();
    let text =
        format!("SELECT bytes FROM change WHERE document = ?1 AND state = {number} ORDER BY ord");
    let packed: Vec<Vec<u8>> = all(db, &text, [document], |row| row.get(0))?;
    packed.iter().map(|bytes| unpacker.unpack(bytes)).collect()
}

/// The changes of a document that wait, by the computer that made them.
pub(crate) fn waiting(
    db: &Connection,
    unpacker: &mut Unpacker,
    document: i64,
) -> Result<Vec<Waiting>> {
    Ok(waiting_by_device(&of_document(db, unpacker, document, State::Waiting)?))
}
