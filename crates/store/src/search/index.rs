//! The full-text index: one row of folded words per chart, no copy of the text.

use super::words::Words;
use crate::{error::Result, projections::target::Target, sql::run};
use clinical::{Identity, Patient};
use rusqlite::Connection;

/// Indexes a patient under every version of who it is.
pub(crate) fn put(
    db: &Connection,
    target: Target,
    patient: &Patient,
    versions: &[Identity],
) -> Result<()> {
    if !target.is_new {
        remove(db, target.ord)?;
    }
    let text = "INSERT INTO patient_search (rowid, tokens) VALUES (?1, ?2)";
    run(db, text, (target.ord, Words::of(patient, versions).joined()))?;
    Ok(())
}

/// Takes a chart out of the index.
pub(crate) fn remove(db: &Connection, ord: i64) -> Result<()> {
    run(db, "DELETE FROM patient_search WHERE rowid = ?1", [ord]).map(|_| ())
}

/// Merges the index into one piece: worth it after an import.
pub(crate) fn optimize(db: &Connection) -> Result<()> {
    run(db, "INSERT INTO patient_search (patient_search) VALUES ('optimize')", []).map(|_| ())
}
