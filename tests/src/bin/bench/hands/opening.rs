//! From the password to the day.

use super::{
    gauge::{Gauge, painted},
    stage,
    targets::{OPENING, UNLOCK_MAX},
};
use crate::{
    clock::Usage,
    outcome::Outcome,
    places::Places,
    population::{self, PASSWORD},
    row::{Row, ms, within},
};
use fantoccini::key::Key;
use std::time::Duration;

/// So often the window is locked and unlocked.
const ROUNDS: usize = 7;
/// A page that has not changed for so long is finished.
const QUIET: Duration = Duration::from_millis(500);

/// Unlocks the window on the population's store, the first time after a start among them.
pub(super) fn measure(places: &Places) -> Outcome<Vec<Row>> {
    let before = Usage::now();
    let window = stage::open(places, "opening", &population::folder(places), Vec::new())?;
    let mut presses = Vec::new();
    for _ in 0..ROUNDS {
        stage::write_password(&window, PASSWORD);
        let gauge = Gauge::on(&window);
        presses.push(gauge.press(&char::from(Key::Return).to_string(), QUIET)?);
        window.see_part("today", "Waiting");
        window.press("Lock");
    }
    let [target] = OPENING;
    let took = painted(&presses);
    let first = presses.first().map(|press| press.painted).unwrap_or_default();
    let figure = format!(
        "p50 {}, slowest {}; the first after a start {}",
        ms(took.at(50).wall),
        ms(took.at(100).wall),
        ms(first)
    );
    let what = format!("{}, {} patients", target.what, places.patients);
    let row = Row::new(what, figure, target.most, within(&[(took.at(100), UNLOCK_MAX)]));
    Ok(stage::beside(vec![row], &window, &before))
}
