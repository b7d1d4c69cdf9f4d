//! Sweeping the file after an erasing: pages that nothing uses any more, what lies between the rows
//! of others, and the log of writes.

use crate::{error::Result, sql::unsql, store::Store, tables::erased};
use rusqlite::{Connection, limits::Limit};

/// A longer file, of more than a gibibyte in pages of 4096 bytes, is not written anew: that takes
/// as much memory as it has bytes.
const SWEPT_PAGES_MAX: u64 = (1 << 30) / 4096;

impl Store {
    /// Whether the file may still hold what was erased, in places that nothing reads any more.
    ///
    /// # Errors
    /// [`crate::StoreError`] when the state cannot be read.
    pub fn is_unswept(&self) -> Result<bool> {
        self.read(|r| erased::is_unswept(&r.db))
    }

    /// Writes the whole file anew and cuts the log of writes, where something was erased since that
    /// was done last: what was erased is then in neither. Answers whether nothing is left to do: a
    /// file of more than a gibibyte stays as it is, and one that somebody is reading waits.
    ///
    /// # Errors
    /// [`crate::StoreError`]: it is still to be done.
    pub fn sweep(&self) -> Result<bool> {
        if !self.is_unswept()? {
            return Ok(true);
        }
        if self.pages()? > SWEPT_PAGES_MAX || !self.on_writer(write_anew)? {
            return Ok(false);
        }
        self.write(|tx| erased::set_unswept(tx.db, false))?;
        Ok(true)
    }

    fn pages(&self) -> Result<u64> {
        self.read(|r| Ok(unsql(r.db.pragma_query_value(None, "page_count", |row| row.get(0))?)))
    }
}

/// Answers whether the log of writes was cut too.
fn write_anew(db: &Connection) -> Result<bool> {
    // SQLite attaches a file of its own for as long as it takes.
    db.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 1)?;
    let written = db.execute_batch("VACUUM");
    db.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    written?;
    let busy: i64 = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(busy == 0)
}
