//! The medicine of a line, and what is handed out of it.
//!
//! A name alone is a concept. A medicine of which the form or the strength is known is a `Medication`
//! that the line contains: FHIR R4 has no other place for them.

use super::{
    element::{self, concept, object},
    overlay::{Members, list, put, put_choice},
};
use clinical::{CodeableConcept, Decimal, DispenseRequest, MedicationOrder, Quantity};
use serde_json::{Value, json};

/// The id of the contained medicine.
const CONTAINED: &str = "medication";

/// Writes the medicine, in the place of whatever stood there.
pub(super) fn write(resource: &mut Members, order: &MedicationOrder) {
    let referred = resource.get("medicationReference").and_then(|it| it.get("reference")).cloned();
    let referred = referred.as_ref().and_then(Value::as_str).and_then(|it| it.strip_prefix('#'));
    let mut others: Vec<Value> = match resource.get("contained") {
        Some(Value::Array(all)) => all.clone(),
        _ => Vec::new(),
    };
    let id = |one: &Value| one.get("id").and_then(Value::as_str).map(str::to_owned);
    others.retain(|one| id(one).is_none_or(|id| id != CONTAINED && Some(id.as_str()) != referred));
    let named = concept(&order.medication);
    let named = named.unwrap_or_else(|| json!({ "text": "Medicine not named" }));
    let choice = if order.form.is_none() && order.strength.is_empty() {
        ("CodeableConcept", named)
    } else {
        others.push(medication(order, &named));
        ("Reference", json!({ "reference": format!("#{CONTAINED}") }))
    };
    put(resource, "contained", list(others));
    put_choice(resource, "medication", Some(choice));
}

fn medication(order: &MedicationOrder, named: &Value) -> Value {
    let label = order.form.as_ref().map(CodeableConcept::label);
    let many = order.strength.len();
    let ingredient = |(at, strength): (usize, &Quantity)| {
        // Which substance has which strength is told by their order alone.
        let name = format!("{} ({} of {many})", order.medication.label(), at + 1);
        let item = if many == 1 { named.clone() } else { json!({ "text": name }) };
        json!({ "itemCodeableConcept": item, "strength": ratio(strength, label) })
    };
    object([
        ("resourceType", Some(json!("Medication"))),
        ("id", Some(json!(CONTAINED))),
        ("code", Some(named.clone())),
        ("form", order.form.as_ref().and_then(concept)),
        ("ingredient", list(order.strength.iter().enumerate().map(ingredient).collect())),
    ])
}

/// A strength as FHIR has it, always of something: of so much of a liquid, else of one of the form.
fn ratio(strength: &Quantity, form: Option<&str>) -> Value {
    let split = |text: &str| text.split_once('/').map(|(one, of)| (one.to_owned(), of.to_owned()));
    let Some((unit, of)) = split(&strength.unit) else {
        let one = quantity(Decimal::from(1), form.unwrap_or_default(), None);
        return json!({ "numerator": element::quantity(strength), "denominator": one });
    };
    let ends = of.find(|sign: char| !sign.is_ascii_digit() && sign != '.').unwrap_or(0);
    let (number, of) = of.split_at(ends);
    let codes = strength.ucum.as_deref().and_then(split);
    let (code, code_of) = codes.map_or((None, None), |(one, of)| (Some(one), Some(of)));
    let numerator = Quantity { unit, ucum: code, ..strength.clone() };
    let number = number.parse().unwrap_or_else(|_| Decimal::from(1));
    json!({
        "numerator": element::quantity(&numerator),
        "denominator": quantity(number, of.trim(), code_of),
    })
}

fn quantity(value: Decimal, unit: &str, ucum: Option<String>) -> Value {
    element::quantity(&Quantity { value, comparator: None, unit: unit.to_owned(), ucum })
}

/// What is handed out, in what stood there of it. For how long a supply lasts was told of another.
pub(super) fn dispense(kept: Option<Value>, is: Option<&DispenseRequest>) -> Option<Value> {
    let mut members = match kept {
        Some(Value::Object(members)) => members,
        _ => Members::new(),
    };
    members.shift_remove("expectedSupplyDuration");
    let quantity = is.and_then(|is| is.quantity.as_ref()).map(element::quantity);
    put(&mut members, "quantity", quantity);
    let repeats = is.and_then(|is| is.repeats).map(|times| json!(times));
    put(&mut members, "numberOfRepeatsAllowed", repeats);
    (!members.is_empty()).then_some(Value::Object(members))
}
