//! What the hands feel: keys and visits in the window of the release app, driven by WebDriver and
//! timed in the page.

#[cfg(target_os = "linux")]
mod bare;
#[cfg(target_os = "linux")]
mod day;
#[cfg(target_os = "linux")]
mod gauge;
#[cfg(target_os = "linux")]
mod opening;
#[cfg(target_os = "linux")]
mod stage;
mod targets;
#[cfg(target_os = "linux")]
mod typing;

use crate::{outcome::Outcome, places::Places, row::Row};
use targets::{DAY, OPENING, TYPING, Target};

/// From the password to the day.
pub(crate) fn opening(places: &Places) -> Outcome<Vec<Row>> {
    #[cfg(target_os = "linux")]
    if stage::is_here() {
        return opening::measure(places);
    }
    Ok(absent(places, &OPENING))
}

/// Searching, opening charts and writing.
pub(crate) fn typing(places: &Places) -> Outcome<Vec<Row>> {
    #[cfg(target_os = "linux")]
    if stage::is_here() {
        return typing::measure(places);
    }
    Ok(absent(places, &TYPING))
}

/// A day of visits.
pub(crate) fn day(places: &Places) -> Outcome<Vec<Row>> {
    #[cfg(target_os = "linux")]
    if stage::is_here() {
        return day::measure(places);
    }
    Ok(absent(places, &DAY))
}

fn absent(_: &Places, targets: &[Target]) -> Vec<Row> {
    let why = "not measured: only on Linux, by cargo xtask bench, with WebKitGTK's WebDriver";
    targets.iter().map(|target| Row::absent(target.what, why, target.most)).collect()
}
