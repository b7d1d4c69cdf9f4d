//! Birth dates as people type them: `14mar88`, `14/3/1988`, `1988`, `14.03.88`, `1988-03-14`.

use clinical::PartialDate;
use std::collections::BTreeSet;

/// Before a birth date: `¶19880314`, `¶198803`, `¶1988`.
const BIRTH: char = '¶';
/// Before the month and day of a birth date: `¤0314`.
const BIRTHDAY: char = '¤';
/// Before the year of a birth, whatever else of it is known: `¢1988`. By it a year is one word,
/// not the beginning of hundreds.
const YEAR: char = '¢';

/// Words for months, folded, in the languages of Latin America, western Europe and most of
/// Africa. Any beginning of three letters or more counts.
const MONTHS: [(&str, u8); 38] = [
    ("january", 1),
    ("januar", 1),
    ("janvier", 1),
    ("enero", 1),
    ("janeiro", 1),
    ("february", 2),
    ("februar", 2),
    ("fevrier", 2),
    ("fevereiro", 2),
    ("march", 3),
    ("marz", 3),
    ("mars", 3),
    ("marco", 3),
    ("april", 4),
    ("avril", 4),
    ("abril", 4),
    ("may", 5),
    ("mai", 5),
    ("mayo", 5),
    ("maio", 5),
    ("june", 6),
    ("juni", 6),
    ("juin", 6),
    ("july", 7),
    ("juli", 7),
    ("juillet", 7),
    ("august", 8),
    ("aout", 8),
    ("agosto", 8),
    ("september", 9),
    ("setembro", 9),
    ("october", 10),
    ("oktober", 10),
    ("outubro", 10),
    ("november", 11),
    ("december", 12),
    ("dezember", 12),
    ("diciembre", 12),
];

/// The words a birth date is indexed by.
pub(crate) fn words_of(date: &PartialDate) -> Vec<String> {
    let year = date.year();
    match (date.month(), date.date()) {
        (Some(month), Some(day)) => {
            let day = day.day();
            vec![
                format!("{BIRTH}{year:04}{month:02}{day:02}"),
                format!("{BIRTHDAY}{month:02}{day:02}"),
            ]
        }
        (Some(month), None) => vec![format!("{BIRTH}{year:04}{month:02}")],
        (None, _) => vec![format!("{BIRTH}{year:04}")],
    }
}

/// The word of a year of birth.
pub(crate) fn year_word(year: i16) -> String {
    format!("{YEAR}{year:04}")
}

/// What a folded text may mean as a birth date, as beginnings of indexed words; nothing when it
/// is no date. Where day and month can be told only by custom, both are meant.
pub(crate) fn meanings(text: &str) -> Vec<String> {
    let Some(parts) = parts_of(text) else { return Vec::new() };
    let mut found = BTreeSet::new();
    match parts.as_slice() {
        [Part::Number(digits)] => found.extend(run_together(digits)),
        [first, second] => {
            found.extend(month_and_year(first, second));
            found.extend(month_and_year(second, first));
            found.extend(birthday(first, second));
            found.extend(birthday(second, first));
        }
        [first, second, third] => {
            found.extend(whole(first, second, third));
            found.extend(whole(third, second, first));
            found.extend(whole(second, first, third));
        }
        _ => {}
    }
    found.into_iter().collect()
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Number(String),
    Month(u8),
}

/// Cuts at marks and where digits meet letters; `None` when a part can be in no date.
fn parts_of(text: &str) -> Option<Vec<Part>> {
    let mut parts: Vec<String> = Vec::new();
    let mut last = ' ';
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            match parts.last_mut() {
                Some(part)
                    if last.is_ascii_digit() == c.is_ascii_digit()
                        && last.is_ascii_alphanumeric() =>
                {
                    part.push(c);
                }
                Some(_) | None => parts.push(c.to_string()),
            }
        } else if !matches!(c, '-' | '/' | '.' | ',' | ' ') {
            return None;
        }
        last = c;
    }
    parts.into_iter().map(part_of).collect()
}

fn part_of(text: String) -> Option<Part> {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return Some(Part::Number(text));
    }
    let month = MONTHS.iter().find(|(name, _)| text.len() >= 3 && name.starts_with(&text));
    month.map(|(_, month)| Part::Month(*month))
}

/// `1988`, `19880314`, `14031988`, `140388`.
fn run_together(digits: &str) -> Vec<String> {
    let number = |range| digits.get(range).map(|part: &str| Part::Number(part.to_owned()));
    let three = |a, b, c| Some(whole(&number(a)?, &number(b)?, &number(c)?));
    match digits.len() {
        4 => years(digits).into_iter().map(|year| format!("{BIRTH}{year}")).collect(),
        8 => {
            let forwards = three(0..2, 2..4, 4..8).unwrap_or_default();
            let backwards = three(6..8, 4..6, 0..4).unwrap_or_default();
            forwards.into_iter().chain(backwards).collect()
        }
        6 => three(0..2, 2..4, 4..6).unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn whole(day: &Part, month: &Part, year: &Part) -> Vec<String> {
    let (Some(day), Some(month), Part::Number(year)) = (day_in(day), month_in(month), year) else {
        return Vec::new();
    };
    let of_year = |year| {
        let date = format!("{year}-{month:02}-{day:02}").parse::<PartialDate>().ok()?;
        words_of(&date).into_iter().next()
    };
    years(year).into_iter().filter_map(of_year).collect()
}

fn month_and_year(month: &Part, year: &Part) -> Vec<String> {
    let (Some(month), Part::Number(year)) = (month_in(month), year) else { return Vec::new() };
    // `3/88` is the third of an unknown month to some; only a whole year makes it sure.
    let years = if year.len() == 4 { years(year) } else { Vec::new() };
    years.into_iter().map(|year| format!("{BIRTH}{year}{month:02}")).collect()
}

fn birthday(day: &Part, month: &Part) -> Option<String> {
    let (day, month) = (day_in(day)?, month_in(month)?);
    // A leap year has every birthday.
    let date = format!("2000-{month:02}-{day:02}").parse::<PartialDate>().ok()?;
    words_of(&date).into_iter().nth(1)
}

fn day_in(part: &Part) -> Option<u8> {
    match part {
        Part::Number(digits) if digits.len() <= 2 => {
            digits.parse().ok().filter(|day| (1..=31).contains(day))
        }
        Part::Number(_) | Part::Month(_) => None,
    }
}

fn month_in(part: &Part) -> Option<u8> {
    match part {
        Part::Month(month) => Some(*month),
        Part::Number(digits) if digits.len() <= 2 => {
            digits.parse().ok().filter(|month| (1..=12).contains(month))
        }
        Part::Number(_) => None,
    }
}

/// The years four or two digits may mean.
fn years(digits: &str) -> Vec<String> {
    match digits.len() {
        4 if digits.starts_with("18") || digits.starts_with("19") || digits.starts_with("20") => {
            vec![digits.to_owned()]
        }
        2 => vec![format!("19{digits}"), format!("20{digits}")],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_type_them() {
        let check = |text: &str, want: &[&str]| assert_eq!(meanings(text), want, "{text}");
        for text in [
            "14mar1988",
            "14/3/1988",
            "14.03.1988",
            "1988-03-14",
            "19880314",
            "14031988",
            "14 mar 1988",
            "march 14, 1988",
            "3/14/1988",
            "14-marz-1988",
            "1988/3/14",
            "14 mars 1988",
        ] {
            check(text, &["¶19880314"]);
        }
        for text in ["14mar88", "14.03.88", "14/3/88", "140388"] {
            check(text, &["¶19880314", "¶20880314"]);
        }
        check("4/3/1988", &["¶19880304", "¶19880403"]);
        check("1988", &["¶1988"]);
        check("mar1988", &["¶198803"]);
        check("3/1988", &["¶198803"]);
        check("14 mar", &["¤0314"]);
        check("14/3", &["¤0314"]);
        check("3/4", &["¤0304", "¤0403"]);
        check("29feb", &["¤0229"]);
        for text in [
            "",
            "0712345678",
            "mar",
            "okello",
            "88",
            "31/2/1988",
            "3088",
            "a14",
            "14mar88x",
            "1/2/3/4",
            "ma88",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn what_is_indexed_is_found_again() {
        let check = |date: &str, want: &[&str]| {
            assert_eq!(words_of(&date.parse().unwrap()), want);
        };
        check("1988-03-14", &["¶19880314", "¤0314"]);
        check("1988-03", &["¶198803"]);
        check("1988", &["¶1988"]);
    }
}
