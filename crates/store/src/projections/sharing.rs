//! When charts passed from one clinic to another.

use crate::{
    error::Result,
    packing::Unpacker,
    sql::{all, run, uuid},
    transaction::Tx,
};
use clinical::{Chart, PatientId, Sharing};
use rusqlite::Connection;

/// That a chart passed between two clinics, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharingRow {
    /// Whose chart.
    pub patient: PatientId,
    /// What is said of it.
    pub sharing: Sharing,
}

/// Writes what a chart says of it anew.
pub(crate) fn project(tx: &mut Tx<'_>, ord: i64, is_new: bool, chart: &Chart) -> Result<()> {
    if !is_new {
        run(tx.db, "DELETE FROM sharing WHERE chart = ?1", [ord])?;
    }
    let text = "INSERT INTO sharing (chart, id, at, value) VALUES (?1, ?2, ?3, ?4)";
    for sharing in &chart.shared {
        let value = tx.packer.value(sharing)?;
        run(tx.db, text, (ord, sharing.id.uuid().into_bytes(), sharing.at.unix_ms(), value))?;
    }
    Ok(())
}

/// What is said of one chart, by id.
pub(crate) fn of_chart(db: &Connection, unpacker: &mut Unpacker, ord: i64) -> Result<Vec<Sharing>> {
    let text = "SELECT value FROM sharing WHERE chart = ?1 ORDER BY id";
    let rows: Vec<Vec<u8>> = all(db, text, [ord], |row| row.get(0))?;
    rows.iter().map(|value| unpacker.value(value)).collect()
}

/// What is said of all charts, the last first.
pub(crate) fn last(
    db: &Connection,
    unpacker: &mut Unpacker,
    limit: u32,
) -> Result<Vec<SharingRow>> {
    let text = "SELECT d.id, s.value FROM sharing s JOIN document d ON d.ord = s.chart
                ORDER BY s.at DESC, s.id DESC LIMIT ?1";
    let rows: Vec<(uuid::Uuid, Vec<u8>)> =
        all(db, text, [limit], |row| Ok((uuid(row, 0)?, row.get(1)?)))?;
    let read = |(id, value): (uuid::Uuid, Vec<u8>)| {
        Ok(SharingRow { patient: PatientId::from_uuid(id), sharing: unpacker.value(&value)? })
    };
    rows.into_iter().map(read).collect()
}
