//! The weights that jump, whatever else is recorded.

use crate::{
    host::Host,
    last_signs::{add, rivals_of_added},
    open::Session,
};
use api::{ApiError, ExpectedWeight};
use clinical::{Chart, Corrections, ObservationId};
use std::collections::BTreeSet;
use store::ChartSummary;

/// What is said of the weights of a chart.
#[derive(Debug, Default)]
pub(crate) struct Weights {
    /// Those that jump and are shown, or stand beside a dose, each with the one before it.
    pub(crate) jumps: Vec<(ObservationId, ObservationId)>,
    /// What the next one is held against.
    pub(crate) expected: Option<ExpectedWeight>,
}

/// Looks at all the weights of a chart, whatever else was found; adds to the findings that are shown
/// the last weight where it jumps, and the ones that these are held against and jump from, with their
/// rivals.
///
/// # Errors
/// The host's clock.
pub(crate) fn look_at<H: Host>(
    session: &Session<'_, H>,
    all: &Chart,
    summary: &mut ChartSummary,
    corrections: &mut Corrections,
) -> Result<Weights, ApiError> {
    let now_ms = session.moment()?.unix_ms();
    let of_all = all.corrections();
    let expected = now_ms.and_then(|now_ms| expected(all, &of_all, now_ms));
    let mut jumps = care::weight_jumps(all, &of_all);
    let shown = summary.chart.observations.iter().chain(all.last_weights()).map(|one| one.id);
    let shown: BTreeSet<ObservationId> = shown.collect();
    jumps.retain(|(after, _)| shown.contains(after));
    let mut wanted = BTreeSet::new();
    for id in jumps.iter().flat_map(|(after, before)| [*after, *before]) {
        wanted.insert(id);
        wanted.extend(of_all.rivals_of(id));
    }
    add(&mut summary.chart, all, &wanted);
    rivals_of_added(corrections, &of_all, &wanted);
    Ok(Weights { jumps, expected })
}

fn expected(all: &Chart, corrections: &Corrections, now_ms: i64) -> Option<ExpectedWeight> {
    let (last, low, high) = care::expected_weight(all, corrections, now_ms)?;
    let limit = |kg: f64| format!("{kg:.2}").parse().ok();
    Some(ExpectedWeight { last: last.clone(), low_kg: limit(low)?, high_kg: limit(high)? })
}
