//! The rules for a new password: long, and not the one everybody takes.

use unicode_normalization::UnicodeNormalization as _;

/// The least number of characters, unless there are [`WORDS_MIN`] words.
pub const CHARACTERS_MIN: usize = 12;
/// This many different words are enough, also in scripts where a word is one or two signs.
pub const WORDS_MIN: usize = 4;

/// What is wrong with a password someone wants to set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordFinding {
    /// Fewer than 12 characters and fewer than four different words.
    TooShort {
        /// Characters counted.
        characters: usize,
    },
    /// It is among the first that are tried.
    TooCommon,
    /// It is one piece repeated, or a run such as `abcdefghijkl` or `123456789012`.
    Repetitive,
    /// It contains the user's own name.
    ContainsUserName,
}

/// Judges a new password; an empty list means that it may be set.
///
/// There is no rule on kinds of characters and none on age: they make passwords worse
/// (NIST SP 800-63B section 3.1.1).
pub fn findings(password: &str, user_name: &str) -> Vec<PasswordFinding> {
    let folded = fold(password);
    let name = fold(user_name);
    let characters = password.trim().chars().count();
    let mut found = Vec::new();
    if characters < CHARACTERS_MIN && words(password) < WORDS_MIN {
        found.push(PasswordFinding::TooShort { characters });
    }
    if is_common(&folded) {
        found.push(PasswordFinding::TooCommon);
    }
    if is_repetitive(&folded) {
        found.push(PasswordFinding::Repetitive);
    }
    if name.chars().count() >= 4 && folded.contains(&name) {
        found.push(PasswordFinding::ContainsUserName);
    }
    found
}

/// Roots and phrases tried first that reach twelve characters with a few added digits or signs.
const REFUSED: &[&str] = &[
    "admin",
    "administrator",
    "adminpassword",
    "changeme",
    "changemenow",
    "changepassword",
    "clinic",
    "clinicpassword",
    "correcthorsebatterystaple",
    "defaultpassword",
    "doctor",
    "dragon",
    "fieldchart",
    "football",
    "hospital",
    "iloveyou",
    "iloveyouforever",
    "letmein",
    "letmeinplease",
    "liverpool",
    "login",
    "manchesterunited",
    "master",
    "medical",
    "monkey",
    "mypassword",
    "nopassword",
    "nurse",
    "opensesame",
    "p@ssw0rd",
    "p@ssword",
    "passw0rd",
    "password",
    "passwordadmin",
    "passwordpassword",
    "princess",
    "qazwsx",
    "qazwsxedc",
    "qazwsxedcrfv",
    "qwerty",
    "qwertyuiop",
    "qwertyuiopasdfghjkl",
    "secret",
    "secretpassword",
    "sunshine",
    "superman",
    "thisismypassword",
    "trustno",
    "unbelievable",
    "welcome",
    "welcomehome",
    "whatever",
    "yourpassword",
    "zaqwsx",
    "zxcvbnm",
    "zxcvbnmasdfghjkl",
];

/// Unicode form C, lower case, without spaces and dashes.
fn fold(text: &str) -> String {
    text.nfc()
        .filter(|sign| !sign.is_whitespace() && !matches!(sign, '-' | '_' | '.'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Counts different words; one Latin letter is no word.
fn words(password: &str) -> usize {
    let mut seen: Vec<String> = password
        .split(|sign: char| sign.is_whitespace() || matches!(sign, '-' | '_' | '.'))
        .filter(|word| word.chars().count() >= 2 || !word.is_ascii())
        .map(fold)
        .collect();
    seen.sort_unstable();
    seen.dedup();
    seen.len()
}

/// Compares with digits and signs at both ends taken off: `Password2024!!` is `password`.
fn is_common(folded: &str) -> bool {
    let root = folded.trim_matches(|sign: char| !sign.is_alphabetic());
    REFUSED.contains(&folded) || REFUSED.contains(&root)
}

fn is_repetitive(folded: &str) -> bool {
    let signs: Vec<char> = folded.chars().collect();
    signs.len() > 1 && (has_short_period(&signs) || is_run(&signs))
}

/// True for one piece of up to six signs, written over and over.
fn has_short_period(signs: &[char]) -> bool {
    (1..=6).filter(|period| period * 2 <= signs.len()).any(|period| {
        signs.iter().zip(signs.iter().skip(period)).all(|(left, right)| left == right)
    })
}

/// True where each sign follows the one before, up or down, `0` following `9`.
fn is_run(signs: &[char]) -> bool {
    let follows = |left: char, right: char| {
        u32::from(left) + 1 == u32::from(right) || (left, right) == ('9', '0')
    };
    let mut pairs = signs.iter().zip(signs.iter().skip(1));
    pairs.clone().all(|(left, right)| follows(*left, *right))
        || pairs.all(|(left, right)| follows(*right, *left))
}

#[cfg(test)]
mod tests {
    use super::PasswordFinding::*;
    use super::*;

    #[test]
    fn passwords_are_judged() {
        for (password, expected) in [
            ("marrow kettle 7 pine", vec![]),
            ("tbqwoeirutzx", vec![]),
            ("bí mật của tôi", vec![]),
            ("正确 马 电池 订书钉", vec![]),
            ("", vec![TooShort { characters: 0 }]),
            ("kettle7pine", vec![TooShort { characters: 11 }]),
            ("a q m d z", vec![TooShort { characters: 9 }]),
            ("go go go go", vec![TooShort { characters: 11 }, Repetitive]),
            ("            ", vec![TooShort { characters: 0 }]),
            ("Password2024!", vec![TooCommon]),
            ("pass-word-password", vec![TooCommon]),
            ("passwordpassword", vec![TooCommon]),
            ("Correct Horse Battery Staple", vec![TooCommon]),
            ("aaaaaaaaaaaaaa", vec![Repetitive]),
            ("abcabcabcabc", vec![Repetitive]),
            ("123456789012", vec![Repetitive]),
            ("zyxwvutsrqpon", vec![Repetitive]),
            ("i am nguyen.lan 77", vec![ContainsUserName]),
        ] {
            let expected: Vec<PasswordFinding> = expected;
            let found = findings(password, "Nguyen Lan");
            assert_eq!(found, expected, "{password}");
        }
    }

    #[test]
    fn a_name_is_found_in_whichever_form_its_letters_are_written() {
        for (password, name) in
            [("i am andre\u{301} 77 kettle", "Andr\u{e9}"), ("i am andr\u{e9} 77", "andre\u{301}")]
        {
            assert_eq!(findings(password, name), vec![ContainsUserName]);
        }
    }

    #[test]
    fn a_very_short_user_name_forbids_nothing() {
        assert_eq!(findings("marrow kettle pine", "row"), vec![]);
    }

    #[test]
    fn the_refused_list_is_folded_and_in_order() {
        assert!(REFUSED.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(REFUSED.iter().all(|entry| fold(entry) == **entry));
    }
}
