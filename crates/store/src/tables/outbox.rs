//! Changes made here that have not been sealed, in the order they were made.

use crate::{
    error::{Result, StoreError},
    packing::Unpacker,
    sql::{all, count, run, uuid},
    transaction::Tx,
};
use chart::{ChangeHash, RawChange};
use clinical::{DocumentKind, DocumentRef};
use rusqlite::Connection;

/// A change to be sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxItem {
    /// Its place in the outbox: it is handed back when the change was sealed.
    pub ord: i64,
    /// The document it belongs to.
    pub document: DocumentRef,
    /// The change.
    pub change: RawChange,
}

/// Puts a change in.
pub(crate) fn put(tx: &mut Tx<'_>, change: i64) -> Result<()> {
    run(tx.db, "INSERT INTO outbox (change) VALUES (?1)", [change])?;
    tx.mark.tally.add(&[b"outbox", &change.to_be_bytes()]);
    Ok(())
}

/// Takes a change out.
pub(crate) fn take(tx: &mut Tx<'_>, ord: i64) -> Result<()> {
    if run(tx.db, "DELETE FROM outbox WHERE change = ?1", [ord])? == 1 {
        tx.mark.tally.subtract(&[b"outbox", &ord.to_be_bytes()]);
    }
    Ok(())
}

/// Takes out the changes from one place to another.
pub(crate) fn take_all(tx: &mut Tx<'_>, (first, last): (i64, i64)) -> Result<()> {
    let text = "DELETE FROM outbox WHERE change BETWEEN ?1 AND ?2 RETURNING change";
    let taken: Vec<i64> = all(tx.db, text, (first, last), |row| row.get(0))?;
    for place in taken {
        tx.mark.tally.subtract(&[b"outbox", &place.to_be_bytes()]);
    }
    Ok(())
}

/// The first `limit` changes after place `after`.
pub(crate) fn page(
    db: &Connection,
    unpacker: &mut Unpacker,
    after: i64,
    limit: u32,
) -> Result<Vec<OutboxItem>> {
    type Found = (i64, u8, uuid::Uuid, ChangeHash, Vec<u8>);
    let text = "SELECT o.change, d.kind, d.id, c.hash, c.bytes
                FROM outbox o JOIN change c ON c.ord = o.change JOIN document d ON d.ord = c.document
                WHERE o.change > ?1 ORDER BY o.change LIMIT ?2";
    let rows: Vec<Found> = all(db, text, (after, limit), |row| {
        Ok((row.get(0)?, row.get(1)?, uuid(row, 2)?, row.get(3)?, row.get(4)?))
    })?;
    rows.into_iter()
        .map(|(ord, kind, id, hash, packed)| {
            let kind = DocumentKind::from_number(kind);
            let kind = kind.ok_or(StoreError::Damaged("a document's kind"))?;
            let change = RawChange { hash, bytes: unpacker.unpack(&packed)? };
            Ok(OutboxItem { ord, document: DocumentRef::new(kind, id), change })
        })
        .collect()
}

/// The documents of a kind that the first `limit` changes belong to and of which nothing was ever
/// sealed, in the order of their rows.
pub(crate) fn new_documents(
    db: &Connection,
    kind: DocumentKind,
    limit: u32,
) -> Result<Vec<DocumentRef>> {
    // Entered at the outbox, which is mostly empty, and never at the documents.
    let text = "SELECT DISTINCT d.ord, d.id
                FROM (SELECT change FROM outbox ORDER BY change LIMIT ?2) o
                CROSS JOIN change c ON c.ord = o.change CROSS JOIN document d ON d.ord = c.document
                WHERE d.kind = ?1 AND d.sealed = 0 ORDER BY d.ord";
    let ids = all(db, text, (kind.number(), limit), |row| uuid(row, 1))?;
    Ok(ids.into_iter().map(|id| DocumentRef::new(kind, id)).collect())
}

/// The places of a document's changes.
pub(crate) fn places(db: &Connection, document: i64) -> Result<Vec<i64>> {
    let text = "SELECT c.ord FROM change c JOIN outbox o ON o.change = c.ord
                WHERE c.document = ?1 ORDER BY c.ord";
    all(db, text, [document], |row| row.get(0))
}

/// How many changes wait to be sealed.
pub(crate) fn len(db: &Connection) -> Result<u64> {
    count(db, "SELECT count(*) FROM outbox", [])
}
