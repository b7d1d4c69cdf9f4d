//! Recording a problem.

use crate::{host::Host, open::Session, permit::Permit};
use api::{ApiError, RecordCondition, Recorded};
use chart::ChartEdit;
use clinical::ConditionId;

/// Records a problem.
///
/// # Errors
/// `invalid` with a finding for each field to mend; `not-found`; the store's.
pub(crate) fn record_condition<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<RecordCondition>,
    command: &RecordCondition,
) -> Result<Recorded, ApiError> {
    let id = ConditionId::from_uuid(session.make_uuid());
    let condition = command.draft.complete(id).map_err(ApiError::invalid)?;
    session.edit_chart(permit, command.patient, |_| Ok(vec![ChartEdit::RecordCondition(condition)]))
}
