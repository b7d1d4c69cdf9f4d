//! Documents: their names, heads and snapshots, and how much lies loose beside the snapshot.

use crate::{
    error::{Result, StoreError},
    packing::Unpacker,
    sql::{all, one, run, sql, unsql, uuid},
    tally::Tally,
    transaction::Tx,
};
use chart::Heads;
use clinical::{DocumentKind, DocumentRef};
use rusqlite::{Connection, Row};
use sha2::{Digest, Sha256};

/// Loose changes above which a document should be compacted.
pub const LOOSE_CHANGES_MAX: u64 = 64;
/// Bytes of loose changes above which a document should be compacted.
pub const LOOSE_BYTES_MAX: u64 = 32 * 1024;

/// Beside a snapshot longer than this, as many bytes may lie loose as it has.
const SHORT_BYTES_MAX: u64 = 1 << 20;

/// One document's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DocumentRow {
    pub(crate) ord: i64,
    pub(crate) heads: Heads,
    pub(crate) loose_count: u64,
    pub(crate) loose_bytes: u64,
    updated: u64,
}

impl DocumentRow {
    /// What the tally counts of the row.
    fn counted(&self) -> Vec<u8> {
        let numbers = [self.loose_count, self.loose_bytes, self.updated].map(u64::to_be_bytes);
        [self.ord.to_be_bytes().as_slice(), &numbers.concat(), &self.heads.0.concat()].concat()
    }

    /// Whether too much lies loose. To save a document takes as long as it is long: beside a long
    /// snapshot more may lie, or a chart of many megabytes would be saved whole for every page of
    /// it that arrives.
    pub(crate) fn wants_compaction(&self, db: &Connection) -> Result<bool> {
        if self.loose_count > LOOSE_CHANGES_MAX {
            return Ok(true);
        }
        if self.loose_bytes <= LOOSE_BYTES_MAX {
            return Ok(false);
        }
        let text = "SELECT length(bytes) FROM snapshot WHERE document = ?1";
        let snapshot = one(db, text, [self.ord], |row| row.get(0))?.map_or(0, unsql);
        Ok(snapshot <= SHORT_BYTES_MAX || self.loose_bytes >= snapshot)
    }
}

/// The row of a document.
pub(crate) fn find(db: &Connection, name: DocumentRef) -> Result<Option<DocumentRow>> {
    let text = "SELECT ord, heads, loose_count, loose_bytes, updated FROM document
                WHERE id = ?1 AND kind = ?2";
    one(db, text, (name.id.as_bytes(), name.kind.number()), read)
}

fn read(row: &Row<'_>) -> rusqlite::Result<DocumentRow> {
    Ok(DocumentRow {
        ord: row.get(0)?,
        heads: heads_of(&row.get::<_, Vec<u8>>(1)?),
        loose_count: unsql(row.get(2)?),
        loose_bytes: unsql(row.get(3)?),
        updated: unsql(row.get(4)?),
    })
}

/// The name of a row.
pub(crate) fn name_of(db: &Connection, ord: i64) -> Result<DocumentRef> {
    let text = "SELECT kind, id FROM document WHERE ord = ?1";
    let found = one(db, text, [ord], |row| Ok((row.get::<_, u8>(0)?, uuid(row, 1)?)))?;
    let (kind, id) = found.ok_or(StoreError::Damaged("a document's name"))?;
    let kind = DocumentKind::from_number(kind).ok_or(StoreError::Damaged("a document's kind"))?;
    Ok(DocumentRef::new(kind, id))
}

/// The rows after `after` in the order they were first met.
pub(crate) fn ords_after(db: &Connection, after: i64, limit: u32) -> Result<Vec<i64>> {
    let text = "SELECT ord FROM document WHERE ord > ?1 ORDER BY ord LIMIT ?2";
    all(db, text, (after, limit), |row| row.get(0))
}

/// The rows of a kind last changed, newest first.
pub(crate) fn last_changed(db: &Connection, kind: DocumentKind, limit: u32) -> Result<Vec<i64>> {
    let text = "SELECT ord FROM document WHERE kind = ?1 ORDER BY updated DESC, ord DESC LIMIT ?2";
    all(db, text, (kind.number(), limit), |row| row.get(0))
}

/// Begins a document.
pub(crate) fn begin(tx: &mut Tx<'_>, name: DocumentRef) -> Result<DocumentRow> {
    let text = "INSERT INTO document (kind, id, heads, loose_count, loose_bytes, updated)
                VALUES (?1, ?2, x'', 0, 0, 0)";
    run(tx.db, text, (name.kind.number(), name.id.as_bytes()))?;
    let ord = tx.db.last_insert_rowid();
    let row =
        DocumentRow { ord, heads: Heads::default(), loose_count: 0, loose_bytes: 0, updated: 0 };
    tx.mark.tally.add(&[b"document", &row.counted()]);
    Ok(row)
}

/// Writes what a commit made of the row; `before` is the row as it was read.
pub(crate) fn update(tx: &mut Tx<'_>, before: &DocumentRow, row: &mut DocumentRow) -> Result<()> {
    row.updated = tx.mark.sequence;
    write(tx, before, row)
}

/// Writes what a compaction made of the row: the document itself has not changed.
pub(crate) fn settle(tx: &mut Tx<'_>, before: &DocumentRow, row: &DocumentRow) -> Result<()> {
    write(tx, before, row)
}

fn write(tx: &mut Tx<'_>, before: &DocumentRow, row: &DocumentRow) -> Result<()> {
    tx.mark.tally.subtract(&[b"document", &before.counted()]);
    tx.mark.tally.add(&[b"document", &row.counted()]);
    let text = "UPDATE document SET heads = ?2, loose_count = ?3, loose_bytes = ?4, updated = ?5
                WHERE ord = ?1";
    let heads = row.heads.0.concat();
    let [count, bytes, updated] = [row.loose_count, row.loose_bytes, row.updated].map(sql);
    run(tx.db, text, (row.ord, heads, count, bytes, updated))?;
    Ok(())
}

/// Notes that something of a document was sealed.
pub(crate) fn mark_sealed(db: &Connection, ord: i64) -> Result<()> {
    run(db, "UPDATE document SET sealed = 1 WHERE ord = ?1 AND sealed = 0", [ord]).map(drop)
}

/// Notes it of the documents of changes, from one place to another.
pub(crate) fn mark_sealed_by(db: &Connection, changes: (i64, i64)) -> Result<()> {
    let text = "UPDATE document SET sealed = 1
                WHERE sealed = 0
                  AND ord IN (SELECT document FROM change WHERE ord BETWEEN ?1 AND ?2)";
    run(db, text, changes).map(drop)
}

/// Removes a document's row and snapshot; what hangs on them is gone before.
pub(crate) fn remove(tx: &mut Tx<'_>, row: &DocumentRow) -> Result<()> {
    let text = "DELETE FROM snapshot WHERE document = ?1 RETURNING digest";
    let gone: Vec<[u8; 32]> = all(tx.db, text, [row.ord], |found| found.get(0))?;
    for digest in gone {
        tx.mark.tally.subtract(&[b"snapshot", &row.ord.to_be_bytes(), &digest]);
    }
    tx.mark.tally.subtract(&[b"document", &row.counted()]);
    run(tx.db, "DELETE FROM document WHERE ord = ?1", [row.ord]).map(drop)
}

/// Puts a snapshot in the place of the one that was.
pub(crate) fn put_snapshot(tx: &mut Tx<'_>, ord: i64, snapshot: &[u8]) -> Result<()> {
    let id = ord.to_be_bytes();
    let text = "SELECT digest FROM snapshot WHERE document = ?1";
    if let Some(digest) = one(tx.db, text, [ord], |found| found.get::<_, [u8; 32]>(0))? {
        tx.mark.tally.subtract(&[b"snapshot", &id, &digest]);
    }
    let digest: [u8; 32] = Sha256::digest(snapshot).into();
    tx.mark.tally.add(&[b"snapshot", &id, &digest]);
    let text = "INSERT OR REPLACE INTO snapshot (document, digest, bytes) VALUES (?1, ?2, ?3)";
    let packed = tx.packer.pack(snapshot)?;
    run(tx.db, text, (ord, digest, packed))?;
    Ok(())
}

/// The snapshot of a document.
pub(crate) fn snapshot(
    db: &Connection,
    unpacker: &mut Unpacker,
    ord: i64,
) -> Result<Option<Vec<u8>>> {
    let text = "SELECT bytes FROM snapshot WHERE document = ?1";
    let snapshot = one(db, text, [ord], |found| found.get::<_, Vec<u8>>(0))?;
    snapshot.map(|packed| unpacker.unpack(&packed)).transpose()
}

/// Heads as a row keeps them.
pub(crate) fn heads_of(bytes: &[u8]) -> Heads {
    Heads(bytes.chunks_exact(32).filter_map(|chunk| chunk.try_into().ok()).collect())
}

/// Counts every document's row, as [`write`] does.
pub(crate) fn count_all(db: &Connection, tally: &mut Tally) -> Result<()> {
    let text = "SELECT ord, heads, loose_count, loose_bytes, updated FROM document";
    let mut statement = db.prepare(text)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        tally.add(&[b"document", &read(row)?.counted()]);
    }
    Ok(())
}

/// The names of all documents of a kind, in the order they were first met.
pub(crate) fn names(db: &Connection, kind: DocumentKind) -> Result<Vec<DocumentRef>> {
    let text = "SELECT id FROM document WHERE kind = ?1 ORDER BY ord";
    let ids = all(db, text, [kind.number()], |row| uuid(row, 0))?;
    Ok(ids.into_iter().map(|id| DocumentRef::new(kind, id)).collect())
}
