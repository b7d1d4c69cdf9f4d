//! Recording an allergy, or that there are none.

use crate::{host::Host, open::Session, permit::Permit};
use api::{ApiError, RecordAllergy, Recorded};
use chart::ChartEdit;
use clinical::{AllergyIntolerance, AllergyIntoleranceId, Finding};

/// Records an allergy.
///
/// # Errors
/// `invalid` with a finding for each field to mend, or for a denial beside an allergy in force
/// that it may deny;
/// `not-found`; the store's.
pub(crate) fn record_allergy<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<RecordAllergy>,
    command: &RecordAllergy,
) -> Result<Recorded, ApiError> {
    let id = AllergyIntoleranceId::from_uuid(session.make_uuid());
    let allergy = command.draft.complete(id).map_err(ApiError::invalid)?;
    session.edit_chart(permit, command.patient, |chart| {
        let is_denied = |one: &AllergyIntolerance| care::may_deny(&allergy, one);
        if chart.allergies_in_force().into_iter().any(is_denied) {
            let detail = "An allergy is in force: mark it as a mistake first if it is none.";
            let finding = Finding::error("noKnownAllergies", "allergy-in-force", detail);
            return Err(ApiError::invalid(vec![finding]));
        }
        Ok(vec![ChartEdit::RecordAllergy(allergy)])
    })
}
