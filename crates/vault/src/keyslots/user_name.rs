//! The names people sign in with: how one is written, and when two are the same.
//!
//! A letter can be written in several ways: "é" is one sign or two, and Unicode's form C writes
//! some letters of Bengali and Devanagari as two. Keyboards and systems differ in which they give.

use super::{KeyslotsError, USER_NAME_BYTES_MAX};
use unicode_normalization::UnicodeNormalization as _;

/// Whether two names are one: in whichever case and form their letters are written, and whatever
/// space is around them.
pub fn same_user(a: &str, b: &str) -> bool {
    folded(a) == folded(b)
}

/// The form under which a name is looked up: Unicode form C, lower case, no space around it.
pub(super) fn fold_name(name: &str) -> Result<String, KeyslotsError> {
    let folded = folded(name);
    if (1..=USER_NAME_BYTES_MAX).contains(&folded.len()) {
        Ok(folded)
    } else {
        Err(KeyslotsError::BadUserName)
    }
}

/// The name as it is kept: Unicode form C, no space around it.
pub(super) fn tidy_name(name: &str) -> String {
    name.trim().nfc().collect()
}

fn folded(name: &str) -> String {
    tidy_name(name).to_lowercase().nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_is_the_same_however_it_is_written() {
        let check = |a: &str, b: &str, same: bool| {
            assert_eq!(same_user(a, b), same, "{a} {b}");
            assert_eq!(same_user(b, a), same, "{b} {a}");
            assert_eq!(same_user(&tidy_name(a), b), same, "{a} as it is kept, {b}");
        };
        check(" Ana ", "ana", true);
        check("andre\u{301}", "ANDR\u{c9}", true);
        // Form C has no one sign for Bengali yya and Devanagari za.
        check("\u{9df}ana", "\u{9af}\u{9bc}ana", true);
        check("\u{95b}ara", "\u{91c}\u{93c}ara", true);
        check("ana", "anna", false);
        check("andre\u{301}", "andre", false);
        check("", " ", true);
    }
}
