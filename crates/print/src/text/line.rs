//! Paragraphs broken into lines.

use super::{
    face,
    segment::visual,
    shape::{Piece, pieces},
    words::Words,
};
use std::ops::Range;
use unicode_bidi::{BidiInfo, Direction, Level, ParagraphInfo, get_base_direction};

/// What stands between parts of a line, and behind the last of none.
const BETWEEN: &str = "\u{a0}·";

/// One line, its pieces in the order they stand from left to right.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Line {
    /// What is drawn.
    pub(crate) pieces: Vec<Piece>,
    /// How wide it is, in thousandths of an em.
    pub(crate) advance: f32,
    /// How far its ink reaches above the line and below it, in thousandths of an em.
    pub(crate) reach: (f32, f32),
    /// Whether its paragraph is read from right to left, and so begins at the right.
    pub(crate) rtl: bool,
    /// The marks that were left out of its paragraphs, on the first line of all.
    pub(crate) left_out: String,
}

/// Breaks words into lines no wider than `width` thousandths of an em: between words, and within one
/// that is wider by itself. There is at least one line. A paragraph finds its direction by its first
/// letter that has one and is not isolated; where there is none it has that of the sheet.
pub(crate) fn wrap(words: &Words, width: f32, rtl: bool) -> Vec<Line> {
    let text = words.text();
    let mut lines = Vec::new();
    let own = BidiInfo::new(text, None);
    let of_sheet = BidiInfo::new(text, Some(if rtl { Level::rtl() } else { Level::ltr() }));
    for (paragraph, otherwise) in own.paragraphs.iter().zip(&of_sheet.paragraphs) {
        let has_none = get_base_direction(text.get(paragraph.range.clone()).unwrap_or_default())
            == Direction::Mixed;
        let (bidi, paragraph) = if has_none { (&of_sheet, otherwise) } else { (&own, paragraph) };
        let setting = Setting::of(words, bidi, paragraph, width);
        lines.extend(setting.ranges().into_iter().map(|range| setting.line(range)));
    }
    if lines.is_empty() {
        lines.push(Line::default());
    }
    if let Some(first) = lines.first_mut() {
        words.left_out().clone_into(&mut first.left_out);
    }
    lines
}

/// A paragraph that is being set.
struct Setting<'a> {
    words: &'a Words,
    bidi: &'a BidiInfo<'a>,
    paragraph: &'a ParagraphInfo,
    width: f32,
    /// Where each cluster of letters begins, and how wide all before it are together.
    before: Vec<(usize, f32)>,
}

impl<'a> Setting<'a> {
    /// Measures a paragraph: it is shaped once as a whole, and then line by line.
    fn of(
        words: &'a Words,
        bidi: &'a BidiInfo<'a>,
        paragraph: &'a ParagraphInfo,
        width: f32,
    ) -> Self {
        let mut setting = Self { words, bidi, paragraph, width, before: Vec::new() };
        let pieces = setting.pieces(paragraph.range.clone());
        let glyphs = pieces.iter().flat_map(|piece| &piece.glyphs);
        let mut advances: Vec<(usize, f32)> =
            glyphs.map(|glyph| (glyph.at, glyph.advance)).collect();
        advances.sort_by_key(|(at, _)| *at);
        let mut sum = 0.0;
        let summed = advances.into_iter().map(|(at, advance)| {
            sum += advance;
            (at, sum - advance)
        });
        setting.before = summed.collect();
        setting.before.push((paragraph.range.end, sum));
        setting
    }

    /// The lines, as ranges of the text without the blanks they end with.
    fn ranges(&self) -> Vec<Range<usize>> {
        let mut lines = Vec::new();
        let (mut start, mut end, mut used) = (self.paragraph.range.start, None, 0.0);
        for word in self.breakable() {
            let (ink, all) = (self.advance(self.inked(word.clone())), self.advance(word.clone()));
            if let Some(ends) = end.filter(|_| used + ink > self.width) {
                lines.push(start..ends);
                (start, used) = (word.start, 0.0);
            }
            let mut rest = word.clone();
            while self.is_wider(rest.clone()) {
                let fits = self.fitting(rest.clone());
                lines.push(rest.start..fits);
                (start, used) = (fits, 0.0);
                rest.start = fits;
            }
            used += if rest == word { all } else { self.advance(rest.clone()) };
            end = Some(rest.end);
        }
        lines.push(start..end.unwrap_or(start));
        lines
    }

    /// The paragraph cut where a line may end: after blanks that may be broken at.
    fn breakable(&self) -> Vec<Range<usize>> {
        let (mut start, range) = (self.paragraph.range.start, self.paragraph.range.clone());
        let text = self.words.text().get(range.clone()).unwrap_or_default();
        let mut all = Vec::new();
        let mut characters = text.char_indices().peekable();
        while let Some((_, character)) = characters.next() {
            let next = characters.peek().map(|(offset, next)| (range.start + offset, *next));
            if let Some((at, next)) = next
                && is_blank(character)
                && !is_blank(next)
            {
                all.push(start..at);
                start = at;
            }
        }
        all.push(start..range.end);
        all
    }

    /// A word without the blanks after it.
    fn inked(&self, word: Range<usize>) -> Range<usize> {
        let text = self.words.text().get(word.clone()).unwrap_or_default();
        word.start..word.start + text.trim_end_matches(is_blank).len()
    }

    /// A line without what stands between its last part and the first of the next.
    fn joined(&self, line: Range<usize>) -> Range<usize> {
        let text = self.words.text().get(line.clone()).unwrap_or_default();
        let parted = text.strip_suffix(BETWEEN).filter(|_| line.end < self.paragraph.range.end);
        line.start..line.start + parted.unwrap_or(text).len()
    }

    /// Whether a word does not fit on a line.
    fn is_wider(&self, word: Range<usize>) -> bool {
        self.advance(self.inked(word)) > self.width
    }

    /// Where a word that is wider than a line is cut: behind its last hyphen that fits, else before a
    /// cluster; at least one fits.
    fn fitting(&self, word: Range<usize>) -> usize {
        let limit = self.before_byte(word.start) + self.width;
        let fits = |(begins, sum): &(usize, f32)| *begins <= word.start || *sum <= limit;
        let beyond = self.before.partition_point(fits);
        let begins = |index: usize| self.before.get(index).map(|(begins, _)| *begins);
        let last = beyond.checked_sub(1).and_then(begins).filter(|at| *at > word.start);
        let cut = last.or_else(|| begins(beyond)).unwrap_or(word.end).min(word.end);
        self.hyphen(word.start..cut).unwrap_or(cut)
    }

    /// Where the last hyphen within a part of a word ends.
    fn hyphen(&self, part: Range<usize>) -> Option<usize> {
        const HYPHENS: [char; 2] = ['-', '\u{2010}'];
        let text = self.words.text().get(part.clone())?;
        let (before, behind) = text.rsplit_once(HYPHENS)?;
        let is_within = before.chars().any(char::is_alphanumeric);
        is_within.then(|| part.end - behind.len())
    }

    fn advance(&self, range: Range<usize>) -> f32 {
        self.before_byte(range.end) - self.before_byte(range.start)
    }

    /// How wide all is together that begins before a byte.
    fn before_byte(&self, at: usize) -> f32 {
        let next = self.before.partition_point(|(begins, _)| *begins < at);
        self.before.get(next).or(self.before.last()).map_or(0.0, |(_, sum)| *sum)
    }

    fn pieces(&self, range: Range<usize>) -> Vec<Piece> {
        if range.is_empty() {
            return Vec::new();
        }
        let segments = visual(self.words, self.bidi, self.paragraph, range);
        segments.iter().flat_map(|segment| pieces(self.words.text(), segment)).collect()
    }

    fn line(&self, range: Range<usize>) -> Line {
        let pieces = self.pieces(self.joined(self.inked(range)));
        let advance = pieces.iter().map(|piece| piece.advance).sum();
        let rtl = self.paragraph.level == Level::rtl();
        Line { reach: reach(&pieces), pieces, advance, rtl, left_out: String::new() }
    }
}

/// How far the ink of pieces reaches above the line and below it.
fn reach(pieces: &[Piece]) -> (f32, f32) {
    let inked = pieces.iter().filter_map(|piece| Some((face::of(piece.face)?, &piece.glyphs)));
    let of_glyphs = inked.flat_map(|(face, glyphs)| {
        glyphs.iter().filter_map(move |glyph| {
            let (above, below) = face.reach(glyph.id)?;
            Some((above + glyph.y, below - glyph.y))
        })
    });
    of_glyphs.fold((0.0, 0.0), |(up, down), (above, below)| (above.max(up), below.max(down)))
}

/// A blank that a line may be broken at, and what ends one.
fn is_blank(character: char) -> bool {
    character.is_whitespace() && !matches!(character, '\u{a0}' | '\u{202f}' | '\u{2007}')
}
