//! `Dosage` and `Timing`.
//!
//! A dosage that is shown in part is dangerous: what the parts of [`Dosage`] cannot say is said
//! in its words.

mod code;
mod rhythm;
mod spoken;
mod timing;
mod unit;

use super::{Reader, said::Said, unclear, value};
use crate::json::Json;
use clinical::{Dosage, Quantity, Timing, possible};
use timing::timing;

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
    let words = unclear::unclear("dose", twice);
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
    let words = unclear::unclear("dose", &parts.join(", "));
    let text = text.map_or_else(|| words.clone(), |text| format!("{words}; {text}"));
    Dosage { route, as_needed, text: Some(text), ..Dosage::default() }
}

/// The sender's words, and after them what has no place of its own and is not among them: a limit
/// or a day that is not shown is a dose nobody ordered.
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
    let mut words: Vec<String> = reader.text(element, "text").into_iter().collect();
    let rest = std::mem::take(&mut said.rest);
    for more in rest.into_iter().chain(reader.text(element, "patientInstruction")) {
        if !words.iter().any(|said| says(said, &more)) {
            words.push(more);
        }
    }
    (!words.is_empty()).then(|| words.join("; "))
}

/// Whether a text has these words in it, as words: `at most 4 g` is not in `at most 4 g/kg`, nor
/// `5 mg` in `15 mg`.
fn says(text: &str, words: &str) -> bool {
    let plain = |text: &str| text.to_lowercase().replace('\u{a0}', " ");
    let (text, words) = (plain(text), plain(words));
    let ends = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || ",;()".contains(c));
    text.match_indices(&words).any(|(at, found)| {
        let (before, after) = text.split_at(at);
        let after = after.strip_prefix(found).unwrap_or_default();
        let after = after.strip_prefix('.').filter(|rest| rest.trim().is_empty()).unwrap_or(after);
        ends(before.chars().next_back()) && ends(after.chars().next())
    })
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
            if let Some(other) = unit::other(element) {
                let detail = "Its unit and the code of its unit say different things. It is taken \
                              in as words that say so; the original is kept.";
                reader.warn(element, "unit-contradicts", detail);
                said.odd.push(format!("{} or {} {other}", dose.label(), dose.value));
                continue;
            }
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
