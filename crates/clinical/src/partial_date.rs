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
        Self(format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day()))
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

    /// Whether it is a moment written in UTC: its local day is another in many places.
    pub fn is_utc(&self) -> bool {
        self.0.ends_with('Z')
    }

    /// The earliest moment this can mean, in milliseconds since the Unix epoch: what lists are
    /// sorted by, whatever the zones in them. Without a zone, as if by UTC.
    pub fn unix_ms(&self) -> Option<i64> {
        let clock = self.0.split_once('T').and_then(|(_, time)| clock(time));
        let (seconds, millis, ahead) = clock.unwrap_or_default();
        let midnight = self.earliest()?.at(0, 0, 0, 0);
        let midnight = jiff::tz::Offset::UTC.to_timestamp(midnight).ok()?.as_millisecond();
        Some(midnight + i64::from(seconds - ahead * 60) * 1000 + i64::from(millis))
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
    time_of_day(clock).ok_or(PartialDateError::Impossible)?;
    offset(zone).map(|_| ()).ok_or(PartialDateError::Shape)
}

/// Seconds since midnight, milliseconds beyond them, and minutes ahead of UTC.
fn clock(time: &str) -> Option<(i32, i32, i32)> {
    let (clock, zone) = match time.find(['Z', '+', '-']) {
        Some(at) => time.split_at(at),
        None => (time, ""),
    };
    let (seconds, millis) = time_of_day(clock)?;
    Some((seconds, millis, offset(zone)?))
}

/// Seconds since midnight, and milliseconds beyond them. A leap second is a real moment.
fn time_of_day(clock: &str) -> Option<(i32, i32)> {
    let (whole, fraction) = clock.split_once(['.', ',']).unwrap_or((clock, "0"));
    let millis = format!("{fraction:0<3}");
    let millis = digits(millis.get(..3)?).filter(|_| digits(fraction).is_some())?;
    let parts: Vec<&str> = whole.split(':').collect();
    let (hour, minute, second) = match parts.as_slice() {
        [hour] => (*hour, "00", "00"),
        [hour, minute] => (*hour, *minute, "00"),
        [hour, minute, second] => (*hour, *minute, *second),
        _ => return None,
    };
    let in_range =
        |text: &str, max: i32| digits(text).filter(|number| text.len() == 2 && *number <= max);
    let (hour, minute) = (in_range(hour, 23)?, in_range(minute, 59)?);
    let has_seconds = parts.len() == 3;
    let second = in_range(second, 60).filter(|_| has_seconds || fraction == "0")?;
    Some(((hour * 60 + minute) * 60 + second, millis))
}

/// Minutes ahead of UTC.
fn offset(zone: &str) -> Option<i32> {
    match zone.as_bytes() {
        [] | [b'Z'] => Some(0),
        [sign, _, _, b':', _, _] => {
            let minutes = digits(zone.get(1..3)?)? * 60 + digits(zone.get(4..6)?)?;
            Some(if *sign == b'-' { -minutes } else { minutes })
        }
        _ => None,
    }
}

/// A number of nothing but digits, at most nine of them taken.
fn digits(text: &str) -> Option<i32> {
    let all = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.get(..text.len().min(9))?.parse().ok().filter(|_| all)
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
        for moment in [
            "2016-12-31T23:59:60Z",
            "2026-11-24T09",
            "2026-11-24T09:30+05:45",
            "2026-11-24T09:30:00",
        ] {
            check(moment, Ok(()));
        }
        for clock in
            ["9:30:00", "09:60:00", "09:30:61", "09:30:00.", "09:30.5", "09:30:00.1x", "09:+1"]
        {
            check(&format!("2026-11-24T{clock}Z"), Err(PartialDateError::Impossible));
        }
        for zone in ["+5:45", "+0545", "+05:4x", "-", "ZZ"] {
            check(&format!("2026-11-24T09:30:00{zone}"), Err(PartialDateError::Shape));
        }
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
    fn dates_of_all_zones_sort_by_their_moment() {
        let check = |text: &str, ms: i64| {
            let date: PartialDate = text.parse().unwrap();
            assert_eq!(date.unix_ms(), Some(ms), "{text}");
        };
        check("1970", 0);
        check("1970-02", 31 * 86_400_000);
        check("1970-01-02", 86_400_000);
        check("1970-01-01T02:00:00+02:00", 0);
        check("1970-01-01T02:00:00-05:45", 7 * 3_600_000 + 45 * 60_000);
        check("1970-01-01T00:00:01.25Z", 1250);
        check("1970-01-02T10:00:00", 34 * 3_600_000);
        assert!("2026-11-24T09:30:00Z".parse::<PartialDate>().unwrap().is_utc());
        assert!(!"2026-11-24T09:30:00+13:00".parse::<PartialDate>().unwrap().is_utc());
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
