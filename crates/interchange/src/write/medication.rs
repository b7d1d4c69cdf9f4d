//! `MedicationRequest` and `MedicationStatement`.

use super::{
    element::{self, concept, concepts, note, reference},
    overlay::{Members, changed, items, put, put_choice},
};
use crate::{json::Json, map};
use clinical::{MedicationIntent, MedicationRequest, MedicationStatus};
use serde_json::{Value, json};

/// The resource type of a line of the medication list.
pub(super) fn resource_type(medication: &MedicationRequest) -> &'static str {
    match medication.about.intent {
        MedicationIntent::Order | MedicationIntent::Plan => "MedicationRequest",
        MedicationIntent::Statement => "MedicationStatement",
    }
}

pub(super) fn write(
    resource: &mut Members,
    was: Option<&MedicationRequest>,
    kept: Option<Json<'_>>,
    is: &MedicationRequest,
    subject: &Value,
) {
    let kind = resource.get("resourceType").and_then(Value::as_str).unwrap_or_default();
    let request = kind == "MedicationRequest";
    if changed(was, is, |medication| &medication.order.status) {
        put(resource, "status", Some(json!(status(is.order.status, request))));
    }
    if request && changed(was, is, |medication| &medication.about.intent) {
        put(resource, "intent", Some(json!(intent(is.about.intent))));
    }
    if changed(was, is, |medication| &medication.order.medication) {
        let medication = concept(&is.order.medication);
        let named = medication.unwrap_or_else(|| json!({ "text": "Medicine not named" }));
        put_choice(resource, "medication", Some(("CodeableConcept", named)));
    }
    if was.is_none() {
        put(resource, "subject", Some(subject.clone()));
    }
    if changed(was, is, |medication| &medication.about.encounter) {
        let name = if request { "encounter" } else { "context" };
        put(resource, name, is.about.encounter.map(|id| reference(id.uuid())));
    }
    if changed(was, is, |medication| &medication.about.authored_on) {
        let date = is.about.authored_on.as_ref().map(element::date);
        if request {
            put(resource, "authoredOn", date);
        } else {
            put_choice(resource, "effective", date.map(|date| ("DateTime", date)));
        }
    }
    if changed(was, is, |medication| &medication.about.reason) {
        put(resource, "reasonCode", concepts(&is.about.reason));
    }
    if changed(was, is, |medication| &medication.about.note) {
        put(resource, "note", note(is.about.note.as_deref()));
    }
    if changed(was, is, |medication| &medication.order.dosage) {
        let name = if request { "dosageInstruction" } else { "dosage" };
        let dosage = items(kept, name, &is.order.dosage, map::dosage, element::dosage);
        put(resource, name, dosage);
    }
}

fn intent(intent: MedicationIntent) -> &'static str {
    match intent {
        MedicationIntent::Order => "order",
        MedicationIntent::Plan | MedicationIntent::Statement => "plan",
    }
}

/// The status in the value set of the resource: the two sets differ.
fn status(status: MedicationStatus, request: bool) -> &'static str {
    match (status, request) {
        (MedicationStatus::Intended, true) => MedicationStatus::Active.code(),
        (MedicationStatus::NotTaken, true) => MedicationStatus::Stopped.code(),
        (MedicationStatus::Cancelled, false) => MedicationStatus::NotTaken.code(),
        (MedicationStatus::Draft, false) => MedicationStatus::Intended.code(),
        (status, _) => status.code(),
    }
}
