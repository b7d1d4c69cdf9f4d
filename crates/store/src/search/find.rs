//! Looking up.

use super::{query::Query, words::Words};
use crate::{
    error::Result,
    packing::Unpacker,
    projections::patient::{self, PatientRow},
    sql::all,
    tables::document,
};
use clinical::DocumentKind;
use rusqlite::Connection;
use std::collections::BTreeSet;

pub use super::query::Matched;

/// Patients one search gives at most.
pub const RESULTS_MAX: u32 = 100;
/// Patients that are looked at to find those to show.
const CANDIDATES_MAX: u32 = 100;

/// A patient that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The patient.
    pub row: PatientRow,
    /// Why, the most telling first.
    pub matched: Vec<Matched>,
}

/// Finds patients: those with the whole words first, then those with words that begin so, each
/// by name; for an empty query those changed last.
pub(crate) fn find(
    db: &Connection,
    unpacker: &mut Unpacker,
    typed: &str,
    limit: u32,
) -> Result<Vec<Found>> {
    let limit = limit.min(RESULTS_MAX);
    let Some(query) = Query::parse(typed) else { return recent(db, unpacker, typed, limit) };
    let exact = matching(db, &query.expression(true), CANDIDATES_MAX)?;
    let mut charts = patient::by_name(db, &exact)?;
    if u32::try_from(charts.len()).is_ok_and(|found| found < limit) {
        let known: BTreeSet<i64> = exact.into_iter().collect();
        let mut begun = matching(db, &query.expression(false), CANDIDATES_MAX)?;
        begun.retain(|ord| !known.contains(ord));
        charts.extend(patient::by_name(db, &begun)?);
    }
    charts.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let rows = patient::rows(db, unpacker, &charts)?;
    let found = rows.into_iter().map(|row| {
        let matched = query.reasons(&Words::of(&row.patient, &row.versions));
        Found { row, matched }
    });
    Ok(found.collect())
}

/// No ranking: the first that match, in the order they were registered.
pub(super) fn matching(db: &Connection, expression: &str, limit: u32) -> Result<Vec<i64>> {
    let text = "SELECT rowid FROM patient_search WHERE patient_search MATCH ?1 LIMIT ?2";
    all(db, text, (expression, limit), |row| row.get(0))
}

/// The charts changed last, when nothing was typed; none when only marks were.
fn recent(db: &Connection, unpacker: &mut Unpacker, typed: &str, limit: u32) -> Result<Vec<Found>> {
    if !typed.trim().is_empty() {
        return Ok(Vec::new());
    }
    let charts = document::last_changed(db, DocumentKind::Chart, limit)?;
    let rows = patient::rows(db, unpacker, &charts)?;
    Ok(rows.into_iter().map(|row| Found { row, matched: vec![Matched::Recent] }).collect())
}
