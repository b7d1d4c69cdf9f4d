//! Numbers as people type them: exact, and what is odd about how one was written.

use std::fmt;

/// A number of a sentence, in millionths: exact, and never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Number(u64);

/// What is odd about how a number was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Habit {
    /// `.5`
    NakedPoint,
    /// `1.0`
    TrailingZero,
    /// `1,000`: a thousand here, and one where a comma parts decimals.
    Thousands,
    /// `2,5`
    Comma,
}

const ONE: u64 = 1_000_000;
/// Digits behind the point.
const PLACES: usize = 6;
/// Digits before it.
const DIGITS_MAX: usize = 9;

impl Number {
    /// A whole number.
    pub(super) fn whole(number: u32) -> Self {
        Self(u64::from(number) * ONE)
    }

    /// A number of millionths.
    pub(super) const fn millionths(self) -> u64 {
        self.0
    }

    /// Reads digits, points and commas. `None` where it is not clear which number they are:
    /// `1.000` is a thousand in some languages and one in others.
    pub(super) fn read(written: &str) -> Option<(Self, Option<Habit>)> {
        let (digits, habit) = pointed(written)?;
        let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
        let kept = fraction.trim_end_matches('0');
        let is_digits = |part: &str| part.bytes().all(|one| one.is_ascii_digit());
        let whole = whole.trim_start_matches('0');
        if !is_digits(whole) || !is_digits(fraction) || whole.len() > DIGITS_MAX {
            return None;
        }
        let ends_in_zero = kept.len() < fraction.len();
        if kept.len() > PLACES || (ends_in_zero && fraction.len() == 3 && !whole.is_empty()) {
            return None;
        }
        let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        let fraction: u64 = format!("{kept:0<PLACES$}").parse().ok()?;
        let habit = habit.or(ends_in_zero.then_some(Habit::TrailingZero));
        Some((Self(whole.checked_mul(ONE)?.checked_add(fraction)?), habit))
    }

    /// The whole number it is.
    pub(super) fn as_whole(self) -> Option<u32> {
        self.0.is_multiple_of(ONE).then(|| u32::try_from(self.0 / ONE).ok()).flatten()
    }

    /// Whether there is nothing of it.
    pub(super) const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// So many times as much; `None` beyond what a sentence holds.
    pub(super) fn times(self, factor: u64) -> Option<Self> {
        self.0.checked_mul(factor).map(Self)
    }

    /// The sum of two.
    pub(super) fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// A part of it: a half, a quarter; `None` where it has no end.
    pub(super) fn over(self, divisor: u32) -> Option<Self> {
        let divisor = u64::from(divisor);
        (divisor > 0 && self.0.is_multiple_of(divisor)).then(|| Self(self.0 / divisor))
    }
}

/// The digits with a point alone, and what parted them.
fn pointed(written: &str) -> Option<(String, Option<Habit>)> {
    if let Some(digits) = written.strip_prefix('.') {
        return (!digits.contains(['.', ',']))
            .then(|| (format!("0.{digits}"), Some(Habit::NakedPoint)));
    }
    if let Some(digits) = written.strip_prefix(',') {
        // `,250` is a quarter as well as the rest of a thousand.
        let is_clear = !digits.contains(['.', ',']) && !digits.ends_with('0');
        return is_clear.then(|| (format!("0.{digits}"), Some(Habit::Comma)));
    }
    let Some((first, rest)) = written.split_once(',') else {
        let points = written.matches('.').count();
        return (points < 2).then(|| (written.to_owned(), None));
    };
    let (groups, _) = rest.split_once('.').unwrap_or((rest, ""));
    let are_thousands = (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && !first.contains('.')
        && groups.split(',').all(|group| group.len() == 3);
    if are_thousands {
        let one_comma = !groups.contains(',') && !rest.contains('.');
        return Some((written.replace(',', ""), one_comma.then_some(Habit::Thousands)));
    }
    // "5,10 mg" is five and a tenth as well as five or ten.
    let may_be_two = rest.ends_with('0') && first.chars().any(|digit| digit != '0');
    let is_decimal = !rest.contains([',', '.']) && !first.contains('.') && !may_be_two;
    is_decimal.then(|| (format!("{first}.{rest}"), Some(Habit::Comma)))
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fraction = format!("{:06}", self.0 % ONE);
        let fraction = fraction.trim_end_matches('0');
        let point = if fraction.is_empty() { "" } else { "." };
        write!(f, "{}{point}{fraction}", self.0 / ONE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_one_way_or_not_at_all() {
        let check = |written: &str, want: Option<(&str, Option<Habit>)>| {
            let got = Number::read(written).map(|(number, habit)| (number.to_string(), habit));
            assert_eq!(got, want.map(|(number, habit)| (number.to_owned(), habit)), "{written}");
        };
        check("5", Some(("5", None)));
        check("2.5", Some(("2.5", None)));
        check("0.125", Some(("0.125", None)));
        check("3.125", Some(("3.125", None)));
        check(".5", Some(("0.5", Some(Habit::NakedPoint))));
        check("1.0", Some(("1", Some(Habit::TrailingZero))));
        check("2.50", Some(("2.5", Some(Habit::TrailingZero))));
        check("0.500", Some(("0.5", Some(Habit::TrailingZero))));
        check(",5", Some(("0.5", Some(Habit::Comma))));
        check(",250", None);
        check("5,10", None);
        check("0,50", Some(("0.5", Some(Habit::Comma))));
        check("2·5", None);
        check("2,5", Some(("2.5", Some(Habit::Comma))));
        check("0,125", Some(("0.125", Some(Habit::Comma))));
        check("1,000", Some(("1000", Some(Habit::Thousands))));
        check("1,200,000", Some(("1200000", None)));
        check("05", Some(("5", None)));
        // A thousand in one language and one in another.
        check("1.000", None);
        check("1.250", None);
        check("1.000.000", None);
        check("1,00,000", None);
        check("1.2.3", None);
        check("1234567890", None);
        check("0.1234567", None);
    }
}
