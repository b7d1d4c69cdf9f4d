//! Days and moments as people read them, by the wall clock of this computer.

use clinical::{Instant, PartialDate, UtcOffset, display};

/// Now, and how the wall clock stands to UTC at a moment.
#[derive(Clone, Copy)]
pub(crate) struct Clock<'a> {
    pub(crate) now: Instant,
    pub(crate) offset: &'a dyn Fn(Instant) -> UtcOffset,
}

impl Clock<'_> {
    /// Today.
    pub(crate) fn today(self) -> Option<PartialDate> {
        (self.offset)(self.now).day_of(self.now).map(PartialDate::from_date)
    }

    /// `24-Nov-2026 09:05`.
    pub(crate) fn moment(self, at: Instant) -> String {
        let written = (self.offset)(at).written(at);
        written.map_or_else(|| at.to_string(), |written| with_time(&written))
    }

    /// A date of the record with its time where that was told: what was written in UTC by the wall
    /// clock, what was written with another offset by that of its place.
    pub(crate) fn dated(self, date: &PartialDate) -> String {
        match date.unix_ms().filter(|_| date.is_utc()) {
            Some(unix_ms) => self.moment(Instant::from_unix_ms(unix_ms)),
            None => with_time(date),
        }
    }
}

fn with_time(date: &PartialDate) -> String {
    let day = display::date(date);
    let time = date.as_str().split_once('T').and_then(|(_, time)| time.get(..5));
    time.map_or_else(|| day.clone(), |time| format!("{day} {time}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_moments_are_those_of_the_place() {
        let offset = |_| UtcOffset::from_seconds(3 * 3600);
        let clock = Clock { now: "2026-11-26T22:30:00Z".parse().unwrap(), offset: &offset };
        assert_eq!(clock.today().unwrap().as_str(), "2026-11-27");
        assert_eq!(clock.moment(clock.now), "27-Nov-2026 01:30");
        let check = |date: &str, want: &str| {
            assert_eq!(clock.dated(&date.parse().unwrap()), want);
        };
        check("2026-04-30T10:47:00.000Z", "30-Apr-2026 13:47");
        check("2026-04-30T10:47:00-05:00", "30-Apr-2026 10:47");
        check("2026-04-30", "30-Apr-2026");
        check("2019", "2019");
    }
}
