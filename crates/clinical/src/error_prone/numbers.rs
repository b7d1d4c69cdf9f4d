//! Numbers and the units beside them.

use super::{ErrorProne, MisreadRule};
use std::ops::Range;

/// Units of doses; what a number stands before.
const UNITS: [&str; 16] = [
    "mg", "mcg", "µg", "μg", "ug", "g", "kg", "mL", "ml", "L", "units", "unit", "U", "u", "IU",
    "mmol",
];

/// Every number that is misread.
pub(super) fn find(text: &str) -> Vec<ErrorProne> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(number) = Number::next(text, at) {
        at = number.range.end;
        all.extend(number.faults(text));
    }
    all
}

/// A number as it is written: digits, points and commas.
struct Number<'a> {
    range: Range<usize>,
    digits: &'a str,
    /// What stands against it: a word on its left, a word on its right.
    left: &'a str,
    right: &'a str,
    /// The unit beside it, against it or after a blank.
    unit: Option<&'static str>,
}

impl<'a> Number<'a> {
    fn next(text: &'a str, from: usize) -> Option<Self> {
        let rest = text.get(from..)?;
        let is_in = |one: char| one.is_ascii_digit() || matches!(one, '.' | ',');
        let digit = rest.find(|one: char| one.is_ascii_digit())?;
        // A point before the first digit is of it.
        let start = rest.get(..digit)?.strip_suffix('.').map_or(digit, str::len);
        let length = rest.get(start..)?.find(|one| !is_in(one)).unwrap_or(rest.len() - start);
        let written = rest.get(start..start + length)?.trim_end_matches(['.', ',']);
        let range = from + start..from + start + written.len();
        let (before, after) = (text.get(..range.start)?, text.get(range.end..)?);
        let is_letter = |one: char| one.is_alphabetic() || one == 'µ';
        let left = before.rfind(|one| !is_letter(one)).map_or(0, |at| {
            at + before.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
        });
        let right = after.find(|one| !is_letter(one)).unwrap_or(after.len());
        let word = after.trim_start_matches([' ', '\u{a0}']);
        let word = word.get(..word.find(|one| !is_letter(one)).unwrap_or(word.len()))?;
        Some(Self {
            range,
            digits: written,
            left: before.get(left..)?,
            right: after.get(..right)?,
            unit: UNITS.into_iter().find(|unit| *unit == word),
        })
    }

    fn faults(&self, text: &str) -> Vec<ErrorProne> {
        let found =
            |range: Range<usize>, rule, instead: String| ErrorProne { range, rule, instead };
        let mut all = Vec::new();
        let number = self.range.clone();
        let points = self.digits.matches('.').count();
        if let Some(digits) = self.digits.strip_prefix('.').filter(|_| self.left.is_empty()) {
            all.push(found(number.clone(), MisreadRule::NakedPoint, format!("0.{digits}")));
        } else if let Some((whole, part)) = self.digits.split_once('.').filter(|_| points == 1)
            && part.ends_with('0')
        {
            let part = part.trim_end_matches('0');
            let point = if part.is_empty() { "" } else { "." };
            let instead = format!("{whole}{point}{part}");
            all.push(found(number.clone(), MisreadRule::TrailingZero, instead));
        }
        if self.unit.is_some()
            && self.digits.len() > 3
            && self.digits.bytes().all(|one| one.is_ascii_digit())
        {
            all.push(found(number.clone(), MisreadRule::Thousands, parted(self.digits)));
        }
        if !self.right.is_empty() && self.unit == Some(self.right) {
            let range = number.start..number.end + self.right.len();
            let instead = format!("{} {}", self.digits, spelled(self.right));
            all.push(found(range, MisreadRule::NoSpace, instead));
        }
        if self.left.len() > 3 && self.unit.is_some() {
            let range = number.start - self.left.len()..number.end;
            let instead = format!("{} {}", self.left, self.digits);
            all.push(found(range, MisreadRule::NoSpace, instead));
        }
        all.extend(self.full_stop(text));
        all
    }

    /// A full stop after the unit where no sentence ends.
    fn full_stop(&self, text: &str) -> Option<ErrorProne> {
        let unit = self.unit?;
        let after = text.get(self.range.end..)?;
        let start = self.range.end + after.find(unit)?;
        let end = start + unit.len();
        let rest = text.get(end..)?.strip_prefix('.')?.trim_start();
        let goes_on =
            rest.chars().next().is_some_and(|next| next.is_lowercase() || next.is_ascii_digit());
        let (range, instead) = (start..end + 1, unit.to_owned());
        goes_on.then_some(ErrorProne { range, rule: MisreadRule::FullStop, instead })
    }
}

/// A unit as it is to be written.
fn spelled(unit: &str) -> &str {
    match unit {
        "U" | "u" | "IU" => "units",
        "µg" | "μg" | "ug" => "mcg",
        "ml" => "mL",
        unit => unit,
    }
}

/// A whole number with its thousands parted.
fn parted(digits: &str) -> String {
    let mut parted = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            parted.push(',');
        }
        parted.push(digit);
    }
    parted
}
