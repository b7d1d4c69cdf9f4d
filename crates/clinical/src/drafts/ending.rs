//! How something ends: the day, and why.

use super::check;
use crate::{Finding, PartialDate, possible};

/// The day on which a problem that began at `onset` ended: today when none was typed.
///
/// # Errors
/// One finding: the day is none, lies ahead, or before the beginning.
pub fn end_day(
    text: &str,
    onset: Option<&PartialDate>,
    today: &PartialDate,
) -> Result<PartialDate, Vec<Finding>> {
    let mut findings = Vec::new();
    let day = check::date("end", text, &mut findings).unwrap_or_else(|| today.clone());
    if possible::is_ahead(&day, today) {
        let detail = "This day lies ahead. Nothing was saved; please check it.";
        findings.push(Finding::error("end", "date-ahead", detail));
    } else if onset.is_some_and(|onset| possible::is_before(&day, onset)) {
        let detail = "This is before the problem began. Nothing was saved; please check it.";
        findings.push(Finding::error("end", "end-before-onset", detail));
    }
    check::finish(day, findings)
}

/// When a visit ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EndMoment {
    /// Now.
    Now(PartialDate),
    /// When it began: that lies ahead of this clock. One of two clocks is wrong, here or where the
    /// visit began, and no visit ends before it began.
    AsBegun(PartialDate),
}

/// The moment at which a visit that began at `start` ends.
pub fn end_moment(start: Option<&PartialDate>, now: PartialDate) -> EndMoment {
    match start {
        Some(start) if possible::is_earlier(&now, start) => EndMoment::AsBegun(start.clone()),
        Some(_) | None => EndMoment::Now(now),
    }
}

/// Why something is stopped or was a mistake: nothing when nothing was typed.
///
/// # Errors
/// One finding, on `reason`.
pub fn reason_text(text: &str) -> Result<Option<String>, Vec<Finding>> {
    let mut findings = Vec::new();
    let reason = check::line("reason", text, &mut findings);
    check::finish(reason, findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_ends_on_a_day_that_can_be() {
        let check = |text: &str, onset: Option<&str>, want: Result<&str, &str>| {
            let onset: Option<PartialDate> = onset.map(|onset| onset.parse().unwrap());
            let got = end_day(text, onset.as_ref(), &"2026-11-24".parse().unwrap());
            let got = got.map(String::from).map_err(|mut findings| findings.remove(0).code);
            assert_eq!(got.as_deref().map_err(String::as_str), want, "{text}");
        };
        check("", Some("2026"), Ok("2026-11-24"));
        check("2026-11", Some("2026-11-20"), Ok("2026-11"));
        check("2020", None, Ok("2020"));
        check("2027", None, Err("date-ahead"));
        check("2018", Some("2019-05"), Err("end-before-onset"));
        check("24/11", None, Err("date-short-year"));
    }

    #[test]
    fn a_visit_ends_no_sooner_than_it_began() {
        let check = |start: Option<&str>, now: &str, has_begun: bool| {
            let date = |text: &str| text.parse::<PartialDate>().unwrap();
            let got = end_moment(start.map(date).as_ref(), date(now));
            let want = match start.filter(|_| !has_begun) {
                Some(start) => EndMoment::AsBegun(date(start)),
                None => EndMoment::Now(date(now)),
            };
            assert_eq!(got, want, "{start:?} {now}");
        };
        let now = "2026-11-24T09:30:00+03:00";
        check(None, now, true);
        check(Some(now), now, true);
        check(Some("2026-11-24T09:29:59+03:00"), now, true);
        check(Some("2026-11-24T09:30:01+03:00"), now, false);
        // The same moment by another clock on the wall.
        check(Some("2026-11-24T06:30:00Z"), now, true);
        check(Some("2026-11-24T06:30:01Z"), now, false);
        check(Some("2026-11-24"), now, true);
        check(Some("2026-11-25"), now, false);
        check(Some("2027"), now, false);
        // Without a zone it is no moment: its day counts.
        check(Some("2026-11-24T23:00:00"), now, true);
    }

    #[test]
    fn a_reason_is_a_line_or_nothing() {
        assert_eq!(reason_text("  "), Ok(None));
        assert_eq!(reason_text(" wrong patient "), Ok(Some("wrong patient".into())));
        assert_eq!(reason_text(&"x".repeat(501)).unwrap_err()[0].code, "too-long");
    }
}
