//! Looking up.

use super::{
    query::Query,
    words::{Words, sort_name},
};
use crate::{
    error::Result,
    packing::Unpacker,
    projections::patient::{self, PatientRow},
    sql::all,
    tables::{document, elsewhere},
};
use clinical::{DocumentKind, Patient};
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
    /// The chart is on this computer; else no more is known of it than who it is.
    pub here: bool,
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
    let partly = elsewhere::partly_ids(db)?;
    let found = rows.into_iter().map(|row| {
        let matched = query.reasons(&Words::of(&row.patient, &row.versions));
        Found { here: !partly.contains(&row.patient.id), row, matched }
    });
    let mut found: Vec<Found> = found.collect();
    let room = limit.saturating_sub(u32::try_from(found.len()).unwrap_or(u32::MAX));
    if room > 0 {
        let absent = elsewhere::matching(db, unpacker, &query.expression(false), room)?;
        let mut absent: Vec<Found> = absent.into_iter().map(|one| not_here(one, &query)).collect();
        absent.sort_by_cached_key(|one| sort_name(&one.row.patient.identity));
        found.extend(absent);
    }
    Ok(found)
}

fn not_here(patient: Patient, query: &Query) -> Found {
    let matched = query.reasons(&Words::of(&patient, &[]));
    Found { row: PatientRow::of_nothing_else(patient), matched, here: false }
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
    let partly = elsewhere::partly_ids(db)?;
    let is_here = |row: &PatientRow| !partly.contains(&row.patient.id);
    let matched = vec![Matched::Recent];
    Ok(rows
        .into_iter()
        .map(|row| Found { here: is_here(&row), row, matched: matched.clone() })
        .collect())
}
