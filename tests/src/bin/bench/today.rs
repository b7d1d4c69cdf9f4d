//! The list of the day, as the window asks for it after every sign-in.

use crate::{
    clock::{Spread, time},
    desk::call,
    outcome::Outcome,
    places::Places,
    population,
    row::{Row, both, within},
};
use api::{ApiError, GetToday};
use std::time::Duration;

const P95_MAX: Duration = Duration::from_millis(100);
/// It is asked for so often.
const ROUNDS: u32 = 20;

/// Asks for the day of the population's clinic, audit rows included.
pub(crate) fn measure(places: &Places) -> Outcome<Vec<Row>> {
    let app = population::open(places)?;
    let listed = call(&app, GetToday {})?.visits.len();
    let ask = |_| time(|| call(&app, GetToday {})).map(|(_, took)| took);
    let spread: Spread = (0..ROUNDS).map(ask).collect::<Result<_, ApiError>>()?;
    let what = format!("the list of the day, {listed} visits, among {} patients", places.patients);
    let figure = format!("p50 {}, p95 {}", both(spread.at(50)), both(spread.at(95)));
    Ok(vec![Row::new(what, figure, "p95 ≤ 100 ms", within(&[(spread.at(95), P95_MAX)]))])
}
