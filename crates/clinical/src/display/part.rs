//! The parts of a disputed value in English, for the command line and for files that go out.

use super::{DoseWords, OrderWords, date, dispense_parts_in, dosage_parts, product_in};
use crate::{CodeableConcept, HumanName, Identifier, Part, Reaction, ReactionSeverity};

/// What is said where a version cannot be shown.
pub const UNREADABLE: &str = "written by a newer version of the program: cannot be shown here";

const NOT_RECORDED: &str = "not recorded";

/// What a part is called.
pub const fn part_name(part: &Part<'_>) -> &'static str {
    match part {
        Part::Substance(_) => "substance",
        Part::Category(_) => "category",
        Part::Criticality(_) => "criticality",
        Part::ClinicalStatus(_) => "clinical status",
        Part::VerificationStatus(_) => "verification",
        Part::Reaction(_) => "reaction",
        Part::Onset(_) => "since",
        Part::Note(_) => "note",
        Part::Medicine(_) => "medicine",
        Part::Dosage(_) => "dosage",
        Part::Status(_) => "status",
        Part::Product { .. } => "product",
        Part::Dispense(_) => "supply",
        Part::Name(_) => "name",
        Part::Gender(_) => "sex",
        Part::Born { .. } => "born",
        Part::Identifier(_) => "numbers",
        Part::CodeStatus(_) => "code status",
        Part::Class(_) => "where",
        Part::Kind(_) => "kind of visit",
        Part::Reason(_) => "reason",
        Part::FollowUp(_) => "next visit",
        Part::Became(_) => "visit",
        Part::Began(_) => "began",
        Part::Ended(_) => "ended",
    }
}

/// What a part says.
pub fn part_words(part: &Part<'_>) -> String {
    let words = match part {
        Part::Substance(concept) | Part::Medicine(concept) => concept.label().to_owned(),
        Part::Category(category) => category.map_or("", |category| category.code()).to_owned(),
        Part::Criticality(criticality) => criticality.map_or("", |c| c.code()).to_owned(),
        Part::ClinicalStatus(status) => status.code().to_owned(),
        Part::VerificationStatus(status) => status.code().to_owned(),
        Part::Reaction(reactions) => {
            joined(reactions.iter().map(|one| reaction_words(one, |severity| severity.code())))
        }
        Part::Onset(day) | Part::FollowUp(day) => day.map(date).unwrap_or_default(),
        Part::Began(moment) | Part::Ended(moment) => {
            moment.map(ToString::to_string).unwrap_or_default()
        }
        Part::Class(class) => class.code().to_owned(),
        Part::Kind(concepts) | Part::Reason(concepts) => labels(concepts),
        Part::Became(status) => status.code().to_owned(),
        Part::Note(note) => note.unwrap_or_default().to_owned(),
        Part::Dosage(dosages) => dosage_parts(dosages).join(" — "),
        Part::Status(status) => status.code().to_owned(),
        Part::Product { form, strength } => {
            product_in(*form, strength, &DoseWords::ENGLISH).unwrap_or_default()
        }
        Part::Dispense(dispense) => {
            dispense_parts_in(*dispense, &DoseWords::ENGLISH, &OrderWords::ENGLISH).join(" — ")
        }
        Part::Name(names) => name_words(names),
        Part::Gender(gender) => gender.code().to_owned(),
        Part::Born { date: Some(day), estimated: true } => format!("about {}", date(day)),
        Part::Born { date: day, .. } => day.map(date).unwrap_or_default(),
        Part::Identifier(numbers) => number_words(numbers),
        Part::CodeStatus(None) => "withdrawn".to_owned(),
        Part::CodeStatus(Some(code_status)) => code_status.label().to_owned(),
    };
    if words.trim().is_empty() { NOT_RECORDED.to_owned() } else { words }
}

/// The signs of a reaction and how bad it was, in the words of `severity`.
pub fn reaction_words(
    reaction: &Reaction,
    severity: impl Fn(ReactionSeverity) -> &'static str,
) -> String {
    let signs = reaction.manifestation.iter().map(|sign| sign.label().to_owned());
    let words: Vec<String> =
        signs.chain(reaction.severity.map(|bad| severity(bad).to_owned())).collect();
    words.join(", ")
}

/// What some concepts are called.
pub fn labels(concepts: &[CodeableConcept]) -> String {
    joined(concepts.iter().map(|concept| concept.label().to_owned()))
}

/// All names of a person.
pub fn name_words(names: &[HumanName]) -> String {
    joined(names.iter().map(super::name_line))
}

/// All numbers of a person, each with its kind.
pub fn number_words(numbers: &[Identifier]) -> String {
    joined(numbers.iter().map(|number| match &number.label {
        Some(label) => format!("{label} {}", number.value),
        None => number.value.clone(),
    }))
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join("; ")
}
