//! A sentence cut into words, numbers and signs.

use super::{
    joins::{DASHES, is_mark as is_decimal_mark, joins, unit_behind},
    number::{Habit, Number},
};
use crate::text::folded;

/// A word, a number or a sign, with where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// Where it begins, in bytes of the sentence.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
    /// What it is.
    pub(super) kind: Kind,
    /// In small letters and without marks; of a number its digits.
    pub(super) text: String,
    /// Whether it follows the one before without anything between.
    pub(super) glued: bool,
    /// Whether a comma, a semicolon or a full stop parts it from the one before.
    pub(super) parted: bool,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters.
    Word,
    /// Digits, and what is odd about them.
    Number(Number, Option<Habit>),
    /// Digits that may be several numbers.
    Unclear,
    /// Any other sign.
    Sign,
}

/// Beyond so many, the rest of a sentence is one sign that nothing understands.
const TOKENS_MAX: usize = 120;

/// The tokens of a sentence.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let (mut at, mut parted) = (0, false);
    while let Some(sign) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let end = at + sign.len_utf8();
        let last = tokens.last();
        if is_gap(text, at, sign, &tokens) {
            parted |= matches!(sign, ',' | ';' | '(' | ')' | '\n') || ends_sentence(text, at);
            at = end;
            continue;
        }
        let glued = last.is_some_and(|last| last.end == at);
        let (end, kind, said) = if tokens.len() + 1 >= TOKENS_MAX {
            (text.trim_end().len().max(end), Kind::Sign, String::new())
        } else {
            token(text, at, sign)
        };
        let kind = unless_split(kind, last, glued, sign);
        tokens.push(Token { start: at, end, kind, text: said, glued, parted });
        (at, parted) = (end, false);
    }
    tokens
}

/// A number that begins with its point behind another may be the rest of that: `2 .5 mg`.
fn unless_split(kind: Kind, last: Option<&Token>, glued: bool, sign: char) -> Kind {
    let is_behind_one = last.is_some_and(|it| matches!(it.kind, Kind::Number(..) | Kind::Unclear));
    let is_number = matches!(kind, Kind::Number(..));
    let is_split = is_number && is_behind_one && !glued && matches!(sign, '.' | ',');
    if is_split { Kind::Unclear } else { kind }
}

/// Whether a sign only parts others.
fn is_gap(text: &str, at: usize, sign: char, tokens: &[Token]) -> bool {
    let after = text.get(at + sign.len_utf8()..).unwrap_or_default();
    let follows = |is: fn(char) -> bool| after.chars().next().is_some_and(is);
    let behind = text.get(..at).and_then(|before| before.chars().next_back());
    let digit = |one: char| one.is_ascii_digit();
    match sign {
        _ if joins(tokens, sign, after) => false,
        // A naked point is of its number, and so is a comma.
        '.' => behind.is_some_and(char::is_alphanumeric) || !follows(digit),
        ',' => behind.is_some_and(|one| !one.is_whitespace() && one != '(') || !follows(digit),
        // Between two numbers, or before one: a minus is told, and not read away.
        _ if DASHES.contains(sign) => {
            behind.is_some_and(|one| !digit(one) && !one.is_whitespace()) || !follows(digit)
        }
        _ => sign.is_whitespace() || ";:()[]'’\"".contains(sign),
    }
}

fn ends_sentence(text: &str, at: usize) -> bool {
    text.get(at..).and_then(|rest| rest.strip_prefix('.')).is_some_and(|rest| {
        rest.chars().next().is_none_or(char::is_whitespace)
            && text.get(..at).is_some_and(|before| {
                let letters = before.chars().rev().take_while(|one| one.is_alphanumeric()).count();
                letters > 4
            })
    })
}

fn token(text: &str, at: usize, sign: char) -> (usize, Kind, String) {
    if let Some((_, number)) = FRACTIONS.iter().find(|(known, _)| *known == sign) {
        let number = Number::read(number).map(|(number, _)| number);
        let kind = number.map_or(Kind::Sign, |number| Kind::Number(number, None));
        return (at + sign.len_utf8(), kind, number.map(|it| it.to_string()).unwrap_or_default());
    }
    if sign.is_ascii_digit() || is_naked(text, at, sign) {
        return number(text, at);
    }
    if is_letter(sign) {
        return word(text, at);
    }
    let name = match sign {
        '×' | '*' => (Kind::Word, "x".to_owned()),
        _ if DASHES.contains(sign) => (Kind::Sign, "-".to_owned()),
        _ => (Kind::Sign, sign.to_string()),
    };
    (at + sign.len_utf8(), name.0, name.1)
}

const FRACTIONS: [(char, &str); 3] = [('½', "0.5"), ('¼', "0.25"), ('¾', "0.75")];

/// Digits with their points and commas, and the thousands behind a space.
fn number(text: &str, at: usize) -> (usize, Kind, String) {
    let first = digits_of(text.get(at..).unwrap_or_default());
    let (mut end, mut digits) = (at + first.len(), first.to_owned());
    while let Some(group) = thousands(text, end, &digits) {
        end += group.0;
        digits.push_str(group.1);
    }
    // A comma alone is a point before a unit; else it may part two things.
    let is_clear =
        !digits.starts_with(',') || unit_behind(text.get(at..).unwrap_or_default()).is_some();
    match Number::read(&digits).filter(|_| is_clear) {
        Some((number, habit)) => (end, Kind::Number(number, habit), number.to_string()),
        None => (end, Kind::Unclear, digits),
    }
}

/// Whether a point or a comma begins a number: `.5`, `,5`.
fn is_naked(text: &str, at: usize, sign: char) -> bool {
    let after = text.get(at + sign.len_utf8()..).unwrap_or_default();
    matches!(sign, '.' | ',') && after.starts_with(|one: char| one.is_ascii_digit())
}

/// The digits that a text begins with, their points and commas, and what may be one of these.
fn digits_of(text: &str) -> &str {
    let is_of_it = |(at, one): &(usize, char)| {
        let after = text.get(at + one.len_utf8()..).unwrap_or_default();
        one.is_ascii_digit() || matches!(one, '.' | ',') || is_decimal_mark(*one, after)
    };
    let end = text.char_indices().find(|it| !is_of_it(it)).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default().trim_end_matches(['.', ','])
}

/// Three more digits of a number whose thousands a space parts: `1 000`. A plain space does so
/// only before a zero: `500 250` are two numbers.
fn thousands<'a>(text: &'a str, end: usize, digits: &str) -> Option<(usize, &'a str)> {
    if digits.starts_with('0') {
        return None;
    }
    let space = text.get(end..)?.chars().next()?;
    let length = space.len_utf8();
    let group = text.get(end + length..end + length + 3)?;
    let ends = !text
        .get(end + length + 3..)?
        .starts_with(|one: char| one.is_ascii_digit() || matches!(one, '.' | ','));
    let is_group = group.bytes().all(|one| one.is_ascii_digit()) && ends;
    let is_space = match space {
        '\u{a0}' | '\u{202f}' | '\u{2009}' => true,
        ' ' => group.starts_with('0'),
        _ => false,
    };
    (is_group && is_space && !digits.contains(['.', ','])).then_some((length + 3, group))
}

fn is_letter(sign: char) -> bool {
    (sign.is_alphanumeric() && !sign.is_ascii_digit()) || is_mark(sign)
}

fn is_mark(sign: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&sign)
}

/// Letters, and the full stops within an abbreviation: `p.o.`
fn word(text: &str, at: usize) -> (usize, Kind, String) {
    let rest = text.get(at..).unwrap_or_default();
    let is_of_it = |one: char| is_letter(one) && one != '×' && !is_fraction(one);
    let length = rest.find(|one| !is_of_it(one)).unwrap_or(rest.len());
    let stops = spelled_out(rest);
    let length = length.max(stops);
    let word = rest.get(..length).unwrap_or_default();
    (at + length, Kind::Word, folded(word).replace('.', ""))
}

/// Whether a sign is a fraction: `½`.
pub(super) fn is_fraction(sign: char) -> bool {
    FRACTIONS.iter().any(|(known, _)| *known == sign)
}

/// The length of single letters with full stops between them; 0 where it is another word.
fn spelled_out(rest: &str) -> usize {
    let (mut length, mut letters) = (0, 0);
    let mut signs = rest.chars().peekable();
    while let Some(letter) = signs.next().filter(char::is_ascii_alphabetic) {
        if signs.next() != Some('.') {
            // The last letter, or no abbreviation of single letters at all.
            let ends = !signs.peek().copied().is_some_and(is_letter) && letters > 0;
            let alone = rest.get(length + 1..).is_none_or(|rest| !rest.starts_with(is_letter));
            return if ends && alone {
                length + 1
            } else if letters > 1 {
                length - 1
            } else {
                0
            };
        }
        length += letter.len_utf8() + 1;
        letters += 1;
    }
    if letters > 1 { length - 1 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_cut_where_letters_meet_digits() {
        let check = |text: &str, want: &[&str]| {
            let tokens = tokens(text);
            let got: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
            assert_eq!(got, want, "{text}");
            for token in &tokens {
                assert!(
                    text.get(token.start..token.end).is_some_and(|it| !it.is_empty()),
                    "{text}"
                );
            }
        };
        check("amlo 5 od 30", &["amlo", "5", "od", "30"]);
        check("250mg/5ml", &["250", "mg", "/", "5", "ml"]);
        check("Para 1g q.d.s. p.r.n", &["para", "1", "g", "qds", "prn"]);
        check("po. tab. 5", &["po", "tab", "5"]);
        check("1x2x5 3×/j", &["1", "x", "2", "x", "5", "3", "x", "/", "j"]);
        check(".5 mg, 1.0 mg; 2,5 mg", &["0.5", "mg", "1", "mg", "2.5", "mg"]);
        check("1\u{202f}200\u{202f}000 UI 1 000 mg", &["1200000", "ui", "1000", "mg"]);
        check("500 250 1.000", &["500", "250", "1.000"]);
        check("5 - 10 mg 5mg–10mg", &["5", "-", "10", "mg", "5", "mg", "-", "10", "mg"]);
        check("5/7 - 15 caps, 5 mg - 1 tab", &["5", "/", "7", "15", "caps", "5", "mg", "1", "tab"]);
        check(",5 mg 2·5 2:5 1:1000 2 .5", &["0.5", "mg", "2·5", "2:5", "1", "1000", "2", "0.5"]);
        check("½ tab 1½", &["0.5", "tab", "1", "0.5"]);
        check("1-0-1 co-amoxiclav", &["1", "-", "0", "-", "1", "co", "amoxiclav"]);
        check("Comprimé à midi", &["comprime", "a", "midi"]);
        check("#30 5%", &["#", "30", "5", "%"]);
        check("", &[]);
    }

    #[test]
    fn a_long_sentence_ends_in_one_token() {
        let long = "mg ".repeat(500);
        let tokens = tokens(&long);
        assert_eq!(tokens.len(), TOKENS_MAX);
        assert_eq!(tokens.last().unwrap().end, long.trim_end().len());
    }
}
