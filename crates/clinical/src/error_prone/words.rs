//! Abbreviations and symbols.

use super::{ErrorProne, MisreadRule};

/// What is misread, as it is written, and what to write in its place. Small letters that are words of
/// their own (`as`, `in`, `os`) are not among them.
const WORDS: [(&str, &str); 58] = [
    ("U", "units"),
    ("u", "units"),
    ("IU", "units"),
    ("iu", "units"),
    ("QD", "daily"),
    ("qd", "daily"),
    ("Q.D.", "daily"),
    ("q.d.", "daily"),
    ("q1d", "daily"),
    ("OD", "daily or right eye"),
    ("od", "daily or right eye"),
    ("o.d.", "daily or right eye"),
    ("O.D.", "daily or right eye"),
    ("QOD", "every other day"),
    ("qod", "every other day"),
    ("Q.O.D.", "every other day"),
    ("q.o.d.", "every other day"),
    ("QHS", "at bedtime"),
    ("qhs", "at bedtime"),
    ("HS", "at bedtime or half-strength"),
    ("hs", "at bedtime or half-strength"),
    ("BT", "at bedtime"),
    ("QN", "nightly"),
    ("qn", "nightly"),
    ("TIW", "3 times weekly"),
    ("tiw", "3 times weekly"),
    ("BIW", "2 times weekly"),
    ("biw", "2 times weekly"),
    ("AD", "right ear"),
    ("AS", "left ear"),
    ("AU", "both ears"),
    ("OS", "left eye"),
    ("OU", "both eyes"),
    ("MS", "morphine sulfate or magnesium sulfate"),
    ("MSO4", "morphine sulfate"),
    ("MgSO4", "magnesium sulfate"),
    ("µg", "mcg"),
    ("μg", "mcg"),
    ("ug", "mcg"),
    ("mgm", "mg"),
    ("cc", "mL"),
    ("CC", "mL"),
    ("SC", "subcut"),
    ("SQ", "subcut"),
    ("sq", "subcut"),
    ("IJ", "injection"),
    ("IN", "intranasal"),
    ("IT", "intrathecal"),
    ("UD", "as directed"),
    ("ud", "as directed"),
    ("D/C", "discharge or discontinue"),
    ("d/c", "discharge or discontinue"),
    ("DC", "discharge or discontinue"),
    ("SSI", "sliding scale insulin"),
    ("SSRI", "sliding scale insulin or the antidepressant, in words"),
    ("x3d", "for 3 days or doses"),
    ("HCT", "hydrocortisone or hydrochlorothiazide"),
    ("TAC", "triamcinolone or its mixture, in words"),
];

/// Signs that are misread wherever they stand.
const SIGNS: [(char, &str); 6] = [
    ('@', "at"),
    ('>', "more than"),
    ('<', "less than"),
    ('≥', "at least"),
    ('≤', "at most"),
    ('&', "and"),
];

/// Every abbreviation and symbol that is misread.
pub(super) fn find(text: &str) -> Vec<ErrorProne> {
    let signs = text.char_indices().filter_map(|(at, sign)| {
        let (_, instead) = SIGNS.iter().find(|(known, _)| *known == sign)?;
        Some(found(at, at + sign.len_utf8(), instead))
    });
    signs
        .chain(written(text).filter_map(|(at, word)| {
            let (_, instead) = WORDS.iter().find(|(known, _)| *known == word)?;
            Some(found(at, at + word.len(), instead))
        }))
        .collect()
}

fn found(start: usize, end: usize, instead: &str) -> ErrorProne {
    let rule = MisreadRule::Abbreviation;
    ErrorProne { range: start..end, rule, instead: instead.to_owned() }
}

/// The words of a text with where they stand, without the signs around them; a full stop belongs to
/// one that has another within.
fn written(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_between = |one: char| one.is_whitespace() || matches!(one, ',' | ';' | ':' | '(' | ')');
    text.split(is_between).scan(0, move |at, word| {
        let start = *at;
        *at += word.len();
        // The sign that parted them.
        *at += text.get(*at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let has_stop_within = word.trim_end_matches('.').contains('.');
        let word = if has_stop_within { word } else { word.trim_end_matches('.') };
        Some((start, word))
    })
}
