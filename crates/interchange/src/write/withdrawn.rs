//! What was recorded by mistake goes out marked as that.

use super::{
    element::code,
    overlay::{Members, put, remove_choice},
};
use serde_json::{Value, json};

const ALLERGY: &str = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification";
const CONDITION: &str = "http://terminology.hl7.org/CodeSystem/condition-ver-status";

/// Types whose `status` has the code `entered-in-error`.
const BY_STATUS: [&str; 20] = [
    "CarePlan",
    "ClinicalImpression",
    "Communication",
    "Composition",
    "Consent",
    "DiagnosticReport",
    "DocumentReference",
    "Encounter",
    "Flag",
    "ImagingStudy",
    "Immunization",
    "List",
    "Media",
    "MedicationDispense",
    "MedicationRequest",
    "MedicationStatement",
    "Observation",
    "Procedure",
    "ServiceRequest",
    "Task",
];

/// Says why a medicine is stopped or was a mistake, where that is what goes out of it.
pub(super) fn explain(resource: &mut Members, reason: &str) {
    let member = |name: &str| resource.get(name).and_then(Value::as_str).unwrap_or_default();
    if !matches!(member("status"), "stopped" | "entered-in-error") {
        return;
    }
    match member("resourceType") {
        "MedicationRequest" => put(resource, "statusReason", Some(json!({ "text": reason }))),
        "MedicationStatement" => put(resource, "statusReason", Some(json!([{ "text": reason }]))),
        _ => {}
    }
}

/// Marks a resource.
pub(super) fn mark(resource: &mut Members) {
    let kind = resource.get("resourceType").and_then(Value::as_str).unwrap_or_default().to_owned();
    let system = match kind.as_str() {
        "AllergyIntolerance" => ALLERGY,
        "Condition" => CONDITION,
        kind if BY_STATUS.contains(&kind) => {
            put(resource, "status", Some(json!("entered-in-error")));
            return;
        }
        _ => return,
    };
    put(resource, "verificationStatus", Some(code(system, "entered-in-error")));
    // FHIR R4 ait-2, con-4, con-5: with that, no clinical status and no end.
    put(resource, "clinicalStatus", None);
    remove_choice(resource, "abatement");
}
