//! Marks on letters: as many as a script needs, and none that hides what it stands on.
//!
//! A mark that strikes through or encloses its letter, and any on a digit or a sign, leaves unsure what
//! was meant: `5` struck and `0` are not 50. In its place stands a sign that nobody reads as a part of
//! a number.

use unicode_bidi::{BidiClass, bidi_class};

/// No script sets more marks on one letter; more of them would reach into the lines around.
const MARKS_MAX: usize = 4;
/// Stands where something was left out that may change what is read.
const LOST: char = '\u{fffd}';
/// Stands for any letter.
const DOTTED_CIRCLE: char = '\u{25cc}';

/// A text as it can be written, and the marks of it that cannot.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Legible {
    pub(super) text: String,
    pub(super) left_out: String,
}

impl Legible {
    pub(super) fn of(text: &str) -> Self {
        let mut legible = Self::default();
        let mut stand = Stand::default();
        for sign in text.chars() {
            match stand.take(sign) {
                Verdict::Written => legible.text.push(sign),
                Verdict::Begun { is_lost } => {
                    legible.text.extend(is_lost.then_some(LOST));
                    legible.text.push(sign);
                }
                Verdict::Joined(both) => {
                    legible.text.pop();
                    legible.text.push(both);
                }
                Verdict::LeftOut => legible.left_out.push(sign),
            }
        }
        legible.text.extend(stand.is_lost.then_some(LOST));
        legible
    }
}

/// What becomes of a sign.
enum Verdict {
    /// It belongs to what stands before it.
    Written,
    /// It begins something new; before it, something was left out.
    Begun {
        is_lost: bool,
    },
    /// It and what it stands on are one sign.
    Joined(char),
    LeftOut,
}

/// What the next mark would stand on.
#[derive(Default)]
struct Stand {
    base: Option<char>,
    count: usize,
    /// Whether what was left out of it is to be seen.
    is_lost: bool,
    /// Whether that is seen in this word already.
    is_word_lost: bool,
}

impl Stand {
    fn take(&mut self, sign: char) -> Verdict {
        if is_unseen(sign) || matches!(sign, '\u{200c}' | '\u{200d}') {
            return Verdict::Written;
        }
        if bidi_class(sign) != BidiClass::NSM {
            return self.begin(sign);
        }
        if let Some(both) = self.base.filter(|_| self.count == 0).and_then(|it| joined(it, sign)) {
            self.base = Some(both);
            return Verdict::Joined(both);
        }
        let is_letter = self.base.is_some_and(|it| it.is_alphabetic() || it == DOTTED_CIRCLE);
        if !is_letter || hides(sign) {
            self.is_lost |= !(is_letter && self.is_word_lost);
            self.is_word_lost |= is_letter;
            return Verdict::LeftOut;
        }
        self.count += 1;
        if self.count > MARKS_MAX { Verdict::LeftOut } else { Verdict::Written }
    }

    fn begin(&mut self, sign: char) -> Verdict {
        let is_word_lost = self.is_word_lost && sign.is_alphabetic();
        let before = std::mem::take(self);
        *self = Self { base: Some(sign), is_word_lost, ..Self::default() };
        Verdict::Begun { is_lost: before.is_lost }
    }
}

/// Whether a mark strikes through what it stands on, or goes around it.
const fn hides(mark: char) -> bool {
    matches!(
        mark,
        '\u{334}'..='\u{338}'
            | '\u{488}'..='\u{489}'
            | '\u{1abe}'
            | '\u{1cd4}'
            | '\u{1ce2}'..='\u{1ce8}'
            | '\u{20d0}'..='\u{20ff}'
            | '\u{a670}'..='\u{a672}'
            | '\u{10a39}'
            | '\u{16af0}'..='\u{16af4}'
            | '\u{1bc9e}'
            | '\u{1d165}'..='\u{1d169}'
    )
}

/// The sign that a sign and its stroke are: `=` struck is not `=`.
const fn joined(base: char, mark: char) -> Option<char> {
    match (base, mark) {
        ('=', '\u{338}') => Some('≠'),
        ('<', '\u{338}') => Some('≮'),
        ('>', '\u{338}') => Some('≯'),
        ('≤', '\u{338}') => Some('≰'),
        ('≥', '\u{338}') => Some('≱'),
        ('≈', '\u{338}') => Some('≉'),
        ('≡', '\u{338}') => Some('≢'),
        _ => None,
    }
}

/// Whether nobody sees a sign (Default_Ignorable_Code_Point of Unicode, without the joiners): it
/// chooses a form of what stands before it, or does nothing.
pub(super) const fn is_unseen(sign: char) -> bool {
    matches!(
        sign,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'
            | '\u{200e}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_that_hides_what_it_stands_on_is_left_out_and_that_is_seen() {
        let check = |typed: &str, text: &str, left_out: &str| {
            let [text, left_out] = [text, left_out].map(str::to_owned);
            assert_eq!(Legible::of(typed), Legible { text, left_out }, "{typed:?}");
        };
        check("", "", "");
        check("5 mg, œdème à jeun", "5 mg, œdème à jeun", "");
        check("5\u{336}0 mg", "5\u{fffd}0 mg", "\u{336}");
        check("50\u{20e5} mg", "50\u{fffd} mg", "\u{20e5}");
        check("50\u{338}", "50\u{fffd}", "\u{338}");
        check("1\u{489}\u{336}\u{335}0", "1\u{fffd}0", "\u{489}\u{336}\u{335}");
        check("5\u{fe0f}\u{20e3} mg", "5\u{fe0f}\u{fffd} mg", "\u{20e3}");
        check("5\u{34f}\u{336}0", "5\u{34f}\u{fffd}0", "\u{336}");
        check("٥\u{336}٠", "٥\u{fffd}٠", "\u{336}");
        check("½\u{337}", "½\u{fffd}", "\u{337}");
        // Any mark on a digit or a sign: a point, a dash.
        check("5\u{332}0", "5\u{fffd}0", "\u{332}");
        check("0.\u{323}5", "0.\u{fffd}5", "\u{323}");
        check("5-\u{30d}6", "5-\u{fffd}6", "\u{30d}");
        check("\u{301}5", "\u{fffd}5", "\u{301}");
        check("5 \u{336}0", "5 \u{fffd}0", "\u{336}");
        // Of letters once in a word, behind what else stands on the letter.
        check("t\u{336}w\u{336}o\u{336} three", "t\u{fffd}wo three", "\u{336}\u{336}\u{336}");
        check("a\u{336}\u{301}b c\u{338}", "a\u{301}\u{fffd}b c\u{fffd}", "\u{336}\u{338}");
        check("mg\u{336}5\u{336}", "mg\u{fffd}5\u{fffd}", "\u{336}\u{336}");
        // Struck signs that are signs of their own.
        check("<\u{338}5, =\u{338} ≥\u{338}\u{338}", "≮5, ≠ ≱\u{fffd}", "\u{338}");
    }

    #[test]
    fn no_more_marks_stand_on_a_letter_than_a_script_needs() {
        let whole = [
            "Tie\u{302}\u{301}ng Vie\u{323}\u{302}t uo\u{302}\u{309}ng, o\u{31b}\u{323}",
            "هَٰذَا كُلُّ ٱللَّٰه بِسْمِ رَبِّـهِ مُّدَّكِرٍۭ",
            "क्षत्रिय र्कि हिन्दी द्ध ज़्यूँ क्रॄँ फ़ोन\u{200d} \u{25cc}\u{901}",
            "ẹ\u{301} n\u{304}\u{308} t\u{361}s Ə̀ e\u{328}\u{301}\u{304}",
        ];
        for text in whole {
            assert_eq!(Legible::of(text), Legible { text: text.to_owned(), ..Legible::default() });
        }
        let above: String = ('\u{300}'..='\u{30f}').collect();
        let legible = Legible::of(&format!("a{above}b{above}"));
        assert_eq!(legible.text, "a\u{300}\u{301}\u{302}\u{303}b\u{300}\u{301}\u{302}\u{303}");
        assert_eq!(legible.left_out.chars().count(), 24);
    }
}
