//! Who may be the same person as somebody who is being registered.
//!
//! The index gives candidates: by name (either order, another spelling of the same beginning or
//! sound), by birth date (day and month either way round, near years), by telephone, by number.
//! What of them is alike is compared and told in words, with points that add up: nothing is
//! learned, and whoever reads the reasons can check them.

mod births;
mod candidates;
mod compare;
mod names;

use crate::{
    error::Result,
    packing::Unpacker,
    projections::patient::{self, PatientRow},
    tables::elsewhere,
};
use clinical::Patient;
use compare::Side;
use rusqlite::Connection;
use std::cmp::Reverse;

pub use compare::Likeness;

/// Points from which somebody is shown.
const POINTS_MIN: i32 = 30;
/// As many are shown at most.
pub const ALIKE_MAX: u32 = 20;

/// A patient who may be the same person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// The patient.
    pub row: PatientRow,
    /// What is alike, the most telling first.
    pub reasons: Vec<Likeness>,
    /// So alike that it is most likely the same person.
    pub strong: bool,
    /// The chart is on this computer.
    pub here: bool,
}

/// Finds who may be the same as `typed`, the most alike first.
pub(crate) fn find(
    db: &Connection,
    unpacker: &mut Unpacker,
    typed: &Patient,
    limit: u32,
) -> Result<Vec<Alike>> {
    let charts = candidates::of(db, typed)?;
    let side = Side::of(typed, &typed.identity);
    let mut found = Vec::new();
    let partly = elsewhere::partly_ids(db)?;
    let is_here = |row: &PatientRow| !partly.contains(&row.patient.id);
    let here = patient::rows(db, unpacker, &charts)?.into_iter().map(|row| (is_here(&row), row));
    let absent = candidates::elsewhere(db, unpacker, typed)?;
    let absent = absent.into_iter().map(|one| (false, PatientRow::of_nothing_else(one)));
    for (here, row) in here.chain(absent) {
        if row.patient.id == typed.id {
            continue;
        }
        let versions = std::iter::once(&row.patient.identity).chain(&row.versions);
        let compared = versions.map(|version| side.compare(&Side::of(&row.patient, version)));
        let Some(best) = compared.max_by_key(|compared| compared.points) else { continue };
        if best.points >= POINTS_MIN {
            found.push((Reverse(best.points), best, (row, here)));
        }
    }
    // Of as many points those registered first, as the candidates come.
    found.sort_by_key(|(points, ..)| *points);
    found.truncate(usize::try_from(limit.min(ALIKE_MAX)).unwrap_or(usize::MAX));
    let alike = found.into_iter().map(|(_, compared, (row, here))| Alike {
        row,
        here,
        strong: compared.is_strong(),
        reasons: compared.reasons,
    });
    Ok(alike.collect())
}
