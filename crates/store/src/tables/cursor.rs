//! How far each server's log has been read.

use crate::{
    error::Result,
    sql::{one, run, sql, unsql},
};
use rusqlite::Connection;

/// A place in a server's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CursorRow {
    /// The server's address.
    pub server: String,
    /// The life of its log.
    pub log_epoch: [u8; 16],
    /// How many envelopes come up to here.
    pub seq: u64,
    /// The running hash over their ids.
    pub chain: [u8; 32],
}

pub(crate) fn put(db: &Connection, row: &CursorRow) -> Result<()> {
    let text = "INSERT OR REPLACE INTO cursor (server, log_epoch, seq, chain)
                VALUES (?1, ?2, ?3, ?4)";
    run(db, text, (&row.server, row.log_epoch, sql(row.seq), row.chain))?;
    Ok(())
}

pub(crate) fn forget(db: &Connection, server: &str) -> Result<()> {
    run(db, "DELETE FROM cursor WHERE server = ?1", [server]).map(drop)
}

pub(crate) fn find(db: &Connection, server: &str) -> Result<Option<CursorRow>> {
    let text = "SELECT server, log_epoch, seq, chain FROM cursor WHERE server = ?1";
    one(db, text, [server], |row| {
        Ok(CursorRow {
            server: row.get(0)?,
            log_epoch: row.get(1)?,
            seq: unsql(row.get(2)?),
            chain: row.get(3)?,
        })
    })
}
