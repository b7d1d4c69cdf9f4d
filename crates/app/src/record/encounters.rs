//! Beginning and ending a visit.

use crate::{error::not_found, host::Host, open::Session, permit::Permit};
use api::{ApiError, BeginEncounter, EndEncounter, ErrorCode, Recorded};
use chart::ChartEdit;
use clinical::{Encounter, EncounterId, EncounterStatus, EntryKind, EntryRef, end_moment};

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
    let encounter = command.draft.complete(id, session.moment()?).map_err(ApiError::invalid)?;
    session.edit_chart(permit, command.patient, |_| Ok(vec![ChartEdit::RecordEncounter(encounter)]))
}

/// Ends a visit, now.
///
/// # Errors
/// `invalid` when it is over or was a mistake, or would end before it began; `changed` where it is
/// another than the one that was shown; `not-found`; the store's.
pub(crate) fn end_encounter<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<EndEncounter>,
    command: &EndEncounter,
) -> Result<Recorded, ApiError> {
    let now = session.moment()?;
    let entry = EntryRef::new(EntryKind::Encounter, command.encounter.uuid());
    session.edit_entry(permit, command.patient, (entry, command.seen.as_deref()), |chart| {
        let found = chart.encounters.iter().find(|visit| visit.id == command.encounter);
        let found = found.ok_or_else(|| not_found("visit"))?;
        if !found.status.is_open() {
            let detail = "This visit is over already; nothing was changed.";
            return Err(ApiError::new(ErrorCode::Invalid, detail));
        }
        let end = end_moment(found.start.as_ref(), now).map_err(ApiError::invalid)?;
        let (status, end) = (EncounterStatus::Finished, Some(end));
        Ok(vec![ChartEdit::RecordEncounter(Encounter { status, end, ..found.clone() })])
    })
}
