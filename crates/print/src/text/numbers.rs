//! Numbers that a dash joins, among letters that are read from right to left.
//!
//! Behind an Arabic letter the parts of `0700-123456` change their places (UAX 9, W2): who dials it, or
//! reads a date so, reads another one. They are set apart, and stand as they were typed.

use unicode_bidi::{BidiClass, bidi_class};

/// Left-to-right isolate and its end (UAX 9).
const ISOLATE: (char, char) = ('\u{2066}', '\u{2069}');

/// Sets such numbers of a text apart from a byte on, where it has letters of that direction.
pub(super) fn set_apart(text: &mut String, from: usize) {
    let is_backwards = |one: char| matches!(bidi_class(one), BidiClass::R | BidiClass::AL);
    if !text.contains(is_backwards) {
        return;
    }
    let typed = text.split_off(from.min(text.len()));
    let mut rest = typed.as_str();
    while let Some(begins) = rest.find(char::is_numeric) {
        let (before, number) = rest.split_at_checked(begins).unwrap_or((rest, ""));
        let ends = number.find(|one| !is_of_number(one)).unwrap_or(number.len());
        let number = number.get(..ends).unwrap_or_default().trim_end_matches(is_sign);
        text.push_str(before);
        if number.contains(is_dash) {
            text.extend([ISOLATE.0]);
            text.push_str(number);
            text.extend([ISOLATE.1]);
        } else {
            text.push_str(number);
        }
        rest = rest.get(begins + number.len()..).unwrap_or_default();
    }
    text.push_str(rest);
}

fn is_of_number(one: char) -> bool {
    one.is_numeric() || is_sign(one)
}

/// What stands between the digits of a number, or between two.
const fn is_sign(one: char) -> bool {
    matches!(one, '.' | ',' | ':' | '/') || is_dash(one)
}

/// What parts two numbers that stand together.
const fn is_dash(one: char) -> bool {
    matches!(one, '-' | '+' | '\u{2010}'..='\u{2014}' | '\u{2212}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_a_dash_joins_are_set_apart_among_arabic_letters() {
        let check = |typed: &str, want: &str| {
            let mut text = typed.to_owned();
            set_apart(&mut text, 0);
            assert_eq!(text, want);
        };
        check("call 0700-123456", "call 0700-123456");
        check("اتصل 0700-123456!", "اتصل \u{2066}0700-123456\u{2069}!");
        check("5-10 دقائق، 1.5 mL", "\u{2066}5-10\u{2069} دقائق، 1.5 mL");
        check("27-نوفمبر-2026", "27-نوفمبر-2026");
        check("من 27-11-2026.", "من \u{2066}27-11-2026\u{2069}.");
        check("ضغط 120/80، 8:00–20:00", "ضغط 120/80، \u{2066}8:00–20:00\u{2069}");
        check("٥-١٠ دقائق", "\u{2066}٥-١٠\u{2069} دقائق");
        let mut text = "قبل 1-2 ثم 3-4".to_owned();
        let from = text.find('ث').unwrap();
        set_apart(&mut text, from);
        assert_eq!(text, "قبل 1-2 ثم \u{2066}3-4\u{2069}");
    }
}
