//! What was recorded by mistake goes out marked as that.

use super::{
    element::{code, extension},
    overlay::{Members, add, add_extension, put, remove_choice},
};
use crate::{FIELDCHART_FHIR, map::REASON};
use serde_json::{Value, json};

const ALLERGY: &str = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification";
const CONDITION: &str = "http://terminology.hl7.org/CodeSystem/condition-ver-status";

const STATUS_REASON: &str = "statusReason";

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

/// Says why a medicine is stopped or an entry was a mistake: where FHIR has a place for that, else
/// in a note, else in an extension.
pub(super) fn explain(resource: &mut Members, reason: &str) {
    match place(resource) {
        Place::Nowhere => {}
        Place::Reason => put(resource, STATUS_REASON, Some(json!({ "text": reason }))),
        Place::Reasons => put(resource, STATUS_REASON, Some(json!([{ "text": reason }]))),
        Place::Note => {
            if let Some(Value::Array(notes)) = resource.get_mut("note") {
                notes.retain(|note| !has_reason(note));
            }
            let mark = extension(REASON, "valueBoolean", json!(true));
            add(resource, "note", json!({ "extension": [mark], "text": reason }));
        }
        Place::Extension => {
            if let Some(Value::Array(extensions)) = resource.get_mut("extension") {
                extensions.retain(|one| !is_reason(one));
            }
            add_extension(resource, extension(REASON, "valueString", json!(reason)));
        }
    }
}

/// Whether a resource says why.
pub(super) fn explains(resource: &Members) -> bool {
    let any = |name: &str, is: fn(&Value) -> bool| {
        resource.get(name).and_then(Value::as_array).is_some_and(|all| all.iter().any(is))
    };
    match place(resource) {
        Place::Nowhere => true,
        Place::Reason | Place::Reasons => resource.contains_key(STATUS_REASON),
        Place::Note => any("note", has_reason),
        Place::Extension => any("extension", is_reason),
    }
}

/// Where a resource says why it ended.
enum Place {
    /// It has not.
    Nowhere,
    /// In `statusReason`.
    Reason,
    /// In `statusReason`, a list.
    Reasons,
    /// In a `note`.
    Note,
    /// In an extension.
    Extension,
}

fn place(resource: &Members) -> Place {
    let member = |name: &str| resource.get(name).and_then(Value::as_str).unwrap_or_default();
    let has_ended = matches!(member("status"), "stopped" | "entered-in-error");
    match member("resourceType") {
        "MedicationRequest" if has_ended => Place::Reason,
        "MedicationStatement" if has_ended => Place::Reasons,
        "MedicationRequest" | "MedicationStatement" => Place::Nowhere,
        _ if !is_mistake(resource) => Place::Nowhere,
        "AllergyIntolerance" | "Condition" | "Observation" => Place::Note,
        _ => Place::Extension,
    }
}

fn is_mistake(resource: &Members) -> bool {
    let is = |code: Option<&Value>| code.and_then(Value::as_str) == Some("entered-in-error");
    let verification = resource.get("verificationStatus").and_then(|one| one.get("coding"));
    let mut codings = verification.and_then(Value::as_array).into_iter().flatten();
    is(resource.get("status")) || codings.any(|coding| is(coding.get("code")))
}

fn has_reason(note: &Value) -> bool {
    let extensions = note.get("extension").and_then(Value::as_array);
    extensions.is_some_and(|all| all.iter().any(is_reason))
}

fn is_reason(extension: &Value) -> bool {
    let url = extension.get("url").and_then(Value::as_str).unwrap_or_default();
    url.strip_prefix(FIELDCHART_FHIR).is_some_and(|name| name.strip_prefix('/') == Some(REASON))
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
