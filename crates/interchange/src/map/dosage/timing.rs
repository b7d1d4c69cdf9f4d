//! `Timing`: how often and how long, and in words what neither can say.

use super::{Reader, Said, value};
use crate::json::{Json, Kind};
use clinical::{Decimal, DosageDuration, DurationUnit, Timing, possible};

pub(super) fn timing(
    reader: &mut Reader<'_>,
    element: Json<'_>,
    said: &mut Said,
) -> (Option<Timing>, Option<DosageDuration>) {
    let Some(timing) = element.get("timing").filter(|timing| timing.is_object()) else {
        return (None, None);
    };
    if timing.get("event").is_some() {
        said.rest.push("at set times".to_owned());
    }
    let Some(repeat) = timing.get("repeat").filter(|repeat| repeat.is_object()) else {
        let code = timing.get("code").map(|code| crate::map::concept(reader, code));
        let label = code.map(|code| code.label().to_owned());
        said.rest.extend(label.filter(|label| !label.is_empty()));
        return (None, None);
    };
    let moments = moments(reader, repeat);
    let often = frequency(reader, repeat, said);
    let most = most(reader, repeat, often.is_some(), said);
    let often = match often {
        Some(often) if !moments.is_empty() || most.is_some() => {
            let often = plain(often);
            said.rest.extend(in_words(&often, &most, &moments));
            said.rest.extend(moments);
            None
        }
        often => {
            said.rest.extend(moments);
            often
        }
    };
    numbers(reader, repeat, said);
    (often, duration(reader, repeat, said))
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

/// The days and hours it is taken at.
fn moments(reader: &mut Reader<'_>, repeat: Json<'_>) -> Vec<String> {
    let mut list = |name: &str, word: fn(&str) -> Option<String>| -> Vec<String> {
        let items = repeat.get(name).into_iter().flat_map(Json::items);
        let items = items.filter_map(|item| reader.own_text(item));
        items.map(|code| word(&code).unwrap_or(code)).collect()
    };
    let days = list("dayOfWeek", |code| word_of(&DAYS, code));
    let hours = list("timeOfDay", |time| time.strip_suffix(":00").map(hour));
    let events = list("when", |code| word_of(&EVENTS, code));
    let said = |before: &str, items: Vec<String>| {
        (!items.is_empty()).then(|| format!("{before}{}", items.join(", ")))
    };
    [said(ON, days), said("at ", hours), said("", events)].into_iter().flatten().collect()
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

/// What else `repeat` says in numbers.
fn numbers(reader: &mut Reader<'_>, repeat: Json<'_>, said: &mut Said) {
    let all = [
        ("count", "times in all"),
        ("countMax", "times in all at most"),
        ("duration", "long each time"),
        ("offset", "minutes from the event"),
    ];
    for (name, after) in all {
        let number = number(reader, repeat, (name, after), said);
        said.rest.extend(number.map(|number| format!("{number} {after}")));
    }
}

/// A number that can be one.
fn number(
    reader: &mut Reader<'_>,
    repeat: Json<'_>,
    (name, after): (&str, &str),
    said: &mut Said,
) -> Option<Decimal> {
    let number = reader.decimal(repeat, name)?;
    // At the event itself is no time from it.
    let is_possible = possible::amount(&number) || (name == "offset" && number.to_f64() == 0.0);
    let element = repeat.get(name).unwrap_or(repeat);
    said.part(reader, element, number, is_possible, |number| format!("{number} {after}"))
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

fn duration(reader: &mut Reader<'_>, repeat: Json<'_>, said: &mut Said) -> Option<DosageDuration> {
    for name in ["boundsRange", "boundsPeriod"] {
        if let Some(bounds) = repeat.get(name) {
            said.amount(reader, bounds, "for ");
        }
    }
    let bounds = repeat.get("boundsDuration")?;
    let quantity = value::quantity(reader, bounds)?;
    let code = quantity.ucum.as_deref().unwrap_or(&quantity.unit);
    match DurationUnit::from_code(code) {
        Some(unit) if bounds.kind() == Kind::Object && quantity.comparator.is_none() => {
            let length = DosageDuration { value: quantity.value, unit };
            let is_possible = possible::amount(&length.value);
            let label = |length: &DosageDuration| format!("for {}", length.label());
            said.part(reader, bounds, length, is_possible, label)
        }
        _ => {
            let words = format!("for {}", quantity.label());
            let is_possible = value::is_amount(bounds);
            let words = said.part(reader, bounds, words, is_possible, Clone::clone);
            said.rest.extend(words);
            None
        }
    }
}
