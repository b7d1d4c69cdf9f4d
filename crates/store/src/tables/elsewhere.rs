//! People whose charts are not here, by what was said of them with a floor: found, and never taken
//! for a chart. The list is a hint, in no tally; of several places the first counts until it is gone.

use super::erased;
use crate::{
    error::Result,
    packing::Unpacker,
    search::words::Words,
    sql::{all, count, run, sql, unsql, uuid},
    transaction::Tx,
};
use clinical::{Identity, Patient, PatientId};
use rusqlite::{Connection, Row};
use std::collections::BTreeSet;

/// Somebody whose chart may not be here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElsewhereRow {
    /// Whose chart.
    pub patient: PatientId,
    /// The first of the envelopes that hold of it, as they follow the outline, from 0,
    pub first: u32,
    /// and the last.
    pub last: u32,
    /// Not all of these are here: until they are, the chart is not.
    pub partly: bool,
    /// Who it is.
    pub identity: Identity,
}

impl Elsewhere {
    /// Whether the list that told of it is gone: part of the chart is here, and where the rest is no
    /// list says.
    pub const fn is_unplaced(&self) -> bool {
        self.place == UNPLACED
    }
}

/// Where a chart is that is not here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elsewhere {
    /// The place of the log whose outline tells of its envelopes.
    pub place: u64,
    /// The first of them, from 0,
    pub first: u32,
    /// and the last.
    pub last: u32,
}

/// The place of charts that are partly here, and whose list is gone.
const UNPLACED: u64 = i64::MAX.unsigned_abs();

/// Those of the first place, whose charts are not here where
const FIRST: &str = "e.place = (SELECT min(place) FROM elsewhere)";
/// nothing of them is.
const ABSENT: &str = "NOT EXISTS (SELECT 1 FROM document d JOIN patient p ON p.chart = d.ord
                    WHERE d.kind = 1 AND d.id = e.patient)";

/// Lists somebody under a place, in the place of what was said before; nobody who is erased. What was
/// partly here stays so until it is settled.
pub(crate) fn put(tx: &mut Tx<'_>, place: u64, row: &ElsewhereRow) -> Result<()> {
    if erased::find(tx.db, row.patient)?.is_some() {
        return Ok(());
    }
    let patient = row.patient.uuid().into_bytes();
    let partly = row.partly || is_partly(tx.db, row.patient)?;
    let text = "SELECT ord FROM elsewhere WHERE patient = ?1 AND place IN (?2, ?3)";
    for ord in all(tx.db, text, (patient, sql(place), sql(UNPLACED)), |found| found.get(0))? {
        remove(tx, ord)?;
    }
    let value = tx.packer.value(&row.identity)?;
    let text = "INSERT INTO elsewhere (place, patient, first, last, partly, value)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    run(tx.db, text, (sql(place), patient, row.first, row.last, partly, value))?;
    let words = Words::of(&as_patient(row.patient, row.identity.clone()), &[]).joined();
    let text = "INSERT INTO elsewhere_search (rowid, tokens) VALUES (?1, ?2)";
    run(tx.db, text, (tx.db.last_insert_rowid(), words)).map(drop)
}

fn remove(tx: &Tx<'_>, ord: i64) -> Result<()> {
    run(tx.db, "DELETE FROM elsewhere_search WHERE rowid = ?1", [ord])?;
    run(tx.db, "DELETE FROM elsewhere WHERE ord = ?1", [ord]).map(drop)
}

/// Takes somebody out, who is erased.
pub(crate) fn forget(tx: &Tx<'_>, patient: PatientId) -> Result<()> {
    let text = "SELECT ord FROM elsewhere WHERE patient = ?1";
    let rows: Vec<i64> = all(tx.db, text, [patient.uuid().into_bytes()], |row| row.get(0))?;
    rows.iter().try_for_each(|ord| remove(tx, *ord))?;
    if !rows.is_empty() {
        let text = "INSERT INTO elsewhere_search (elsewhere_search) VALUES ('optimize')";
        run(tx.db, text, [])?;
    }
    Ok(())
}

/// Takes out everybody.
pub(crate) fn forget_all(tx: &Tx<'_>) -> Result<()> {
    let rows: Vec<i64> = all(tx.db, "SELECT ord FROM elsewhere", [], |row| row.get(0))?;
    rows.iter().try_for_each(|ord| remove(tx, *ord))
}

/// Takes out all whose place is not kept. Whose chart is partly here stays, at no place, where nothing
/// that is kept tells of it: that it is not whole is not forgotten with the list.
pub(crate) fn forget_places(tx: &Tx<'_>, keeps: impl Fn(u64) -> bool) -> Result<()> {
    let text = "SELECT ord, place, patient, partly FROM elsewhere ORDER BY place DESC";
    let rows: Vec<(i64, u64, PatientId, bool)> = all(tx.db, text, [], |row| {
        let patient = PatientId::from_uuid(uuid(row, 2)?);
        Ok((row.get(0)?, unsql(row.get(1)?), patient, row.get(3)?))
    })?;
    let is_kept = |place: u64| place == UNPLACED || keeps(place);
    let (kept, gone): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(_, at, ..)| is_kept(*at));
    let mut told: BTreeSet<PatientId> =
        kept.into_iter().map(|(_, _, patient, _)| patient).collect();
    for (ord, _, patient, is_partly) in gone {
        if is_partly && told.insert(patient) {
            run(tx.db, "UPDATE elsewhere SET place = ?2 WHERE ord = ?1", (ord, sql(UNPLACED)))?;
            continue;
        }
        if is_partly {
            let text = "UPDATE elsewhere SET partly = 1 WHERE patient = ?1";
            run(tx.db, text, [patient.uuid().into_bytes()])?;
        }
        remove(tx, ord)?;
    }
    Ok(())
}

/// Where a chart is that is not here, or only partly; `None` of one that is here, or of which nothing
/// was said.
pub(crate) fn find(db: &Connection, patient: PatientId) -> Result<Option<Elsewhere>> {
    let text = format!(
        "SELECT place, first, last FROM elsewhere e
         WHERE patient = ?1 AND ({FIRST} AND (partly = 1 OR {ABSENT}) OR place = ?2) ORDER BY place"
    );
    let bound = (patient.uuid().into_bytes(), sql(UNPLACED));
    let found = all(db, &text, bound, |row| place(row, 0))?;
    Ok(found.into_iter().next())
}

/// The charts that are partly here, each at every place that tells of it.
pub(crate) fn partly(db: &Connection) -> Result<Vec<(PatientId, Elsewhere)>> {
    let text = "SELECT patient, place, first, last FROM elsewhere WHERE partly = 1";
    all(db, text, [], |row| Ok((PatientId::from_uuid(uuid(row, 0)?), place(row, 1)?)))
}

/// Whose charts are partly here.
pub(crate) fn partly_ids(db: &Connection) -> Result<BTreeSet<PatientId>> {
    Ok(partly(db)?.into_iter().map(|(patient, _)| patient).collect())
}

fn place(row: &Row<'_>, at: usize) -> rusqlite::Result<Elsewhere> {
    let (first, last) = (at.saturating_add(1), at.saturating_add(2));
    Ok(Elsewhere { place: unsql(row.get(at)?), first: row.get(first)?, last: row.get(last)? })
}

fn is_partly(db: &Connection, patient: PatientId) -> Result<bool> {
    let text = "SELECT count(*) FROM elsewhere WHERE partly = 1 AND patient = ?1";
    Ok(count(db, text, [patient.uuid().into_bytes()])? > 0)
}

/// Counts a chart as here.
pub(crate) fn settle(tx: &Tx<'_>, patient: PatientId) -> Result<()> {
    let text = "SELECT ord FROM elsewhere WHERE patient = ?1 AND place = ?2";
    let unplaced = (patient.uuid().into_bytes(), sql(UNPLACED));
    for ord in all(tx.db, text, unplaced, |row| row.get(0))? {
        remove(tx, ord)?;
    }
    let text = "UPDATE elsewhere SET partly = 0 WHERE partly = 1 AND patient = ?1";
    run(tx.db, text, [patient.uuid().into_bytes()]).map(drop)
}

/// How many are listed, and how many of these are not here.
pub(crate) fn counts(db: &Connection) -> Result<(u64, u64)> {
    let text = "SELECT count(*) FROM elsewhere WHERE place <> ?1";
    let listed = count(db, text, [sql(UNPLACED)])?;
    let text = format!("SELECT count(*) FROM elsewhere e WHERE {FIRST} AND {ABSENT}");
    Ok((listed, if listed == 0 { 0 } else { count(db, &text, [])? }))
}

/// The ids of all that are listed.
pub(crate) fn ids(db: &Connection) -> Result<Vec<PatientId>> {
    all(db, "SELECT DISTINCT patient FROM elsewhere", [], |row| {
        Ok(PatientId::from_uuid(uuid(row, 0)?))
    })
}

/// Who is not here and matches what the index is asked, in the order they were listed.
pub(crate) fn matching(
    db: &Connection,
    unpacker: &mut Unpacker,
    expression: &str,
    limit: u32,
) -> Result<Vec<Patient>> {
    let text = format!(
        "SELECT e.patient, e.value FROM elsewhere_search s JOIN elsewhere e ON e.ord = s.rowid
         WHERE elsewhere_search MATCH ?1 AND {FIRST} AND {ABSENT} LIMIT ?2"
    );
    let found = all(db, &text, (expression, limit), |row| {
        Ok((PatientId::from_uuid(uuid(row, 0)?), row.get::<_, Vec<u8>>(1)?))
    })?;
    found.into_iter().map(|(id, value)| Ok(as_patient(id, unpacker.value(&value)?))).collect()
}

const fn as_patient(id: PatientId, identity: Identity) -> Patient {
    Patient {
        id,
        identity,
        telecom: Vec::new(),
        address: Vec::new(),
        contact: Vec::new(),
        deceased: None,
        code_status: None,
    }
}
