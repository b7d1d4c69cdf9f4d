//! A draft as a sentence that reads back as it.

use super::{
    read,
    reading::{Choice, Meaning, Reading},
};
use clinical::{DurationUnit, MedicationDraft};

/// The draft as one sentence in plain words: what a renewed line begins with.
pub fn sentence(draft: &MedicationDraft) -> String {
    let mut words = vec![draft.medication.clone(), draft.form.clone(), draft.strength.clone()];
    words.push(format!("{} {}", draft.dose, draft.unit));
    words.push(draft.route.clone());
    words.push(often(draft));
    words.push(if draft.as_needed { "when needed".to_owned() } else { String::new() });
    words.push(with("for", &draft.duration_days, "days"));
    let mut parts = vec![joined(&words)];
    parts.push(with("quantity", &draft.quantity, &draft.quantity_unit));
    parts.push(with("", &draft.repeats, "repeats"));
    parts.push(draft.instruction.trim().to_owned());
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

/// The sentence with a product in the place of its medicine, form and strength. A dose that was
/// read without a unit gets the one it was read with: beside a strength it would be ambiguous.
pub fn choose(text: &str, choice: &Choice) -> String {
    let Reading { draft, pieces, .. } = read(text);
    let mut chosen =
        joined(&[&choice.medication, &choice.form, &choice.strength].map(Clone::clone));
    let mut words: Vec<String> = Vec::new();
    for piece in pieces {
        let typed = text.get(piece.start..piece.end).unwrap_or_default();
        let meaning = piece.meaning;
        if meaning == Meaning::Medicine {
            words.push(std::mem::take(&mut chosen));
        } else if meaning == Meaning::Dose && typed == draft.dose {
            words.push(joined(&[draft.dose.clone(), draft.unit.clone()]));
        } else if !is_chosen(meaning, choice) {
            words.push(typed.to_owned());
        }
    }
    joined(&[chosen, joined(&words)])
}

/// Whether a part of the product is chosen anew; what is not stays as it was typed.
fn is_chosen(meaning: Meaning, choice: &Choice) -> bool {
    (meaning == Meaning::Form && !choice.form.is_empty())
        || (meaning == Meaning::Strength && !choice.strength.is_empty())
}

/// `twice daily`, `every 8 hours`, as the reader reads it.
fn often(draft: &MedicationDraft) -> String {
    let (times, unit) = (draft.frequency.trim(), draft.period_unit.unwrap_or(DurationUnit::Day));
    let period = draft.period.trim();
    let is_one = matches!(period, "" | "1");
    match (times, is_one) {
        ("", _) => String::new(),
        ("1", true) if unit == DurationUnit::Day => "once daily".to_owned(),
        ("2", true) if unit == DurationUnit::Day => "twice daily".to_owned(),
        (times, true) if unit == DurationUnit::Day => format!("{times} times daily"),
        ("1", true) => format!("every {}", unit.word(false)),
        ("1", false) => format!("every {period} {}", unit.word(true)),
        (times, true) => format!("{times} times a {}", unit.word(false)),
        (times, false) => format!("{times} times every {period} {}", unit.word(true)),
    }
}

fn with(before: &str, number: &str, after: &str) -> String {
    if number.trim().is_empty() {
        return String::new();
    }
    joined(&[before.to_owned(), number.to_owned(), after.to_owned()])
}

fn joined(words: &[String]) -> String {
    let words = words.iter().map(|word| word.trim()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}
