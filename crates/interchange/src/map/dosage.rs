//! `Dosage` and `Timing`.
//!
//! A dosage that is shown in part is dangerous: what the parts of [`Dosage`] cannot say is said
//! in its words.

use super::{Reader, said::Said, value};
use crate::json::{Json, Kind};
use clinical::{Decimal, Dosage, DosageDuration, DurationUnit, Quantity, Timing, possible};

/// Reads one dosage; `None` when it says nothing.
pub(crate) fn dosage(reader: &mut Reader<'_>, element: Json<'_>) -> Option<Dosage> {
    if !element.is_object() {
        reader.wrong(element, "a dosage was expected here");
        return None;
    }
    if let Some(twice) = element.twice_in_words() {
        return Some(twofold(&twice, reader.text(element, "text")));
    }
    let mut said = Said::default();
    let (timing, duration) = timing(reader, element, &mut said);
    let route = element.get("route").map(|route| super::concept(reader, route));
    let dose = dose(reader, element, &mut said);
    let as_needed = as_needed(reader, element, &mut said.rest);
    let text = words(reader, element, &mut said);
    let route = route.filter(|route| !route.is_empty());
    let dosage = Dosage { dose, route, timing, duration, as_needed, text };
    let mut dosage = if said.odd.is_empty() { dosage } else { unclear(dosage, said.odd) };
    // Words that only repeat the parts, as this product writes them, are no words of their own.
    let words = dosage.text.take();
    dosage.text = words.filter(|words| *words != dosage.label());
    (dosage != Dosage::default()).then_some(dosage)
}

/// A dosage of which a part stands twice: words alone, for nobody knows which part holds.
pub(super) fn twofold(twice: &str, text: Option<String>) -> Dosage {
    let words = value::unclear("dose", twice);
    let text = text.map_or_else(|| words.clone(), |text| format!("{words}; {text}"));
    Dosage { text: Some(text), ..Dosage::default() }
}

/// A dosage of which a part cannot be: its numbers become words that say so. Shown beside the rest,
/// "twice daily" would pass for a whole instruction, and a rule would reckon with it.
fn unclear(dosage: Dosage, odd: Vec<String>) -> Dosage {
    let Dosage { dose, route, timing, duration, as_needed, text } = dosage;
    let parts = dose.iter().map(Quantity::label).chain(odd);
    let parts = parts.chain(timing.iter().map(Timing::label));
    let parts: Vec<String> =
        parts.chain(duration.iter().map(|length| format!("for {}", length.label()))).collect();
    let words = value::unclear("dose", &parts.join(", "));
    let text = text.map_or_else(|| words.clone(), |text| format!("{words}; {text}"));
    Dosage { route, as_needed, text: Some(text), ..Dosage::default() }
}

/// The sender's words; where there are none, the parts that have no place of their own.
fn words(reader: &mut Reader<'_>, element: Json<'_>, said: &mut Said) -> Option<String> {
    for name in ["additionalInstruction", "site", "method"] {
        said.rest.extend(reader.concepts(element, name).iter().map(|c| c.label().to_owned()));
    }
    for name in ["maxDosePerPeriod", "maxDosePerAdministration"] {
        if let Some(limit) = element.get(name) {
            said.amount(reader, limit, "at most ");
        }
    }
    if element.get("maxDosePerLifetime").is_some() {
        said.rest.push("a limit for life".to_owned());
    }
    let mut rest = std::mem::take(&mut said.rest);
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

fn dose(reader: &mut Reader<'_>, element: Json<'_>, said: &mut Said) -> Option<Quantity> {
    let rates: Vec<Json<'_>> =
        element.get("doseAndRate").into_iter().flat_map(Json::items).collect();
    let mut doses = Vec::new();
    // FHIR STU3 had the dose directly on the dosage.
    for rate in rates.iter().chain(Some(&element)) {
        if let Some(element) = rate.get("doseQuantity")
            && let Some(dose) = value::quantity(reader, element)
        {
            let is_possible = possible::dose(&dose);
            doses.extend(said.part(reader, element, dose, is_possible, Quantity::label));
        }
        for name in ["doseRange", "rateRatio", "rateRange", "rateQuantity"] {
            if let Some(part) = rate.get(name) {
                said.amount(reader, part, "");
            }
        }
    }
    if let [_, _, ..] = doses.as_slice() {
        let labels: Vec<String> = doses.iter().map(Quantity::label).collect();
        said.rest.push(labels.join(" or "));
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
    said: &mut Said,
) -> (Option<Timing>, Option<DosageDuration>) {
    let Some(timing) = element.get("timing").filter(|timing| timing.is_object()) else {
        return (None, None);
    };
    if timing.get("event").is_some() {
        said.rest.push("at set times".to_owned());
    }
    let Some(repeat) = timing.get("repeat").filter(|repeat| repeat.is_object()) else {
        let code = timing.get("code").map(|code| super::concept(reader, code));
        let label = code.map(|code| code.label().to_owned());
        said.rest.extend(label.filter(|label| !label.is_empty()));
        return (None, None);
    };
    further(reader, repeat, said);
    (frequency(reader, repeat, said), duration(reader, repeat, said))
}

/// What `repeat` says beyond frequency, period and length.
fn further(reader: &mut Reader<'_>, repeat: Json<'_>, said: &mut Said) {
    let lists = [("dayOfWeek", "on"), ("timeOfDay", "at"), ("when", "when")];
    for (name, before) in lists {
        let items = repeat.get(name).into_iter().flat_map(Json::items);
        let items: Vec<String> = items.filter_map(|item| reader.own_text(item)).collect();
        if !items.is_empty() {
            said.rest.push(format!("{before} {}", items.join(", ")));
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
        let Some(number) = reader.decimal(repeat, name) else { continue };
        // At the event itself is no time from it.
        let is_possible = possible::amount(&number) || (name == "offset" && number.to_f64() == 0.0);
        let element = repeat.get(name).unwrap_or(repeat);
        let label = |number: &Decimal| format!("{number} {after}");
        let number = said.part(reader, element, number, is_possible, label);
        said.rest.extend(number.as_ref().map(label));
    }
}

fn frequency(reader: &mut Reader<'_>, repeat: Json<'_>, said: &mut Said) -> Option<Timing> {
    let frequency = reader.decimal(repeat, "frequency");
    let period = reader.decimal(repeat, "period");
    let unit = reader.text(repeat, "periodUnit");
    let whole = frequency.as_ref().map_or(Some(1), |number| number.as_str().parse::<u32>().ok());
    let known = unit.as_deref().and_then(DurationUnit::from_code);
    if let (Some(frequency), Some(period), Some(period_unit)) = (whole, period.clone(), known) {
        let is_possible = possible::amount(&frequency.into()) && possible::amount(&period);
        let timing = Timing { frequency, period, period_unit };
        return said.part(reader, repeat, timing, is_possible, Timing::label);
    }
    if frequency.is_some() || period.is_some() {
        let is_possible = frequency.iter().chain(&period).all(possible::amount);
        let part = |number: Option<Decimal>| number.map_or_else(String::new, |n| n.to_string());
        let unit = unit.unwrap_or_default();
        let words = format!("{} times in {} {unit}", part(frequency), part(period));
        let words = words.trim().to_owned();
        let words = said.part(reader, repeat, words, is_possible, Clone::clone);
        said.rest.extend(words);
    }
    None
}

fn duration(reader: &mut Reader<'_>, repeat: Json<'_>, said: &mut Said) -> Option<DosageDuration> {
    for name in ["boundsRange", "boundsPeriod"] {
        if let Some(bounds) = repeat.get(name) {
            said.amount(reader, bounds, "for ");
        }
    }
    let bounds = repeat.get("boundsDuration")?;
    let quantity = value::quantity(reader, bounds)?;
    let code = quantity.ucum.as_deref().unwrap_or(&quantity.unit);
    match DurationUnit::from_code(code) {
        Some(unit) if bounds.kind() == Kind::Object && quantity.comparator.is_none() => {
            let length = DosageDuration { value: quantity.value, unit };
            let is_possible = possible::amount(&length.value);
            let label = |length: &DosageDuration| format!("for {}", length.label());
            said.part(reader, bounds, length, is_possible, label)
        }
        _ => {
            let words = format!("for {}", quantity.label());
            let is_possible = value::is_amount(bounds);
            let words = said.part(reader, bounds, words, is_possible, Clone::clone);
            said.rest.extend(words);
            None
        }
    }
}
