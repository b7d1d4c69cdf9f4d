//! Words with their weights, and the isolation of what must keep its own direction.

use super::{
    face::Weight,
    marks::{Legible, is_unseen},
    numbers::set_apart,
};
use clinical::signs;
use std::ops::Range;

/// First strong isolate and its end (Unicode Standard Annex 9).
const ISOLATE: (char, char) = ('\u{2068}', '\u{2069}');

/// Words some of which are bold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Words {
    text: String,
    bold: Vec<Range<usize>>,
    left_out: String,
}

impl Words {
    /// Regular words.
    pub(crate) fn plain(text: &str) -> Self {
        Self::default().then(text)
    }

    /// Bold words.
    pub(crate) fn bold(text: &str) -> Self {
        Self::default().then_bold(text)
    }

    /// With regular words after them.
    pub(crate) fn then(mut self, text: &str) -> Self {
        let (mut before, mut between) = (None, Between::Nothing);
        let start = self.text.len();
        let Legible { text, left_out } = Legible::of(text);
        self.left_out.push_str(&left_out);
        for (sign, is_hidden) in signs(&text) {
            match undrawn(sign, is_hidden) {
                Some(undrawn) => between = between.max(undrawn),
                None => {
                    self.part(between, before, Some(sign));
                    self.text.push(sign);
                    (before, between) = (Some(sign), Between::Nothing);
                }
            }
        }
        self.part(between, before, None);
        set_apart(&mut self.text, start);
        self
    }

    /// With bold words after them.
    pub(crate) fn then_bold(mut self, text: &str) -> Self {
        let start = self.text.len();
        self = self.then(text);
        self.bold.push(start..self.text.len());
        self
    }

    /// With bold words after them that no direction around them pulls apart: a dose, a number, a
    /// name.
    pub(crate) fn then_bold_apart(self, text: &str) -> Self {
        self.control(ISOLATE.0).then_bold(text).control(ISOLATE.1)
    }

    /// The same, regular.
    pub(crate) fn then_apart(self, text: &str) -> Self {
        self.control(ISOLATE.0).then(text).control(ISOLATE.1)
    }

    /// With other words after them.
    pub(crate) fn then_words(mut self, other: Self) -> Self {
        let start = self.text.len();
        self.text.push_str(&other.text);
        self.left_out.push_str(&other.left_out);
        self.bold.extend(other.bold.into_iter().map(|at| at.start + start..at.end + start));
        self
    }

    /// The text itself.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The marks that were typed and are left out.
    pub(crate) fn left_out(&self) -> &str {
        &self.left_out
    }

    /// How heavy the character that begins at a byte is.
    pub(crate) fn weight_at(&self, at: usize) -> Weight {
        let is_bold = self.bold.iter().any(|range| range.contains(&at));
        if is_bold { Weight::Bold } else { Weight::Regular }
    }

    /// A blank where what is not drawn parts words, unless one stands there or follows.
    fn part(&mut self, between: Between, before: Option<char>, next: Option<char>) {
        let parts = match between {
            Between::Nothing => false,
            Between::Unseen => parts_a_number(before, next),
            Between::Control => true,
        };
        let is_parted = self.text.ends_with([' ', '\n']) || next.is_some_and(char::is_whitespace);
        if parts && !is_parted {
            self.text.push(' ');
        }
    }

    fn control(mut self, control: char) -> Self {
        self.text.push(control);
        self
    }
}

/// What stands between two characters and is not drawn.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Between {
    Nothing,
    Unseen,
    Control,
}

/// What steers text is ours alone: signs of direction that stand in what people typed could show one
/// number as another, and are not drawn; nor is what nobody sees. Controls, a tab among them, part
/// words: without them `5` and `10` would be read as 510.
fn undrawn(sign: char, is_hidden: bool) -> Option<Between> {
    match sign {
        '\n' => None,
        // The hair space is hardly seen.
        '\u{200a}' | '\u{2028}' | '\u{2029}' => Some(Between::Control),
        _ if sign.is_control() => Some(Between::Control),
        _ => (is_hidden || is_unseen(sign)).then_some(Between::Unseen),
    }
}

/// Whether what is not drawn stands at a digit: `2` and `0` with nothing to be seen between them
/// would be read as 20.
fn parts_a_number(before: Option<char>, next: Option<char>) -> bool {
    let (Some(before), Some(next)) = (before, next) else { return false };
    before.is_numeric() && next.is_alphanumeric() || before.is_alphanumeric() && next.is_numeric()
}

/// Whether a character steers the direction of text and is not drawn.
pub(crate) const fn is_bidi_control(character: char) -> bool {
    matches!(
        character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::face;

    #[test]
    fn what_was_typed_steers_nothing() {
        let words = Words::plain("5\u{202e}00\u{7} mg\u{2066}").then_bold_apart("a\u{2069}b");
        assert_eq!(words.text(), "5 00 mg\u{2068}ab\u{2069}");
        assert_eq!(words.weight_at(0), Weight::Regular);
        assert_eq!(words.weight_at(words.text().find("ab").unwrap()), Weight::Bold);
    }

    #[test]
    fn nothing_that_is_not_seen_joins_two_numbers() {
        let check =
            |typed: &str, want: &str| assert_eq!(Words::plain(typed).text(), want, "{typed:?}");
        let apart = "\t\r\u{b}\u{c}\u{85}\u{1}\u{2028}\u{2029}\u{200b}\u{2060}\u{ad}\u{feff}\u{180e}\u{202e}\u{2066}\
                     \u{200c}\u{200d}\u{e0041}\u{3164}\u{34f}\u{fe00}\u{fe0f}\u{e0100}\u{e01ef}\u{180f}\u{2065}\
                     \u{fff0}\u{1bca0}\u{1d173}\u{e0fff}";
        for sign in apart.chars() {
            check(&format!("1{sign}0 mg"), "1 0 mg");
            check(&format!("5{sign}mg"), "5 mg");
        }
        check("1\u{200b}\u{200d}\u{202e}0", "1 0");
        check("٥\u{200d}٠", "٥ ٠");
        check("5\u{34f}\u{fe0f}\u{200d}0", "5 0");
        check("5\r\n10", "5\n10");
        check("5\t\t10", "5 10");
        check("co\u{ad}trimox\u{34f}azole\u{fe0f}", "cotrimoxazole");
        check("ب\u{200c}ی", "ب\u{200c}ی");
    }

    #[test]
    fn of_every_character_something_is_seen_between_two_digits() {
        let is_seen = |character: char| {
            let Some(face) = face::writing(character, Weight::Regular) else { return true };
            let face = face::of(face).unwrap();
            let glyph = face.glyph_of(character).unwrap();
            face.reach(glyph).is_some() || face.advance(glyph) > 150.0
        };
        let typed = ('\u{0}'..=char::MAX).map(|one| (one, Words::plain(&format!("1{one}0"))));
        let joined = typed.filter(|(_, words)| match words.text().strip_prefix('1') {
            Some(rest) => !rest.starts_with(is_seen) || rest == "0",
            None => true,
        });
        let joined: Vec<char> = joined.map(|(one, _)| one).filter(|one| *one != '0').collect();
        assert_eq!(joined, []);
    }
}
