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
use clinical::{AllergyState, MedicationOrder, PartialDate, display};

/// The side of a square code, in points.
const CODE_SIDE: f32 = 62.0;
/// Room for a hand to sign in, in points: 12 mm.
const HAND: f32 = 34.0;
/// The longest line to sign on.
const LINE_MAX: f32 = 240.0;

/// What a sheet is, with its number, and of which day.
pub(super) fn opening(
    (title, serial): (&'static str, &str),
    day: &PartialDate,
    column: Column,
    language: Language,
) -> Vec<Block> {
    let title = Words::bold(language.words(title)).then(" ").then_apart(serial);
    vec![
        column.words(&title, Size::Title),
        column.words(&labelled(language.words("date"), &date(day, language)), Size::Body),
    ]
}

/// One of exactly four titles (PAB-0064, 0067..0071), and what is known, with a sign and a frame that
/// nobody overlooks.
pub(super) fn allergies(
    (state, known): &(AllergyState, Vec<String>),
    column: Column,
    language: Language,
) -> Block {
    let title = language.words(match state {
        AllergyState::Known => "allergies.known",
        AllergyState::NoneKnown => "allergies.none",
        AllergyState::NoneKnownDrugs => "allergies.none-drugs",
        AllergyState::NotRecorded => "allergies.not-recorded",
        AllergyState::Unavailable => "allergies.unavailable",
    });
    if *state != AllergyState::Known && known.is_empty() {
        return column.words(&Words::bold(title), Size::Body);
    }
    let mut words = Words::plain("\u{26a0}\u{a0}").then(title).then(" ");
    for (index, one) in known.iter().enumerate() {
        let between = if index == 0 { "" } else { language.words("and") };
        words = words.then(between).then_bold_apart(one);
    }
    column.framed(|column| column.words(&words, Size::Body))
}

/// `name — 5 mg tablet — DOSE 5 mg — oral — once daily`: name, in tall-man letters, and dose bold, the parts by the rules of
/// MEDi and ISMP (`clinical::display`). What is handed out stands elsewhere.
pub(super) fn medicine(order: &MedicationOrder, language: Language) -> Words {
    let taken = MedicationOrder { dispense: None, ..order.clone() };
    let (dose, said) = (language.dose_words(), language.order_words());
    let mut words = Words::default().then_bold_apart(&display::tall_man(order.medication.label()));
    for part in display::order_parts_in(&taken, &dose, &said) {
        // The dash stays with what it follows: a line begins with a part.
        words = words.then("\u{a0}— ");
        words = match display::announced_dose(&part) {
            Some(dose) => words.then(language.words("dose")).then("\u{a0}").then_bold_apart(dose),
            None => words.then_apart(&unbroken(&part)),
        };
    }
    words
}

/// A part of a line that no line end parts (MEDi); one that is longer than a line may be parted.
pub(super) fn unbroken(part: &str) -> String {
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
    under(title, column.lines(&Words::plain(text.trim()), Size::Body))
}

/// Lines under their title, which stays with the first of them.
pub(super) fn under(title: Block, lines: Vec<Block>) -> Vec<Block> {
    let mut lines = lines.into_iter();
    let first = lines.next().unwrap_or_default();
    let mut blocks = vec![Block::stack([Block::gap(8.0), title, first])];
    blocks.extend(lines);
    blocks
}

/// Who signs and where, and the code that tells a copy made by others.
///
/// # Errors
/// [`PrintError::Code`] when the code's text is too long.
pub(super) fn closing(
    (label, prescriber): (&'static str, &Prescriber),
    code: &str,
    column: Column,
    language: Language,
) -> Result<Block, PrintError> {
    let code = qr::code(code, CODE_SIDE)?;
    let name = labelled(language.words(label), &prescriber.name);
    let number = prescriber.registration.as_ref();
    let number = number.map(|number| labelled(language.words("registration"), number));
    Ok(column.split(column.width - CODE_SIDE - 8.0, |one, _| {
        let line = one.rule((one.width - 12.0).min(LINE_MAX));
        let lines = [name].into_iter().chain(number).map(|words| one.words(&words, Size::Body));
        let lines = [Block::gap(8.0)].into_iter().chain(lines).chain([
            Block::gap(HAND),
            line,
            one.words(&Words::plain(language.words("signature")), Size::Small),
        ]);
        (Block::stack(lines), Block::stack([Block::gap(8.0), code]))
    }))
}
