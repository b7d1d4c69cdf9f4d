//! Who is here: check-in, the day's visits, being seen.

use super::under_way::{began_since, open_visit};
use crate::{
    error::{ToldResult, not_found},
    host::Host,
    open::Session,
    permit::{Permit, may},
};
use api::{
    AmendEncounter, ApiError, CancelEncounter, CheckIn, CheckedIn, Command as _, ErrorCode,
    GetToday, OpenChart, SeePatient, TodayView, VisitItem,
};
use chart::ChartEdit;
use clinical::{
    Chart, Encounter, EncounterAmendment, EncounterId, EncounterStatus, EntryKind, Instant,
};
use std::collections::BTreeMap;
use store::EncounterRow;

/// A list of the day shows no more visits.
const TODAY_MAX: u32 = 300;
/// Of so many days before, visits that nobody ended are still listed.
const LEFT_OPEN_DAYS: i64 = 7;
const DAY_MS: i64 = 86_400_000;

/// Checks a patient in, now. Who is here already is told so, and nothing is recorded.
///
/// # Errors
/// `invalid` when the reason is no line of text; `not-found`; the store's.
pub(crate) fn check_in<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<CheckIn>,
    command: &CheckIn,
) -> Result<CheckedIn, ApiError> {
    let encounter = EncounterId::from_uuid(session.make_uuid());
    let arrival = command.draft.arrival(encounter, session.moment()?).map_err(ApiError::invalid)?;
    let day_start = session.day_start()?;
    let mut here = None;
    session.edit_chart(permit, command.patient, |chart| {
        here = here_since(chart, day_start);
        Ok(here.is_none().then_some(ChartEdit::RecordEncounter(arrival)).into_iter().collect())
    })?;
    Ok(CheckedIn { encounter: here.unwrap_or(encounter), already: here.is_some() })
}

/// The visit that goes on since some moment.
fn here_since(chart: &Chart, since: Instant) -> Option<EncounterId> {
    let goes_on = |visit: &&Encounter| {
        let is_mistake = chart.is_withdrawn(EntryKind::Encounter, visit.id.uuid());
        visit.status.is_open() && !is_mistake && began_since(visit, since)
    };
    chart.encounters.iter().find(goes_on).map(|visit| visit.id)
}

/// Lists the visits of today, and those of the days before that nobody ended.
///
/// # Errors
/// The store's.
pub(crate) fn get_today<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<GetToday>,
    _: &GetToday,
) -> Result<TodayView, ApiError> {
    let day_start = session.day_start()?;
    let open_since = Instant::from_unix_ms(day_start.unix_ms() - LEFT_OPEN_DAYS * DAY_MS);
    let store = &session.open.store;
    let mut rows = store.encounters_since(open_since, day_start, TODAY_MAX * 4).told()?;
    rows.retain(|row| is_listed(row.encounter.status));
    let shown = usize::try_from(TODAY_MAX).unwrap_or(usize::MAX);
    let more = u64::try_from(rows.len().saturating_sub(shown)).unwrap_or_default();
    rows.truncate(shown);
    session.audit_listed(permit.deed(), rows.iter().map(|row| row.patient))?;
    let people = store.people().told()?.into_iter();
    let people: BTreeMap<_, _> = people.map(|person| (person.id, person.name)).collect();
    let item = |row: EncounterRow| item(session, row, day_start, &people);
    let visits = rows.into_iter().map(item).collect::<Result<_, ApiError>>()?;
    Ok(TodayView { day: session.today_or_told()?, visits, more })
}

fn is_listed(status: EncounterStatus) -> bool {
    match status {
        EncounterStatus::Arrived
        | EncounterStatus::Triaged
        | EncounterStatus::InProgress
        | EncounterStatus::OnLeave
        | EncounterStatus::Finished => true,
        EncounterStatus::Planned
        | EncounterStatus::Cancelled
        | EncounterStatus::EnteredInError
        | EncounterStatus::Unknown => false,
    }
}

fn item<H: Host>(
    session: &Session<'_, H>,
    row: EncounterRow,
    day_start: Instant,
    people: &BTreeMap<clinical::PractitionerId, String>,
) -> Result<VisitItem, ApiError> {
    let EncounterRow { patient, encounter: visit } = row;
    let identity = session.open.store.patient(patient).told()?.map(|row| row.patient.identity);
    let is_today = began_since(&visit, day_start);
    // Whether a note waits is of the chart, which the desk may not read.
    let unsigned = may(session.open.person.role, OpenChart::NAME)
        && session.drafts(patient)?.iter().any(|draft| {
            draft.typed.encounter == Some(visit.id)
                && draft.typed.signed.is_empty()
                && !draft.is_blank()
        });
    Ok(VisitItem {
        patient,
        identity,
        encounter: visit.id,
        status: visit.status,
        reason: visit.reason.first().map(|reason| reason.label().to_owned()),
        is_today,
        start: visit.start,
        end: visit.end,
        with: visit.participant.iter().filter_map(|id| people.get(id).cloned()).collect(),
        unsigned,
    })
}

/// Begins to see a patient who is here.
///
/// # Errors
/// `invalid` when the visit is over or was a mistake; `not-found`; the store's.
pub(crate) fn see_patient<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<SeePatient>,
    command: &SeePatient,
) -> Result<(), ApiError> {
    let me = session.open.person.id;
    let edited = session.edit_chart(permit, command.patient, |chart| {
        let visit = open_visit(chart, command.encounter)?;
        if visit.participant.contains(&me) && !visit.status.is_waiting() {
            return Ok(Vec::new());
        }
        let mut seen = Encounter { status: EncounterStatus::InProgress, ..visit.clone() };
        if !seen.participant.contains(&me) {
            seen.participant.push(me);
        }
        Ok(vec![ChartEdit::RecordEncounter(seen)])
    });
    edited.map(drop)
}

/// Says why a patient came and when they are to come again; also after the visit has ended.
///
/// # Errors
/// `invalid` for a day that cannot be read or is past, or a visit that was a mistake; `not-found`;
/// the store's.
pub(crate) fn amend_encounter<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<AmendEncounter>,
    command: &AmendEncounter,
) -> Result<(), ApiError> {
    let today = session.today_or_told()?;
    let draft =
        EncounterAmendment { reason: command.reason.clone(), follow_up: command.follow_up.clone() };
    let edited = session.edit_chart(permit, command.patient, |chart| {
        let visit = chart.encounters.iter().find(|visit| visit.id == command.encounter);
        let visit = visit.ok_or_else(|| not_found("visit"))?;
        let amended = draft.over(visit, &today).map_err(ApiError::invalid)?;
        let is_other = amended != *visit;
        Ok(is_other.then_some(ChartEdit::RecordEncounter(amended)).into_iter().collect())
    });
    edited.map(drop)
}

/// Records that somebody who waited has gone unseen. Whom a clinician sees is not sent away by the
/// desk: that visit is ended by who sees them.
///
/// # Errors
/// `invalid` when they are seen by now, or the visit is over; `not-found`; the store's.
pub(crate) fn cancel_encounter<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<CancelEncounter>,
    command: &CancelEncounter,
) -> Result<(), ApiError> {
    let now = session.moment()?;
    let edited = session.edit_chart(permit, command.patient, |chart| {
        let visit = open_visit(chart, command.encounter)?;
        if !visit.status.is_waiting() {
            let detail = "This patient is being seen; nothing was changed.";
            return Err(ApiError::new(ErrorCode::Invalid, detail));
        }
        let (status, end) = (EncounterStatus::Cancelled, Some(now));
        Ok(vec![ChartEdit::RecordEncounter(Encounter { status, end, ..visit.clone() })])
    });
    edited.map(drop)
}
