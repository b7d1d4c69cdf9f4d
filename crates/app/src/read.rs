//! Reading a chart. Every reading is audited.

use crate::{
    error::{ToldResult, not_found},
    host::Host,
    last_signs::add_last_signs,
    open::Session,
    permit::Permit,
    sync,
};
use api::{ApiError, ChartView, ExpectedWeight, GetHistory, HistoryItem, OpenChart};
use clinical::{Chart, Corrections, DeviceId, Observation, ObservationId, PractitionerId};
use std::collections::{BTreeMap, BTreeSet};

/// Of the long lists, so many are read at once.
const NEWEST: u32 = 50;

/// Reads a chart's summary.
///
/// # Errors
/// `not-found`; the store's.
pub(crate) fn open_chart<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<OpenChart>,
    command: &OpenChart,
) -> Result<ChartView, ApiError> {
    let newest = store::Newest::of_each(NEWEST);
    let summary = session.open.store.chart(command.patient, newest).told()?;
    let mut summary = summary.ok_or_else(|| not_found("patient"))?;
    session.audit(permit, Some(command.patient))?;
    let corrections = add_last_signs(session, command.patient, &mut summary)?;
    let drafts = session.drafts(command.patient)?;
    let (people, devices) = names(session)?;
    let weight_jumps = care::weight_jumps(&summary.chart, &corrections);
    let expected_weight = expected_weight(session, &summary.chart, &corrections)?;
    Ok(ChartView {
        patient: command.patient,
        advice: care::review(&summary.chart),
        counts: summary.counts,
        drafts: drafts.into_iter().filter(|draft| draft.signed.is_empty()).collect(),
        people,
        devices,
        waiting: summary.waiting,
        heads: summary.heads.to_text(),
        weight_jumps,
        expected_weight,
        chart: shown(summary.chart, summary.connected, &corrections),
        corrections,
    })
}

/// What the next weight is held against. The last one is looked for among the newest findings.
fn expected_weight<H: Host>(
    session: &Session<'_, H>,
    chart: &Chart,
    corrections: &Corrections,
) -> Result<Option<ExpectedWeight>, ApiError> {
    let Some(now_ms) = session.moment()?.unix_ms() else { return Ok(None) };
    let expected = care::expected_weight(chart, corrections, now_ms);
    let limit = |kg: f64| format!("{kg:.2}").parse().ok();
    Ok(expected.and_then(|(last, low, high)| {
        Some(ExpectedWeight { last: last.clone(), low_kg: limit(low)?, high_kg: limit(high)? })
    }))
}

/// The chart with the newest findings, and with those of the ones that corrections connect with
/// them that count; the last of a sign is among them ([`add_last_signs`]).
fn shown(chart: Chart, connected: Vec<ObservationId>, corrections: &Corrections) -> Chart {
    let connected: BTreeSet<ObservationId> = connected.into_iter().collect();
    let is_shown =
        |one: &&Observation| !connected.contains(&one.id) || chart.is_in_force(corrections, one);
    let observations = chart.observations.iter().filter(is_shown).cloned().collect();
    Chart { observations, sources: Vec::new(), ..chart }
}

/// Reads what an entry has been, newest first.
///
/// # Errors
/// `not-found`; the store's.
pub(crate) fn get_history<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<GetHistory>,
    command: &GetHistory,
) -> Result<Vec<HistoryItem>, ApiError> {
    let mut document = session.load_chart(command.patient)?;
    session.audit(permit, Some(command.patient))?;
    let (people, devices) = names(session)?;
    let named = |item: chart::HistoryItem| HistoryItem {
        author: people.get(&item.stamp.author).cloned().unwrap_or_default(),
        device: devices.get(&item.stamp.device).cloned().unwrap_or_default(),
        stamp: item.stamp,
        change: item.change,
        field: item.field,
        value: item.value,
    };
    let mut items: Vec<HistoryItem> =
        document.history(command.entry).into_iter().map(named).collect();
    items.reverse();
    Ok(items)
}

/// Names of people and computers, for stamps.
pub(crate) type Names = (BTreeMap<PractitionerId, String>, BTreeMap<DeviceId, String>);

/// The names of everyone and everything that may have stamped an entry.
pub(crate) fn names<H: Host>(session: &Session<'_, H>) -> Result<Names, ApiError> {
    let people = session.open.store.people().told()?;
    let people = people.into_iter().map(|person| (person.id, person.name)).collect();
    Ok((people, sync::device_names(session)?))
}
