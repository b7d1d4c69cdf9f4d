//! Words with their weights, and the isolation of what must keep its own direction.

use super::face::Weight;
use std::ops::Range;

/// First strong isolate and its end (Unicode Standard Annex 9).
const ISOLATE: (char, char) = ('\u{2068}', '\u{2069}');

/// Words some of which are bold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Words {
    text: String,
    bold: Vec<Range<usize>>,
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
        self.text.extend(text.chars().filter(|character| is_written(*character)));
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
        self.bold.extend(other.bold.into_iter().map(|at| at.start + start..at.end + start));
        self
    }

    /// The text itself.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// How heavy the character that begins at a byte is.
    pub(crate) fn weight_at(&self, at: usize) -> Weight {
        let is_bold = self.bold.iter().any(|range| range.contains(&at));
        if is_bold { Weight::Bold } else { Weight::Regular }
    }

    fn control(mut self, control: char) -> Self {
        self.text.push(control);
        self
    }
}

/// What steers text is ours alone: controls of direction that stand in what people typed could show
/// one number as another, and other controls mean nothing on paper.
fn is_written(character: char) -> bool {
    let is_line_end = character == '\n';
    is_line_end || !(character.is_control() || is_bidi_control(character))
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

    #[test]
    fn what_was_typed_steers_nothing() {
        let words = Words::plain("5\u{202e}00\u{7} mg\u{2066}").then_bold_apart("a\u{2069}b");
        assert_eq!(words.text(), "500 mg\u{2068}ab\u{2069}");
        assert_eq!(words.weight_at(0), Weight::Regular);
        assert_eq!(words.weight_at(words.text().find("ab").unwrap()), Weight::Bold);
    }
}
