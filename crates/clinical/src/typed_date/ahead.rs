//! A day to come, as it is typed: a date, how long from today, or a weekday.

use super::{Piece, Span, pieces, read_typed};
use jiff::civil::{Date, Weekday};

/// No visit is planned further ahead, in days.
const AHEAD_DAYS_MAX: i64 = 3 * 366;

/// Reads a day from `today` on: `14-Dec-2026` and every other whole date that [`read_typed`] reads;
/// `10 d`, `2 weeks`, `2w`, `3 mois`, counted from today; `tue`, `mardi`: the next one, never today.
/// `None` of anything else, of a day that is past, and of one more than three years ahead.
pub fn read_day_ahead(text: &str, today: Date) -> Option<Date> {
    let text = after_lead(text.trim());
    let day = match pieces(text).as_slice() {
        // In Swahili the unit stands first.
        [Piece::Number(count, digits), Piece::Word(unit)]
        | [Piece::Word(unit), Piece::Number(count, digits)]
            if *digits <= 3 =>
        {
            later(today, *count, Span::of(unit)?)?
        }
        [Piece::Word(word)] => next(today, named_weekday(word)?)?,
        _ => read_typed(text, None).ok()?.date.date()?,
    };
    let days = today.duration_until(day).as_hours() / 24;
    (0..=AHEAD_DAYS_MAX).contains(&days).then_some(day)
}

/// Words that lead to when, in the languages of the window: "in 2 weeks", "on Tuesday".
const LEADS: [&str; 7] = ["in", "on", "after", "dans", "en", "baada ya", "بعد"];

/// What stands behind a word that leads to it.
fn after_lead(text: &str) -> &str {
    let behind = |lead: &&str| {
        let (first, rest) = text.split_at_checked(lead.len())?;
        (first.to_lowercase() == **lead).then(|| rest.strip_prefix(' ')).flatten()
    };
    LEADS.iter().find_map(behind).unwrap_or(text)
}

fn later(today: Date, count: i32, span: Span) -> Option<Date> {
    let zero = jiff::Span::new();
    let ahead = match span {
        Span::Years => zero.try_years(count),
        Span::Months => zero.try_months(count),
        Span::Weeks => zero.try_weeks(count),
        Span::Days => zero.try_days(count),
    };
    today.checked_add(ahead.ok()?).ok()
}

fn next(today: Date, weekday: Weekday) -> Option<Date> {
    today.nth_weekday(1, weekday).ok()
}

/// The weekdays in English, French, Spanish, Swahili and Arabic, from Monday.
const WEEKDAYS: [(Weekday, [&str; 5]); 7] = [
    (Weekday::Monday, ["monday", "lundi", "lunes", "jumatatu", "الاثنين"]),
    (Weekday::Tuesday, ["tuesday", "mardi", "martes", "jumanne", "الثلاثاء"]),
    (Weekday::Wednesday, ["wednesday", "mercredi", "miércoles", "jumatano", "الأربعاء"]),
    (Weekday::Thursday, ["thursday", "jeudi", "jueves", "alhamisi", "الخميس"]),
    (Weekday::Friday, ["friday", "vendredi", "viernes", "ijumaa", "الجمعة"]),
    (Weekday::Saturday, ["saturday", "samedi", "sábado", "jumamosi", "السبت"]),
    (Weekday::Sunday, ["sunday", "dimanche", "domingo", "jumapili", "الأحد"]),
];

/// The weekday a word begins, with three letters or more; none when it could be two: `mar` is no
/// day of the week for who means mardi, and `juma` is four.
fn named_weekday(word: &str) -> Option<Weekday> {
    if word.chars().count() < 3 {
        return None;
    }
    let begun = |(_, names): &&(Weekday, [&str; 5])| names.iter().any(|it| it.starts_with(word));
    let mut begun = WEEKDAYS.iter().filter(begun);
    let (weekday, _) = begun.next()?;
    begun.next().is_none().then_some(*weekday)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_day_to_come_is_read_as_people_type_it() {
        let check = |text: &str, want: Option<&str>| {
            let day = read_day_ahead(text, date(2026, 11, 27)).map(|day| day.to_string());
            assert_eq!(day.as_deref(), want, "{text}");
        };
        check("2w", Some("2026-12-11"));
        check("2 weeks", Some("2026-12-11"));
        check("10 d", Some("2026-12-07"));
        check("3 mois", Some("2027-02-27"));
        check("1 y", Some("2027-11-27"));
        check("14/12/2026", Some("2026-12-14"));
        check("14 dec 2026", Some("2026-12-14"));
        check("2026-11-27", Some("2026-11-27"));
        check("in 2 weeks", Some("2026-12-11"));
        check("On 14 dec 2026", Some("2026-12-14"));
        check("baada ya wiki 2", Some("2026-12-11"));
        check("بعد 3 أسابيع", Some("2026-12-18"));
        // 27-Nov-2026 is a Friday.
        check("tue", Some("2026-12-01"));
        check("fri", Some("2026-12-04"));
        check("Jumanne", Some("2026-12-01"));
        check("الثلاثاء", Some("2026-12-01"));
        check("wiki 2", Some("2026-12-11"));
        check("3 أسابيع", Some("2026-12-18"));
        for text in [
            "2026-11-26",
            "12/2026",
            "2026",
            "14",
            "9 y",
            "juma",
            "soon",
            "",
            "2 w 3 d",
            "in",
            "in in 2 w",
        ] {
            check(text, None);
        }
    }
}
