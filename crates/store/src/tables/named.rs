//! Small named values: sealed keys, membership entries, settings of this computer.

use crate::{
    error::Result,
    sql::{all, one, run},
    transaction::Tx,
};
use rusqlite::Connection;

/// One named value. Names are paths such as `device/keys` or `membership/00000007`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedRow {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

pub(crate) fn put(tx: &mut Tx<'_>, row: &NamedRow) -> Result<()> {
    remove(tx, &row.name)?;
    tx.mark.tally.add(&[b"named", row.name.as_bytes(), &row.bytes]);
    let text = "INSERT INTO named (name, bytes) VALUES (?1, ?2)";
    run(tx.db, text, (&row.name, &row.bytes))?;
    Ok(())
}

pub(crate) fn remove(tx: &mut Tx<'_>, name: &str) -> Result<()> {
    let text = "DELETE FROM named WHERE name = ?1 RETURNING bytes";
    let gone: Vec<Vec<u8>> = all(tx.db, text, [name], |row| row.get(0))?;
    for bytes in gone {
        tx.mark.tally.subtract(&[b"named", name.as_bytes(), &bytes]);
    }
    Ok(())
}

pub(crate) fn find(db: &Connection, name: &str) -> Result<Option<Vec<u8>>> {
    one(db, "SELECT bytes FROM named WHERE name = ?1", [name], |row| row.get(0))
}

/// The values whose names begin with `prefix`, by name.
pub(crate) fn with_prefix(db: &Connection, prefix: &str) -> Result<Vec<NamedRow>> {
    let text = "SELECT name, bytes FROM named
                WHERE name >= ?1 AND substr(name, 1, length(?1)) = ?1 ORDER BY name";
    all(db, text, [prefix], |row| Ok(NamedRow { name: row.get(0)?, bytes: row.get(1)? }))
}
