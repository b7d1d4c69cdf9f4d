//! `Condition`.

use super::{
    element::{self, code, concept, note, reference},
    overlay::{Members, changed, put, put_choice},
};
use clinical::{Condition, ConditionClinicalStatus, VerificationStatus};
use serde_json::{Value, json};

const CLINICAL: &str = "http://terminology.hl7.org/CodeSystem/condition-clinical";
const VERIFICATION: &str = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/condition-category";

pub(super) fn write(
    resource: &mut Members,
    was: Option<&Condition>,
    is: &Condition,
    subject: &Value,
) {
    let status = |condition: &Condition| (condition.clinical_status, condition.verification_status);
    if was.is_none_or(|was| status(was) != status(is)) {
        // FHIR R4 con-5: what was recorded by mistake has no clinical status.
        let mistaken = is.verification_status == VerificationStatus::EnteredInError;
        let clinical = is.clinical_status.filter(|_| !mistaken);
        let clinical = clinical.map(|status| code(CLINICAL, status.code()));
        put(resource, "clinicalStatus", clinical);
    }
    if changed(was, is, |condition| &condition.verification_status) {
        let verification = code(VERIFICATION, is.verification_status.code());
        put(resource, "verificationStatus", Some(verification));
    }
    if was.is_none() {
        put(resource, "category", Some(json!([code(CATEGORY, category(is))])));
    }
    if changed(was, is, |condition| &condition.code) {
        put(resource, "code", concept(&is.code));
    }
    if was.is_none() {
        put(resource, "subject", Some(subject.clone()));
    }
    if changed(was, is, |condition| &condition.encounter) {
        put(resource, "encounter", is.encounter.map(|id| reference(id.uuid())));
    }
    if changed(was, is, |condition| &condition.onset) {
        let onset = is.onset.as_ref().map(|onset| ("DateTime", element::date(onset)));
        put_choice(resource, "onset", onset);
    }
    if changed(was, is, |condition| &condition.abatement) {
        let abatement = is.abatement.as_ref().map(|end| ("DateTime", element::date(end)));
        put_choice(resource, "abatement", abatement);
    }
    if changed(was, is, |condition| &condition.note) {
        put(resource, "note", note(is.note.as_deref()));
    }
}

/// FHIR R4 con-3: an item of the problem list has a clinical status.
fn category(condition: &Condition) -> &'static str {
    match condition.clinical_status {
        Some(
            ConditionClinicalStatus::Active
            | ConditionClinicalStatus::Recurrence
            | ConditionClinicalStatus::Relapse
            | ConditionClinicalStatus::Inactive
            | ConditionClinicalStatus::Remission
            | ConditionClinicalStatus::Resolved,
        ) => "problem-list-item",
        None => "encounter-diagnosis",
    }
}
