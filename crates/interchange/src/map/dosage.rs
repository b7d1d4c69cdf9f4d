//! `Dosage` and `Timing`.
//!
//! A dosage that is shown in part is dangerous: what the parts of [`Dosage`] cannot say is said
//! in its words.

use super::{Reader, value};
use crate::json::{Json, Kind};
use clinical::{Decimal, Dosage, DosageDuration, DurationUnit, Quantity, Timing};

/// Reads one dosage; `None` when it says nothing.
pub(crate) fn dosage(reader: &mut Reader<'_>, element: Json<'_>) -> Option<Dosage> {
    if !element.is_object() {
        reader.wrong(element, "a dosage was expected here");
        return None;
    }
    let mut rest = Vec::new();
    let (timing, duration) = timing(reader, element, &mut rest);
    let route = element.get("route").map(|route| super::concept(reader, route));
    let mut dosage = Dosage {
        dose: dose(reader, element, &mut rest),
        route: route.filter(|route| !route.is_empty()),
        timing,
        duration,
        as_needed: as_needed(reader, element, &mut rest),
        text: words(reader, element, rest),
    };
    // Words that only repeat the parts, as this product writes them, are no words of their own.
    let words = dosage.text.take();
    dosage.text = words.filter(|words| *words != dosage.label());
    (dosage != Dosage::default()).then_some(dosage)
}

/// The sender's words; where there are none, the parts that have no place of their own.
fn words(reader: &mut Reader<'_>, element: Json<'_>, mut rest: Vec<String>) -> Option<String> {
    for name in ["additionalInstruction", "site", "method"] {
        rest.extend(reader.concepts(element, name).iter().map(|c| c.label().to_owned()));
    }
    for (name, before) in [("maxDosePerPeriod", "at most"), ("maxDosePerAdministration", "at most")]
    {
        let limit = element.get(name).and_then(|limit| value::words(reader, limit));
        rest.extend(limit.map(|limit| format!("{before} {limit}")));
    }
    if element.get("maxDosePerLifetime").is_some() {
        rest.push("a limit for life".to_owned());
    }
    let text = reader.text(element, "text");
    let patient = reader.text(element, "patientInstruction");
    match (text, patient) {
        (Some(text), _) => Some(text),
        (None, patient) => {
            rest.extend(patient);
            (!rest.is_empty()).then(|| rest.join("; "))
        }
    }
}

fn dose(reader: &mut Reader<'_>, element: Json<'_>, rest: &mut Vec<String>) -> Option<Quantity> {
    let rates: Vec<Json<'_>> =
        element.get("doseAndRate").into_iter().flat_map(Json::items).collect();
    let mut doses = Vec::new();
    // FHIR STU3 had the dose directly on the dosage.
    for rate in rates.iter().chain(Some(&element)) {
        if let Some(dose) = rate.get("doseQuantity") {
            doses.extend(value::quantity(reader, dose));
        }
        for name in ["doseRange", "rateRatio", "rateRange", "rateQuantity"] {
            rest.extend(rate.get(name).and_then(|part| value::words(reader, part)));
        }
    }
    if let [_, _, ..] = doses.as_slice() {
        let labels: Vec<String> = doses.iter().map(Quantity::label).collect();
        rest.push(labels.join(" or "));
        return None;
    }
    doses.pop()
}

fn as_needed(reader: &mut Reader<'_>, element: Json<'_>, rest: &mut Vec<String>) -> bool {
    if let Some(reason) = element.get("asNeededCodeableConcept") {
        let label = super::concept(reader, reason).label().to_owned();
        if !label.is_empty() {
            rest.push(format!("when needed for {label}"));
        }
        return true;
    }
    reader.boolean(element, "asNeededBoolean").unwrap_or_default()
}

fn timing(
    reader: &mut Reader<'_>,
    element: Json<'_>,
    rest: &mut Vec<String>,
) -> (Option<Timing>, Option<DosageDuration>) {
    let Some(timing) = element.get("timing").filter(|timing| timing.is_object()) else {
        return (None, None);
    };
    if timing.get("event").is_some() {
        rest.push("at set times".to_owned());
    }
    let Some(repeat) = timing.get("repeat").filter(|repeat| repeat.is_object()) else {
        let code = timing.get("code").map(|code| super::concept(reader, code));
        rest.extend(code.map(|code| code.label().to_owned()).filter(|label| !label.is_empty()));
        return (None, None);
    };
    further(reader, repeat, rest);
    (frequency(reader, repeat, rest), duration(reader, repeat, rest))
}

/// What `repeat` says beyond frequency, period and length.
fn further(reader: &mut Reader<'_>, repeat: Json<'_>, rest: &mut Vec<String>) {
    let lists = [("dayOfWeek", "on"), ("timeOfDay", "at"), ("when", "when")];
    for (name, before) in lists {
        let items = repeat.get(name).into_iter().flat_map(Json::items);
        let items: Vec<String> = items.filter_map(|item| reader.own_text(item)).collect();
        if !items.is_empty() {
            rest.push(format!("{before} {}", items.join(", ")));
        }
    }
    let numbers = [
        ("count", "times in all"),
        ("countMax", "times in all at most"),
        ("frequencyMax", "times at most"),
        ("periodMax", "periods at most"),
        ("duration", "long each time"),
        ("offset", "minutes from the event"),
    ];
    for (name, after) in numbers {
        if let Some(number) = reader.decimal(repeat, name) {
            rest.push(format!("{number} {after}"));
        }
    }
}

fn frequency(reader: &mut Reader<'_>, repeat: Json<'_>, rest: &mut Vec<String>) -> Option<Timing> {
    let frequency = reader.decimal(repeat, "frequency");
    let period = reader.decimal(repeat, "period");
    let unit = reader.text(repeat, "periodUnit");
    let whole = frequency.as_ref().map_or(Some(1), |number| number.as_str().parse::<u32>().ok());
    let known = unit.as_deref().and_then(DurationUnit::from_code);
    if let (Some(frequency), Some(period), Some(period_unit)) = (whole, period.clone(), known) {
        return Some(Timing { frequency, period, period_unit });
    }
    if frequency.is_some() || period.is_some() {
        let part = |number: Option<Decimal>| number.map_or_else(String::new, |n| n.to_string());
        let unit = unit.unwrap_or_default();
        rest.push(
            format!("{} times in {} {unit}", part(frequency), part(period)).trim().to_owned(),
        );
    }
    None
}

fn duration(
    reader: &mut Reader<'_>,
    repeat: Json<'_>,
    rest: &mut Vec<String>,
) -> Option<DosageDuration> {
    for name in ["boundsRange", "boundsPeriod"] {
        let bounds = repeat.get(name).and_then(|bounds| value::words(reader, bounds));
        rest.extend(bounds.map(|words| format!("for {words}")));
    }
    let bounds = repeat.get("boundsDuration")?;
    let quantity = value::quantity(reader, bounds)?;
    let code = quantity.ucum.as_deref().unwrap_or(&quantity.unit);
    match DurationUnit::from_code(code) {
        Some(unit) if bounds.kind() == Kind::Object && quantity.comparator.is_none() => {
            Some(DosageDuration { value: quantity.value, unit })
        }
        _ => {
            rest.push(format!("for {}", quantity.label()));
            None
        }
    }
}
