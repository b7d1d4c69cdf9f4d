//! What must be decided: every version of every disputed value, chart by chart.

use crate::{
    error::Result,
    packing::Unpacker,
    sql::{all, count, run, uuid},
    tables::document::heads_of,
    transaction::Tx,
};
use chart::Heads;
use clinical::{Chart, Conflict, PatientId};
use rusqlite::{Connection, Row};
use uuid::Uuid;

/// A conflict, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConflictRow {
    /// Whose chart.
    pub patient: PatientId,
    /// What is disputed.
    pub conflict: Conflict,
    /// The heads of the chart it was read with.
    pub heads: Heads,
}

/// Writes the conflicts of a chart anew.
pub(crate) fn project(tx: &mut Tx<'_>, ord: i64, is_new: bool, chart: &Chart) -> Result<()> {
    if !is_new {
        clear(tx, ord)?;
    }
    let text = "INSERT INTO conflict (chart, id, value) VALUES (?1, ?2, ?3)";
    for conflict in &chart.conflicts {
        let value = tx.packer.value(conflict)?;
        run(tx.db, text, (ord, &conflict.id, value))?;
    }
    Ok(())
}

pub(crate) fn clear(tx: &Tx<'_>, ord: i64) -> Result<()> {
    run(tx.db, "DELETE FROM conflict WHERE chart = ?1", [ord]).map(|_| ())
}

/// The conflicts of one chart.
pub(crate) fn of_chart(
    db: &Connection,
    unpacker: &mut Unpacker,
    ord: i64,
) -> Result<Vec<Conflict>> {
    let text = "SELECT value FROM conflict WHERE chart = ?1 ORDER BY id";
    let rows: Vec<Vec<u8>> = all(db, text, [ord], |row| row.get(0))?;
    rows.iter().map(|value| unpacker.value(value)).collect()
}

/// Whose chart, the conflict, the heads.
type Found = (Uuid, Vec<u8>, Vec<u8>);

/// The conflicts, patient by patient, after a conflict of a patient.
pub(crate) fn open(
    db: &Connection,
    unpacker: &mut Unpacker,
    after: Option<(PatientId, &str)>,
    limit: u32,
) -> Result<Vec<ConflictRow>> {
    let text = "SELECT d.id, c.value, d.heads FROM conflict c JOIN document d ON d.ord = c.chart
                WHERE (d.id, c.id) > (?1, ?2) ORDER BY d.id, c.id LIMIT ?3";
    let (patient, id) = match after {
        Some((patient, id)) => (patient.uuid().into_bytes().to_vec(), id),
        // Nothing comes before an empty id.
        None => (Vec::new(), ""),
    };
    let read = |row: &Row<'_>| -> rusqlite::Result<Found> {
        Ok((uuid(row, 0)?, row.get(1)?, row.get(2)?))
    };
    let rows = all(db, text, (patient, id, limit), read)?;
    let read = |(id, value, heads): Found| {
        let (patient, heads) = (PatientId::from_uuid(id), heads_of(&heads));
        Ok(ConflictRow { patient, conflict: unpacker.value(&value)?, heads })
    };
    rows.into_iter().map(read).collect()
}

/// How many there are.
pub(crate) fn open_count(db: &Connection) -> Result<u64> {
    count(db, "SELECT count(*) FROM conflict", [])
}
