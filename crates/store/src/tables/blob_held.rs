//! Which sealed bytes of files the clinic's server said it has. It is what a server said: one that
//! was set up anew, or put back from a backup, is asked again.

use crate::{
    error::Result,
    sql::{count, run},
    transaction::Tx,
};
use rusqlite::Connection;

/// Notes that a server has them.
pub(crate) fn put(tx: &Tx<'_>, blob: &[u8; 32]) -> Result<()> {
    run(tx.db, "INSERT OR IGNORE INTO blob_held (blob) VALUES (?1)", [blob]).map(drop)
}

/// Forgets that a server has one.
pub(crate) fn forget(tx: &Tx<'_>, blob: &[u8; 32]) -> Result<()> {
    run(tx.db, "DELETE FROM blob_held WHERE blob = ?1", [blob]).map(drop)
}

/// Forgets all that a server said.
pub(crate) fn forget_all(tx: &Tx<'_>) -> Result<()> {
    run(tx.db, "DELETE FROM blob_held", []).map(drop)
}

/// Whether a server said that it has one.
pub(crate) fn has(db: &Connection, blob: &[u8; 32]) -> Result<bool> {
    Ok(count(db, "SELECT count(*) FROM blob_held WHERE blob = ?1", [blob])? > 0)
}
