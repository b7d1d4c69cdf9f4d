//! The parts of a disputed value as words.

use super::{
    as_written, became, category, class, criticality, date, gender, line_of, severity, status,
    verification,
};
use crate::i18n::{line, t, tf};
use clinical::{AllergyClinicalStatus, Part, display};

/// What something is, and what it says: `Medicine: amlodipine`.
pub(crate) fn named(name: &str, value: &str) -> String {
    tf("conflict.named", &[("name", name), ("value", value)])
}

/// What a part is called.
pub(crate) fn part_name(part: &Part<'_>) -> &'static str {
    match part {
        Part::Substance(_) => t("allergy.substance"),
        Part::Category(_) => t("allergy.category"),
        Part::Criticality(_) => t("allergy.criticality"),
        Part::ClinicalStatus(_) | Part::Status(_) => t("problem.status"),
        Part::VerificationStatus(_) => t("part.verification"),
        Part::Reaction(_) => t("allergy.reaction"),
        Part::Onset(_) => t("form.since"),
        Part::Note(_) => t("form.note"),
        Part::Medicine(_) => t("medication.name"),
        Part::Dosage(_) => t("part.dosage"),
        Part::Product { .. } => t("part.product"),
        Part::Dispense(_) => t("part.supply"),
        Part::Name(_) => t("part.name"),
        Part::Gender(_) => t("patient.sex"),
        Part::Born { .. } => t("patient.born"),
        Part::Identifier(_) => t("patient.number"),
        Part::CodeStatus(_) => t("part.code-status"),
        Part::Class(_) => t("visit.where"),
        Part::Kind(_) => t("history.member.class"),
        Part::Reason(_) => t("part.reason"),
        Part::FollowUp(_) => t("visit.again"),
        Part::Became(_) => t("part.visit"),
        Part::Began(_) => t("part.began"),
        Part::Ended(_) => t("part.ended"),
    }
}

/// What a part says.
pub(crate) fn part_words(part: &Part<'_>) -> String {
    let words = match part {
        Part::Substance(concept) | Part::Medicine(concept) => concept.label().to_owned(),
        Part::Category(kind) => kind.map(category).unwrap_or_default().to_owned(),
        Part::Criticality(danger) => danger.map(criticality).unwrap_or_default().to_owned(),
        Part::ClinicalStatus(status) => clinical_status(*status).to_owned(),
        Part::VerificationStatus(sure) => verification(*sure).to_owned(),
        Part::Reaction(reactions) => {
            let one = |reaction| display::reaction_words(reaction, severity);
            reactions.iter().map(one).collect::<Vec<_>>().join("; ")
        }
        Part::Onset(day) | Part::FollowUp(day) => day.map(date).unwrap_or_default(),
        Part::Began(moment) | Part::Ended(moment) => moment.map(as_written).unwrap_or_default(),
        Part::Class(place) => class(*place).to_owned(),
        Part::Kind(concepts) | Part::Reason(concepts) => display::labels(concepts),
        Part::Became(status) => became(*status).to_owned(),
        Part::Note(note) => note.unwrap_or_default().to_owned(),
        Part::Product { .. } | Part::Dosage(_) | Part::Dispense(_) => {
            line(&line_of(part).unwrap_or_default(), " — ")
        }
        Part::Status(taken) => status(*taken).to_owned(),
        Part::Name(names) => display::name_words(names),
        Part::Gender(sex) => gender(*sex).to_owned(),
        Part::Born { date: Some(day), estimated: true } => {
            tf("identity.estimated", &[("date", &date(day))])
        }
        Part::Born { date: day, .. } => day.map(date).unwrap_or_default(),
        Part::Identifier(numbers) => display::number_words(numbers),
        Part::CodeStatus(None) => t("conflict.withdrawn").to_owned(),
        Part::CodeStatus(Some(code_status)) => code_status.label().to_owned(),
    };
    if words.trim().is_empty() { t("choice.none").to_owned() } else { words }
}

fn clinical_status(status: AllergyClinicalStatus) -> &'static str {
    match status {
        AllergyClinicalStatus::Active => t("problem.status.active"),
        AllergyClinicalStatus::Inactive => t("problem.status.inactive"),
        AllergyClinicalStatus::Resolved => t("problem.status.resolved"),
    }
}
