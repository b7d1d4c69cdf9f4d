//! How often, where it is said in words: `twice daily`, `every 8 hours`, `once a week`.

use clinical::{DurationUnit, Timing};

/// The frequency that words say and nothing beside it; `None` of any others.
pub(super) fn spoken(words: &[&str]) -> Option<Timing> {
    let words = match words {
        [before @ .., "at", "institution", "specified", "time" | "times"] => before,
        all => all,
    };
    match words {
        [one] => abbreviation(&one.to_uppercase()).or_else(|| adverb(one)),
        ["at", "bedtime" | "night"] | ["in", "the", "morning" | "afternoon" | "evening"] => {
            Some(Timing::times_a_day(1))
        }
        ["every" | "each", rest @ ..] => every(rest),
        [first, rest @ ..] => {
            let (frequency, rest) = times(first, rest)?;
            let once = match rest {
                [one] => adverb(one),
                ["a" | "an" | "per" | "each", unit] => every(&[unit]),
                ["every", rest @ ..] => every(rest),
                _ => None,
            };
            once.map(|once| Timing { frequency, ..once })
        }
        [] => None,
    }
}

/// The words of a text, small and without signs; a point stays in a number.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut plain = String::new();
    for sign in text.to_lowercase().chars() {
        let is_after_letter = plain.chars().next_back().is_some_and(char::is_alphabetic);
        if sign.is_alphanumeric() || (sign == '.' && !is_after_letter) {
            plain.push(sign);
        } else if sign != '.' {
            plain.push(' ');
        }
    }
    plain.split_whitespace().map(str::to_owned).collect()
}

/// What an abbreviation says: FHIR R4 value set `timing-abbreviation`, HL7 v3 `GTSAbbreviation`,
/// and any number of hours.
pub(super) fn abbreviation(code: &str) -> Option<Timing> {
    let timing = |frequency, period: u32, period_unit| {
        Some(Timing { frequency, period: period.into(), period_unit })
    };
    match code {
        "QD" | "AM" | "PM" | "BED" => Some(Timing::times_a_day(1)),
        "BID" => Some(Timing::times_a_day(2)),
        "TID" => Some(Timing::times_a_day(3)),
        "QID" => Some(Timing::times_a_day(4)),
        "QOD" => timing(1, 2, DurationUnit::Day),
        "WK" => timing(1, 1, DurationUnit::Week),
        "MO" => timing(1, 1, DurationUnit::Month),
        other => {
            let hours = other.strip_prefix('Q')?.strip_suffix('H')?;
            timing(1, number(hours)?, DurationUnit::Hour)
        }
    }
}

/// How many times, and what follows.
fn times<'a, 'b>(first: &str, rest: &'b [&'a str]) -> Option<(u32, &'b [&'a str])> {
    let said = match first {
        "once" => Some(1),
        "twice" => Some(2),
        "thrice" => Some(3),
        _ => None,
    };
    if let Some(said) = said {
        return Some((said, rest));
    }
    if let Some(times) = first.strip_suffix('x') {
        return Some((number(times)?, rest));
    }
    match rest {
        ["time" | "times" | "x", rest @ ..] => Some((number(first)?, rest)),
        _ => None,
    }
}

/// What follows `every`.
fn every(words: &[&str]) -> Option<Timing> {
    let (period, unit) = match words {
        ["morning" | "afternoon" | "evening" | "night"] => (1, DurationUnit::Day),
        [one] => (1, unit(one)?),
        ["other" | "second", one] => (2, unit(one)?),
        [period, of] => (number(period)?, unit(of)?),
        _ => return None,
    };
    Some(Timing { frequency: 1, period: period.into(), period_unit: unit })
}

fn adverb(word: &str) -> Option<Timing> {
    let unit = match word {
        "hourly" => "hour",
        "daily" | "nightly" => "day",
        "weekly" => "week",
        "monthly" => "month",
        _ => return None,
    };
    every(&[unit])
}

fn unit(word: &str) -> Option<DurationUnit> {
    let units = DurationUnit::ALL.into_iter().map(|(unit, _)| unit);
    units.into_iter().find(|unit| [unit.word(false), unit.word(true)].contains(&word))
}

/// A number of times or of units, in figures or as a word.
fn number(word: &str) -> Option<u32> {
    const WORDS: [&str; 12] = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    let place = WORDS.iter().position(|known| *known == word);
    let number = place.and_then(|at| u32::try_from(at + 1).ok()).or_else(|| word.parse().ok());
    number.filter(|number| (1..1000).contains(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frequency_in_words_is_one_or_none() {
        let check = |text: &str, want: Option<&str>| {
            let all = words(text);
            let all: Vec<&str> = all.iter().map(String::as_str).collect();
            let label = spoken(&all).map(|timing| timing.label().replace('\u{a0}', " "));
            assert_eq!(label.as_deref(), want, "{text}");
        };
        check("once a week", Some("every week"));
        check("Weekly.", Some("every week"));
        check("b.i.d.", Some("twice daily"));
        check("Two times a day at institution specified time", Some("twice daily"));
        check("3x daily", Some("3 times daily"));
        check("4 times per day", Some("4 times daily"));
        check("every other day", Some("every 2 days"));
        check("every eight hours", Some("every 8 hours"));
        check("q12h", Some("every 12 hours"));
        check("2 times every 3 days", Some("2 times every 3 days"));
        check("at bedtime", Some("once daily"));
        check("every day", Some("once daily"));
        for unknown in
            ["", "twice", "not twice daily", "2 - 3 times daily", "1.5 times daily", "q0h", "qh"]
        {
            check(unknown, None);
        }
        for unknown in ["every 4 to 6 hours", "twice daily with food", "every -8 hours x", "od"] {
            check(unknown, None);
        }
    }
}
