//! What several sheets have: a title, the allergy list, a line of a medicine, a part of a note, the
//! place to sign.

use super::heading::{Prescriber, date, labelled};
use crate::{
    error::PrintError,
    language::Language,
    layout::{Block, Column, Size},
    qr,
    text::Words,
};
use clinical::{AllergyState, MedicationOrder, PartialDate, Untold, display};

/// The side of a square code, in points.
const CODE_SIDE: f32 = 62.0;

/// What a sheet is, and of which day.
pub(super) fn opening(
    title: &'static str,
    day: &PartialDate,
    column: Column,
    language: Language,
) -> Vec<Block> {
    vec![
        column.words(&Words::bold(language.words(title)), Size::Title),
        column.words(&labelled(language.words("date"), &date(day, language)), Size::Body),
    ]
}

/// One of exactly four titles (PAB-0064, 0067..0071), and what is known.
pub(super) fn allergies(state: AllergyState, known: &[String], language: Language) -> Words {
    let title = language.words(match state {
        AllergyState::Known => "allergies.known",
        AllergyState::NoneKnown => "allergies.none",
        AllergyState::NoneKnownDrugs => "allergies.none-drugs",
        AllergyState::NotRecorded => "allergies.not-recorded",
        AllergyState::Unavailable => "allergies.unavailable",
    });
    let mut words = Words::bold(title);
    for (index, one) in known.iter().enumerate() {
        words = words.then(if index == 0 { " " } else { ", " }).then_bold_apart(one);
    }
    words
}

/// `name — DOSE 5 mg — oral — once daily`: name and dose bold, the parts by the rules of MEDi and
/// ISMP (`clinical::display`).
pub(super) fn medicine(order: &MedicationOrder, language: Language) -> Words {
    let mut parts = display::dosage_parts_in(&order.dosage, &language.dose_words());
    match order.untold() {
        Some(Untold::Dose) => parts.insert(0, language.words("no-dose").to_owned()),
        Some(Untold::HowOften) => parts.push(language.words("no-frequency").to_owned()),
        None => {}
    }
    let mut words = Words::default().then_bold_apart(order.medication.label());
    for part in parts {
        // The dash stays with what it follows: a line begins with a part.
        words = words.then("\u{a0}— ");
        words = match display::announced_dose(&part) {
            Some(dose) => words.then(language.words("dose")).then(" ").then_bold_apart(dose),
            None => words.then_apart(&unbroken(&part)),
        };
    }
    words
}

/// A part of a line that no line end parts (MEDi); one that is longer than a line may be parted.
fn unbroken(part: &str) -> String {
    const SHORT: usize = 28;
    if part.chars().count() > SHORT { part.to_owned() } else { part.replace(' ', "\u{a0}") }
}

/// A part of a sheet under its title; nothing where nothing is said. The title stays with the first
/// line.
pub(super) fn section(title: &str, text: &str, column: Column) -> Vec<Block> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    let title = column.words(&Words::bold(title), Size::Body);
    let mut lines = column.lines(&Words::plain(text.trim()), Size::Body).into_iter();
    let first = lines.next().unwrap_or_default();
    let mut blocks = vec![Block::stack([Block::gap(6.0), title, first])];
    blocks.extend(lines);
    blocks
}

/// Who signs and where, the sheet's number, and the code that tells a copy made by others.
///
/// # Errors
/// [`PrintError::Code`] when the code's text is too long.
pub(super) fn closing(
    prescriber: &Prescriber,
    (serial, code): (&str, &str),
    column: Column,
    language: Language,
) -> Result<Block, PrintError> {
    let code = qr::code(code, CODE_SIDE)?;
    Ok(column.split(column.width - CODE_SIDE - 8.0, |one, _| {
        let mut lines = vec![
            Block::gap(6.0),
            one.words(&labelled(language.words("prescriber"), &prescriber.name), Size::Body),
        ];
        if let Some(number) = &prescriber.registration {
            lines.push(one.words(&labelled(language.words("registration"), number), Size::Body));
        }
        lines.push(Block::gap(24.0));
        lines.push(one.rule(one.width / 2.0));
        lines.push(one.words(&Words::plain(language.words("signature")), Size::Small));
        lines.push(one.words(&labelled(language.words("number"), serial), Size::Small));
        (Block::stack(lines), Block::stack([Block::gap(6.0), code]))
    }))
}
