//! What several sheets have: a title, the allergy list, a line of a medicine, a part of a note, the
//! place to sign.

use super::heading::{Person, Prescriber, date, labelled};
use crate::{
    dosing::{amount, changes, companion, in_strength},
    error::PrintError,
    language::Language,
    layout::{Block, Column, Size},
    nouns::order_in,
    qr,
    text::Words,
};
use clinical::{
    AllergyState, Decimal, Dosage, DurationUnit, MedicationOrder, PartialDate, Untold,
    display::{self, DoseWords},
};

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
    Some(column.words(&labelled(language.words("guardian"), guardian), Size::Body))
}

/// What a line of a medicine is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It is signed, and something is handed out by it: what is missing is filled in by hand.
    Order {
        /// Whether the patient's weight stands on the sheet.
        has_weight: bool,
    },
    /// It is told.
    Told,
}

/// What an order does not say: the dose, and how often.
pub(super) fn lacks(order: &MedicationOrder) -> (bool, bool) {
    let is_untold =
        |dosage: &Dosage| dosage.timing.is_none() && dosage.text.is_none() && !dosage.as_needed;
    let untold = order.untold();
    let is_never = order.dosage.iter().all(is_untold);
    (untold == Some(Untold::Dose), untold == Some(Untold::HowOften) || is_never)
}

/// `name — 5 mg tablet — DOSE 5 mg (1 tablet) — oral — once daily`: name, in tall-man letters, and dose
/// bold, the parts by the rules of MEDi and ISMP (`clinical::display`). What is handed out stands
/// elsewhere. Where an instruction tells another dose than the one that was ordered, that is the first.
pub(super) fn medicine(
    order: &MedicationOrder,
    instruction: Option<&str>,
    purpose: Purpose,
    language: Language,
) -> Words {
    let measured = in_strength(order);
    let taken = MedicationOrder { dispense: None, ..order_in(&measured, language) };
    let (words_of_dose, words_of_order) = (language.dose_words(), language.order_words());
    let mut dosages = measured.dosage.iter().filter(|dosage| dosage.dose.is_some());
    let mut words = Words::default().then_bold_apart(&display::tall_man(order.medication.label()));
    let mut is_after_line = false;
    for part in display::order_parts_in(&taken, &words_of_dose, &words_of_order) {
        // A sentence of the other direction is a line of its own: wound around those of the sheet it
        // could be read from the wrong end.
        if is_other_way(&part, language) {
            words = words.then("\u{a0}—\n").then(&bound(&part));
            is_after_line = true;
            continue;
        }
        // The dash stays with what it follows: a line begins with a part.
        words = words.then(if is_after_line { "\n" } else { "\u{a0}— " });
        is_after_line = false;
        // `DOSE NOT WRITTEN` announces none.
        if [words_of_order.no_dose, words_of_order.no_frequency].contains(&part.as_str()) {
            words = missing(words, &part, purpose);
            continue;
        }
        words = match words_of_dose.announced(&part) {
            Some(dose) => {
                let of = dosages.next();
                let is_first = of.is_some_and(|of| is_changed(of, &measured, instruction));
                let label = language.words(if is_first { "dose.first" } else { "dose.label" });
                let ordered = of.and_then(|of| of.dose.as_ref());
                let said = ordered.map_or_else(|| dose.to_owned(), |it| amount(it, language));
                let words = words.then(label).then("\u{a0}").then_bold_apart(&unbroken(&said));
                match ordered.and_then(|dose| companion(&measured, dose, language)) {
                    Some(other) => words.then(" ").then_apart(&unbroken(&format!("({other})"))),
                    None => words,
                }
            }
            None if is_rare(&part, &measured, &words_of_dose) => {
                words.then_bold_apart(&unbroken(&part))
            }
            None => match product(&part, &taken, language) {
                Some((strength, form)) => {
                    words.then_apart(&unbroken(strength)).then("\u{a0}").then_apart(&unbroken(form))
                }
                None => words.then_apart(&unbroken(&part)),
            },
        };
    }
    // A line without a dose says that alone; how often it is taken is missing as well.
    if lacks(order) == (true, true) {
        words = missing(words.then("\u{a0}— "), words_of_order.no_frequency, purpose);
    }
    if purpose == (Purpose::Order { has_weight: false }) && order.goes_by_weight() {
        words = words.then("\u{a0}— ").then_bold_apart(language.words("weight.unknown"));
    }
    words
}

/// Whether a part tells that a medicine is taken less often than once a day: it is read past, and what
/// is meant for a week is taken each day (methotrexate; ISMP, high-alert medications).
fn is_rare(part: &str, order: &MedicationOrder, words: &DoseWords) -> bool {
    let seldom = order.dosage.iter().filter_map(|dosage| dosage.timing.clone()).filter(|timing| {
        let is_long = match timing.period_unit {
            DurationUnit::Second | DurationUnit::Minute | DurationUnit::Hour => false,
            DurationUnit::Day => timing.period != Decimal::from(1),
            DurationUnit::Week | DurationUnit::Month | DurationUnit::Year => true,
        };
        is_long && timing.frequency == 1
    });
    seldom.into_iter().any(|timing| {
        let dosage = Dosage { timing: Some(timing), ..Dosage::default() };
        display::dosage_parts_in(&[dosage], words) == [part]
    })
}

/// What a line does not say, so that nobody overlooks it; where it is signed, with room to write it in.
fn missing(words: Words, what: &str, purpose: Purpose) -> Words {
    const BLANK: &str = "________________";
    let words = words.then_bold_apart(&unbroken(what));
    match purpose {
        Purpose::Order { .. } => words.then(" ").then_apart(BLANK),
        Purpose::Told => words,
    }
}

/// The strength and the form of a part that is the product, each to be set apart: where they are read
/// in two directions neither may be wound around the other.
fn product<'a>(
    part: &'a str,
    taken: &'a MedicationOrder,
    language: Language,
) -> Option<(&'a str, &'a str)> {
    let words = language.dose_words();
    let strength = display::product_in(None, &taken.strength, &words)?;
    let form = taken.form.as_ref()?.label();
    let told = part.strip_suffix(form)?.strip_suffix(' ')?;
    (told == strength).then_some((told, form))
}

/// Whether what is written beside a dose tells another.
pub(super) fn is_changed(
    dosage: &Dosage,
    order: &MedicationOrder,
    instruction: Option<&str>,
) -> bool {
    let texts = dosage.text.as_deref().into_iter().chain(instruction);
    texts.into_iter().any(|text| changes(dosage, &order.strength, text))
}

/// That an allergy speaks against a medicine: beside it, in a frame, with what the reaction was; and
/// why it is given all the same, where somebody said so.
pub(super) fn against(
    known: &[String],
    reason: Option<&str>,
    column: Column,
    language: Language,
) -> Option<Block> {
    let (first, more) = known.split_first()?;
    // Nobody need have known of it: what came from elsewhere, or before the allergy was recorded.
    let said = if reason.is_some() { "against" } else { "against.unanswered" };
    let words = Words::bold("\u{26a0}\u{a0}").then_bold(language.words(said)).then(" ");
    let words = more.iter().fold(words.then_bold_apart(&unbroken(first)), |words, one| {
        words.then(language.words("and")).then_bold_apart(&unbroken(one))
    });
    let framed = column.framed(|column| {
        let reason = reason.map(|reason| labelled(language.words("against.reason"), reason));
        let lines = [words].into_iter().chain(reason);
        Block::stack(lines.map(|words| column.words(&words, Size::Body)))
    });
    Some(Block::stack([Block::gap(2.0), framed, Block::gap(2.0)]))
}

/// Whether a part is longer than a few words and read in the other direction than the sheet.
fn is_other_way(part: &str, language: Language) -> bool {
    let is_rtl = match unicode_bidi::get_base_direction(part) {
        unicode_bidi::Direction::Rtl => true,
        unicode_bidi::Direction::Ltr => false,
        unicode_bidi::Direction::Mixed => return false,
    };
    is_rtl != language.is_rtl() && part.chars().count() > SHORT
}

/// No part of a line that is longer, in characters, is kept on one.
const SHORT: usize = 28;

/// A part of a line that no line end parts (MEDi); one that is longer than a line may be parted.
pub(super) fn unbroken(part: &str) -> String {
    if part.chars().count() > SHORT { bound(part) } else { part.replace(' ', "\u{a0}") }
}

/// A text in which no line end parts a number from the word behind it: `40 / mg` is read as 40.
pub(super) fn bound(text: &str) -> String {
    let mut bound = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    // Whether all since the last blank is a number.
    let (mut is_number, mut is_begun) = (true, false);
    while let Some(character) = rest.next() {
        let next = rest.peek().copied();
        let is_unit = next.is_some_and(|next| next.is_alphabetic() || matches!(next, '%' | '['));
        if character == ' ' && is_begun && is_number && is_unit {
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
                one.words(&labelled(language.words("registration"), number), Size::Body)
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
