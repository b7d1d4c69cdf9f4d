//! Marks of direction in the text beside glyphs, so that it is given back in the order it is read in.
//!
//! Whoever takes the text out of a page has glyphs from left to right, and goes by their characters:
//! signs, blanks and digits stay with the letters they stand beside, whichever way those are read, and
//! a page is read the way most of its letters are (poppler's `TextPage::dumpFragment` and `coalesce`).
//! `27-نوفمبر-2026` would come out as `-27نوفمبر2026-`. Where two directions meet, and beside signs
//! that pass for numbers, a mark stands in the text; it is not drawn. Pages of one direction have none.

use super::Mark;
use crate::text::{Line, Piece};
use std::borrow::Cow;
use unicode_bidi::{BidiClass, bidi_class};

/// Left-to-right mark, and right-to-left mark.
const LRM: char = '\u{200e}';
const RLM: char = '\u{200f}';
/// So many letters more than needed: not everybody counts the same.
const SPARE: usize = 8;

/// Marks of a page with what steers their text.
pub(super) fn steered(marks: &[Mark]) -> Cow<'_, [Mark]> {
    let is_backwards = |line: &Line| line.pieces.iter().any(|piece| piece.rtl);
    if !marks.iter().filter_map(line).any(is_backwards) {
        return Cow::Borrowed(marks);
    }
    let rtl = is_rtl(marks);
    let mut marks = marks.to_vec();
    lines(&mut marks).for_each(|line| steer(line, rtl));
    outweigh(&mut marks, rtl);
    lines(&mut marks).flat_map(|line| &mut line.pieces).for_each(|piece| {
        piece.text = piece.logical();
    });
    Cow::Owned(marks)
}

fn line(mark: &Mark) -> Option<&Line> {
    match mark {
        Mark::Text { line, .. } => Some(line),
        Mark::Stroke { .. } | Mark::Box { .. } => None,
    }
}

fn lines(marks: &mut [Mark]) -> impl Iterator<Item = &mut Line> {
    marks.iter_mut().filter_map(|mark| match mark {
        Mark::Text { line, .. } => Some(line),
        Mark::Stroke { .. } | Mark::Box { .. } => None,
    })
}

/// Whether most lines of a page are read from right to left.
fn is_rtl(marks: &[Mark]) -> bool {
    let lines = marks.iter().filter_map(line).filter(|line| !line.pieces.is_empty());
    let (rtl, ltr): (Vec<&Line>, Vec<&Line>) = lines.partition(|line| line.rtl);
    rtl.len() > ltr.len()
}

/// Marks the borders of a line, on a page of this direction.
fn steer(line: &mut Line, is_page_rtl: bool) {
    let texts = line.pieces.iter_mut().flat_map(|piece| {
        let rtl = piece.rtl;
        let told = piece.glyphs.iter_mut().filter(|glyph| !glyph.text.is_empty());
        told.map(move |glyph| (rtl, &mut glyph.text))
    });
    let texts: Vec<(bool, &mut String)> = texts.collect();
    let beside: Vec<(bool, bool)> =
        texts.iter().map(|(rtl, text)| (*rtl, text.trim().is_empty())).collect();
    for (index, (rtl, text)) in texts.into_iter().enumerate() {
        let at = |index: Option<usize>| index.and_then(|index| beside.get(index)).copied();
        let (before, after) = (at(index.checked_sub(1)), at(index.checked_add(1)));
        let meets = |beside: Option<(bool, bool)>, at_end: bool| {
            beside.map_or(at_end && rtl != is_page_rtl, |(beside, _)| beside != rtl)
        };
        // A line is read from the side its page begins at: what stands there is met by what comes.
        let (left, right) = (meets(before, !is_page_rtl), meets(after, is_page_rtl));
        let is_last = before.is_none_or(|(_, is_blank)| is_blank);
        *text = match rtl {
            true => backwards(text, left || right, is_last),
            false => forwards(text, left, right),
        };
    }
}

/// Text that is read from left to right, at a border to its left or right.
fn forwards(text: &str, left: bool, right: bool) -> String {
    let is_weak = |one: Option<char>| {
        one.is_some_and(|one| {
            !matches!(bidi_class(one), BidiClass::L | BidiClass::EN | BidiClass::AN)
        })
    };
    let mark = |is_needed: bool| if is_needed { LRM.to_string() } else { String::new() };
    let before = mark(left && is_weak(text.chars().next()));
    let after = mark(right && is_weak(text.chars().next_back()));
    format!("{before}{text}{after}")
}

/// Text that is read from right to left, the last of its word or not.
#[allow(clippy::wildcard_enum_match_arm, reason = "of all classes only some are told apart")]
fn backwards(text: &str, is_at_border: bool, is_last: bool) -> String {
    let Some(last) = text.chars().next_back() else { return String::new() };
    match bidi_class(last) {
        // A mark of direction never stands between a letter and what is on it.
        BidiClass::NSM if is_at_border || is_last => format!("{text}{RLM}"),
        BidiClass::R | BidiClass::AL | BidiClass::NSM => text.to_owned(),
        // They pass for parts of a number.
        BidiClass::ES | BidiClass::ET | BidiClass::CS if !last.is_whitespace() => {
            format!("{RLM}{text}{RLM}")
        }
        _ if is_at_border => format!("{RLM}{text}{RLM}"),
        _ => text.to_owned(),
    }
}

/// Makes the letters of a page's own direction the most.
#[allow(clippy::wildcard_enum_match_arm, reason = "of all classes only the strong ones count")]
fn outweigh(marks: &mut [Mark], rtl: bool) {
    let (mut own, mut others) = (0, 0);
    let pieces = marks.iter().filter_map(line).flat_map(|line| &line.pieces);
    let glyphs = pieces.flat_map(|piece| &piece.glyphs);
    for character in glyphs.flat_map(|glyph| glyph.text.chars()) {
        match bidi_class(character) {
            BidiClass::L if rtl => others += 1,
            BidiClass::R | BidiClass::AL if !rtl => others += 1,
            BidiClass::L | BidiClass::R | BidiClass::AL => own += 1,
            _ => {}
        }
    }
    let lacking = (others + SPARE).saturating_sub(own);
    let mark = if rtl { RLM } else { LRM };
    let mut pieces = lines(marks).flat_map(|line| &mut line.pieces);
    if let Some(text) = pieces.find_map(|piece| first(piece, rtl)) {
        text.extend(std::iter::repeat_n(mark, lacking));
    }
}

/// The text of the first letter of a piece of this direction; none of one with a mark on it.
fn first(piece: &mut Piece, rtl: bool) -> Option<&mut String> {
    if piece.rtl != rtl {
        return None;
    }
    let is_marked = piece.glyphs.iter().rev().nth(1).is_some_and(|next| next.is_mark());
    let first = if rtl { piece.glyphs.last_mut() } else { piece.glyphs.first_mut() }?;
    let mut characters = first.text.chars();
    let class = characters.next().map(bidi_class)?;
    let is_letter = matches!(class, BidiClass::L | BidiClass::R | BidiClass::AL);
    let is_alone = characters.next().is_none() && !first.is_part && !first.is_mark();
    (is_letter && is_alone && !(rtl && is_marked)).then_some(&mut first.text)
}
