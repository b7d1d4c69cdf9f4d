//! Opening charts: a long one, and ordinary ones.

use crate::{
    clock::{Spread, time},
    desk::{Desk, call},
    outcome::Outcome,
    places::Places,
    population::{self, SEED},
    row::{Row, both, within},
};
use api::{ApiError, OpenChart};
use app::{App, demo};
use clinical::{EntryKind, PatientId};
use std::time::Duration;

/// Visits of the long chart.
pub(crate) const ENCOUNTERS: usize = 700;
const P95_MAX: Duration = Duration::from_millis(20);
/// The long chart is opened so often.
const ROUNDS: u32 = 100;
/// So many ordinary charts are opened.
const OTHERS: u64 = 300;

/// Opens charts as the window does, audit row and rules included.
pub(crate) fn measure(places: &Places) -> Outcome<Vec<Row>> {
    let app = population::open(places)?;
    let patient = app.demonstrate_long(ENCOUNTERS)?;
    let view = call(&app, OpenChart { patient })?;
    let visits = view.counts.iter().find(|(kind, _)| *kind == EntryKind::Encounter);
    let entries: u32 = view.counts.iter().map(|(_, count)| count).sum();
    let long = open_all(&app, (0..ROUNDS).map(|_| patient))?;
    let others = open_all(&app, some_patients(places, OTHERS))?;
    let what = format!(
        "opening a chart of {} encounters, {entries} entries",
        visits.map_or(0, |(_, count)| *count)
    );
    Ok(vec![
        Row::new(what, told(&long), "p95 ≤ 20 ms", within(&[(long.at(95), P95_MAX)])),
        Row::plain("opening a chart of 30 entries", told(&others)),
    ])
}

/// Patients from all over the population.
pub(crate) fn some_patients(places: &Places, wanted: u64) -> impl Iterator<Item = PatientId> {
    let patients = u64::from(places.patients).max(1);
    let step = (patients / wanted).max(1) | 1;
    (0..wanted).map(move |n| demo::generate(SEED, n * step % patients).patient.id)
}

fn open_all(
    app: &App<Desk>,
    patients: impl Iterator<Item = PatientId>,
) -> Result<Spread, ApiError> {
    let open = |patient| time(|| call(app, OpenChart { patient })).map(|(_, took)| took);
    patients.map(open).collect()
}

fn told(spread: &Spread) -> String {
    format!("p50 {}, p95 {}", both(spread.at(50)), both(spread.at(95)))
}
