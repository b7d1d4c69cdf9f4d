//! A prescription typed as one sentence: `amlo 5 od 30`.
//!
//! [`read`] gives the draft of a medicine line, what fits where several medicines do, what each
//! part of the sentence was taken for, and what is missing. It is deterministic and knows no
//! chart, no clock and no language of a window: abbreviations and words of English, French,
//! Spanish, Portuguese and Swahili are read alike.
//!
//! **Never** is anything guessed: of two medicines, strengths or forms that fit none is taken, and
//! of two frequencies neither. **Never** is anything dropped: what is not understood becomes the
//! instruction in words, and its place is told. **Never** does an abbreviation come out that ISMP
//! calls error-prone: the draft has numbers and plain words.

mod course;
mod dose;
mod fact;
mod form;
mod formulary;
mod frequency;
mod fuzzy;
mod halves;
mod instruction;
mod joined;
mod joins;
mod lead;
mod line;
mod medicine;
mod names;
mod number;
mod pattern;
mod product;
#[cfg(test)]
mod properties;
mod quantity;
mod read;
mod reading;
mod remarks;
mod scan;
mod strength;
#[cfg(test)]
mod tests;
mod token;
mod unit;
mod unread;
mod words;
mod write;

pub use reading::{Choice, Match, Meaning, Missing, Piece, Reading};
pub use write::{choose, sentence};

/// Reads a prescription of one medicine.
pub fn read(text: &str) -> Reading {
    read::read(text)
}
