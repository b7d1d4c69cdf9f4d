//! The display rules: how a name, a date, an age and a medicine are written, everywhere alike.
//!
//! Sources: NHS CUI patient banner (PAB-…), dates (D+Ta-…), medication line (MEDi), and ISMP's
//! 2019 guidelines for electronic medication information.

mod amount;
mod dose;
mod measured;
mod noun;
mod order;
mod part;
mod plural;
mod route;
mod tall_man;

pub use dose::{DoseWords, SpanWords, Spans};
pub use measured::{gram_power, in_strength};
pub use noun::Nouns;
pub use order::{OrderWords, dispense_parts_in, order_parts_in, product_in};
pub use part::{
    UNREADABLE, labels, name_words, number_words, part_name, part_words, reaction_words,
};
pub use plural::PluralRule;
pub use route::{Route, RouteWords};
pub use tall_man::tall_man;

use crate::{Dosage, HumanName, Identity, MedicationOrder, PartialDate};
use jiff::civil::Date;

/// The months of English.
pub const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `FAMILY, Given (Title)` (PAB-0033, PAB-0042..0046); "Not known" when there is no name
/// (PAB-0061).
pub fn banner_name(identity: &Identity) -> String {
    let name = identity.preferred_name().filter(|name| !name.is_empty());
    name.map_or_else(|| "Not known".to_owned(), name_line)
}

fn name_line(name: &HumanName) -> String {
    if name.family.is_empty() && name.given.is_empty() {
        return name.text.clone().unwrap_or_default();
    }
    let given = name.given.join(" ");
    let family = name.family.to_uppercase();
    let mut line = match (family.is_empty(), given.is_empty()) {
        (false, false) => format!("{family}, {given}"),
        (true, _) => given,
        (false, true) => family,
    };
    if !name.prefix.is_empty() {
        line.push_str(&format!(" ({})", name.prefix.join(" ")));
    }
    line
}

/// `14-Mar-1980`, `Mar-1980`, `1980` (D+Ta-0002..0005); a time of day is left out.
pub fn date(date: &PartialDate) -> String {
    date_in(date, &MONTHS)
}

/// The same with the months of a language, from January on; in English where one is missing.
pub fn date_in(date: &PartialDate, months: &[&str]) -> String {
    let month = date
        .month()
        .and_then(|month| usize::try_from(month).ok()?.checked_sub(1))
        .and_then(|month| months.get(month).or(MONTHS.get(month)));
    match (date.date(), month) {
        (Some(day), Some(month)) => format!("{:02}-{month}-{:04}", day.day(), day.year()),
        (None, Some(month)) => format!("{month}-{:04}", date.year()),
        (_, None) => format!("{:04}", date.year()),
    }
}

/// The age as the banner shows it: days below a month, months below two years, else years
/// (PAB-0049..0054); `None` when the birth date is not known or lies ahead.
pub fn age(born: &PartialDate, today: Date) -> Option<String> {
    // Born after midnight of another zone (see `possible::is_ahead`).
    if today.tomorrow().is_ok_and(|tomorrow| born.date() == Some(tomorrow)) {
        return Some("0d".to_owned());
    }
    let years = born.age_years(today)?;
    let Some(day) = born.date() else {
        let months = born.month().and(born.earliest()).map(|first| months_between(first, today));
        return Some(match months {
            Some(months @ ..=23) => format!("about {months}m"),
            Some(_) | None => format!("about {years}y"),
        });
    };
    let days = day.duration_until(today).as_hours() / 24;
    let months = months_between(day, today);
    // A month of 31 days is not over after four weeks.
    Some(match months {
        ..=0 => format!("{days}d"),
        1..=23 => format!("{months}m"),
        24.. => format!("{years}y"),
    })
}

fn months_between(from: Date, to: Date) -> i32 {
    let whole = (i32::from(to.year()) - i32::from(from.year())) * 12 + i32::from(to.month())
        - i32::from(from.month());
    whole - i32::from(to.day() < from.day())
}

/// The dose in a part of an English medication line that announces one; it is set bold, as the name
/// is (MEDi).
pub fn announced_dose(part: &str) -> Option<&str> {
    DoseWords::ENGLISH.announced(part)
}

/// The parts of a medication line: the name, and what follows it joined by an em dash with
/// spaces, the dose announced by `DOSE` (MEDi; ISMP 2019). The caller sets the name and the dose
/// bold and may break the line between parts, never within one.
pub fn medication_line(order: &MedicationOrder) -> (String, Vec<String>) {
    let parts = order_parts_in(order, &DoseWords::ENGLISH, &OrderWords::ENGLISH);
    (order.medication.label().to_owned(), parts)
}

/// What follows the name in a medication line, in English.
pub fn dosage_parts(dosages: &[Dosage]) -> Vec<String> {
    dosage_parts_in(dosages, &DoseWords::ENGLISH)
}

/// What follows the name in a medication line, in the words of a language. Of several dosages each
/// has its number before it: run together, they would read as one.
pub fn dosage_parts_in(dosages: &[Dosage], words: &DoseWords) -> Vec<String> {
    let all = dosages.iter().map(|dosage| words.parts(dosage)).filter(|parts| !parts.is_empty());
    let all: Vec<Vec<String>> = all.collect();
    let is_one = all.len() < 2;
    let numbered = all.into_iter().enumerate().flat_map(|(at, parts)| {
        let number = (!is_one).then(|| format!("({})", at + 1));
        number.into_iter().chain(parts)
    });
    numbered.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AdministrativeGender, CodeableConcept, MedicationStatus, Quantity, Timing};
    use jiff::civil::date as day;

    fn identity(name: HumanName) -> Identity {
        Identity {
            name: vec![name],
            gender: AdministrativeGender::Female,
            birth_date: None,
            birth_date_estimated: false,
            identifier: Vec::new(),
        }
    }

    #[test]
    fn names_follow_the_banner_rules() {
        let check = |family: &str, given: &str, prefix: &[&str], want: &str| {
            let mut name = HumanName::new(family, given);
            name.prefix = prefix.iter().map(|p| (*p).to_owned()).collect();
            assert_eq!(banner_name(&identity(name)), want);
        };
        check("Okello", "Grace Akinyi", &["Dr"], "OKELLO, Grace Akinyi (Dr)");
        check("", "Suharto", &[], "Suharto");
        check("Müller", "", &[], "MÜLLER");
        check("", "", &[], "Not known");
    }

    #[test]
    fn several_dosages_are_numbered() {
        let dosage =
            |times| Dosage { timing: Some(Timing::times_a_day(times)), ..Dosage::default() };
        let check = |dosages: &[Dosage], want: &str| {
            assert_eq!(dosage_parts(dosages).join(" — "), want);
        };
        check(&[dosage(1)], "once daily");
        check(&[dosage(1), dosage(2)], "(1) — once daily — (2) — twice daily");
        check(&[Dosage::default(), dosage(2)], "twice daily");
    }

    #[test]
    fn dates_show_the_month_as_a_word() {
        let check = |text: &str, want: &str| assert_eq!(date(&text.parse().unwrap()), want);
        check("1980-03-04", "04-Mar-1980");
        check("1980-12", "Dec-1980");
        check("1980", "1980");
        check("2026-11-24T09:30:00Z", "24-Nov-2026");
    }

    #[test]
    fn ages_are_days_then_months_then_years() {
        let check = |born: &str, want: Option<&str>| {
            assert_eq!(age(&born.parse().unwrap(), day(2026, 11, 24)).as_deref(), want, "{born}");
        };
        check("2026-11-24", Some("0d"));
        check("2026-11-25", Some("0d"));
        check("2026-11-26", None);
        check("2026-10-28", Some("27d"));
        check("2026-10-25", Some("30d"));
        check("2026-10-24", Some("1m"));
        check("2026-10-01", Some("1m"));
        check("2024-11-25", Some("23m"));
        check("2024-11-24", Some("2y"));
        check("1980", Some("about 46y"));
        check("2026-03", Some("about 8m"));
        check("1980-03", Some("about 46y"));
        check("2027", None);
    }

    #[test]
    fn a_medication_line_announces_its_dose() {
        let order = MedicationOrder::new(
            CodeableConcept::from_text("amlodipine"),
            vec![Dosage {
                dose: Some(Quantity::ucum("5".parse().unwrap(), "mg")),
                timing: Some(Timing::times_a_day(1)),
                ..Dosage::default()
            }],
            MedicationStatus::Active,
        );
        let (name, parts) = medication_line(&order);
        assert_eq!(
            format!("{name} — {}", parts.join(" — ")),
            "amlodipine — DOSE 5\u{a0}mg — once daily"
        );
        let doses: Vec<_> = parts.iter().map(|part| announced_dose(part)).collect();
        assert_eq!(doses, [Some("5\u{a0}mg"), None]);
    }
}
