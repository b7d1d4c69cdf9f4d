//! Recording, changing and stopping a medicine.

use crate::{error::not_found, host::Host, open::Session, permit::Permit};
use api::{
    ApiError, ChangeDosage, Command as _, ErrorCode, RecordMedication, Recorded, ReviewMedication,
    StopMedication,
};
use chart::ChartEdit;
use clinical::{
    Chart, DetectedIssue, Finding, MedicationDraft, MedicationId, MedicationRequest,
    MedicationStatus,
};

/// Records a medicine.
///
/// # Errors
/// `invalid` with a finding for each field to mend; `not-found`; the store's.
pub(crate) fn record_medication<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<RecordMedication>,
    command: &RecordMedication,
) -> Result<Recorded, ApiError> {
    let medication = complete(session, &command.draft)?;
    session
        .edit_chart(permit, command.patient, |_| Ok(vec![ChartEdit::RecordMedication(medication)]))
}

/// Says what the rules would say of a medicine. Half-typed dosages are no obstacle.
///
/// # Errors
/// `not-found`; the store's.
pub(crate) fn review_medication<H: Host>(
    session: &Session<'_, H>,
    _permit: &Permit<ReviewMedication>,
    command: &ReviewMedication,
) -> Result<Vec<DetectedIssue>, ApiError> {
    let name_alone = MedicationDraft {
        medication: command.draft.medication.clone(),
        ..MedicationDraft::default()
    };
    let Ok(medication) =
        complete(session, &command.draft).or_else(|_| complete(session, &name_alone))
    else {
        return Ok(Vec::new());
    };
    let chart = session.chart_summary(command.patient)?;
    session.audit_read(ReviewMedication::NAME, Some(command.patient))?;
    Ok(care::review_order(&chart, &medication.order))
}

/// Replaces the dosage of a medicine: the whole of it.
///
/// # Errors
/// `invalid`; `disputed` while the medicine is; `not-found`; the store's.
pub(crate) fn change_dosage<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<ChangeDosage>,
    command: &ChangeDosage,
) -> Result<Recorded, ApiError> {
    let mut findings = Vec::new();
    let dosage = command.draft.dosage(&mut findings);
    if dosage.is_none() && findings.is_empty() {
        findings.push(Finding::error("dose", "required", "Please give the new dosage."));
    }
    if !findings.is_empty() {
        return Err(ApiError::invalid(findings));
    }
    session.edit_chart(permit, command.patient, |chart| {
        let mut medication = find(chart, command.medication)?;
        medication.order.dosage = dosage.into_iter().collect();
        Ok(vec![ChartEdit::RecordMedication(medication)])
    })
}

/// Stops a medicine.
///
/// # Errors
/// `disputed` while the medicine is; `not-found`; the store's.
pub(crate) fn stop_medication<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<StopMedication>,
    command: &StopMedication,
) -> Result<Recorded, ApiError> {
    session.edit_chart(permit, command.patient, |chart| {
        let mut medication = find(chart, command.medication)?;
        medication.order.status = MedicationStatus::Stopped;
        Ok(vec![ChartEdit::RecordMedication(medication)])
    })
}

fn complete<H: Host>(
    session: &Session<'_, H>,
    draft: &MedicationDraft,
) -> Result<MedicationRequest, ApiError> {
    let id = MedicationId::from_uuid(session.make_uuid());
    let clock = || ApiError::new(ErrorCode::Internal, "This computer's clock is out of range.");
    draft.complete(id, session.today().ok_or_else(clock)?).map_err(ApiError::invalid)
}

fn find(chart: &Chart, id: MedicationId) -> Result<MedicationRequest, ApiError> {
    let found = chart.medications.iter().find(|medication| medication.id == id);
    found.cloned().ok_or_else(|| not_found("medicine"))
}
