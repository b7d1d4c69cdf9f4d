//! Recording a line of vital signs.

use crate::{host::Host, open::Session, permit::Permit};
use api::{ApiError, ErrorCode, RecordVitals, Recorded};
use chart::ChartEdit;
use clinical::{ObservationId, PartialDate};

/// Records the findings of one line, as taken now.
///
/// # Errors
/// `invalid` with a finding for each field to mend; `not-found`; the store's.
pub(crate) fn record_vitals<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<RecordVitals>,
    command: &RecordVitals,
) -> Result<Recorded, ApiError> {
    let clock = |_| ApiError::new(ErrorCode::Internal, "This computer's clock is out of range.");
    let taken: PartialDate = session.host.now().to_string().parse().map_err(clock)?;
    let make_id = || ObservationId::from_uuid(session.make_uuid());
    let observations = command.draft.complete(make_id, &taken).map_err(ApiError::invalid)?;
    let edits = observations.into_iter().map(ChartEdit::RecordObservation).collect();
    session.edit_chart(permit, command.patient, |_| Ok(edits))
}
