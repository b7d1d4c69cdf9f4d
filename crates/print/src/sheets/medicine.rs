//! A line of a medicine, and what speaks against it.

use super::{
    heading::labelled,
    parts::{SHORT, bound, unbroken},
};
use crate::{
    dosing::{amount, changes, companion, in_strength},
    language::Language,
    layout::{Block, Column, Size},
    nouns::order_in,
    text::Words,
};
use clinical::{
    Decimal, Dosage, DurationUnit, MedicationOrder, Untold,
    display::{self, DoseWords},
};

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
