//! Which entries of a chart go onto paper, and which must be decided first.

use super::content::Medicines;
use crate::error::not_found;
use api::{ApiError, ErrorCode};
use clinical::{
    Chart, Conflict, EntryKind, EntryRef, EntryValue, Finding, MedicationId, MedicationIntent,
    MedicationOrder, MedicationRequest, MedicationStatus, PrescriptionDraft,
};

/// Two people agree on who the patient is, and it can be read.
///
/// # Errors
/// `disputed`, `newer-version`.
pub(super) fn agreed_identity(chart: &Chart) -> Result<(), ApiError> {
    let is_identity = |conflict: &&Conflict| {
        conflict.entry.kind == EntryKind::Patient && conflict.field != "code-status"
    };
    if chart.conflicts.iter().any(|conflict| is_identity(&conflict)) {
        let detail =
            "Two people disagree on who the patient is; nothing was printed. Decide first.";
        return Err(ApiError::new(ErrorCode::Disputed, detail));
    }
    if chart.unreadable.iter().any(|entry| entry.kind == EntryKind::Patient) {
        return Err(newer("Who the patient is"));
    }
    Ok(())
}

/// The medicines of a prescription.
///
/// # Errors
/// `disputed` where two people disagree on one of them; `newer-version`; `not-found`; `invalid` of
/// one that is over or that was not ordered here, and where there is none.
pub(super) fn prescribed(
    chart: &Chart,
    draft: &PrescriptionDraft,
) -> Result<Vec<MedicationOrder>, ApiError> {
    let is_of_visit = |one: &&MedicationRequest| {
        one.about.encounter.is_some() && one.about.encounter == draft.encounter
    };
    let is_ordered = |one: &&MedicationRequest| {
        is_of_visit(one) && (is_prescribed(one) || is_disputed(chart, one))
    };
    let chosen: Vec<&MedicationRequest> = if draft.medications.is_empty() {
        chart.medications.iter().filter(is_ordered).collect()
    } else {
        let find = |id: &MedicationId| chart.medications.iter().find(|one| one.id == *id);
        let found = draft.medications.iter().map(find);
        found.collect::<Option<_>>().ok_or_else(|| not_found("medicine"))?
    };
    if chosen.is_empty() {
        let detail = "There is no medicine to prescribe.";
        return Err(ApiError::invalid(vec![Finding::error("medications", "required", detail)]));
    }
    chosen.into_iter().map(|one| agreed(chart, one)).collect()
}

/// The medicines that are taken now: a list that leaves out what it cannot read is none.
///
/// # Errors
/// `newer-version`.
pub(super) fn taken(chart: &Chart) -> Result<Medicines, ApiError> {
    if chart.has_unreadable(EntryKind::Medication) {
        return Err(newer("A medicine"));
    }
    let is_taken = |one: &&MedicationRequest| one.order.holds() && !is_disputed(chart, one);
    let of_medicine = |conflict: &&Conflict| conflict.entry.kind == EntryKind::Medication;
    let disputed = chart.conflicts.iter().filter(of_medicine).flat_map(|one| &one.versions);
    let disputed = disputed.filter_map(|version| match &version.value {
        EntryValue::Medication(order) => Some(order.clone()),
        EntryValue::Allergy(_)
        | EntryValue::Identity(_)
        | EntryValue::CodeStatus(_)
        | EntryValue::Unreadable => None,
    });
    Ok(Medicines {
        agreed: chart.medications.iter().filter(is_taken).map(|one| one.order.clone()).collect(),
        disputed: disputed.collect(),
    })
}

fn agreed(chart: &Chart, one: &MedicationRequest) -> Result<MedicationOrder, ApiError> {
    if is_disputed(chart, one) {
        let detail = "Two people disagree on a medicine of this prescription; nothing was printed. \
                      Decide first.";
        return Err(ApiError::new(ErrorCode::Disputed, detail));
    }
    if chart.unreadable.contains(&entry(one)) {
        return Err(newer("A medicine of this prescription"));
    }
    if !is_prescribed(one) {
        let detail = "A medicine of this prescription is over, paused, or was only reported; \
                      nothing was printed.";
        return Err(ApiError::invalid(vec![Finding::error("medications", "not-ordered", detail)]));
    }
    Ok(one.order.clone())
}

/// Whether it was ordered here and is to be taken.
fn is_prescribed(one: &MedicationRequest) -> bool {
    one.about.intent == MedicationIntent::Order && one.order.status == MedicationStatus::Active
}

fn is_disputed(chart: &Chart, one: &MedicationRequest) -> bool {
    chart.conflicts_of(entry(one)).next().is_some()
}

fn entry(one: &MedicationRequest) -> EntryRef {
    EntryRef::new(EntryKind::Medication, one.id.uuid())
}

fn newer(what: &str) -> ApiError {
    let detail = format!(
        "{what} was written by a newer version of the program; nothing was printed. Update this \
         computer."
    );
    ApiError::new(ErrorCode::NewerVersion, detail)
}
