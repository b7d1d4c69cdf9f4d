//! How the wall clock of a place stands to UTC.

use crate::{Instant, PartialDate};
use jiff::{Timestamp, civil::Date, tz::Offset};

/// How far a wall clock is ahead of UTC at one moment, in whole minutes. It changes with the
/// season in many places: ask for it moment by moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UtcOffset(i16);

/// No place is further from UTC.
const MINUTES_MAX: i32 = 18 * 60;

impl UtcOffset {
    /// UTC itself.
    pub const UTC: Self = Self(0);

    /// An offset of so many seconds, cut to whole minutes; one that no place has is UTC.
    pub fn from_seconds(seconds: i32) -> Self {
        let minutes = seconds / 60;
        let known = (-MINUTES_MAX..=MINUTES_MAX).contains(&minutes);
        Self(i16::try_from(minutes).ok().filter(|_| known).unwrap_or_default())
    }

    /// The calendar day of a moment by this clock; none when it is out of the calendar's range.
    pub fn day_of(self, moment: Instant) -> Option<Date> {
        Some(Offset::UTC.to_datetime(self.shifted(moment)?).date())
    }

    /// When the day of a moment began by this clock; none when it is out of the calendar's range.
    pub fn day_start(self, moment: Instant) -> Option<Instant> {
        let day = format!("{}T00:00:00Z", self.day_of(moment)?).parse::<Instant>().ok()?;
        Some(Instant::from_unix_ms(day.unix_ms() - i64::from(self.0) * 60_000))
    }

    /// A moment as it is written in the record, to the second, with this offset: what it says
    /// first is the local day.
    pub fn written(self, moment: Instant) -> Option<PartialDate> {
        let time = Offset::UTC.to_datetime(self.shifted(moment)?);
        let (sign, minutes) = if self.0 < 0 { ('-', -self.0) } else { ('+', self.0) };
        let text = format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{sign}{:02}:{:02}",
            time.year(),
            time.month(),
            time.day(),
            time.hour(),
            time.minute(),
            time.second(),
            minutes / 60,
            minutes % 60
        );
        text.parse().ok()
    }

    fn shifted(self, moment: Instant) -> Option<Timestamp> {
        let ms = moment.unix_ms().checked_add(i64::from(self.0) * 60_000)?;
        Timestamp::from_millisecond(ms).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_local_midnight() {
        let check = |minutes: i32, moment: &str, want: &str| {
            let moment: Instant = moment.parse().unwrap();
            let start = UtcOffset::from_seconds(minutes * 60).day_start(moment).unwrap();
            assert_eq!(start, want.parse().unwrap(), "{moment}");
        };
        check(0, "2026-11-27T06:09:00Z", "2026-11-27T00:00:00Z");
        check(180, "2026-11-26T22:30:00Z", "2026-11-26T21:00:00Z");
        check(-300, "2026-11-27T02:00:00Z", "2026-11-26T05:00:00Z");
    }

    #[test]
    fn a_moment_belongs_to_the_local_day() {
        let check = |utc: &str, minutes: i32, want: &str| {
            let moment: Instant = utc.parse().unwrap();
            let offset = UtcOffset::from_seconds(minutes * 60);
            let written = offset.written(moment).unwrap();
            assert_eq!(written.as_str(), want);
            assert_eq!(offset.day_of(moment), written.date(), "{want}");
            // It is the same moment still.
            let again: Instant = want.parse().unwrap();
            assert_eq!(again.unix_ms(), moment.unix_ms(), "{want}");
        };
        check("2026-11-24T10:30:00Z", 13 * 60, "2026-11-24T23:30:00+13:00");
        check("2026-11-24T11:30:00Z", 13 * 60, "2026-11-25T00:30:00+13:00");
        check("2026-11-25T10:30:00Z", -11 * 60, "2026-11-24T23:30:00-11:00");
        check("2026-11-24T17:45:00Z", 5 * 60 + 45, "2026-11-24T23:30:00+05:45");
        check("2026-11-24T18:15:00Z", 5 * 60 + 45, "2026-11-25T00:00:00+05:45");
        check("2026-01-01T03:00:00Z", -(3 * 60 + 30), "2025-12-31T23:30:00-03:30");
        check("2026-11-24T10:30:00Z", 0, "2026-11-24T10:30:00+00:00");
        check("1969-12-31T23:30:00Z", 60, "1970-01-01T00:30:00+01:00");
    }

    #[test]
    fn what_no_clock_shows_is_not_made_up() {
        assert_eq!(UtcOffset::from_seconds(100 * 3600), UtcOffset::UTC);
        assert_eq!(UtcOffset::from_seconds(3600).day_of(Instant::from_unix_ms(i64::MAX)), None);
    }
}
