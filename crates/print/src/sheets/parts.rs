//! What several sheets have: a title, the allergy list, a part of a note, the place to sign.

use super::{
    heading::{Prescriber, date, labelled},
    person::Person,
};
use crate::{
    error::PrintError,
    language::Language,
    layout::{Block, Column, Size},
    qr,
    text::Words,
};
use clinical::{AllergyState, PartialDate};

/// The side of a square code, in points.
const CODE_SIDE: f32 = 62.0;

/// Room for a hand to sign in, in points: 12 mm.
const HAND: f32 = 34.0;

/// Room for a hand to write a number in, in points: 7 mm.
const WRITTEN: f32 = 20.0;

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
    let title = language.words(state_key(*state));
    if *state != AllergyState::Known && known.is_empty() {
        return column.words(&Words::bold(title), Size::Body);
    }
    let mut words = Words::plain("\u{26a0}\u{a0}").then(title).then(" ");
    for (index, one) in known.iter().enumerate() {
        let between = if index == 0 { "" } else { language.words("and") };
        words = words.then(between).then_bold_apart(&unbroken(one));
    }
    column.framed(|column| column.words(&words, Size::Body))
}

/// The allergies in a line, for the head of a page: the first of them, and how many more stand on the
/// first page.
pub(super) fn allergies_short(
    (state, known): &(AllergyState, Vec<String>),
    language: Language,
) -> Words {
    /// No more are named.
    const NAMED_MAX: usize = 4;
    /// No name is longer, in characters.
    const NAME_MAX: usize = 60;
    if *state != AllergyState::Known && known.is_empty() {
        return Words::bold(language.words(state_key(*state)));
    }
    let mut words =
        Words::plain("\u{26a0}\u{a0}").then(language.words("allergies.short")).then(" ");
    for (index, one) in known.iter().take(NAMED_MAX).enumerate() {
        let between = if index == 0 { "" } else { language.words("and") };
        let is_long = one.chars().count() > NAME_MAX;
        let named: String = one.chars().take(NAME_MAX).collect();
        let named = unbroken(&named);
        words = words.then(between).then_bold_apart(&named).then(if is_long { "…" } else { "" });
    }
    let more = known.len().saturating_sub(NAMED_MAX).to_string();
    match more.as_str() {
        "0" => words,
        more => {
            let more = language.filled("allergies.more", &[("n", more)]);
            words.then(" ").then_bold_apart(&more)
        }
    }
}

/// What an allergy list in a state is called.
const fn state_key(state: AllergyState) -> &'static str {
    match state {
        AllergyState::Known => "allergies.known",
        AllergyState::NoneKnown => "allergies.none",
        AllergyState::NoneKnownDrugs => "allergies.none-drugs",
        AllergyState::NotRecorded => "allergies.not-recorded",
        AllergyState::Unavailable => "allergies.unavailable",
    }
}

/// Who looks after a child.
pub(super) fn guardian(person: &Person, column: Column, language: Language) -> Option<Block> {
    let guardian = person.guardian.as_deref()?;
    Some(column.words(&labelled(language.words("guardian"), &bound(guardian)), Size::Body))
}

/// No part of a line that is longer, in characters, is kept on one.
pub(super) const SHORT: usize = 28;

/// A part of a line that no line end parts (MEDi); one that is longer than a line may be parted.
pub(super) fn unbroken(part: &str) -> String {
    if part.chars().count() > SHORT { bound(part) } else { part.replace(' ', "\u{a0}") }
}

/// A text in which no line end parts a number from the word behind it, or from the number it goes on
/// in: `40 / mg` is read as 40, and `10 / 000` as 10.
pub(super) fn bound(text: &str) -> String {
    let mut bound = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    // Whether all since the last blank is a number.
    let (mut is_number, mut is_begun) = (true, false);
    while let Some(character) = rest.next() {
        let next = rest.peek().copied();
        let is_unit = next.is_some_and(|next| next.is_alphabetic() || matches!(next, '%' | '['));
        let goes_on = bound.ends_with(char::is_numeric) && next.is_some_and(char::is_numeric);
        if character == ' ' && is_begun && is_number && (is_unit || goes_on) {
            bound.push('\u{a0}');
        } else {
            bound.push(character);
        }
        if character.is_whitespace() {
            (is_number, is_begun) = (true, false);
        } else {
            is_number &= !character.is_alphabetic();
            is_begun |= character.is_numeric();
        }
    }
    bound
}

/// A part of a sheet under its title; nothing where nothing is said. The title stays with the first
/// line.
pub(super) fn section(title: &str, text: &str, column: Column) -> Vec<Block> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    let title = column.words(&Words::bold(title), Size::Body);
    under(title, column.lines(&Words::plain(&bound(text.trim())), Size::Body))
}

/// Lines under their title, which stays with the first of them.
pub(super) fn under(title: Block, lines: Vec<Block>) -> Vec<Block> {
    let mut lines = lines.into_iter();
    let first = lines.next().unwrap_or_default();
    let mut blocks = vec![Block::stack([Block::gap(8.0), title, first])];
    blocks.extend(lines);
    blocks
}

/// Who signs and where, and the code that tells a copy made by others. Where no number is known that
/// they are registered with, there is a line to write it on.
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
    Ok(column.split(column.width - CODE_SIDE - 8.0, |one, _| {
        let line = one.rule((one.width - 12.0).min(LINE_MAX));
        let number = match prescriber.registration.as_deref() {
            Some(number) => {
                let number = unbroken(number);
                one.words(&labelled(language.words("registration"), &number), Size::Body)
            }
            None => Block::stack([
                Block::gap(WRITTEN),
                line.clone(),
                one.words(&Words::plain(language.words("registration.by-hand")), Size::Small),
            ]),
        };
        let lines = [Block::gap(8.0), one.words(&name, Size::Body), number].into_iter().chain([
            Block::gap(HAND),
            line,
            one.words(&Words::plain(language.words("signature")), Size::Small),
        ]);
        (Block::stack(lines), Block::stack([Block::gap(8.0), code]))
    }))
}
