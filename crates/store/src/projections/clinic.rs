//! The clinic's name and its people.

use super::target::Target;
use crate::{
    error::Result,
    packing::Unpacker,
    sql::{all, count, one, run, sql},
    transaction::Tx,
};
use chart::Clinic;
use clinical::Practitioner;
use rusqlite::Connection;

/// Writes name and people anew: they are few.
pub(crate) fn project(tx: &mut Tx<'_>, target: Target, clinic: &Clinic) -> Result<()> {
    let text = "INSERT OR REPLACE INTO clinic (document, name, unreadable) VALUES (?1, ?2, ?3)";
    run(tx.db, text, (target.ord, &clinic.name, sql(clinic.unreadable)))?;
    run(tx.db, "DELETE FROM person", [])?;
    let text = "INSERT INTO person (id, user_name, value) VALUES (?1, ?2, ?3)";
    for person in &clinic.people {
        let value = tx.packer.value(person)?;
        run(tx.db, text, (person.id.uuid().into_bytes(), &person.user_name, value))?;
    }
    Ok(())
}

/// The clinic's name, once it is known.
pub(crate) fn name(db: &Connection) -> Result<Option<String>> {
    one(db, "SELECT name FROM clinic ORDER BY document LIMIT 1", [], |row| row.get(0))
}

/// Entries of the clinic's document that this version cannot read.
pub(crate) fn unreadable(db: &Connection) -> Result<u64> {
    count(db, "SELECT coalesce(sum(unreadable), 0) FROM clinic", [])
}

/// The people, by id.
pub(crate) fn people(db: &Connection, unpacker: &mut Unpacker) -> Result<Vec<Practitioner>> {
    let rows: Vec<Vec<u8>> = all(db, "SELECT value FROM person ORDER BY id", [], |row| row.get(0))?;
    rows.iter().map(|value| unpacker.value(value)).collect()
}
