//! `MedicationRequest` and `MedicationStatement`.

use super::{
    element::{self, concepts, note, reference},
    overlay::{Members, changed, items, put, put_choice},
    product,
};
use crate::{json::Json, map};
use clinical::{Dosage, MedicationIntent, MedicationOrder, MedicationRequest, MedicationStatus};
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
    let was = was.map(|was| taken_in_before(was, is));
    let was = was.as_ref();
    if changed(was, is, |medication| &medication.order.status) {
        put(resource, "status", Some(json!(status(is.order.status, request))));
    }
    if request && changed(was, is, |medication| &medication.about.intent) {
        put(resource, "intent", Some(json!(intent(is.about.intent))));
    }
    let product = |it: &MedicationRequest| {
        let MedicationOrder { medication, form, strength, .. } = &it.order;
        (medication.clone(), form.clone(), strength.clone())
    };
    if was.map(product) != Some(product(is)) {
        product::write(resource, &is.order);
    }
    if request && changed(was, is, |medication| &medication.order.dispense) {
        let kept = resource.get("dispenseRequest").cloned();
        put(resource, "dispenseRequest", product::dispense(kept, is.order.dispense.as_ref()));
    }
    if request && changed(was, is, |medication| &medication.about.prior) {
        put(resource, "priorPrescription", is.about.prior.map(|id| reference(id.uuid())));
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

/// What was read of an original when product and supply were not read yet, where nothing of them was
/// recorded since: who does not know of them has not taken them away. With another dose they are
/// not those of the line any more.
fn taken_in_before(was: &MedicationRequest, is: &MedicationRequest) -> MedicationRequest {
    let MedicationOrder { form, strength, dispense, .. } = &is.order;
    let mut was = was.clone();
    let again = was.order.dispense.as_ref().and_then(|supply| supply.repeats);
    let lengths = was.order.dosage.iter_mut().zip(&is.order.dosage);
    lengths.for_each(|(was, is)| length_in_words(was, is, again.unwrap_or(0)));
    let nothing = form.is_none() && strength.is_empty() && dispense.is_none();
    if nothing && was.order.dosage == is.order.dosage {
        was.order =
            MedicationOrder { form: None, strength: Vec::new(), dispense: None, ..was.order };
    }
    if is.about.prior.is_none() {
        was.about.prior = None;
    }
    was
}

/// How long one supply lasts and how often there is one were words of the dosage, before the number
/// of repeats was read.
fn length_in_words(was: &mut Dosage, is: &Dosage, repeats: u32) {
    let words = is.text.as_deref().unwrap_or_default();
    let same = Dosage { duration: None, text: is.text.clone(), ..was.clone() };
    if same == *is && words.ends_with(&format!("repeats allowed: {repeats}")) {
        *was = same;
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
