//! The last of each vital sign, where an old correction stands among what is read of a chart.

use crate::{error::ToldResult, host::Host, open::Session};
use api::ApiError;
use clinical::{Chart, Corrections, Observation, ObservationId, PatientId};
use std::collections::BTreeSet;
use store::{ChartSummary, Newest};

/// What the corrections say of a chart that was read in part. Where a vital sign counts that they
/// connect with the newest findings and that is none of them, others of its sign may lie between,
/// and it would pass for the last: the one that was taken last is added then, with its rivals.
///
/// # Errors
/// The store's.
pub(crate) fn add_last_signs<H: Host>(
    session: &Session<'_, H>,
    patient: PatientId,
    summary: &mut ChartSummary,
) -> Result<Corrections, ApiError> {
    let corrections = summary.chart.corrections();
    let old = connected_signs(summary, &corrections);
    if old.is_empty() {
        return Ok(corrections);
    }
    let newest = Newest { observations: None, ..Newest::of_each(0) };
    let Some(all) = session.open.store.chart(patient, newest).told()? else {
        return Ok(corrections);
    };
    let (all, read) = (all.chart, &mut summary.chart);
    let corrections = all.corrections();
    let mut last = BTreeSet::new();
    for one in old.iter().filter_map(|old| all.last_of_sign(&corrections, old)) {
        last.insert(one.id);
        last.extend(corrections.rivals_of(one.id));
    }
    add(read, &all, &last);
    let read: BTreeSet<ObservationId> = read.observations.iter().map(|one| one.id).collect();
    let Corrections { mut corrected, mut rivals } = corrections;
    corrected.retain(|id| read.contains(id));
    rivals.retain(|group| group.iter().any(|id| read.contains(id)));
    Ok(Corrections { corrected, rivals })
}

/// The vital signs that count and are none of the newest findings.
fn connected_signs(summary: &ChartSummary, corrections: &Corrections) -> Vec<Observation> {
    let ChartSummary { chart, connected, .. } = summary;
    let is_old = |one: &&Observation| {
        one.is_vital_sign() && connected.contains(&one.id) && chart.is_in_force(corrections, one)
    };
    chart.observations.iter().filter(is_old).cloned().collect()
}

/// Tells of those that were added which others count beside them.
pub(crate) fn rivals_of_added(
    corrections: &mut Corrections,
    all: &Corrections,
    added: &BTreeSet<ObservationId>,
) {
    let groups = all.rivals.iter().filter(|group| group.iter().any(|id| added.contains(id)));
    for group in groups {
        if !corrections.rivals.contains(group) {
            corrections.rivals.push(group.clone());
        }
    }
    corrections.rivals.sort_unstable();
}

/// Adds findings of the whole chart, with their stamps, to what was read of it.
pub(crate) fn add(read: &mut Chart, all: &Chart, wanted: &BTreeSet<ObservationId>) {
    let known: BTreeSet<ObservationId> = read.observations.iter().map(|one| one.id).collect();
    let is_new = |one: &&Observation| wanted.contains(&one.id) && !known.contains(&one.id);
    for one in all.observations.iter().filter(is_new) {
        read.observations.push(one.clone());
        let of_one = |(entry, _): &&(clinical::EntryRef, _)| entry.id == one.id.uuid();
        read.stamps.extend(all.stamps.iter().find(of_one));
    }
    read.observations.sort_by_key(|one| one.id);
    read.stamps.sort_unstable();
}
