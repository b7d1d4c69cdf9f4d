//! FHIR datatypes of clinical values.

use super::overlay::Members;
use clinical::{
    Address, CodeableConcept, Coding, ContactPoint, ContactSystem, Decimal, Dosage, HumanName,
    Identifier, PartialDate, PatientContact, Quantity, UCUM,
};
use serde_json::{Number, Value, json};
use uuid::Uuid;

/// An object of those members that are there.
pub(super) fn object<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let present = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(present.collect::<Members>())
}

/// A text, or nothing where it is blank.
pub(super) fn text(text: &str) -> Option<Value> {
    (!text.trim().is_empty()).then(|| json!(text))
}

/// The number with its digits as written.
pub(super) fn decimal(decimal: &Decimal) -> Value {
    Value::Number(Number::from_string_unchecked(decimal.as_str().to_owned()))
}

/// A date as written.
pub(super) fn date(date: &PartialDate) -> Value {
    json!(date.as_str())
}

/// A reference to an entry. It is rewritten to the form of the file when the file is made.
pub(super) fn reference(id: Uuid) -> Value {
    json!({ "reference": format!("urn:uuid:{id}") })
}

/// A `CodeableConcept`; nothing where it says nothing.
pub(super) fn concept(concept: &CodeableConcept) -> Option<Value> {
    if concept.is_empty() {
        return None;
    }
    let codings: Vec<Value> = concept.coding.iter().map(coding).collect();
    Some(object([
        ("coding", (!codings.is_empty()).then_some(Value::Array(codings))),
        ("text", concept.text.as_deref().and_then(text)),
    ]))
}

fn coding(coding: &Coding) -> Value {
    object([
        ("system", text(&coding.system)),
        ("code", text(&coding.code)),
        ("display", coding.display.as_deref().and_then(text)),
    ])
}

/// A list of concepts.
pub(super) fn concepts(concepts: &[CodeableConcept]) -> Option<Value> {
    super::overlay::list(concepts.iter().filter_map(concept).collect())
}

/// A concept of one code.
pub(super) fn code(system: &str, code: &str) -> Value {
    json!({ "coding": [{ "system": system, "code": code }] })
}

/// A `Quantity`.
pub(super) fn quantity(quantity: &Quantity) -> Value {
    object([
        ("value", Some(decimal(&quantity.value))),
        ("comparator", quantity.comparator.as_deref().and_then(text)),
        ("unit", text(&quantity.unit)),
        ("system", quantity.ucum.as_ref().map(|_| json!(UCUM))),
        ("code", quantity.ucum.as_deref().and_then(text)),
    ])
}

/// A note as a list of one `Annotation`.
pub(super) fn note(note: Option<&str>) -> Option<Value> {
    note.and_then(text).map(|text| json!([{ "text": text }]))
}

/// A `HumanName`.
pub(super) fn human_name(name: &HumanName) -> Value {
    let texts = |parts: &[String]| (!parts.is_empty()).then(|| json!(parts));
    object([
        ("text", name.text.as_deref().and_then(text)),
        ("family", text(&name.family)),
        ("given", texts(&name.given)),
        ("prefix", texts(&name.prefix)),
    ])
}

/// An `Identifier`.
pub(super) fn identifier(identifier: &Identifier) -> Value {
    let label = identifier.label.as_deref().and_then(text);
    object([
        ("type", label.map(|label| json!({ "text": label }))),
        ("system", text(&identifier.system)),
        ("value", text(&identifier.value)),
    ])
}

/// A `ContactPoint`.
pub(super) fn contact_point(contact: &ContactPoint) -> Value {
    let system = match contact.system {
        ContactSystem::Phone => "phone",
        ContactSystem::Email => "email",
        ContactSystem::Other => "other",
    };
    json!({ "system": system, "value": contact.value })
}

/// A `Patient.contact`.
pub(super) fn contact(contact: &PatientContact) -> Value {
    let relationship = contact.relationship.as_ref().and_then(concept);
    let telecom = contact.telecom.iter().map(contact_point).collect();
    object([
        ("relationship", relationship.map(|words| json!([words]))),
        ("name", contact.name.as_ref().map(human_name)),
        ("telecom", super::overlay::list(telecom)),
    ])
}

/// An `Address`.
pub(super) fn address(address: &Address) -> Value {
    let part = |part: &Option<String>| part.as_deref().and_then(text);
    object([
        ("line", (!address.line.is_empty()).then(|| json!(address.line))),
        ("city", part(&address.city)),
        ("state", part(&address.state)),
        ("postalCode", part(&address.postal_code)),
        ("country", part(&address.country)),
    ])
}

/// A `Dosage`, its words made of its parts where it has none of its own.
pub(super) fn dosage(dosage: &Dosage) -> Value {
    let words = dosage.text.clone().unwrap_or_else(|| dosage.label());
    let repeat = timing(dosage);
    let dose = dosage.dose.as_ref().map(|dose| json!([{ "doseQuantity": quantity(dose) }]));
    object([
        ("text", text(&words)),
        ("timing", repeat.map(|repeat| json!({ "repeat": repeat }))),
        ("asNeededBoolean", dosage.as_needed.then(|| json!(true))),
        ("route", dosage.route.as_ref().and_then(concept)),
        ("doseAndRate", dose),
    ])
}

fn timing(dosage: &Dosage) -> Option<Value> {
    let bounds = dosage.duration.as_ref().map(|duration| {
        json!({
            "value": decimal(&duration.value),
            "unit": duration.unit.word(duration.value.as_str() != "1"),
            "system": UCUM,
            "code": duration.unit.code(),
        })
    });
    let timing = dosage.timing.as_ref();
    let repeat = object([
        ("boundsDuration", bounds),
        ("frequency", timing.map(|timing| json!(timing.frequency))),
        ("period", timing.map(|timing| decimal(&timing.period))),
        ("periodUnit", timing.map(|timing| json!(timing.period_unit.code()))),
    ]);
    repeat.as_object().is_some_and(|members| !members.is_empty()).then_some(repeat)
}

/// An extension of this product with one value.
pub(super) fn extension(name: &str, kind: &str, value: Value) -> Value {
    let url = format!("{}/{name}", crate::FIELDCHART_FHIR);
    object([("url", Some(json!(url))), (kind, Some(value))])
}
