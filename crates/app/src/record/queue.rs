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
    GetToday, OpenChart, Recorded, SeePatient, TodayView, VisitItem,
};
use chart::ChartEdit;
use clinical::{
    Chart, Encounter, EncounterAmendment, EncounterId, EncounterStatus, EntryKind, EntryRef,
    Instant, PatientId, PractitionerId,
};
use std::collections::{BTreeMap, BTreeSet};
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
    let is_here = |visit: &&Encounter| chart.goes_on(visit) && began_since(visit, since);
    chart.encounters.iter().find(is_here).map(|visit| visit.id)
}

/// Lists the visits of today, and those of the days before that nobody ended. One on which two people
/// disagree is listed whatever is read of it meanwhile.
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
    rows.retain(|row| row.disputed || is_listed(row.encounter.status));
    let shown = usize::try_from(TODAY_MAX).unwrap_or(usize::MAX);
    let more = u64::try_from(rows.len().saturating_sub(shown)).unwrap_or_default();
    rows.truncate(shown);
    for row in &mut rows {
        row.patient = session.shown_of(&session.group(row.patient)?, row.patient)?;
    }
    session.audit_listed(permit.deed(), rows.iter().map(|row| row.patient))?;
    let people = store.people().told()?.into_iter();
    let people: BTreeMap<_, _> = people.map(|person| (person.id, person.name)).collect();
    let doubled = doubled(&rows);
    let item = |row: EncounterRow| {
        let doubled = row.encounter.status.is_open() && doubled.contains(&row.patient);
        Ok(VisitItem { doubled, ..item(session, row, day_start, &people)? })
    };
    let visits = rows.into_iter().map(item).collect::<Result<_, ApiError>>()?;
    Ok(TodayView { day: session.today_or_told()?, visits, more })
}

/// Those of whom several visits go on.
fn doubled(rows: &[EncounterRow]) -> BTreeSet<PatientId> {
    let (mut once, mut twice) = (BTreeSet::new(), BTreeSet::new());
    for row in rows.iter().filter(|row| row.encounter.status.is_open()) {
        if !once.insert(row.patient) {
            twice.insert(row.patient);
        }
    }
    twice
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
    people: &BTreeMap<PractitionerId, String>,
) -> Result<VisitItem, ApiError> {
    let EncounterRow { patient, encounter: visit, disputed, heads } = row;
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
        reason: reason(&visit, disputed),
        is_today,
        start: visit.start,
        end: visit.end,
        with: visit.participant.iter().filter_map(|id| people.get(id).cloned()).collect(),
        unsigned,
        disputed,
        doubled: false,
        heads: heads.to_text(),
    })
}

/// Why somebody came. While two people disagree on it, every reason there is.
fn reason(visit: &Encounter, disputed: bool) -> Option<String> {
    let all = visit.reason.iter().take(if disputed { usize::MAX } else { 1 });
    let all: Vec<&str> = all.map(|reason| reason.label()).collect();
    (!all.is_empty()).then(|| all.join(" / "))
}

const fn entry(encounter: EncounterId) -> EntryRef {
    EntryRef::new(EntryKind::Encounter, encounter.uuid())
}

/// Begins to see a patient who is here.
///
/// # Errors
/// `invalid` when the visit is over or was a mistake; `changed` where it is another than the one that
/// was shown; `disputed` while people disagree on what became of it; `not-found`; the store's.
pub(crate) fn see_patient<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<SeePatient>,
    command: &SeePatient,
) -> Result<(), ApiError> {
    let me = session.open.person.id;
    let seen = (entry(command.encounter), command.seen.as_deref());
    let edited = session.edit_entry(permit, command.patient, seen, |chart| {
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
/// `invalid` for a day that cannot be read or is past, or a visit that was a mistake; `changed` where
/// it is another than the one that was shown; `disputed` while people disagree on it; `not-found`; the
/// store's.
pub(crate) fn amend_encounter<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<AmendEncounter>,
    command: &AmendEncounter,
) -> Result<Recorded, ApiError> {
    let today = session.today_or_told()?;
    let draft =
        EncounterAmendment { reason: command.reason.clone(), follow_up: command.follow_up.clone() };
    let seen = (entry(command.encounter), command.seen.as_deref());
    session.edit_entry(permit, command.patient, seen, |chart| {
        let visit = chart.encounters.iter().find(|visit| visit.id == command.encounter);
        let visit = visit.ok_or_else(|| not_found("visit"))?;
        let amended = draft.over(visit, &today).map_err(ApiError::invalid)?;
        let is_other = amended != *visit;
        Ok(is_other.then_some(ChartEdit::RecordEncounter(amended)).into_iter().collect())
    })
}

/// Records that somebody who waited has gone unseen. Whom a clinician sees is not sent away by the
/// desk: that visit is ended by who sees them.
///
/// # Errors
/// `invalid` when they are seen by now, or the visit is over; `changed` where it is another than the
/// one that was shown; `disputed` while people disagree on what became of it; `not-found`; the
/// store's.
pub(crate) fn cancel_encounter<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<CancelEncounter>,
    command: &CancelEncounter,
) -> Result<(), ApiError> {
    let now = session.moment()?;
    let seen = (entry(command.encounter), command.seen.as_deref());
    let edited = session.edit_entry(permit, command.patient, seen, |chart| {
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
