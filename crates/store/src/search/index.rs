//! The full-text index: one row of folded words per chart, no copy of the text.

use super::words::Words;
use crate::{error::Result, projections::target::Target, sql::count, sql::run};
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

/// Takes a chart out of the index, if it is there: one of which a section came before who it is of
/// is not, and an index without content would count it down all the same.
pub(crate) fn remove(db: &Connection, ord: i64) -> Result<()> {
    let there = "SELECT COUNT(*) FROM patient_search_docsize WHERE id = ?1";
    if count(db, there, [ord])? > 0 {
        run(db, "DELETE FROM patient_search WHERE rowid = ?1", [ord])?;
    }
    Ok(())
}

/// Merges the index into one piece: worth it after an import.
pub(crate) fn optimize(db: &Connection) -> Result<()> {
    run(db, "INSERT INTO patient_search (patient_search) VALUES ('optimize')", []).map(|_| ())
}
