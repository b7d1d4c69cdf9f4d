//! The clinic's name, what else is said of it, and its people.

use super::target::Target;
use crate::{
    error::Result,
    packing::Unpacker,
    sql::{all, count, one, run, sql},
    transaction::Tx,
};
use chart::{AsideDecision, Clinic};
use clinical::{Letterhead, Practitioner};
use rusqlite::Connection;

/// Writes name and people anew: they are few.
pub(crate) fn project(tx: &mut Tx<'_>, target: Target, clinic: &Clinic) -> Result<()> {
    let letterhead = tx.packer.value(&clinic.letterhead)?;
    let decided =
        if clinic.decided.is_empty() { Vec::new() } else { tx.packer.value(&clinic.decided)? };
    let text =
        "INSERT OR REPLACE INTO clinic (document, name, unreadable, letterhead, decided, server)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let (name, unreadable) = (&clinic.name, sql(clinic.unreadable));
    let server = clinic.server.as_deref().unwrap_or_default();
    run(tx.db, text, (target.ord, name, unreadable, letterhead, decided, server))?;
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

/// What the clinic's paper says; nothing before anything is known.
pub(crate) fn letterhead(db: &Connection, unpacker: &mut Unpacker) -> Result<Letterhead> {
    let text = "SELECT letterhead FROM clinic ORDER BY document LIMIT 1";
    let packed: Option<Vec<u8>> = one(db, text, [], |row| row.get(0))?;
    let packed = packed.filter(|packed| !packed.is_empty());
    packed.map_or_else(|| Ok(Letterhead::default()), |packed| unpacker.value(&packed))
}

/// The sync server of the clinic, as its document says.
pub(crate) fn server(db: &Connection) -> Result<Option<String>> {
    let text = "SELECT server FROM clinic WHERE server <> '' ORDER BY document LIMIT 1";
    one(db, text, [], |row| row.get(0))
}

/// What was decided of envelopes that were set aside, by envelope.
pub(crate) fn decided(db: &Connection, unpacker: &mut Unpacker) -> Result<Vec<AsideDecision>> {
    let text = "SELECT decided FROM clinic WHERE decided <> x'' ORDER BY document LIMIT 1";
    let packed: Option<Vec<u8>> = one(db, text, [], |row| row.get(0))?;
    packed.map_or_else(|| Ok(Vec::new()), |packed| unpacker.value(&packed))
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
