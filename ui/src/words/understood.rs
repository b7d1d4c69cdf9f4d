//! What was understood of a typed date, said back at once; and ages in words.

use super::date;
use crate::i18n::{t, tf, tn};
use clinical::{PartialDate, display, read_typed};
use jiff::civil::Date;

/// A typed date as it was understood; of a birth with the age, and counted back from one. Nothing
/// while nothing can be made of it.
pub(crate) fn understood(text: &str, today: Date, is_birth: bool) -> Option<String> {
    let typed = read_typed(text, is_birth.then_some(today)).ok()?;
    let mut said = date(&typed.date);
    if typed.is_of_age {
        said = tf("identity.estimated", &[("date", &said)]);
    }
    let age = display::age(&typed.date, today).filter(|_| is_birth);
    said.extend(age.map(|age| format!(", {}", age_words(&age, true))));
    if typed.is_day_first {
        said = format!("{said} — {}", t("date.day-first"));
    }
    Some(said)
}

/// An age as a banner shows it, `46y`, in the window's language.
pub(crate) fn age(born: &PartialDate, today: Date) -> Option<String> {
    display::age(born, today).map(|age| age_words(&age, false))
}

/// The words of an age such as `46y` or `about 46y`.
fn age_words(age: &str, is_long: bool) -> String {
    let (about, bare) = age.strip_prefix("about ").map_or((false, age), |bare| (true, bare));
    let n = bare.trim_end_matches(char::is_alphabetic);
    let count = n.parse().unwrap_or_default();
    let words = match (bare.strip_prefix(n), is_long) {
        (Some("d"), true) => tn("age.days", count),
        (Some("m"), true) => tn("age.months", count),
        (_, true) => tn("age.years", count),
        (Some("d"), false) => tn("age.short-days", count),
        (Some("m"), false) => tn("age.short-months", count),
        (_, false) => tn("age.short-years", count),
    };
    if about { tf("identity.estimated", &[("date", &words)]) } else { words }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::tests::speak;

    #[test]
    fn what_was_typed_is_said_back() {
        let check = |tag: &str, text: &str, is_birth: bool, want: Option<&str>| {
            let today = jiff::civil::date(2026, 11, 26);
            let said = speak(tag, || understood(text, today, is_birth));
            assert_eq!(said.as_deref(), want, "{tag} {text}");
        };
        check("en", "14/03/1980", true, Some("14-Mar-1980, 46 years"));
        check("en", "14 mars 1980", false, Some("14-Mar-1980"));
        check("en", "4/3/1980", false, Some("04-Mar-1980 — the day was taken first"));
        check("en", "46", true, Some("about 1980, about 46 years"));
        check("en", "8 m", true, Some("about Mar-2026, about 8 months"));
        check("en", "20-11-2026", true, Some("20-Nov-2026, 6 days"));
        check("en", "1/11/2025", true, Some("01-Nov-2025, 12 months — the day was taken first"));
        check("en", "14/03/80", true, None);
        check("en", "46", false, None);
        check("en", "", true, None);
        check("fr", "14/03/1980", true, Some("14-mars-1980, 46 ans"));
        check("fr", "46", true, Some("environ 1980, environ 46 ans"));
    }

    #[test]
    fn a_banner_shows_the_age_in_its_language() {
        let check = |tag: &str, born: &str, want: &str| {
            let today = jiff::civil::date(2026, 11, 26);
            let said = speak(tag, || age(&born.parse().unwrap(), today));
            assert_eq!(said.as_deref(), Some(want));
        };
        check("en", "1980-03-14", "46y");
        check("en", "1980", "about 46y");
        check("fr", "1980-03-14", "46 ans");
        check("fr", "2026-03-14", "8 mois");
        check("es", "2025-10-20", "13 meses");
        check("sw", "1980-03-14", "miaka 46");
        check("ar", "1980-03-14", "46 سنة");
        check("ar", "2021-03-14", "5 سنوات");
        check("ar", "2026-09-14", "شهران");
    }
}
