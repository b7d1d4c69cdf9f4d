//! Values of observations, those of vital signs held against a living body.

use super::{Reader, concept, unclear::unclear, value};
use crate::json::Json;
use clinical::{CodeableConcept, Decimal, ObservationComponent, ObservationValue, possible};

/// The value of an observation or of a part of one. A vital sign that cannot be is taken in as
/// words.
pub(super) fn value(
    reader: &mut Reader<'_>,
    of: Json<'_>,
    code: &CodeableConcept,
) -> Option<ObservationValue> {
    let value = value::value(reader, of)?;
    let (Some(sign), ObservationValue::Quantity(quantity)) = (possible::sign_of(code), &value)
    else {
        return Some(value);
    };
    if possible::sign(sign, quantity) {
        return Some(value);
    }
    reader.impossible(of.get("valueQuantity").unwrap_or(of));
    Some(ObservationValue::Text(unclear("value", &quantity.label())))
}

/// The parts of an observation. Two pressures that cannot be those of one heartbeat are both taken
/// in as words.
pub(super) fn components(reader: &mut Reader<'_>) -> Vec<ObservationComponent> {
    let elements = reader.resource.get("component").into_iter().flat_map(Json::items);
    let mut components: Vec<ObservationComponent> = elements
        .map(|element| {
            let code = element.get("code").map(|code| concept(reader, code)).unwrap_or_default();
            let value = value(reader, element, &code);
            ObservationComponent { code, value }
        })
        .collect();
    let systolic = number_of(&components, "systolic");
    let diastolic = number_of(&components, "diastolic");
    if systolic.zip(diastolic).is_some_and(|(above, below)| !possible::pressure(above, below)) {
        let element = reader.resource.get("component").unwrap_or(reader.resource);
        reader.impossible(element);
        components.iter_mut().filter(|one| is_pressure(one)).for_each(as_words);
    }
    components
}

fn number_of<'a>(components: &'a [ObservationComponent], field: &str) -> Option<&'a Decimal> {
    let part = components
        .iter()
        .find(|one| possible::sign_of(&one.code).is_some_and(|sign| sign.field == field));
    match part?.value.as_ref()? {
        ObservationValue::Quantity(quantity) if quantity.comparator.is_none() => {
            Some(&quantity.value)
        }
        ObservationValue::Quantity(_)
        | ObservationValue::Concept(_)
        | ObservationValue::Text(_)
        | ObservationValue::Boolean(_)
        | ObservationValue::Date(_) => None,
    }
}

fn is_pressure(component: &ObservationComponent) -> bool {
    possible::sign_of(&component.code).is_some_and(|sign| sign.ucum == "mm[Hg]")
}

fn as_words(component: &mut ObservationComponent) {
    if let Some(ObservationValue::Quantity(quantity)) = &component.value {
        let words = unclear("value", &quantity.label());
        component.value = Some(ObservationValue::Text(words));
    }
}
