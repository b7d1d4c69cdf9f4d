//! Recording a problem, and ending one.

use crate::{error::not_found, host::Host, open::Session, permit::Permit};
use api::{ApiError, EndCondition, ErrorCode, RecordCondition, Recorded};
use care::diagnosis;
use chart::ChartEdit;
use clinical::{
    Condition, ConditionClinicalStatus, ConditionId, EntryKind, EntryRef, Finding, end_day,
    unknown_diagnosis,
};

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
    let mut condition = command.draft.complete(id).map_err(ApiError::invalid)?;
    name_diagnosis(&mut condition).map_err(|finding| ApiError::invalid(vec![finding]))?;
    let visit_of = session.visit_finder()?;
    session.edit_chart(permit, command.patient, |chart| {
        condition.encounter = condition.encounter.or_else(|| visit_of(chart));
        Ok(vec![ChartEdit::RecordCondition(condition)])
    })
}

/// Puts the name of the classification beside the code that was chosen, whatever came with it.
fn name_diagnosis(condition: &mut Condition) -> Result<(), Finding> {
    for coding in &mut condition.code.coding {
        let display = diagnosis::display_of(&coding.code).ok_or_else(unknown_diagnosis)?;
        coding.display = Some(display);
    }
    Ok(())
}

/// Ends a problem: it is resolved, since the day told.
///
/// # Errors
/// `invalid` when the day cannot be, or the problem is over or was a mistake; `changed` where it is
/// another than the one that was shown; `not-found`; the store's.
pub(crate) fn end_condition<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<EndCondition>,
    command: &EndCondition,
) -> Result<Recorded, ApiError> {
    let today = session.today_or_told()?;
    let entry = EntryRef::new(EntryKind::Condition, command.condition.uuid());
    session.edit_entry(permit, command.patient, (entry, command.seen.as_deref()), |chart| {
        let found = chart.conditions.iter().find(|problem| problem.id == command.condition);
        let found = found.ok_or_else(|| not_found("problem"))?;
        if !found.holds() {
            let detail = "This problem is over already; nothing was changed.";
            return Err(ApiError::new(ErrorCode::Invalid, detail));
        }
        let end = end_day(&command.end, found.onset.as_ref(), &today).map_err(ApiError::invalid)?;
        Ok(vec![ChartEdit::RecordCondition(Condition {
            clinical_status: Some(ConditionClinicalStatus::Resolved),
            abatement: Some(end),
            ..found.clone()
        })])
    })
}
