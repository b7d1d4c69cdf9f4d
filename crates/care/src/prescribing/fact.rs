//! What a few words of a sentence say.

use super::{form::Form, number::Number, strength::Strength, unit::Unit};
use clinical::DurationUnit;

/// How often: so many times in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Often {
    /// Intakes in one period.
    pub(super) times: u32,
    /// Its length.
    pub(super) period: Number,
    /// The unit of its length.
    pub(super) unit: DurationUnit,
}

/// What a few words say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fact {
    /// How often.
    Often(Often),
    /// `per day`, `/j`: once a day where nothing else is told.
    ADay,
    /// From one interval to another, in these words: `every 4 to 6 hours`.
    Span(String),
    /// At a time of the day, in these words.
    AtTime(&'static str),
    /// `1-0-1`: so much in the morning, at midday, (in the evening,) at night.
    ByTimes(Vec<Number>),
    /// One dose and no more, in these words.
    Once(&'static str),
    /// At an occasion and not by the clock, in these words.
    Occasion(&'static str),
    /// Only when needed.
    AsNeeded,
    /// For so many days; whether they are a number of months.
    Lasting(Number, bool),
    /// Without an end that is known, in these words.
    LongTerm(&'static str),
    /// The way it is given, and where, in these words.
    Route(&'static str, &'static str),
    /// One of these forms.
    Form(Vec<&'static Form>),
    /// An amount with its unit.
    Amount(Number, Unit),
    /// A strength: of several substances, in a volume, or a percentage.
    Strength(Strength),
    /// Numbers parted by strokes: `500/125`.
    Numbers(Vec<Number>),
    /// A number alone.
    Bare(Number),
    /// `x 5`
    Times(Number),
    /// An amount that is not one, in words and with what is counted: from, to; so many of so much.
    Range(String, Option<Unit>),
    /// How much is handed out.
    Handed(Number, Option<Unit>),
    /// How often again.
    Repeats(Number),
    /// An instruction, in these words.
    Words(&'static str),
    /// Nothing by itself.
    Filler,
    /// The beginning of a limit, a condition or a next step, of which everything up to the next
    /// comma is a part.
    Aside,
    /// A sign or a word that is not known.
    Unknown,
    /// Something that belongs to unknown words beside it.
    Beside(Box<Self>),
}

impl Fact {
    /// How often it says.
    pub(super) fn often(&self) -> Option<Often> {
        if let Self::Often(often) = self {
            return Some(*often);
        }
        if matches!(self, Self::ADay) { Some(Often::daily(1)) } else { None }
    }

    /// The whole number of an amount.
    pub(super) fn whole(&self) -> Option<u32> {
        if let Self::Amount(number, _) = self { number.as_whole() } else { None }
    }

    /// Whether it may as well be a part of the unknown words before it: `not at night`.
    pub(super) const fn is_soft(&self) -> bool {
        matches!(
            self,
            Self::AtTime(_)
                | Self::Occasion(_)
                | Self::Route(..)
                | Self::Form(_)
                | Self::Words(_)
                | Self::Filler
                | Self::Unknown
                | Self::LongTerm(_)
                | Self::Once(_)
        )
    }

    /// The fact in plain words, for the instruction; `None` where it is written as it was typed.
    pub(super) fn words(&self) -> Option<String> {
        match self {
            Self::Often(often) => Some(often.words()),
            Self::AtTime(words)
            | Self::Once(words)
            | Self::Occasion(words)
            | Self::LongTerm(words)
            | Self::Words(words) => Some((*words).to_owned()),
            Self::ByTimes(amounts) => Some(by_times(amounts)),
            Self::AsNeeded => Some("when needed".to_owned()),
            Self::Lasting(days, _) => Some(format!("for {}", days_words(*days))),
            Self::Route(route, "") => Some((*route).to_owned()),
            Self::Route(_, place) => Some((*place).to_owned()),
            Self::Form(forms) => forms.first().map(|form| form.name.to_owned()),
            Self::Amount(number, unit) => Some(format!("{number} {}", unit.words(*number))),
            Self::Strength(strength) => Some(strength.to_string()),
            Self::Bare(number) => Some(number.to_string()),
            Self::ADay => Some("a day".to_owned()),
            Self::Range(words, _) | Self::Span(words) => Some(words.clone()),
            Self::Handed(number, unit) => {
                let unit = unit.map(|unit| format!(" {}", unit.words(*number)));
                Some(format!("quantity {number}{}", unit.unwrap_or_default()))
            }
            Self::Repeats(number) => Some(format!("{number} repeats")),
            // "After 1 week" is after, and not for, 7 days.
            Self::Beside(fact) => {
                let length = if let Self::Lasting(days, _) = &**fact { Some(*days) } else { None };
                length.map(days_words).or_else(|| fact.words())
            }
            Self::Times(_) | Self::Numbers(_) | Self::Filler | Self::Aside | Self::Unknown => None,
        }
    }
}

impl Often {
    /// So many times a day.
    pub(super) fn daily(times: u32) -> Self {
        Self { times, period: Number::whole(1), unit: DurationUnit::Day }
    }

    /// Whether it is told by hours or by the day.
    pub(super) fn is_of_days(self) -> bool {
        let is_each_day = self.unit == DurationUnit::Day && self.period == Number::whole(1);
        is_each_day || matches!(self.unit, DurationUnit::Hour | DurationUnit::Minute)
    }

    /// In English: `twice daily`, `every 8 hours`.
    pub(super) fn words(self) -> String {
        let (unit, is_one) = (self.unit, self.period == Number::whole(1));
        match (self.times, unit, is_one) {
            (1, DurationUnit::Day, true) => "once daily".to_owned(),
            (2, DurationUnit::Day, true) => "twice daily".to_owned(),
            (times, DurationUnit::Day, true) => format!("{times} times daily"),
            (1, unit, true) => format!("every {}", unit.word(false)),
            (1, unit, false) => format!("every {} {}", self.period, unit.word(true)),
            (times, unit, true) => format!("{times} times a {}", unit.word(false)),
            (times, unit, false) => {
                format!("{times} times every {} {}", self.period, unit.word(true))
            }
        }
    }
}

/// `7 days`
pub(super) fn days_words(days: Number) -> String {
    format!("{days} {}", DurationUnit::Day.word(days != Number::whole(1)))
}

/// `1 in the morning, 2 at night`
fn by_times(amounts: &[Number]) -> String {
    let named = amounts.iter().zip(times_of_day(amounts.len())).filter(|(it, _)| !it.is_zero());
    let words: Vec<String> = named.map(|(amount, time)| format!("{amount} {time}")).collect();
    words.join(", ")
}

/// The times that amounts with strokes between them stand for.
pub(super) const fn times_of_day(count: usize) -> &'static [&'static str] {
    match count {
        4 => &["in the morning", "at midday", "in the evening", "at night"],
        _ => &["in the morning", "at midday", "at night"],
    }
}
