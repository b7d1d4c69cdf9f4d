//! How often and when, as `Timing.repeat` says it.

use super::{Reader, Said, timing::number};
use crate::json::Json;
use clinical::{Decimal, DurationUnit, Timing, possible};

/// How often, and at what days and hours.
#[derive(Default)]
pub(super) struct Rhythm {
    /// How often, where it can be said so.
    pub(super) often: Option<Timing>,
    most: Most,
    /// A frequency is said that is no [`Timing`]; it is among the words already.
    is_in_part: bool,
    days: Vec<String>,
    hours: Vec<String>,
    events: Vec<String>,
}

impl Rhythm {
    pub(super) fn of(reader: &mut Reader<'_>, repeat: Json<'_>, said: &mut Said) -> Self {
        let [days, hours, events] =
            ["dayOfWeek", "timeOfDay", "when"].map(|name| codes(reader, repeat, name));
        let often = frequency(reader, repeat, said);
        let most = most(reader, repeat, often.is_some(), said);
        let parts = ["frequency", "period", "frequencyMax", "periodMax"];
        let is_in_part = often.is_none() && parts.iter().any(|name| repeat.get(name).is_some());
        Self { often, most, is_in_part, days, hours, events }
    }

    /// The frequency, where it is all; else all goes among the words.
    pub(super) fn told(self, said: &mut Said) -> Option<Timing> {
        let moments = self.moments();
        match self.often {
            Some(often) if !moments.is_empty() || self.most.is_some() => {
                said.rest.extend(in_words(&plain(often), &self.most, &moments));
                said.rest.extend(moments);
                None
            }
            often => {
                said.rest.extend(moments);
                often
            }
        }
    }

    /// All of it in words, but for what is among them already.
    pub(super) fn words(&self) -> Vec<String> {
        let moments = self.moments();
        let often = self.often.clone().map(plain);
        let often = often.and_then(|often| in_words(&often, &self.most, &moments));
        often.into_iter().chain(moments).collect()
    }

    /// The days and hours it is taken at.
    pub(super) fn moments(&self) -> Vec<String> {
        let said = |before: &str, codes: &[String], word: fn(&str) -> Option<String>| {
            let items: Vec<String> =
                codes.iter().map(|code| word(code).unwrap_or_else(|| code.clone())).collect();
            (!items.is_empty()).then(|| format!("{before}{}", items.join(", ")))
        };
        let days = said(ON, &self.days, |code| word_of(&DAYS, code));
        let hours = said("at ", &self.hours, |time| time.strip_suffix(":00").map(hour));
        let events = said("", &self.events, |code| word_of(&EVENTS, code));
        [days, hours, events].into_iter().flatten().collect()
    }

    /// Whether nothing is said of how often or when.
    pub(super) fn is_silent(&self) -> bool {
        self.often.is_none() && !self.is_ranged() && self.days.is_empty() && !self.has_hours()
    }

    /// Whether it is no one frequency.
    pub(super) fn is_ranged(&self) -> bool {
        self.is_in_part || self.most.is_some()
    }

    /// Whether times of the day are said.
    pub(super) fn has_hours(&self) -> bool {
        !(self.hours.is_empty() && self.events.is_empty())
    }

    /// How often that is, where the frequency, days and hours tell.
    pub(super) fn rate(&self) -> Option<Timing> {
        let count = |items: &[String]| u32::try_from(items.len()).unwrap_or(u32::MAX);
        let days = count(&self.days);
        let weekly = |frequency| Timing {
            frequency,
            period: Decimal::from(1),
            period_unit: DurationUnit::Week,
        };
        let Some(often) = &self.often else {
            let is_one = |event: &String| {
                word_of(&EVENTS, event).is_some() && !MEALS.contains(&event.as_str())
            };
            let is_told = (self.hours.is_empty() || self.events.is_empty())
                && self.events.iter().all(is_one)
                && !self.is_in_part;
            let times = count(&self.hours).max(count(&self.events));
            return match (is_told, times, days) {
                (false, _, _) | (true, 0, 0) => None,
                (true, times, 0) => Some(Timing::times_a_day(times)),
                (true, times, days) => Some(weekly(times.max(1).saturating_mul(days))),
            };
        };
        match often.period_unit {
            DurationUnit::Day if days > 0 && often.period.to_f64() == 1.0 => {
                Some(weekly(often.frequency.saturating_mul(days)))
            }
            DurationUnit::Week if days > 0 && often.period.to_f64() == 1.0 => {
                Some(weekly(often.frequency.max(days)))
            }
            DurationUnit::Second
            | DurationUnit::Minute
            | DurationUnit::Hour
            | DurationUnit::Day
            | DurationUnit::Week
            | DurationUnit::Month
            | DurationUnit::Year => Some(often.clone()),
        }
    }

    /// How often that is, where nothing but a frequency is said.
    pub(super) fn plain_rate(&self) -> Option<Timing> {
        let is_plain = self.days.is_empty() && !self.has_hours() && !self.is_ranged();
        self.often.clone().filter(|_| is_plain)
    }

    /// Whether it is said for another time of the day than an abbreviation says.
    pub(super) fn is_elsewhen(&self, code: &str) -> bool {
        let (events, is_hour): (&[&str], fn(&str) -> bool) =
            match code.trim().to_uppercase().as_str() {
                "AM" => (&["MORN", "WAKE", "CM", "ACM", "PCM"], |time| time < "12"),
                "PM" => (
                    &["NOON", "AFT", "EVE", "NIGHT", "HS", "CD", "ACD", "PCD", "CV", "ACV", "PCV"],
                    |time| time >= "12",
                ),
                "BED" => (&["HS", "NIGHT", "EVE"], |_| true),
                _ => return false,
            };
        let is_then = |event: &String| events.iter().any(|known| event.starts_with(known));
        let general = |event: &String| MEALS.contains(&event.as_str());
        !self.events.iter().all(|event| is_then(event) || general(event))
            || !self.hours.iter().all(|time| is_hour(time))
    }
}

/// Meals in general: nobody counts them.
const MEALS: [&str; 3] = ["C", "AC", "PC"];

fn codes(reader: &mut Reader<'_>, repeat: Json<'_>, name: &str) -> Vec<String> {
    let items = repeat.get(name).into_iter().flat_map(Json::items);
    items.filter_map(|item| reader.own_text(item)).collect()
}

/// The upper ends of a frequency and a period.
#[derive(Default)]
struct Most {
    frequency: Option<Decimal>,
    period: Option<Decimal>,
}

impl Most {
    fn is_some(&self) -> bool {
        self.frequency.is_some() || self.period.is_some()
    }
}

/// A frequency that is not all: shown as one, "once daily" would be read where "on Monday" stands
/// beside it. `None` where the days alone say it.
fn in_words(often: &Timing, most: &Most, moments: &[String]) -> Option<String> {
    if most.is_some() {
        return Some(ranged(often, most));
    }
    let mut days = moments.iter().filter(|moment| moment.starts_with(ON));
    let days = days.next().map(|days| days.contains(','));
    let is_one = often.frequency == 1 && often.period.to_f64() == 1.0;
    let by_days = match often.period_unit {
        DurationUnit::Day => days.is_some(),
        DurationUnit::Week => days == Some(false),
        DurationUnit::Second
        | DurationUnit::Minute
        | DurationUnit::Hour
        | DurationUnit::Month
        | DurationUnit::Year => false,
    };
    (!is_one || !by_days).then(|| often.label())
}

/// Of "every 1.0 days" nobody reads "daily".
fn plain(often: Timing) -> Timing {
    let is_one = often.period.to_f64() == 1.0;
    if is_one { Timing { period: Decimal::from(1), ..often } } else { often }
}

/// `every 2 – 6 hours`, `3 – 4 times daily`.
fn ranged(often: &Timing, most: &Most) -> String {
    let range = |low: String, high: Option<&Decimal>| match high {
        Some(high) if high.as_str() != low => format!("{low} – {high}"),
        Some(_) | None => low,
    };
    let times = range(often.frequency.to_string(), most.frequency.as_ref());
    let period = range(often.period.to_string(), most.period.as_ref());
    let unit = often.period_unit;
    match (times.as_str(), period.as_str()) {
        (times, "1") if unit == DurationUnit::Day => format!("{times} times daily"),
        (times, "1") => format!("{times} times a {}", unit.word(false)),
        ("1", period) => format!("every {period} {}", unit.word(true)),
        (times, period) => format!("{times} times every {period} {}", unit.word(true)),
    }
}

/// What announces days.
const ON: &str = "on ";

/// An hour and its minutes, its seconds taken away; those of `08:00` were minutes.
fn hour(time: &str) -> String {
    if time.contains(':') { time.to_owned() } else { format!("{time}:00") }
}

fn word_of(words: &[(&str, &str)], code: &str) -> Option<String> {
    let found = words.iter().find(|(known, _)| *known == code);
    found.map(|(_, word)| (*word).to_owned())
}

/// FHIR R4, value set `days-of-week`.
const DAYS: [(&str, &str); 7] = [
    ("mon", "Monday"),
    ("tue", "Tuesday"),
    ("wed", "Wednesday"),
    ("thu", "Thursday"),
    ("fri", "Friday"),
    ("sat", "Saturday"),
    ("sun", "Sunday"),
];

/// FHIR R4, value set `event-timing`.
const EVENTS: [(&str, &str); 26] = [
    ("MORN", "in the morning"),
    ("MORN.early", "early in the morning"),
    ("MORN.late", "late in the morning"),
    ("NOON", "at noon"),
    ("AFT", "in the afternoon"),
    ("AFT.early", "early in the afternoon"),
    ("AFT.late", "late in the afternoon"),
    ("EVE", "in the evening"),
    ("EVE.early", "early in the evening"),
    ("EVE.late", "late in the evening"),
    ("NIGHT", "at night"),
    ("PHS", "after going to sleep"),
    ("HS", "at bedtime"),
    ("WAKE", "on waking"),
    ("C", "with meals"),
    ("CM", "with breakfast"),
    ("CD", "with lunch"),
    ("CV", "with supper"),
    ("AC", "before meals"),
    ("ACM", "before breakfast"),
    ("ACD", "before lunch"),
    ("ACV", "before supper"),
    ("PC", "after meals"),
    ("PCM", "after breakfast"),
    ("PCD", "after lunch"),
    ("PCV", "after supper"),
];

/// The upper ends of frequency and period, which without a frequency are words of their own.
fn most(reader: &mut Reader<'_>, repeat: Json<'_>, is_of_one: bool, said: &mut Said) -> Most {
    let frequency = number(reader, repeat, ("frequencyMax", "times at most"), said);
    let period = number(reader, repeat, ("periodMax", "periods at most"), said);
    if is_of_one {
        return Most { frequency, period };
    }
    said.rest.extend(frequency.map(|number| format!("{number} times at most")));
    said.rest.extend(period.map(|number| format!("{number} periods at most")));
    Most::default()
}

fn frequency(reader: &mut Reader<'_>, repeat: Json<'_>, said: &mut Said) -> Option<Timing> {
    let frequency = reader.decimal(repeat, "frequency");
    let period = reader.decimal(repeat, "period");
    let unit = reader.text(repeat, "periodUnit");
    let whole = frequency.as_ref().map_or(Some(1), |number| number.as_str().parse::<u32>().ok());
    let known = unit.as_deref().and_then(DurationUnit::from_code);
    if let (Some(frequency), Some(period), Some(period_unit)) = (whole, period.clone(), known) {
        let is_possible = possible::amount(&frequency.into()) && possible::amount(&period);
        let timing = Timing { frequency, period, period_unit };
        return said.part(reader, repeat, timing, is_possible, Timing::label);
    }
    if frequency.is_some() || period.is_some() {
        let is_possible = frequency.iter().chain(&period).all(possible::amount);
        let part = |number: Option<Decimal>| number.map_or_else(String::new, |n| n.to_string());
        let unit = unit.unwrap_or_default();
        let words = format!("{} times in {} {unit}", part(frequency), part(period));
        let words = words.trim().to_owned();
        let words = said.part(reader, repeat, words, is_possible, Clone::clone);
        said.rest.extend(words);
    }
    None
}
