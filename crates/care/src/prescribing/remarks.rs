//! What is told about a sentence beside its draft.

use super::{
    dose::{Dose, Told, is_many},
    line::Line,
    medicine::Named,
    names::exact,
    number::Habit,
    read::Settled,
    reading::{Match, Meaning, Piece},
    token::Kind,
    words::THEN,
};
use clinical::{Finding, MedicationDraft, Quantity, possible};

/// Tells what is odd, and what was read one way and could be meant another.
pub(super) fn tell(line: &mut Line<'_>, draft: &MedicationDraft, settled: &Settled, named: &Named) {
    habits(line);
    unlisted(line, settled, named);
    let is_odd = settled.chosen.is_odd && matches!(settled.dose, Dose::Of(..));
    if is_odd || is_many(&settled.dose) {
        let detail = "The dose is no usual number of the tablets or capsules of this medicine.";
        line.warn("dose", "dose-odd", detail);
    }
    impossible(line, draft);
    if names_another(line) {
        let detail = "Another medicine is named here. Only one is read; please write two lines.";
        line.warn("medication", "another-medicine", detail);
    }
    let unknown = line.parts.iter().any(|part| part.meaning == Meaning::Unknown);
    if unknown {
        let detail = "Not all of it was understood: the rest stands in the instruction.";
        line.inform("instruction", "not-understood", detail);
    }
    if has_steps(line) {
        let detail =
            "Several steps are told. The first is read; the next stand in the instruction.";
        line.warn("dose", "several-steps", detail);
    }
    let unclear = line.parts.iter().any(|part| line.is_unclear(part));
    if unclear {
        let detail = "This number may be two. Please write it with digits and a point.";
        line.warn("dose", "number-unclear", detail);
    }
}

/// Whether another dose follows: `40 mg once daily for 5 days, then 20 mg`. To stop is no step.
fn has_steps(line: &Line<'_>) -> bool {
    line.tokens.windows(2).any(|two| {
        let [then, next] = two else { return false };
        THEN.contains(&then.text.as_str()) && !next.text.starts_with("stop")
    })
}

/// Whether unknown words name a medicine.
fn names_another(line: &Line<'_>) -> bool {
    let unknown = line.parts.iter().filter(|part| part.meaning == Meaning::Unknown);
    unknown.filter_map(|part| line.tokens.get(part.tokens.start..)).any(|tokens| {
        let is_word = tokens.first().is_some_and(|it| it.kind == Kind::Word && it.text.len() > 3);
        is_word && exact(tokens).is_some()
    })
}

/// How numbers were written, where another may have been meant.
fn habits(line: &mut Line<'_>) {
    for token in line.tokens {
        let Kind::Number(number, Some(habit)) = token.kind else { continue };
        let (code, detail) = match habit {
            Habit::NakedPoint => {
                ("number-naked-point", format!("Read as {number}: write a zero before the point."))
            }
            Habit::TrailingZero => (
                "number-trailing-zero",
                format!("Read as {number}: write no zero behind the point."),
            ),
            Habit::Thousands => {
                ("number-thousands", format!("Read as {number}: the comma parts thousands."))
            }
            Habit::Comma => {
                ("number-comma", format!("Read as {number}: the comma was read as a point."))
            }
        };
        line.inform("dose", code, &detail);
    }
}

fn unlisted(line: &mut Line<'_>, settled: &Settled, named: &Named) {
    let is_known = named.candidates.iter().any(|it| it.how != Match::Similar);
    if !named.tokens.is_empty() && !is_known {
        let detail = "This medicine is not in the list; its strengths and forms are not checked.";
        line.warn("medication", "medicine-unlisted", detail);
    }
    let chosen = &settled.chosen;
    if chosen.no_such_form {
        line.warn("form", "form-unlisted", "This medicine is not in the list in this form.");
    }
    if chosen.no_such_strength && settled.told != Told::Nothing {
        line.warn(
            "strength",
            "strength-unlisted",
            "This medicine is not in the list in this strength.",
        );
    }
    if chosen.no_such_dose {
        let detail = "No form of this medicine that was asked for is measured like this dose.";
        line.warn("dose", "dose-form", detail);
    }
    if chosen.no_such_route {
        line.warn(
            "route",
            "route-unlisted",
            "No form of this medicine in the list is given this way.",
        );
    }
}

/// What cannot be, by the judgement of all forms.
fn impossible(line: &mut Line<'_>, draft: &MedicationDraft) {
    let detail = "This amount is impossible; please check it.";
    let number = |text: &str| text.parse::<clinical::Decimal>().ok();
    let dose = number(&draft.dose).map(|value| Quantity {
        value,
        comparator: None,
        unit: draft.unit.clone(),
        ucum: None,
    });
    if dose.is_some_and(|dose| !possible::dose(&dose)) {
        line.findings.push(Finding::error("dose", "amount-impossible", detail));
    }
    let others = [
        ("frequency", &draft.frequency),
        ("period", &draft.period),
        ("durationDays", &draft.duration_days),
        ("quantity", &draft.quantity),
    ];
    for (path, text) in others {
        if number(text).is_some_and(|number| !possible::amount(&number)) {
            line.findings.push(Finding::error(path, "amount-impossible", detail));
        }
    }
}

/// The parts in bytes of the sentence, unknown ones beside each other as one.
pub(super) fn pieces(line: &Line<'_>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for part in &line.parts {
        let bytes = line.bytes(part);
        let (meaning, end) = (part.meaning, bytes.end);
        match pieces.last_mut() {
            Some(last) if last.meaning == Meaning::Unknown && meaning == Meaning::Unknown => {
                last.end = end;
            }
            _ => pieces.push(Piece { start: bytes.start, end, meaning }),
        }
    }
    pieces
}
