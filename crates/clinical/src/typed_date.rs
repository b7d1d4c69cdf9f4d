//! A date as people type it, and an age in its place. Nothing is guessed in silence: a year has
//! four digits, the day comes before the month, and where the two could be taken for each other
//! the reader is told which was which.

mod ahead;

use crate::{PartialDate, PartialDateError};
use jiff::civil::Date;

pub use ahead::read_day_ahead;

/// What was understood of a typed date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedDate {
    /// The date.
    pub date: PartialDate,
    /// It was made of an age, and is an estimate.
    pub is_of_age: bool,
    /// Day and month could be taken for each other; the first one was taken for the day.
    pub is_day_first: bool,
}

/// Why a typed text is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TypedDateError {
    /// It has no shape a date has.
    #[error("write the date as 14-Mar-1980, 14/03/1980, 03/1980, 1980 or 1980-03-14")]
    Shape,
    /// The year has two digits.
    #[error("write the year with four digits")]
    ShortYear,
    /// The day or month does not exist.
    #[error("this day is not in the calendar")]
    Impossible,
}

/// The greatest age that is typed as one, in years.
const AGE_YEARS_MAX: i16 = 130;

/// Reads a typed date: `1980-03-14`, `14-Mar-1980`, `14 mars 1980`, `14/03/1980`, `14.3.1980`,
/// `14 3 1980`, `03/1980`, `Mar 1980`, `1980`; and, where `today` is told, an age: `46`, `46 y`,
/// `8 m`, `3 weeks`, `miezi 8`. Digits may be those of Arabic.
///
/// # Errors
/// [`TypedDateError`]; a year of two digits is never completed.
pub fn read_typed(text: &str, today: Option<Date>) -> Result<TypedDate, TypedDateError> {
    match text.trim().parse::<PartialDate>() {
        Ok(date) => return Ok(whole(date)),
        Err(PartialDateError::Impossible) => return Err(TypedDateError::Impossible),
        Err(PartialDateError::Shape) => {}
    }
    match pieces(text).as_slice() {
        [Piece::Number(age, digits)] => of_age(*age, *digits, Span::Years, today),
        // In Swahili the unit stands first.
        [Piece::Number(age, digits), Piece::Word(word)]
        | [Piece::Word(word), Piece::Number(age, digits)]
            if Span::of(word).is_some() =>
        {
            let span = Span::of(word).ok_or(TypedDateError::Shape)?;
            of_age(*age, *digits, span, today)
        }
        [first, last] => {
            let month = first.month().ok_or(TypedDateError::Shape);
            match (first.year(), last.year()) {
                (Some(year), None) => dated(year, last.month().ok_or(TypedDateError::Shape)?, None),
                (None, Some(year)) => dated(year, month?, None),
                (Some(_), Some(_)) => Err(TypedDateError::Shape),
                (None, None) => Err(short(last)),
            }
        }
        [first, middle, last] => of_three(first, middle, last),
        _ => Err(TypedDateError::Shape),
    }
}

/// A piece of what was typed: a number with how many digits it had, or a word.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Number(i32, usize),
    Word(String),
}

impl Piece {
    fn year(&self) -> Option<i32> {
        matches!(self, Self::Number(_, 4)).then(|| self.number()).flatten()
    }

    fn number(&self) -> Option<i32> {
        match self {
            Self::Number(number, _) => Some(*number),
            Self::Word(_) => None,
        }
    }

    /// A number of at most two digits.
    fn small(&self) -> Option<i32> {
        self.number().filter(|_| matches!(self, Self::Number(_, 1..=2)))
    }

    fn month(&self) -> Option<i32> {
        match self {
            Self::Number(..) => self.small(),
            Self::Word(word) => named_month(word),
        }
    }

    fn is_word(&self) -> bool {
        matches!(self, Self::Word(_))
    }
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut runs: Vec<String> = Vec::new();
    let mut last = None;
    for letter in text.to_lowercase().chars().map(western) {
        // What parts digits from letters parts pieces too: 14mar1980.
        let kind = letter.is_alphabetic().then_some(1).or(letter.is_ascii_digit().then_some(2));
        match kind {
            Some(_) if kind == last => runs.last_mut().into_iter().for_each(|run| run.push(letter)),
            Some(_) => runs.push(letter.to_string()),
            // Only what stands between the parts of a date may stand there.
            None if matches!(letter, '-' | '/' | '.' | ',' | ' ' | '\u{a0}') => {}
            None => runs.push("?".to_owned()),
        }
        last = kind;
    }
    let piece = |run: String| match run.parse::<i32>() {
        Ok(number) => Piece::Number(number, run.len()),
        Err(_) => Piece::Word(run),
    };
    // 14 de marzo de 1980.
    runs.into_iter().filter(|run| run != "de").map(piece).collect()
}

/// A digit of Arabic or Persian as the one it is; else the letter.
fn western(letter: char) -> char {
    let value = match letter {
        '٠'..='٩' => u32::from(letter) - u32::from('٠'),
        '۰'..='۹' => u32::from(letter) - u32::from('۰'),
        _ => return letter,
    };
    char::from_digit(value, 10).unwrap_or(letter)
}

/// Three pieces: the year first, or the day first, or a month in words before its day.
fn of_three(first: &Piece, middle: &Piece, last: &Piece) -> Result<TypedDate, TypedDateError> {
    if let Some(year) = first.year() {
        let (month, day) = (middle.month(), last.small());
        let (Some(month), Some(day)) = (month, day) else { return Err(TypedDateError::Shape) };
        return dated(year, month, Some(day));
    }
    let Some(year) = last.year() else { return Err(short(last)) };
    let (day, month) = if first.is_word() { (middle, first) } else { (first, middle) };
    let (Some(day), Some(number)) = (day.small(), month.month()) else {
        return Err(TypedDateError::Shape);
    };
    let mut typed = dated(year, number, Some(day))?;
    typed.is_day_first = !month.is_word() && day <= 12 && day != number;
    Ok(typed)
}

fn short(last: &Piece) -> TypedDateError {
    if last.small().is_some() { TypedDateError::ShortYear } else { TypedDateError::Shape }
}

fn dated(year: i32, month: i32, day: Option<i32>) -> Result<TypedDate, TypedDateError> {
    let day = day.map(|day| format!("-{day:02}")).unwrap_or_default();
    let date = format!("{year:04}-{month:02}{day}").parse();
    date.map(whole).map_err(|_| TypedDateError::Impossible)
}

fn whole(date: PartialDate) -> TypedDate {
    TypedDate { date, is_of_age: false, is_day_first: false }
}

/// A unit of an age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Span {
    Years,
    Months,
    Weeks,
    Days,
}

impl Span {
    /// The unit of a word, in English, French, Spanish, Swahili or Arabic. "m" is months: a minute
    /// is no age.
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "y" | "yr" | "yrs" | "year" | "years" | "a" | "an" | "ans" | "año" | "años"
            | "mwaka" | "miaka" | "سنة" | "سنوات" => Self::Years,
            "m" | "mo" | "mos" | "mth" | "month" | "months" | "mois" | "mes" | "meses"
            | "mwezi" | "miezi" | "شهر" | "شهرا" | "أشهر" => Self::Months,
            "w" | "wk" | "wks" | "week" | "weeks" | "sem" | "semaine" | "semaines" | "semana"
            | "semanas" | "wiki" | "أسبوع" | "أسبوعا" | "أسابيع" => Self::Weeks,
            "d" | "day" | "days" | "j" | "jour" | "jours" | "día" | "días" | "dia" | "dias"
            | "siku" | "يوم" | "يوما" | "أيام" => Self::Days,
            _ => return None,
        })
    }
}

/// The year of an age in years, the month of a shorter one.
fn of_age(
    age: i32,
    digits: usize,
    span: Span,
    today: Option<Date>,
) -> Result<TypedDate, TypedDateError> {
    let Some(today) = today else {
        let is_short = digits <= 2 && span == Span::Years;
        return Err(if is_short { TypedDateError::ShortYear } else { TypedDateError::Shape });
    };
    let age = i16::try_from(age).ok().filter(|_| digits <= 3).ok_or(TypedDateError::Shape)?;
    let zero = jiff::Span::new();
    let back = match span {
        Span::Years if age > AGE_YEARS_MAX => return Err(TypedDateError::Shape),
        Span::Years => zero.try_years(age),
        Span::Months => zero.try_months(age),
        Span::Weeks => zero.try_weeks(age),
        Span::Days => zero.try_days(age),
    };
    let born = back.and_then(|back| today.checked_sub(back)).map_err(|_| TypedDateError::Shape)?;
    let text = match span {
        Span::Years => format!("{:04}", born.year()),
        Span::Months | Span::Weeks | Span::Days => {
            format!("{:04}-{:02}", born.year(), born.month())
        }
    };
    let date = text.parse().map_err(|_| TypedDateError::Impossible)?;
    Ok(TypedDate { date, is_of_age: true, is_day_first: false })
}

/// The months in English, French, Spanish, Swahili and Arabic (of the east and of the Maghreb), from
/// January.
const MONTHS: [&str; 12] = [
    "january janvier janv enero januari يناير جانفي",
    "february février fevrier febrero februari فبراير فيفري",
    "march mars mar marzo machi مارس",
    "april avril avr abril aprili أبريل ابريل أفريل",
    "may mai mai mayo mei مايو",
    "june juin jun junio juni يونيو جوان",
    "july juillet jul julio julai يوليو جويلية",
    "august août aout agosto agosti أغسطس اغسطس أوت",
    "september septembre sept septiembre setiembre septemba سبتمبر",
    "october octobre oct octubre oktoba أكتوبر اكتوبر",
    "november novembre nov noviembre novemba نوفمبر",
    "december décembre decembre diciembre desemba ديسمبر",
];

/// The month a word begins, with three letters or more; none when it could be two.
fn named_month(word: &str) -> Option<i32> {
    if word.chars().count() < 3 {
        return None;
    }
    let mut begun =
        (1..).zip(MONTHS).filter(|(_, names)| names.split(' ').any(|name| name.starts_with(word)));
    let (month, _) = begun.next()?;
    begun.next().is_none().then_some(month)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn read(text: &str) -> Result<TypedDate, TypedDateError> {
        read_typed(text, Some(date(2026, 11, 26)))
    }

    #[test]
    fn a_date_is_read_as_people_type_it() {
        let check = |text: &str, want: &str| {
            let typed = read(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((typed.date.as_str(), typed.is_of_age), (want, false), "{text}");
        };
        for day in [
            "1980-03-14",
            " 14-Mar-1980 ",
            "14/03/1980",
            "14.03.1980",
            "14 3 1980",
            "14/3/1980",
            "14 mars 1980",
            "14-MAR-1980",
            "14mar1980",
            "1980/03/14",
            "1980.3.14",
            "March 14, 1980",
            "mar 14 1980",
            "14. 3. 1980",
        ] {
            check(day, "1980-03-14");
        }
        for month in ["1980-03", "03/1980", "3 1980", "Mar 1980", "mars 1980", "1980/3"] {
            check(month, "1980-03");
        }
        check("1980", "1980");
        check("1 août 2001", "2001-08-01");
        check("1 aout 2001", "2001-08-01");
        check("2 févr 2001", "2001-02-02");
        check("3 juil 2001", "2001-07-03");
        check("3 juin 2001", "2001-06-03");
        check("29/02/2024", "2024-02-29");
        for day in
            ["14 de marzo de 1980", "14-mar-1980", "14-Mac-1980", "14-مارس-1980", "١٤/٠٣/١٩٨٠"]
        {
            check(day, "1980-03-14");
        }
    }

    #[test]
    fn an_age_is_an_estimate() {
        let check = |text: &str, want: &str| {
            let typed = read(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((typed.date.as_str(), typed.is_of_age), (want, true), "{text}");
        };
        check("46", "1980");
        check("46 y", "1980");
        check("46ans", "1980");
        check("0", "2026");
        check("102", "1924");
        check("8 m", "2026-03");
        check("8m", "2026-03");
        check("14 mois", "2025-09");
        check("3 weeks", "2026-11");
        check("5 j", "2026-11");
        check("8 meses", "2026-03");
        check("miezi 8", "2026-03");
        check("miaka 46", "1980");
        check("8 أشهر", "2026-03");
        check("٤٦", "1980");
    }

    /// Whose day and month could be taken for each other is told; nothing else is.
    #[test]
    fn day_first_is_told_where_it_could_be_otherwise() {
        let check = |text: &str, date: &str, told: bool| {
            let typed = read(text).unwrap();
            assert_eq!((typed.date.as_str(), typed.is_day_first), (date, told), "{text}");
        };
        check("04/03/1980", "1980-03-04", true);
        check("4.3.1980", "1980-03-04", true);
        check("14/03/1980", "1980-03-14", false);
        check("03/03/1980", "1980-03-03", false);
        check("4 Mar 1980", "1980-03-04", false);
        check("1980-03-04", "1980-03-04", false);
        check("1980/03/04", "1980-03-04", false);
    }

    #[test]
    fn what_could_be_meant_otherwise_is_refused() {
        use TypedDateError::{Impossible, Shape, ShortYear};
        let check = |text: &str, want: TypedDateError| assert_eq!(read(text), Err(want), "{text}");
        check("14/03/80", ShortYear);
        check("14-Mar-80", ShortYear);
        check("80/03/14", ShortYear);
        check("03/80", ShortYear);
        check("Mar 80", ShortYear);
        check("03/14/1980", Impossible);
        check("31/02/1980", Impossible);
        check("1980-13", Impossible);
        check("13/1980", Impossible);
        check("3 jui 2001", Shape);
        check("19800314", Shape);
        check("131", Shape);
        check("46 x", Shape);
        check("14:03:1980", Shape);
        check("about 1980", Shape);
        check("1/2/3/1980", Shape);
        check("", Shape);
    }

    /// Where no age can be meant, a short number is a year that lacks its century.
    #[test]
    fn without_a_day_to_count_from_there_are_no_ages() {
        let check = |text: &str, want| assert_eq!(read_typed(text, None), Err(want), "{text}");
        check("46", TypedDateError::ShortYear);
        check("8 m", TypedDateError::Shape);
        check("19", TypedDateError::ShortYear);
    }
}
