//! Reading what is typed of a prescription. Nothing is recorded, and no chart is looked at.

use crate::{host::Host, open::Session, permit::Permit};
use api::{ApiError, PrescriptionView, ReadInstruction, ReadPrescription};
use care::prescribing::{Choice, Match, Meaning, Missing, Reading, choose};
use clinical::Finding;
use std::ops::Range;

/// The longest sentence that is read, in characters.
const SENTENCE_MAX: usize = 500;
/// So many products are offered.
const CHOICES_MAX: usize = 12;

/// Reads a prescription from one sentence.
///
/// # Errors
/// `invalid` where it is no line.
pub(crate) fn read_prescription<H: Host>(
    _: &Session<'_, H>,
    _: &Permit<ReadPrescription>,
    command: &ReadPrescription,
) -> Result<PrescriptionView, ApiError> {
    is_line(&command.text)?;
    Ok(view(&command.text, care::prescribing::read(&command.text)))
}

/// What others may misread in an instruction.
///
/// # Errors
/// `invalid` where it is no line.
pub(crate) fn read_instruction<H: Host>(
    _: &Session<'_, H>,
    _: &Permit<ReadInstruction>,
    command: &ReadInstruction,
) -> Result<Vec<(String, String)>, ApiError> {
    is_line(&command.text)?;
    let found = clinical::error_prone(&command.text).into_iter();
    let words = |range: Range<usize>| command.text.get(range).unwrap_or_default().to_owned();
    Ok(found.map(|one| (words(one.range), one.instead)).collect())
}

fn is_line(text: &str) -> Result<(), ApiError> {
    if text.chars().count() <= SENTENCE_MAX {
        return Ok(());
    }
    let detail = format!("Please keep this under {SENTENCE_MAX} characters.");
    Err(ApiError::invalid(vec![Finding::error("sentence", "too-long", &detail)]))
}

fn view(text: &str, reading: Reading) -> PrescriptionView {
    let unread = reading.pieces.iter().filter(|piece| piece.meaning == Meaning::Unknown);
    let words = |start, end| text.get(start..end).unwrap_or_default().to_owned();
    // What was not understood is told with its words.
    let odd = reading.findings.iter().filter(|finding| finding.code != "not-understood");
    let missing = reading.missing.iter().map(|one| missing(*one));
    PrescriptionView {
        choices: choices(text, &reading),
        unread: unread.map(|piece| words(piece.start, piece.end)).collect(),
        findings: missing.chain(odd.cloned()).collect(),
        draft: reading.draft,
    }
}

/// The products to choose from, where the sentence does not say which.
fn choices(text: &str, reading: &Reading) -> Vec<(String, String)> {
    let asks = |one: &Missing| match one {
        Missing::Medicine | Missing::WhichMedicine | Missing::Form | Missing::Strength => true,
        Missing::Dose
        | Missing::DoseUnit
        | Missing::Route
        | Missing::Frequency
        | Missing::Duration => false,
    };
    // A name that is nearly one of the list may be meant as it is.
    let is_nearly = |choice: &Choice| choice.how == Match::Similar;
    if !reading.missing.iter().any(asks) && !reading.medicines.iter().all(is_nearly) {
        return Vec::new();
    }
    let one = |choice: &Choice| (product(choice), choose(text, choice));
    reading.medicines.iter().take(CHOICES_MAX).map(one).collect()
}

fn product(choice: &Choice) -> String {
    let parts = [&choice.medication, &choice.strength, &choice.form];
    let said: Vec<&str> =
        parts.into_iter().map(String::as_str).filter(|it| !it.is_empty()).collect();
    said.join(" ")
}

/// What is missing, as a remark on its field.
fn missing(one: Missing) -> Finding {
    let (path, detail) = match one {
        Missing::Medicine => ("medication", "Which medicine?"),
        Missing::WhichMedicine => ("medication", "Several medicines begin so. Which one?"),
        Missing::Form => ("form", "As what: tablets, a syrup?"),
        Missing::Strength => ("strength", "How strong?"),
        Missing::Dose => ("dose", "How much at a time?"),
        Missing::DoseUnit => ("unit", "How much of what: mg, mL, tablets?"),
        Missing::Route => ("route", "By which way?"),
        Missing::Frequency => ("frequency", "How often?"),
        Missing::Duration => ("durationDays", "For how long?"),
    };
    Finding::warning(path, &format!("missing-{}", one.code()), detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_a_sentence_that_means_one_product() {
        let check = |text: &str, first: &str| {
            let read = view(text, care::prescribing::read(text));
            assert_eq!(read.choices.first().map(|it| it.0.as_str()), Some(first), "{text}");
            for (product, sentence) in &read.choices {
                let again = view(sentence, care::prescribing::read(sentence));
                let draft = &again.draft;
                let said = [&draft.medication, &draft.strength, &draft.form];
                let said: Vec<&str> = said.into_iter().map(String::as_str).collect();
                assert_eq!(said.join(" ").trim(), product, "{sentence}");
                assert_eq!(draft.duration_days, read.draft.duration_days, "{sentence}");
            }
        };
        check("amlo od 30 days", "amlodipine 2.5 mg tablet");
        check("pred 5 od 5 days", "prednisolone 5 mg tablet");
    }

    #[test]
    fn what_is_not_understood_and_what_is_missing_is_told() {
        let read = view("xyzzy", care::prescribing::read("xyzzy"));
        assert!(!read.findings.is_empty() && read.draft.medication == "xyzzy", "{read:?}");
        let whole = "amlo 5 od 30";
        let read = view(whole, care::prescribing::read(whole));
        assert_eq!((read.choices.len(), read.unread.len()), (0, 0), "{read:?}");
        assert_eq!(read.draft.medication, "amlodipine");
        assert_eq!((read.draft.form.as_str(), read.draft.strength.as_str()), ("tablet", "5 mg"));
        assert!(is_line(&"x".repeat(SENTENCE_MAX)).is_ok());
        assert!(is_line(&"x".repeat(SENTENCE_MAX + 1)).is_err());
    }
}
