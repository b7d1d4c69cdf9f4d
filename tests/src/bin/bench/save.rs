//! Saving one entry so that it stays: from the command to the commit that is on the disk.

use crate::{
    chart::{ENCOUNTERS, some_patients},
    clock::{Spread, time},
    desk::{Desk, call},
    outcome::Outcome,
    places::Places,
    population,
    row::{Row, both, within},
};
use api::{ApiError, RecordAllergy, RecordVitals};
use app::App;
use clinical::{AllergyDraft, PatientId, VitalsDraft};
use std::time::Duration;

const P50_MAX: Duration = Duration::from_millis(10);
const P99_MAX: Duration = Duration::from_millis(50);
/// So many ordinary charts are written to, once by each command.
const OTHERS: u64 = 300;
/// The long chart is written to so often by each command.
const ROUNDS: u32 = 100;

/// Saves allergies and vital signs on ordinary charts and on a long one.
pub(crate) fn measure(places: &Places) -> Outcome<Vec<Row>> {
    let app = population::open(places)?;
    let patient = app.demonstrate_long(ENCOUNTERS)?;
    let others = some_patients(places, OTHERS);
    let ordinary = save_all(&app, others)?;
    let long = save_all(&app, (0..ROUNDS).map(|_| patient))?;
    let row = |what: String, spread: &Spread| {
        let limits = [(spread.at(50), P50_MAX), (spread.at(99), P99_MAX)];
        Row::new(what, told(spread), "p50 ≤ 10 ms, p99 ≤ 50 ms", within(&limits))
    };
    Ok(vec![
        row("saving one entry, durable, in charts of 30 entries".to_owned(), &ordinary),
        row(format!("saving one entry, durable, in a chart of {ENCOUNTERS} encounters"), &long),
    ])
}

/// Saves an allergy and vital signs on each of these charts.
///
/// # Errors
/// The command's.
pub(crate) fn save_all(
    app: &App<Desk>,
    patients: impl Iterator<Item = PatientId>,
) -> Result<Spread, ApiError> {
    let mut took = Vec::new();
    for (patient, round) in patients.zip(0_u32..) {
        let allergy = RecordAllergy { patient, draft: allergy(round) };
        took.push(time(|| call(app, allergy))?.1);
        let vitals = RecordVitals { patient, draft: vitals(round) };
        took.push(time(|| call(app, vitals))?.1);
    }
    Ok(took.into_iter().collect())
}

fn allergy(round: u32) -> AllergyDraft {
    let substance = format!("Pollen of grass {round}");
    AllergyDraft { substance, reaction: "Runny nose".to_owned(), ..AllergyDraft::default() }
}

fn vitals(round: u32) -> VitalsDraft {
    let pulse = (60 + round % 40).to_string();
    let values = [("heartRate".to_owned(), pulse)].into_iter().collect();
    VitalsDraft { values, ..VitalsDraft::default() }
}

fn told(spread: &Spread) -> String {
    let [p50, p95, p99] = [50, 95, 99].map(|percent| both(spread.at(percent)));
    format!("p50 {p50}, p95 {p95}, p99 {p99}")
}
