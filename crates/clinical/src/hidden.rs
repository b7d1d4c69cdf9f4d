//! Signs nobody sees: two names that look alike and differ, or a line that reads backwards.
//!
//! Unicode has signs that turn the direction of reading (UAX #9) and signs without width (UTR #36).
//! In a name they can only deceive. The joiners are part of how Persian and the scripts of India
//! are written, and stay where such letters stand before them.

use std::borrow::Cow;

/// Whether a text holds signs that are not seen and that its script does not need.
pub fn has_hidden(text: &str) -> bool {
    if text.is_ascii() {
        return false;
    }
    signs(text).any(|(_, hidden)| hidden)
}

/// The signs of a text, each with whether it is one of them.
pub fn signs(text: &str) -> impl Iterator<Item = (char, bool)> {
    let mut before = None;
    text.chars().map(move |sign| (sign, is_hidden(before.replace(sign), sign)))
}

/// The text without them: what is seen.
pub fn without_hidden(text: &str) -> Cow<'_, str> {
    if !has_hidden(text) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(signs(text).filter(|(_, hidden)| !hidden).map(|(sign, _)| sign).collect())
}

fn is_hidden(before: Option<char>, sign: char) -> bool {
    match sign {
        '\u{200c}' | '\u{200d}' => !before.is_some_and(is_joined),
        // Turning the direction, and marks of it.
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}' => {
            true
        }
        // Without width, and letters that are blank.
        '\u{ad}'
        | '\u{34f}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'
        | '\u{2060}'..='\u{2065}'
        | '\u{3164}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' => true,
        // Another form of the sign before it, which digits and Latin letters do not have.
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => {
            before.is_none_or(|sign| sign.is_ascii() || sign.is_numeric())
        }
        // Tags, a whole alphabet that is not shown, and what is kept free for such signs.
        '\u{e0000}'..='\u{e0fff}' => true,
        _ => false,
    }
}

/// Whether letters of its script are joined or kept apart by a sign without width; digits are not.
fn is_joined(letter: char) -> bool {
    !letter.is_numeric()
        && matches!(letter, '\u{620}'..='\u{8ff}' | '\u{900}'..='\u{109f}' | '\u{1780}'..='\u{18af}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_is_found_and_what_a_script_needs_stays() {
        let check = |text: &str, want: &str| {
            assert_eq!(without_hidden(text), want, "{text:?}");
            assert_eq!(has_hidden(text), text != want, "{text:?}");
        };
        check("Okello", "Okello");
        check("O\u{200b}kello", "Okello");
        check("Okello\u{200f}", "Okello");
        check("\u{202e}olleko\u{202c}", "olleko");
        check("\u{2067}10 mg\u{2069}", "10 mg");
        check("O\u{200d}kello \u{200c}A", "Okello A");
        check("Okello\u{feff}\u{ad}\u{e0041}", "Okello");
        check("\u{3164}", "");
        check("阮玛丽 Нгуен سلمى José d’Ávila\u{a0}", "阮玛丽 Нгуен سلمى José d’Ávila\u{a0}");
        check("٥\u{200d}٠", "٥٠");
        check("1\u{fe0e}0\u{34f}0", "100");
        check("\u{2764}\u{fe0f}", "\u{2764}\u{fe0f}");
        check("علی\u{200c}رضا", "علی\u{200c}رضا");
        check("क्\u{200d}ष", "क्\u{200d}ष");
    }
}
