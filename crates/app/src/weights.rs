//! The weights that jump, whatever else is recorded.

use crate::{
    error::ToldResult,
    host::Host,
    last_signs::{add, rivals_of_added},
    open::Session,
};
use api::{ApiError, ExpectedWeight};
use clinical::{Chart, Corrections, EntryKind, ObservationId, PatientId};
use std::collections::BTreeSet;
use store::{ChartSummary, Newest};

/// The weights are looked for among so many of the newest findings, and among more where these do
/// not tell. A chart is open in a moment, however long it is: further back nobody looks.
const AMONG: [u32; 2] = [100, 1000];

/// What is said of the weights of a chart.
#[derive(Debug, Default)]
pub(crate) struct Weights {
    /// Those that jump and are shown, each with the one before it.
    pub(crate) jumps: Vec<(ObservationId, ObservationId)>,
    /// What the next one is held against.
    pub(crate) expected: Option<ExpectedWeight>,
}

/// Looks at the weights, also at those before the findings that are shown, as far back as [`AMONG`]
/// says; adds to these the ones
/// that the shown are held against and jump from, with their rivals.
///
/// # Errors
/// The store's; the host's clock.
pub(crate) fn look_at<H: Host>(
    session: &Session<'_, H>,
    patient: PatientId,
    summary: &mut ChartSummary,
    corrections: &mut Corrections,
) -> Result<Weights, ApiError> {
    let now_ms = session.moment()?.unix_ms();
    let own = weights(&summary.chart, corrections, now_ms);
    if is_whole(summary) || is_next_told(summary, corrections, &own) {
        return Ok(own);
    }
    let shown: BTreeSet<ObservationId> = ids(&summary.chart);
    for observations in AMONG {
        let newest = Newest { observations: Some(observations), ..Newest::of_each(0) };
        let Some(read) = session.open.store.chart(patient, newest).told()? else { break };
        let of_all = read.chart.corrections();
        let mut found = weights(&read.chart, &of_all, now_ms);
        let is_last = AMONG.last() == Some(&observations);
        if !is_last && !is_whole(&read) && !is_told(&read, &of_all, &shown, &found) {
            continue;
        }
        found.jumps.retain(|(after, _)| shown.contains(after));
        let mut wanted = BTreeSet::new();
        for (_, before) in &found.jumps {
            wanted.insert(*before);
            wanted.extend(of_all.rivals_of(*before));
        }
        add(&mut summary.chart, &read.chart, &wanted);
        rivals_of_added(corrections, &of_all, &wanted);
        return Ok(found);
    }
    Ok(Weights::default())
}

fn weights(chart: &Chart, corrections: &Corrections, now_ms: Option<i64>) -> Weights {
    let jumps = care::weight_jumps(chart, corrections);
    let expected = now_ms.and_then(|now_ms| care::expected_weight(chart, corrections, now_ms));
    let limit = |kg: f64| format!("{kg:.2}").parse().ok();
    let expected = expected.and_then(|(last, low, high)| {
        Some(ExpectedWeight { last: last.clone(), low_kg: limit(low)?, high_kg: limit(high)? })
    });
    Weights { jumps, expected }
}

/// Whether the findings that are shown tell by themselves what the next weight is held against. Of
/// the oldest weight among them nothing is said then: no other is read for the mark of one so old.
fn is_next_told(read: &ChartSummary, corrections: &Corrections, found: &Weights) -> bool {
    let last = found.expected.as_ref().map(|expected| expected.last.id);
    let oldest = care::oldest_weight(&read.chart, corrections);
    read.connected.is_empty() && last.is_some() && last != oldest
}

/// Whether a part of the findings tells as much as all would: nothing is said of the oldest weight
/// among them, for what went before it is not known. Where a correction leads out of them, others
/// may lie between.
fn is_told(
    read: &ChartSummary,
    corrections: &Corrections,
    shown: &BTreeSet<ObservationId>,
    found: &Weights,
) -> bool {
    let is_known = |oldest| {
        let last = found.expected.as_ref().map(|expected| expected.last.id);
        !shown.contains(&oldest) && last != Some(oldest)
    };
    let oldest = care::oldest_weight(&read.chart, corrections);
    read.connected.is_empty() && oldest.is_some_and(is_known)
}

fn is_whole(summary: &ChartSummary) -> bool {
    let count = summary.counts.iter().find(|(kind, _)| *kind == EntryKind::Observation);
    let read = summary.chart.observations.len();
    count.is_some_and(|(_, all)| usize::try_from(*all).is_ok_and(|all| all == read))
}

fn ids(chart: &Chart) -> BTreeSet<ObservationId> {
    chart.observations.iter().map(|one| one.id).collect()
}
