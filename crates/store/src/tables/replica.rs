//! Where this device stands in its own sequence of envelopes.

use crate::{
    error::Result,
    sql::{one, run, sql, unsql},
};
use rusqlite::Connection;

/// This device's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplicaRow {
    /// This device.
    pub device: [u8; 16],
    /// The sequence it seals into.
    pub generation: u32,
    /// The last counter it used; 0 before the first.
    pub counter: u64,
    /// The id of the last envelope; zeros before the first.
    pub prev_id: [u8; 32],
}

pub(crate) fn put(db: &Connection, row: &ReplicaRow) -> Result<()> {
    let text = "INSERT OR REPLACE INTO replica (ord, device, generation, counter, prev_id)
                VALUES (1, ?1, ?2, ?3, ?4)";
    run(db, text, (row.device, row.generation, sql(row.counter), row.prev_id))?;
    Ok(())
}

pub(crate) fn read(db: &Connection) -> Result<Option<ReplicaRow>> {
    let text = "SELECT device, generation, counter, prev_id FROM replica WHERE ord = 1";
    one(db, text, [], |row| {
        Ok(ReplicaRow {
            device: row.get(0)?,
            generation: row.get(1)?,
            counter: unsql(row.get(2)?),
            prev_id: row.get(3)?,
        })
    })
}
