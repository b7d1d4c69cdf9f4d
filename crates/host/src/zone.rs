//! The time zone this computer is set to.

use clinical::{Instant, UtcOffset};
use jiff::{Timestamp, tz::TimeZone};

/// How the wall clock of this computer stands to UTC at a moment: by `TZ` where it is set, else by
/// the system's setting; UTC where there is none.
pub(crate) fn utc_offset(at: Instant) -> UtcOffset {
    offset_in(&TimeZone::system(), at)
}

fn offset_in(zone: &TimeZone, at: Instant) -> UtcOffset {
    let at = Timestamp::from_millisecond(at.unix_ms());
    at.map_or(UtcOffset::UTC, |at| UtcOffset::from_seconds(zone.to_offset(at).seconds()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offset_is_that_of_the_moment() {
        let check = |zone: &str, utc: &str, want: &str| {
            let zone = TimeZone::posix(zone).unwrap();
            let at: Instant = utc.parse().unwrap();
            let written = offset_in(&zone, at).written(at).unwrap();
            assert_eq!(written.as_str(), want, "{utc}");
        };
        check("<+13>-13", "2026-11-24T11:30:00Z", "2026-11-25T00:30:00+13:00");
        check("<-11>11", "2026-11-24T10:30:00Z", "2026-11-23T23:30:00-11:00");
        check("<+0545>-5:45", "2026-11-24T17:45:00Z", "2026-11-24T23:30:00+05:45");
        // The night the clocks go back: the same hour twice, then the winter's midnight.
        let berlin = "CET-1CEST,M3.5.0,M10.5.0/3";
        check(berlin, "2026-10-24T21:59:00Z", "2026-10-24T23:59:00+02:00");
        check(berlin, "2026-10-24T22:30:00Z", "2026-10-25T00:30:00+02:00");
        check(berlin, "2026-10-25T00:30:00Z", "2026-10-25T02:30:00+02:00");
        check(berlin, "2026-10-25T01:30:00Z", "2026-10-25T02:30:00+01:00");
        check(berlin, "2026-10-25T22:30:00Z", "2026-10-25T23:30:00+01:00");
        check(berlin, "2026-03-28T23:30:00Z", "2026-03-29T00:30:00+01:00");
        check(berlin, "2026-03-29T22:30:00Z", "2026-03-30T00:30:00+02:00");
    }
}
