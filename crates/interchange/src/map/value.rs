//! Quantities, and the words for values that have no place of their own.

use super::{Reader, concept, unclear::unclear};
use crate::json::{Json, Kind};
use clinical::{Decimal, ObservationValue, PartialDate, Quantity, UCUM, possible};

/// Reads a quantity; `None` without a number, or where a part of it stands twice: half of two
/// quantities would pass for one.
pub(super) fn quantity(reader: &mut Reader<'_>, element: Json<'_>) -> Option<Quantity> {
    if !element.is_object() {
        reader.wrong(element, "a quantity was expected here");
        return None;
    }
    if element.has_twice() {
        return None;
    }
    let value = reader.decimal(element, "value")?;
    let code = reader.text(element, "code");
    let is_ucum = element.get("system").and_then(Json::text).as_deref() == Some(UCUM);
    let unit = reader.text(element, "unit").or_else(|| code.clone()).unwrap_or_default();
    let comparator = reader.text(element, "comparator");
    Some(Quantity { value, comparator, unit, ucum: code.filter(|_| is_ucum) })
}

/// Whether the numbers of a Quantity, Range or Ratio can be amounts of a medicine. A range may
/// begin at nothing.
pub(super) fn is_amount(element: Json<'_>) -> bool {
    let number = |of: &str| number_of(element.get(of)?);
    let (low, high) = (number("low"), number("high"));
    let amounts = [number_of(element), high.clone(), number("numerator"), number("denominator")];
    let from_nothing =
        |low: &Quantity| low.value.to_f64() == 0.0 && !low.value.as_str().starts_with('-');
    amounts.iter().flatten().all(possible::dose)
        && low.as_ref().is_none_or(|low| from_nothing(low) || possible::dose(low))
        && low.zip(high).is_none_or(|(low, high)| low.value.to_f64() <= high.value.to_f64())
}

/// The number of a quantity with its unit, nothing remarked.
fn number_of(element: Json<'_>) -> Option<Quantity> {
    let value = element.get("value")?;
    let value: Decimal =
        value.text().unwrap_or(std::borrow::Cow::Borrowed(value.raw())).parse().ok()?;
    let text = |name: &str| element.get(name).and_then(Json::text).map(|text| text.into_owned());
    let unit = text("code").or_else(|| text("unit")).unwrap_or_default();
    Some(Quantity { value, comparator: None, unit, ucum: None })
}

/// Whether the days of a Period are days, where it is one.
pub(super) fn is_period(element: Json<'_>) -> bool {
    let mut days = ["start", "end"].iter().filter_map(|name| element.get(name)?.text());
    days.all(|day| day.parse::<PartialDate>().is_ok())
}

/// Reads the `value[x]` of an observation or a part of one.
pub(super) fn value(reader: &mut Reader<'_>, of: Json<'_>) -> Option<ObservationValue> {
    let is_value =
        |(name, value): &(&str, Json<'_>)| name.starts_with("value") && value.kind() != Kind::Null;
    let mut members = of.members().filter(is_value);
    let (name, element) = members.next()?;
    if members.any(|(other, _)| other != name) {
        let detail = "It has values of two kinds, and FHIR knows one. Neither is taken in; the \
                      original is kept.";
        reader.warn(of, "value-several", detail);
        return None;
    }
    if let Some(twice) = element.twice_in_words() {
        return Some(ObservationValue::Text(unclear("value", &twice)));
    }
    match name {
        "valueQuantity" => quantity(reader, element).map(ObservationValue::Quantity),
        "valueCodeableConcept" => {
            let concept = concept(reader, element);
            (!concept.is_empty()).then_some(ObservationValue::Concept(concept))
        }
        "valueBoolean" => reader.boolean(of, name).map(ObservationValue::Boolean),
        "valueInteger" => {
            let value = reader.own_decimal(element)?;
            let quantity = Quantity { value, comparator: None, unit: String::new(), ucum: None };
            Some(ObservationValue::Quantity(quantity))
        }
        "valueDateTime" => reader.date(of, name).map(ObservationValue::Date),
        "valueString" | "valueTime" => reader.text(of, name).map(ObservationValue::Text),
        "valueRange" | "valueRatio" | "valuePeriod" => {
            let words = words(reader, element)?;
            let words = if is_period(element) { words } else { unclear("value", &words) };
            Some(ObservationValue::Text(words))
        }
        "valueSampledData" => Some(ObservationValue::Text("a series of samples".to_owned())),
        _ => {
            reader.warn(
                element,
                "value-unknown",
                "A kind of value that FHIR R4 does not have here.",
            );
            None
        }
    }
}

/// A Quantity, Range, Ratio or Period in words.
pub(super) fn words(reader: &mut Reader<'_>, element: Json<'_>) -> Option<String> {
    if !element.is_object() {
        reader.wrong(element, "a quantity, range, ratio or period was expected here");
        return None;
    }
    if let Some(twice) = element.twice_in_words() {
        return Some(unclear("value", &twice));
    }
    let mut part = |name: &str| {
        let inner = element.get(name)?;
        quantity(reader, inner).map(|quantity| quantity.label())
    };
    if element.get("low").is_some() || element.get("high").is_some() {
        return match (part("low"), part("high")) {
            (Some(low), Some(high)) => Some(format!("{low} – {high}")),
            (Some(low), None) => Some(format!("≥ {low}")),
            (None, Some(high)) => Some(format!("≤ {high}")),
            (None, None) => None,
        };
    }
    if element.get("numerator").is_some() || element.get("denominator").is_some() {
        let (numerator, denominator) = (part("numerator"), part("denominator"));
        return Some(format!("{} / {}", numerator?, denominator?));
    }
    if element.get("start").is_some() || element.get("end").is_some() {
        // Its words are the sender's; a day that cannot be is told beside them.
        let _told = (reader.date(element, "start"), reader.date(element, "end"));
        let (start, end) = (reader.text(element, "start"), reader.text(element, "end"));
        return Some(format!("{} – {}", start.unwrap_or_default(), end.unwrap_or_default()));
    }
    quantity(reader, element).map(|quantity| quantity.label())
}
