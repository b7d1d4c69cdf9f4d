//! Rows of files. Each stands, and says under which name its sealed bytes travel.

use super::entry::{Entry, Statements, statements};
use crate::{
    error::Result,
    sql::{all, one, run},
    transaction::Tx,
};
use clinical::{Chart, DocumentReference, EntryKind};
use rusqlite::Connection;
use uuid::Uuid;

impl Entry for DocumentReference {
    const KIND: EntryKind = EntryKind::Document;
    const SQL: Statements = statements!("document_reference");

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn sort(&self) -> i64 {
        self.date.unix_ms()
    }

    fn holds(&self) -> bool {
        true
    }

    fn put_own(&self, tx: &Tx<'_>, ord: i64) -> Result<()> {
        let text = "UPDATE document_reference SET blob = ?3 WHERE chart = ?1 AND id = ?2";
        let blob = self.blob_id().map(|id| id.to_vec()).unwrap_or_default();
        run(tx.db, text, (ord, self.id.uuid().as_bytes(), blob)).map(drop)
    }

    fn all(chart: &Chart) -> &[Self] {
        &chart.documents
    }

    fn all_mut(chart: &mut Chart) -> &mut Vec<Self> {
        &mut chart.documents
    }
}

/// Whether there are any.
pub(crate) fn any(db: &Connection) -> Result<bool> {
    let found: Option<i64> =
        one(db, "SELECT 1 FROM document_reference LIMIT 1", [], |row| row.get(0))?;
    Ok(found.is_some())
}

/// The names of the sealed bytes of a chart's files, or of all charts', the newest first.
pub(crate) fn blobs(db: &Connection, chart: Option<i64>, limit: u32) -> Result<Vec<[u8; 32]>> {
    let of_one = "SELECT blob FROM document_reference WHERE chart = ?2 AND blob <> x''
                  GROUP BY blob ORDER BY max(sort) DESC, blob LIMIT ?1";
    let of_all = "SELECT blob FROM document_reference WHERE blob <> x''
                  GROUP BY blob ORDER BY max(sort) DESC, blob LIMIT ?1";
    match chart {
        Some(ord) => all(db, of_one, (limit, ord), |row| row.get(0)),
        None => all(db, of_all, [limit], |row| row.get(0)),
    }
}

/// Those of all of which no server is known to have them, the newest first.
pub(crate) fn unheld(db: &Connection, limit: u32) -> Result<Vec<[u8; 32]>> {
    let text = "SELECT blob FROM document_reference
                WHERE blob <> x'' AND blob NOT IN (SELECT blob FROM blob_held)
                GROUP BY blob ORDER BY max(sort) DESC, blob LIMIT ?1";
    all(db, text, [limit], |row| row.get(0))
}
