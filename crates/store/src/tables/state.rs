//! Where the store stands: how many commits, the head of the audit chain, the tally.

use crate::{
    anchor::Mark,
    error::{Result, StoreError},
    sql::{one, run, sql, unsql},
    tally::Tally,
};
use rusqlite::Connection;

/// Reads it.
pub(crate) fn read(db: &Connection) -> Result<Mark> {
    let text = "SELECT sequence, audit_seq, audit_head, tally FROM state WHERE ord = 1";
    let mark = one(db, text, [], |row| {
        Ok(Mark {
            sequence: unsql(row.get(0)?),
            audit_seq: unsql(row.get(1)?),
            audit_head: row.get(2)?,
            tally: Tally::from_bytes(row.get(3)?),
        })
    })?;
    mark.ok_or(StoreError::Damaged("its state"))
}

/// Writes it.
pub(crate) fn write(db: &Connection, mark: &Mark) -> Result<()> {
    let text = "UPDATE state SET sequence = ?1, audit_seq = ?2, audit_head = ?3, tally = ?4
                WHERE ord = 1";
    let numbers = (sql(mark.sequence), sql(mark.audit_seq));
    run(db, text, (numbers.0, numbers.1, mark.audit_head, mark.tally.to_bytes()))?;
    Ok(())
}

/// The form the projections were last made in.
pub(crate) fn projections(db: &Connection) -> Result<u32> {
    let form = one(db, "SELECT projections FROM state WHERE ord = 1", [], |row| row.get(0))?;
    form.ok_or(StoreError::Damaged("its state"))
}

/// Notes that the projections are of this form from now on.
pub(crate) fn set_projections(db: &Connection, form: u32) -> Result<()> {
    run(db, "UPDATE state SET projections = ?1 WHERE ord = 1", [form]).map(drop)
}
