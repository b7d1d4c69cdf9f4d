//! A line of a medicine, and what speaks against it.

use super::{
    heading::labelled,
    parts::{SHORT, bound, unbroken},
};
use crate::{
    dosing::{amount, changes, companion},
    language::Language,
    layout::{Block, Column, Size},
    nouns::{noun_of, order_in},
    text::Words,
};
use clinical::{
    CodeableConcept, Decimal, Dosage, DurationUnit, MedicationOrder, Untold,
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

/// What an order does not say: the dose, and how often. A dose may be told in words.
pub(super) fn lacks(order: &MedicationOrder) -> (bool, bool) {
    let is_untold =
        |dosage: &Dosage| dosage.timing.is_none() && dosage.text.is_none() && !dosage.as_needed;
    let untold = order.untold();
    let is_never = order.dosage.iter().all(is_untold);
    let lacks_dose = untold == Some(Untold::Dose) && !texts(order).any(tells_how_much);
    (lacks_dose, untold == Some(Untold::HowOften) || is_never)
}

/// What is written about how a medicine is taken.
fn texts(order: &MedicationOrder) -> impl Iterator<Item = &str> {
    order.dosage.iter().filter_map(|dosage| dosage.text.as_deref())
}

/// Whether words tell how much: they have a number, or something that is counted.
fn tells_how_much(text: &str) -> bool {
    let mut words = text.split(|one: char| !one.is_alphanumeric());
    words.any(|word| word.contains(char::is_numeric) || noun_of(word).is_some())
}

/// `name — 5 mg tablet — DOSE 5 mg (1 tablet) — oral — once daily`: name, in tall-man letters, and dose
/// bold, the parts by the rules of MEDi and ISMP (`clinical::display`). What is handed out stands
/// elsewhere. Where an instruction tells another dose than the one that was ordered, that is the first;
/// where nothing but words tells the dose, they stand in its place, as they were written.
pub(super) fn medicine(
    order: &MedicationOrder,
    instruction: Option<&str>,
    purpose: Purpose,
    language: Language,
) -> Words {
    let measured = display::in_strength(order);
    let name = Words::default().then_bold_apart(&display::tall_man(order.medication.label()));
    let mut line = Line { words: name, purpose, language, before: Before::Part };
    if let Some(product) = product(&measured, language) {
        line.begin();
        line.words = line.words.then_words(product);
    }
    let words_of_order = language.order_words();
    let is_in_words = measured.untold() == Some(Untold::Dose) && texts(&measured).next().is_some();
    if measured.untold() == Some(Untold::Dose) && !is_in_words {
        line.missing(words_of_order.no_dose);
    }
    let taken = order_in(&measured, language);
    let all = measured.dosage.iter().zip(&taken.dosage);
    let all = all.filter(|(dosage, _)| **dosage != Dosage::default());
    let all: Vec<(&Dosage, &Dosage)> = all.collect();
    for (number, (dosage, named)) in (1..).zip(&all) {
        if all.len() > 1 {
            line.number(number);
        }
        if dosage.dose.is_some() {
            line.dose(dosage, &measured, is_changed(dosage, &measured, instruction));
        }
        let text = dosage.text.as_deref();
        if let Some(text) = text.filter(|_| is_in_words) {
            line.in_words(text, lacks(&measured).0);
        }
        line.how(named);
        if let Some(text) = text.filter(|_| !is_in_words) {
            line.part(text);
        }
    }
    // A line without a dose says that alone; how often it is taken is missing as well.
    if measured.untold() == Some(Untold::HowOften) || lacks(&measured) == (true, true) {
        line.missing(words_of_order.no_frequency);
    }
    if purpose == (Purpose::Order { has_weight: false }) && order.goes_by_weight() {
        line.begin();
        line.words = line.words.then_bold_apart(language.words("weight.unknown"));
    }
    line.words
}

/// A line of a medicine that is being written.
struct Line {
    words: Words,
    purpose: Purpose,
    language: Language,
    before: Before,
}

/// What was written last.
#[derive(Clone, Copy)]
enum Before {
    Part,
    /// A line of its own.
    Line,
    /// The number of one dosage of several.
    Number,
}

impl Line {
    /// Parts what comes from what is there. The dash stays with what it follows: a line begins with a
    /// part.
    fn begin(&mut self) {
        self.say(match self.before {
            Before::Part => "\u{a0}— ",
            Before::Line => "\n",
            Before::Number => "\u{a0}",
        });
        self.before = Before::Part;
    }

    /// Each of several dosages begins a line, with its number: none is read on into the next.
    fn number(&mut self, number: i32) {
        self.say(match self.before {
            Before::Part | Before::Number => "\u{a0}—\n",
            Before::Line => "\n",
        });
        self.say_apart(&format!("({number})"));
        self.before = Before::Number;
    }

    fn say(&mut self, text: &str) {
        self.words = std::mem::take(&mut self.words).then(text);
    }

    fn say_bold(&mut self, text: &str) {
        self.words = std::mem::take(&mut self.words).then_bold_apart(text);
    }

    fn say_apart(&mut self, text: &str) {
        self.words = std::mem::take(&mut self.words).then_apart(text);
    }

    /// A sentence of the other direction is a line of its own: wound around those of the sheet it could
    /// be read from the wrong end.
    fn part(&mut self, part: &str) {
        if is_other_way(part, self.language) {
            self.say(&format!("\u{a0}—\n{}", bound(part)));
            self.before = Before::Line;
        } else {
            self.begin();
            self.say_apart(&unbroken(part));
        }
    }

    /// `DOSE 5 mg (1 tablet)`, or that it is the first of several.
    fn dose(&mut self, dosage: &Dosage, order: &MedicationOrder, is_first: bool) {
        let Some(dose) = &dosage.dose else { return };
        let language = self.language;
        self.begin();
        self.say(&unbroken(language.words(if is_first { "dose.first" } else { "dose.label" })));
        self.say("\u{a0}");
        self.say_bold(&unbroken(&amount(dose, language)));
        if let Some(other) = companion(order, dose, language) {
            self.say(" ");
            self.say_apart(&unbroken(&format!("({other})")));
        }
    }

    /// `DOSE AS WRITTEN 40 mg, then 5 mg less each day`; where the words tell no amount, with room for
    /// one.
    fn in_words(&mut self, text: &str, lacks_dose: bool) {
        self.begin();
        self.say(&unbroken(self.language.words("dose-in-words")));
        if is_other_way(text, self.language) {
            self.before = Before::Line;
            // Without a mark of its own: it is the first letter that says which way a line is read.
            self.words = std::mem::take(&mut self.words).then("\n").then_bold(&bound(text));
        } else {
            self.say("\u{a0}");
            self.say_bold(&unbroken(text));
        }
        if lacks_dose {
            self.room();
        }
    }

    /// How it is given, how often and how long.
    fn how(&mut self, named: &Dosage) {
        let words = self.language.dose_words();
        let how = Dosage { dose: None, text: None, ..named.clone() };
        for part in display::dosage_parts_in(&[how], &words) {
            if is_rare(&part, named, &words) {
                self.begin();
                self.say_bold(&unbroken(&part));
            } else {
                self.part(&part);
            }
        }
    }

    /// What a line does not say, so that nobody overlooks it.
    fn missing(&mut self, what: &str) {
        self.begin();
        self.say_bold(&unbroken(what));
        self.room();
    }

    /// Where it is signed, room to write in what is missing.
    fn room(&mut self) {
        const BLANK: &str = "________________";
        if let Purpose::Order { .. } = self.purpose {
            self.say(" ");
            self.say_apart(BLANK);
        }
    }
}

/// The strength and the form, each set apart: where they are read in two directions neither may be
/// wound around the other.
fn product(order: &MedicationOrder, language: Language) -> Option<Words> {
    let named = order_in(order, language);
    let words = language.dose_words();
    let strength = display::product_in(None, &named.strength, &words);
    let form = named.form.as_ref().map(CodeableConcept::label).filter(|form| !form.is_empty());
    let parts: Vec<&str> = strength.as_deref().into_iter().chain(form).collect();
    let (first, rest) = parts.split_first()?;
    let apart = Words::default().then_apart(&unbroken(first));
    Some(rest.iter().fold(apart, |words, part| words.then("\u{a0}").then_apart(&unbroken(part))))
}

/// Whether a part tells that a medicine is taken less often than once a day: it is read past, and what
/// is meant for a week is taken each day (methotrexate; ISMP, high-alert medications).
fn is_rare(part: &str, dosage: &Dosage, words: &DoseWords) -> bool {
    let Some(timing) = &dosage.timing else { return false };
    let is_long = match timing.period_unit {
        DurationUnit::Second | DurationUnit::Minute | DurationUnit::Hour => false,
        DurationUnit::Day => timing.period != Decimal::from(1),
        DurationUnit::Week | DurationUnit::Month | DurationUnit::Year => true,
    };
    let alone = Dosage { timing: Some(timing.clone()), ..Dosage::default() };
    is_long && timing.frequency == 1 && display::dosage_parts_in(&[alone], words) == [part]
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
