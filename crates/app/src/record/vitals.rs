//! Recording a line of vital signs, and correcting one of them.

use crate::{error::not_found, host::Host, open::Session, permit::Permit};
use api::{ApiError, CorrectVitals, ErrorCode, RecordVitals, Recorded};
use chart::ChartEdit;
use clinical::{Chart, LOINC, Observation, ObservationId, ObservationStatus};

/// Records the findings of one line, as taken now.
///
/// # Errors
/// `invalid` with a finding for each field to mend; `not-found`; the store's.
pub(crate) fn record_vitals<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<RecordVitals>,
    command: &RecordVitals,
) -> Result<Recorded, ApiError> {
    let taken = session.moment()?;
    let make_id = || ObservationId::from_uuid(session.make_uuid());
    let observations = command.draft.complete(make_id, &taken).map_err(ApiError::invalid)?;
    let visit_of = session.visit_finder()?;
    session.edit_chart(permit, command.patient, |chart| {
        let of_visit = |mut taken: Observation| {
            taken.encounter = taken.encounter.or_else(|| visit_of(chart));
            ChartEdit::RecordObservation(taken)
        };
        Ok(observations.into_iter().map(of_visit).collect())
    })
}

/// Corrects a vital sign. The new finding was taken when the old one was, at no known time when
/// that one was; that one stays as it is.
///
/// # Errors
/// `invalid` with a finding for each field to mend, or when the finding is no vital sign, was
/// corrected before or was a mistake; `not-found`; the store's.
pub(crate) fn correct_vitals<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<CorrectVitals>,
    command: &CorrectVitals,
) -> Result<Recorded, ApiError> {
    let now = session.moment()?;
    session.edit_chart(permit, command.patient, |chart| {
        let wrong = in_force(chart, command.observation)?;
        let make_id = || ObservationId::from_uuid(session.make_uuid());
        let typed = command.draft.complete(make_id, &now).map_err(ApiError::invalid)?;
        let right = match <[Observation; 1]>::try_from(typed) {
            Ok([right]) if right.code.code_of(LOINC) == wrong.code.code_of(LOINC) => right,
            Ok(_) | Err(_) => {
                return Err(invalid("A correction is of the same sign; nothing was saved."));
            }
        };
        let right = Observation {
            status: ObservationStatus::Corrected,
            effective: wrong.effective.clone(),
            encounter: wrong.encounter,
            replaces: Some(wrong.id),
            ..right
        };
        Ok(vec![ChartEdit::RecordObservation(right)])
    })
}

/// A vital sign that counts.
fn in_force(chart: &Chart, id: ObservationId) -> Result<&Observation, ApiError> {
    let found = chart.observations.iter().find(|observation| observation.id == id);
    let found = found.ok_or_else(|| not_found("finding"))?;
    if !chart.is_in_force(&chart.corrections(), found) {
        return Err(invalid("This was corrected or marked as a mistake; nothing was changed."));
    }
    if !found.is_vital_sign() {
        return Err(invalid("Only vital signs are corrected here; nothing was changed."));
    }
    Ok(found)
}

fn invalid(detail: &str) -> ApiError {
    ApiError::new(ErrorCode::Invalid, detail)
}
