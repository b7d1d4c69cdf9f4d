//! Moments as people read them.

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

/// `24-Nov-2026 09:05`; of today only the time.
pub(crate) fn moment(at: LocalTime, today: Date) -> String {
    let clock = format!("{:02}:{:02}", at.hour, at.minute);
    match Date::new(at.year, at.month, at.day) {
        Ok(day) if day == today => clock,
        Ok(day) => {
            let day = clinical::display::date(&clinical::PartialDate::from_date(day));
            format!("{day} {clock}")
        }
        Err(_) => clock,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_shows_its_day_unless_it_is_today() {
        let at = LocalTime { year: 2026, month: 11, day: 4, hour: 9, minute: 5 };
        let check = |today: Date, want: &str| assert_eq!(moment(at, today), want);
        check(jiff::civil::date(2026, 11, 4), "09:05");
        check(jiff::civil::date(2026, 11, 5), "04-Nov-2026 09:05");
    }
}
