//! Moments as people read them.

use crate::i18n::t;
use clinical::{Instant, PartialDate, display};
use jiff::civil::Date;

/// A moment by the wall clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LocalTime {
    /// Year.
    pub year: i16,
    /// Month, from 1.
    pub month: i8,
    /// Day of the month.
    pub day: i8,
    /// Hour, 0 to 23.
    pub hour: i8,
    /// Minute.
    pub minute: i8,
}

/// `14-Mar-1980`, `Mar-1980`, `1980`, with the months of the window's language.
pub(crate) fn date(date: &PartialDate) -> String {
    let months: Vec<&str> = t("date.months").split(' ').collect();
    display::date_in(date, &months)
}

/// `24-Nov-2026 09:05`; of today only the time.
pub(crate) fn moment(at: LocalTime, today: Date) -> String {
    let clock = format!("{:02}:{:02}", at.hour, at.minute);
    match Date::new(at.year, at.month, at.day) {
        Ok(day) if day == today => clock,
        Ok(day) => {
            let day = date(&PartialDate::from_date(day));
            format!("{day} {clock}")
        }
        Err(_) => clock,
    }
}

/// A date of the record as it was written, with its time of day where that was told: by the wall
/// clock of the place, which is the clinic's own day.
pub(crate) fn as_written(date: &PartialDate) -> String {
    let day = self::date(date);
    let clock = date.as_str().split_once('T').and_then(|(_, time)| time.get(..5));
    let zone = if date.is_utc() { " UTC" } else { "" };
    clock.map_or_else(|| day.clone(), |clock| format!("{day} {clock}{zone}"))
}

/// A date of the record by the wall clock: what was written in UTC belongs to the local day, what
/// was written with another offset to the day of its own place.
pub(crate) fn by_wall_clock(
    date: &PartialDate,
    today: Date,
    local: fn(Instant) -> LocalTime,
) -> String {
    let moment_of = |unix_ms| moment(local(Instant::from_unix_ms(unix_ms)), today);
    let utc = date.unix_ms().filter(|_| date.is_utc()).map(moment_of);
    utc.unwrap_or_else(|| {
        let written = as_written(date);
        let of_today = written.strip_prefix(&self::date(&PartialDate::from_date(today)));
        of_today.map(str::trim).filter(|clock| !clock.is_empty()).unwrap_or(&written).to_owned()
    })
}

/// The day a date of the record belongs to, by the wall clock.
pub(crate) fn day(date: &PartialDate, local: fn(Instant) -> LocalTime) -> String {
    let Some(unix_ms) = date.unix_ms().filter(|_| date.is_utc()) else {
        return self::date(date);
    };
    let at = local(Instant::from_unix_ms(unix_ms));
    let day = Date::new(at.year, at.month, at.day).map(PartialDate::from_date);
    self::date(day.as_ref().unwrap_or(date))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::tests::{speak, tags};

    #[test]
    fn a_date_shows_the_local_day_and_its_time() {
        // A wall clock five hours and three quarters ahead, in the last night of the year.
        fn ahead(_: Instant) -> LocalTime {
            LocalTime { year: 2027, month: 1, day: 1, hour: 0, minute: 15 }
        }
        let check = |text: &str, whole: &str, the_day: &str, written: &str| {
            let date: PartialDate = text.parse().unwrap();
            let today = jiff::civil::date(2026, 12, 31);
            assert_eq!(by_wall_clock(&date, today, ahead), whole, "{text}");
            assert_eq!(day(&date, ahead), the_day, "{text}");
            assert_eq!(as_written(&date), written, "{text}");
        };
        check("2026-12-31T18:30:00Z", "01-Jan-2027 00:15", "01-Jan-2027", "31-Dec-2026 18:30 UTC");
        check("2026-12-31T23:30:00+05:45", "23:30", "31-Dec-2026", "31-Dec-2026 23:30");
        check("2026-12-30T23:30:00-11:00", "30-Dec-2026 23:30", "30-Dec-2026", "30-Dec-2026 23:30");
        check("2026-12-31", "31-Dec-2026", "31-Dec-2026", "31-Dec-2026");
        check("2026-12", "Dec-2026", "Dec-2026", "Dec-2026");
    }

    #[test]
    fn months_are_those_of_the_window() {
        let check = |tag: &str, text: &str, want: &str| {
            assert_eq!(speak(tag, || date(&text.parse().unwrap())), want);
        };
        check("en", "1980-12-04", "04-Dec-1980");
        check("fr", "1980-12-04", "04-déc-1980");
        check("fr", "2026-08", "août-2026");
        check("fr", "1980", "1980");
        check("es", "1980-12-04", "04-dic-1980");
        check("sw", "1980-12-04", "04-Des-1980");
        check("ar", "1980-12-04", "04-ديسمبر-1980");
        for tag in tags() {
            assert_eq!(speak(tag, || t("date.months").split(' ').count()), 12);
        }
        // The command line and a window in English say the same.
        assert_eq!(speak("en", || t("date.months")), display::MONTHS.join(" "));
    }

    #[test]
    fn a_moment_shows_its_day_unless_it_is_today() {
        let at = LocalTime { year: 2026, month: 11, day: 4, hour: 9, minute: 5 };
        let check = |today: Date, want: &str| assert_eq!(moment(at, today), want);
        check(jiff::civil::date(2026, 11, 4), "09:05");
        check(jiff::civil::date(2026, 11, 5), "04-Nov-2026 09:05");
    }
}
