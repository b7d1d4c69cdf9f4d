//! Signs that part words, but not two numbers: a dash, a comma or a point between these may make
//! one number or a range of them.

use super::{
    token::{Kind, Token, is_fraction},
    unit::Unit,
};
use crate::text::folded;

/// Signs that are a decimal point in one country and something else in another: between two digits
/// they leave open which number it is.
const MARKS: &str = "·‧∙•⋅・٫٬'’‘`´′:";
/// Dashes, and a minus.
pub(super) const DASHES: &str = "-–—−‐‑‒―";

/// Whether a sign between two digits makes one number of them that may be another. A ratio is
/// none: `1:1000`.
pub(super) fn is_mark(sign: char, after: &str) -> bool {
    let digits = after.chars().take_while(char::is_ascii_digit).count();
    MARKS.contains(sign) && digits > 0 && (sign != ':' || digits < 3)
}

/// Whether a sign that would part words stands between two amounts: "10 - 20 mg", "2. 5 mg".
pub(super) fn joins(tokens: &[Token], sign: char, after: &str) -> bool {
    let Some(unit) = amount_before(tokens) else { return false };
    let Some(with) = amount_behind(after) else { return false };
    let is_dash = DASHES.contains(sign);
    match (unit, with) {
        (Some(unit), Some(with)) => is_dash && unit.is_alike(with),
        (None, Some(_)) => is_dash || sign == '.' || MARKS.contains(sign),
        (Some(_), None) => is_dash,
        // "5: 1 od" is a strength and how many of it.
        (None, None) => is_dash || (sign != ':' && MARKS.contains(sign)),
    }
}

/// The unit of the amount that ends here; `None` where none ends: "5/7 - 15 caps" has two parts.
fn amount_before(tokens: &[Token]) -> Option<Option<Unit>> {
    let mut before = tokens.iter().rev();
    let last = before.next()?;
    let is_number = |token: &Token| matches!(token.kind, Kind::Number(..));
    if last.kind == Kind::Word {
        let (unit, _) = Unit::typed(&last.text)?;
        return before.next().filter(|it| is_number(it)).map(|_| Some(unit));
    }
    let is_part = before.next().is_some_and(|token| token.text == "/");
    (is_number(last) && !is_part).then_some(None)
}

/// The unit of the amount that begins here; `None` where none begins.
fn amount_behind(after: &str) -> Option<Option<Unit>> {
    let after = after.trim_start();
    let of_number = |one: char| one.is_ascii_digit() || is_fraction(one);
    let begins = after.trim_start_matches(['.', ',']).starts_with(of_number);
    begins.then(|| unit_behind(after))
}

/// The unit behind the number that a text begins with.
pub(super) fn unit_behind(text: &str) -> Option<Unit> {
    let of_number =
        |one: char| one.is_ascii_digit() || is_fraction(one) || matches!(one, '.' | ',' | '/');
    let word = text.trim_start_matches(of_number).trim_start();
    let end = word.find(|one: char| !one.is_alphabetic()).unwrap_or(word.len());
    Unit::typed(&folded(word.get(..end)?)).map(|(unit, _)| unit)
}
