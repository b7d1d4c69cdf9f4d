//! `Observation`.

use super::{
    element::{self, code, concept, concepts, note, object, quantity, reference},
    overlay::{
        Members, add_extension, changed, has_extension, list, put, put_choice, remove_extension,
    },
};
use crate::{
    FIELDCHART_FHIR,
    map::{CORRECTED, REPLACES},
};
use clinical::{
    Observation, ObservationComponent, ObservationId, ObservationStatus, ObservationValue,
};
use serde_json::{Value, json};

const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/observation-category";
const CATEGORIES: [&str; 9] = [
    "activity",
    "exam",
    "imaging",
    "laboratory",
    "procedure",
    "social-history",
    "survey",
    "therapy",
    "vital-signs",
];

pub(super) fn write(
    resource: &mut Members,
    was: Option<&Observation>,
    is: &Observation,
    subject: &Value,
) {
    if changed(was, is, |observation| &observation.replaces)
        && let Some(replaced) = is.replaces
    {
        let replaced = reference(replaced.uuid());
        add_extension(resource, json!({ "url": REPLACES, "valueReference": replaced }));
    }
    if changed(was, is, |observation| &observation.status) {
        put(resource, "status", Some(json!(is.status.code())));
    }
    if changed(was, is, |observation| &observation.category) {
        put(resource, "category", list(is.category.iter().map(|one| category(one)).collect()));
    }
    if changed(was, is, |observation| &observation.code) {
        put(resource, "code", Some(required(concept(&is.code))));
    }
    if was.is_none() {
        put(resource, "subject", Some(subject.clone()));
    }
    if changed(was, is, |observation| &observation.encounter) {
        put(resource, "encounter", is.encounter.map(|id| reference(id.uuid())));
    }
    if changed(was, is, |observation| &observation.effective) {
        let effective = is.effective.as_ref().map(|when| ("DateTime", element::date(when)));
        put_choice(resource, "effective", effective);
    }
    if changed(was, is, |observation| &observation.value) {
        put_choice(resource, "value", is.value.as_ref().map(value));
    }
    about(resource, was, is);
}

/// Marks one that another replaces as a mistake, with the status it had: a reader that does not
/// follow `observation-replaces` must not take both for values.
pub(super) fn strike_out(resource: &mut Members, by: ObservationId) {
    const STRUCK_OUT: &str = "entered-in-error";
    let status = resource.get("status").and_then(Value::as_str).unwrap_or_default().to_owned();
    if status == STRUCK_OUT {
        return;
    }
    if !is_struck_out(resource) {
        let parts = json!([
            { "url": "by", "valueReference": reference(by.uuid()) },
            { "url": "status", "valueCode": status },
        ]);
        add_extension(resource, json!({ "url": corrected(), "extension": parts }));
    }
    put(resource, "status", Some(json!(STRUCK_OUT)));
}

/// Takes that back, and gives it the status it has.
pub(super) fn restore(resource: &mut Members, status: ObservationStatus) {
    remove_extension(resource, &corrected());
    put(resource, "status", Some(json!(status.code())));
}

/// Whether it is marked so.
pub(super) fn is_struck_out(resource: &Members) -> bool {
    has_extension(resource, &corrected())
}

fn corrected() -> String {
    format!("{FIELDCHART_FHIR}/{CORRECTED}")
}

/// Whether it says itself what it replaces.
pub(super) fn names_replaced(resource: &Members) -> bool {
    has_extension(resource, REPLACES)
}

fn about(resource: &mut Members, was: Option<&Observation>, is: &Observation) {
    if changed(was, is, |observation| &observation.interpretation) {
        put(resource, "interpretation", concepts(&is.interpretation));
    }
    if changed(was, is, |observation| &observation.note) {
        put(resource, "note", note(is.note.as_deref()));
    }
    if changed(was, is, |observation| &observation.reference_range) {
        let range = is.reference_range.as_deref().and_then(element::text);
        put(resource, "referenceRange", range.map(|range| json!([{ "text": range }])));
    }
    if changed(was, is, |observation| &observation.component) {
        put(resource, "component", list(is.component.iter().map(component).collect()));
    }
}

fn category(category: &str) -> Value {
    if CATEGORIES.contains(&category) {
        code(CATEGORY, category)
    } else {
        json!({ "text": category })
    }
}

fn value(value: &ObservationValue) -> (&'static str, Value) {
    match value {
        ObservationValue::Quantity(one) => ("Quantity", quantity(one)),
        ObservationValue::Concept(one) => ("CodeableConcept", required(concept(one))),
        ObservationValue::Text(text) => ("String", json!(text)),
        ObservationValue::Boolean(yes) => ("Boolean", json!(yes)),
        ObservationValue::Date(date) => ("DateTime", element::date(date)),
    }
}

fn component(component: &ObservationComponent) -> Value {
    let mut members = object([("code", Some(required(concept(&component.code))))]);
    if let (Some(members), Some(part)) = (members.as_object_mut(), &component.value) {
        put_choice(members, "value", Some(value(part)));
    }
    members
}

fn required(concept: Option<Value>) -> Value {
    concept.unwrap_or_else(|| json!({ "text": "Not stated" }))
}
