//! Reading a chart. Every reading is audited.

use crate::{
    error::{ToldResult, not_found},
    host::Host,
    last_signs::add_last_signs,
    lists::TypedDraft,
    open::Session,
    permit::Permit,
    sync,
    weights::look_at,
};
use api::{ApiError, ChartView, GetHistory, HistoryItem, LinkedChart, OpenChart};
use clinical::{
    Chart, Corrections, DeviceId, Observation, ObservationId, PatientGroup, PatientId,
    PractitionerId, chart_number,
};
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
    session.refuse_partly_absent(command.patient)?;
    let newest = store::Newest::of_each(NEWEST);
    let read = session.open.store.chart_and_weights(command.patient, newest).told()?;
    let (mut summary, weights) = read.ok_or_else(|| not_found("patient"))?;
    care::in_small_letters(&mut summary.chart);
    let mut corrections = add_last_signs(session, command.patient, &mut summary)?;
    let drafts = session.drafts(command.patient)?;
    let (mut people, devices) = names(session)?;
    sync::name_authors(&mut people, &summary.chart.shared, session.open.clinic);
    let weights = look_at(session, &weights, &mut summary, &mut corrections)?;
    // Last: what the writing of a row makes the readers forget is not read again then.
    session.audit(permit, Some(command.patient))?;
    let found = care::review(&summary.chart);
    Ok(ChartView {
        patient: session.shown_of(&summary.group, command.patient)?,
        advice: care::review_on(&summary.chart, found, session.today().as_ref()),
        counts: summary.counts,
        drafts: drafts
            .into_iter()
            .filter(|it| it.typed.signed.is_empty() && !it.is_blank())
            .map(TypedDraft::listed)
            .collect(),
        people,
        devices,
        waiting: summary.waiting,
        heads: summary.heads.to_text(),
        also: also(session, &summary.group, command.patient)?,
        drug_allergies: care::drug_allergies(&summary.chart),
        weight_jumps: weights.jumps,
        expected_weight: weights.expected,
        chart: shown(summary.chart, summary.connected, &corrections),
        corrections,
    })
}

/// The other charts of the person, with who said last that they are of one.
fn also<H: Host>(
    session: &Session<'_, H>,
    group: &PatientGroup,
    patient: PatientId,
) -> Result<Vec<LinkedChart>, ApiError> {
    let shown = session.shown_of(group, patient)?;
    let mut also = Vec::new();
    for member in group.members().filter(|member| *member != shown) {
        let made = group.links.iter().filter(|link| link.is_of(member)).map(|link| link.made);
        let Some(made) = made.max_by_key(|made| made.at) else { continue };
        let identity = session.identity(member)?;
        let number = identity.as_ref().map(|identity| chart_number(identity, member));
        let number = number.unwrap_or_default();
        also.push(LinkedChart { patient: member, number, identity, made });
    }
    Ok(also)
}

/// The chart with the newest findings, and with those of the ones that corrections connect with
/// them that count; the last of a sign is among them ([`add_last_signs`]), and the weight that one
/// jumps from ([`look_at`]).
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
    let holder = session.holder(command.patient, command.entry)?;
    let mut document = session.load_chart(holder)?;
    session.audit(permit, Some(holder))?;
    let (mut people, devices) = names(session)?;
    sync::name_authors(&mut people, &document.shared(), session.open.clinic);
    let named = |item: chart::HistoryItem| HistoryItem {
        author: people.get(&item.stamp.author).cloned().unwrap_or_default(),
        device: devices.get(&item.stamp.device).cloned().unwrap_or_default(),
        stamp: item.stamp,
        change: item.change,
        field: item.field,
        value: item.value,
        decides: item.decides,
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
