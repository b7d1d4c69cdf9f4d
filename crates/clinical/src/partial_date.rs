//! A date as it was written, however much of it is known.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A FHIR `date` or `dateTime`: a year, a year and month, a day, or a day with time and zone.
/// The text is kept as written; only real calendar days are accepted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PartialDate(String);

/// Why a text is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PartialDateError {
    /// The text has another shape.
    #[error("write the date as 2026, 2026-11 or 2026-11-24")]
    Shape,
    /// The shape is right and the day does not exist.
    #[error("this day is not in the calendar")]
    Impossible,
}

impl PartialDate {
    /// Makes a whole day.
    pub fn from_date(date: Date) -> Self {
        Self(date.to_string())
    }

    /// The text as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The year.
    pub fn year(&self) -> i16 {
        self.part(0..4).unwrap_or_default()
    }

    /// The month, 1 to 12, when known.
    pub fn month(&self) -> Option<i8> {
        self.part(5..7)
    }

    /// The whole day, when known.
    pub fn date(&self) -> Option<Date> {
        Date::new(self.year(), self.month()?, self.part(8..10)?).ok()
    }

    /// The earliest day this can mean.
    pub fn earliest(&self) -> Option<Date> {
        let day = self.part(8..10).unwrap_or(1);
        Date::new(self.year(), self.month().unwrap_or(1), day).ok()
    }

    /// Completed years between this date and `today`; `None` when `today` is before it.
    pub fn age_years(&self, today: Date) -> Option<i16> {
        let born = self.earliest()?;
        if today < born {
            return None;
        }
        let before_birthday = (today.month(), today.day()) < (born.month(), born.day());
        Some(today.year() - born.year() - i16::from(before_birthday))
    }

    fn part<T: FromStr>(&self, range: std::ops::Range<usize>) -> Option<T> {
        self.0.get(range)?.parse().ok()
    }
}

impl FromStr for PartialDate {
    type Err = PartialDateError;

    fn from_str(text: &str) -> Result<Self, PartialDateError> {
        let (day, time) = match text.split_once('T') {
            Some((day, time)) => (day, Some(time)),
            None => (text, None),
        };
        check_day(day)?;
        match time {
            Some(_) if day.len() != 10 => return Err(PartialDateError::Shape),
            Some(time) => check_time(time)?,
            None => {}
        }
        Ok(Self(text.to_owned()))
    }
}

fn check_day(day: &str) -> Result<(), PartialDateError> {
    let shape = match day.len() {
        4 => "dddd",
        7 => "dddd-dd",
        10 => "dddd-dd-dd",
        _ => return Err(PartialDateError::Shape),
    };
    let fits = day.bytes().zip(shape.bytes()).all(|(byte, want)| match want {
        b'd' => byte.is_ascii_digit(),
        other => byte == other,
    });
    if !fits {
        return Err(PartialDateError::Shape);
    }
    match PartialDate(day.to_owned()).earliest() {
        Some(date) if date.year() > 0 => Ok(()),
        Some(_) | None => Err(PartialDateError::Impossible),
    }
}

fn check_time(time: &str) -> Result<(), PartialDateError> {
    let (clock, zone) = match time.find(['Z', '+', '-']) {
        Some(at) => time.split_at(at),
        None => (time, ""),
    };
    // A leap second is a real moment and no civil time of the calendar library.
    let clock = clock.replace(":60", ":59");
    clock.parse::<jiff::civil::Time>().map_err(|_| PartialDateError::Impossible)?;
    let zone_ok = match zone.as_bytes() {
        [] | [b'Z'] => true,
        [_, h1, h2, b':', m1, m2] => [h1, h2, m1, m2].iter().all(|b| b.is_ascii_digit()),
        _ => false,
    };
    if zone_ok { Ok(()) } else { Err(PartialDateError::Shape) }
}

impl TryFrom<String> for PartialDate {
    type Error = PartialDateError;

    fn try_from(text: String) -> Result<Self, PartialDateError> {
        text.parse()
    }
}

impl From<PartialDate> for String {
    fn from(date: PartialDate) -> Self {
        date.0
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn dates_stay_as_written_and_impossible_ones_are_told() {
        let check = |text: &str, want: Result<(), PartialDateError>| {
            let read = text.parse::<PartialDate>();
            assert_eq!(read.as_ref().map(|_| ()).map_err(|e| *e), want, "{text}");
            if let Ok(read) = read {
                assert_eq!(read.to_string(), text);
            }
        };
        for good in ["1980", "1980-02", "1980-02-29", "2015-02-07T13:28:17.239+02:00"] {
            check(good, Ok(()));
        }
        check("2016-12-31T23:59:60Z", Ok(()));
        for impossible in ["1981-02-29", "2026-13", "2026-00-10", "0000", "2026-01-01T25:00:00Z"] {
            check(impossible, Err(PartialDateError::Impossible));
        }
        for shape in ["", "80", "1980-2", "24/11/2026", "2026-11-24T", "1980T10:00:00Z", "１９８０"]
        {
            let read = shape.parse::<PartialDate>();
            assert!(read.is_err(), "{shape}");
        }
    }

    #[test]
    fn age_counts_completed_years() {
        let check = |born: &str, today: Date, age: Option<i16>| {
            let born: PartialDate = born.parse().unwrap();
            assert_eq!(born.age_years(today), age, "{born} on {today}");
        };
        check("1980-11-24", date(2026, 11, 24), Some(46));
        check("1980-11-25", date(2026, 11, 24), Some(45));
        check("2024-02-29", date(2025, 2, 28), Some(0));
        check("1980", date(2026, 11, 24), Some(46));
        check("2027", date(2026, 11, 24), None);
    }
}
