//! Recording an allergy, or that there are none.

use crate::{host::Host, open::Session, permit::Permit};
use api::{ApiError, RecordAllergy, Recorded};
use chart::ChartEdit;
use clinical::AllergyIntoleranceId;

/// Records an allergy.
///
/// # Errors
/// `invalid` with a finding for each field to mend; `not-found`; the store's.
pub(crate) fn record_allergy<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<RecordAllergy>,
    command: &RecordAllergy,
) -> Result<Recorded, ApiError> {
    let id = AllergyIntoleranceId::from_uuid(session.make_uuid());
    let allergy = command.draft.complete(id).map_err(ApiError::invalid)?;
    session.edit_chart(permit, command.patient, |_| Ok(vec![ChartEdit::RecordAllergy(allergy)]))
}
