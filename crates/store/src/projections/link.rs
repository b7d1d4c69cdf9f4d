//! Which charts are of one person.

use crate::{
    error::Result,
    packing::Unpacker,
    sql::{all, run},
    tables::erased,
    transaction::Tx,
};
use clinical::{Chart, PatientGroup, PatientId, PatientLink};
use rusqlite::Connection;
use std::collections::BTreeSet;

/// Writes what a chart says of it anew.
pub(crate) fn project(tx: &mut Tx<'_>, ord: i64, is_new: bool, chart: &Chart) -> Result<()> {
    if !is_new {
        run(tx.db, "DELETE FROM patient_link WHERE chart = ?1", [ord])?;
    }
    let text = "INSERT INTO patient_link (chart, id, shown, replaced, value)
                VALUES (?1, ?2, ?3, ?4, ?5)";
    for link in &chart.links {
        let value = tx.packer.value(link)?;
        let (shown, replaced) = (link.shown.uuid().into_bytes(), link.replaced.uuid().into_bytes());
        run(tx.db, text, (ord, link.id.uuid().into_bytes(), shown, replaced, value))?;
    }
    Ok(())
}

/// What one chart says of it, by id.
pub(crate) fn of_chart(
    db: &Connection,
    unpacker: &mut Unpacker,
    ord: i64,
) -> Result<Vec<PatientLink>> {
    let text = "SELECT value FROM patient_link WHERE chart = ?1 ORDER BY id";
    let rows: Vec<Vec<u8>> = all(db, text, [ord], |row| row.get(0))?;
    rows.iter().map(|value| unpacker.value(value)).collect()
}

/// The charts of the same person as one, whether they are here or not. A chart that was erased is none
/// of them.
pub(crate) fn group_of(
    db: &Connection,
    unpacker: &mut Unpacker,
    patient: PatientId,
) -> Result<PatientGroup> {
    let mut links = links_of(db, unpacker, patient)?;
    let mut looked_at = BTreeSet::from([patient]);
    loop {
        let group = PatientGroup::of(patient, &links);
        let Some(next) = group.members().find(|member| !looked_at.contains(member)) else {
            return Ok(group);
        };
        looked_at.insert(next);
        links.extend(links_of(db, unpacker, next)?);
    }
}

/// The links of a chart, as each chart that is here tells them; none with a chart that was erased.
fn links_of(
    db: &Connection,
    unpacker: &mut Unpacker,
    patient: PatientId,
) -> Result<Vec<PatientLink>> {
    let text = "SELECT value FROM patient_link WHERE shown = ?1
                UNION ALL SELECT value FROM patient_link WHERE replaced = ?1";
    let rows: Vec<Vec<u8>> = all(db, text, [patient.uuid().into_bytes()], |row| row.get(0))?;
    let mut links = Vec::with_capacity(rows.len());
    for value in rows {
        let link: PatientLink = unpacker.value(&value)?;
        let is_erased = |one| Ok::<_, crate::StoreError>(erased::find(db, one)?.is_some());
        if !is_erased(link.shown)? && !is_erased(link.replaced)? {
            links.push(link);
        }
    }
    Ok(links)
}
