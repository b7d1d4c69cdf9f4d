//! Beginning and ending a visit.

use super::under_way::open_visit;
use crate::{host::Host, open::Session, permit::Permit};
use api::{ApiError, BeginEncounter, EndEncounter, Recorded};
use chart::ChartEdit;
use clinical::{
    AlertTier, DetectedIssue, Encounter, EncounterId, EncounterStatus, EndMoment, EntryKind,
    EntryRef, Said, end_moment,
};

/// Begins a visit, now.
///
/// # Errors
/// `invalid` with a finding for each field to mend; `not-found`; the store's.
pub(crate) fn begin_encounter<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<BeginEncounter>,
    command: &BeginEncounter,
) -> Result<Recorded, ApiError> {
    let id = EncounterId::from_uuid(session.make_uuid());
    let mut encounter = command.draft.complete(id, session.moment()?).map_err(ApiError::invalid)?;
    encounter.participant = vec![session.open.person.id];
    session.edit_chart(permit, command.patient, |_| Ok(vec![ChartEdit::RecordEncounter(encounter)]))
}

/// Ends a visit, now. One that began when this clock has yet to come ends when it began, and that
/// is told.
///
/// # Errors
/// `invalid` when it is over or was a mistake; `changed` where it is another than the one that was
/// shown; `not-found`; the store's.
pub(crate) fn end_encounter<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<EndEncounter>,
    command: &EndEncounter,
) -> Result<Recorded, ApiError> {
    let now = session.moment()?;
    let entry = EntryRef::new(EntryKind::Encounter, command.encounter.uuid());
    let (seen, mut is_ahead) = (command.seen.as_deref(), false);
    let mut recorded = session.edit_entry(permit, command.patient, (entry, seen), |chart| {
        let found = open_visit(chart, command.encounter)?;
        let end = match end_moment(found.start.as_ref(), now) {
            EndMoment::Now(now) => now,
            EndMoment::AsBegun(start) => {
                is_ahead = true;
                start
            }
        };
        let (status, end) = (EncounterStatus::Finished, Some(end));
        Ok(vec![ChartEdit::RecordEncounter(Encounter { status, end, ..found.clone() })])
    })?;
    recorded.advice.extend(is_ahead.then(|| visit_ahead(entry)));
    Ok(recorded)
}

/// That a visit ended by this clock before it began.
fn visit_ahead(visit: EntryRef) -> DetectedIssue {
    let detail = "By this computer's clock the visit has not begun yet: its end is recorded as its \
                  beginning. Please check the clocks of this computer and of the one on which it \
                  began.";
    DetectedIssue {
        rule: "visit-ahead".to_owned(),
        tier: AlertTier::Inline,
        subject: vec![visit],
        detail: detail.to_owned(),
        source: String::new(),
        said: Some(Said::new("visit-ahead", &[])),
    }
}
