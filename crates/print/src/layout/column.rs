//! A column that words are set in.

use super::Block;
use crate::{
    pdf::Mark,
    text::{Line, Words, wrap},
};

/// How large letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    /// What stands at the foot.
    Small,
    /// What is read.
    Body,
    /// What is looked for.
    Large,
    /// What a sheet is.
    Title,
}

impl Size {
    /// In points.
    pub(crate) const fn points(self) -> f32 {
        match self {
            Self::Small => 8.5,
            Self::Body => 10.5,
            Self::Large => 12.0,
            Self::Title => 15.0,
        }
    }

    /// From one line to the next (MEDi: 120 to 140 %), where none reaches into another.
    const fn leading(self) -> f32 {
        self.points() * 1.35
    }
}

/// Where words are set: so wide, and from which side lines of no direction of their own begin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Column {
    /// In points.
    pub(crate) width: f32,
    /// Whether the sheet is read from right to left.
    pub(crate) rtl: bool,
}

impl Column {
    /// Words as lines, each a block of its own: a page may end between any two.
    pub(crate) fn lines(self, words: &Words, size: Size) -> Vec<Block> {
        let width = self.width * 1000.0 / size.points();
        wrap(words, width, self.rtl).into_iter().map(|line| self.line(line, size)).collect()
    }

    /// Words as one block.
    pub(crate) fn words(self, words: &Words, size: Size) -> Block {
        Block::stack(self.lines(words, size))
    }

    /// Words as one block, each line but the first indented: where one ends and the next begins is
    /// seen.
    pub(crate) fn hanging(self, words: &Words, size: Size) -> Block {
        /// In points.
        const BY: f32 = 12.0;
        let narrow = Self { width: self.width - BY, ..self };
        let lines = narrow.lines(words, size).into_iter().enumerate().map(|(place, line)| {
            let is_moved = (place > 0) != self.rtl;
            Block::beside([(if is_moved { BY } else { 0.0 }, line)])
        });
        Block::stack(lines)
    }

    /// Words as one block, each line in the middle.
    pub(crate) fn centred(self, words: &Words, size: Size) -> Block {
        let middle = |line: Block| {
            let left = (self.width - line.width()) / 2.0;
            Block::beside([(left, line.leftmost())])
        };
        Block::stack(self.lines(words, size).into_iter().map(middle))
    }

    /// Words, and what stays blank behind them on each line struck: nothing can be written there.
    pub(crate) fn struck(self, words: &Words, size: Size) -> Block {
        /// Room between the words and the stroke, in points.
        const APART: f32 = 6.0;
        let mut lines = self.lines(words, size);
        for line in &mut lines {
            let (used, y) = (line.width() + APART, line.height / 2.0);
            if used < self.width {
                let (left, right) =
                    if self.rtl { (0.0, self.width - used) } else { (used, self.width) };
                line.marks.push(Mark::Stroke { from: (left, y), to: (right, y), thickness: 0.7 });
            }
        }
        Block::stack(lines)
    }

    /// A thin rule so long, from where lines begin, with a little room around it.
    pub(crate) fn rule(self, length: f32) -> Block {
        let rule = Block::rule(length);
        Block::beside([(if self.rtl { self.width - length } else { 0.0 }, rule)])
    }

    /// Words, and others at the end of their first line.
    pub(crate) fn opposed(self, words: (&Words, Size), others: (&Words, Size)) -> Block {
        let (others, size) = others;
        let end = self.lines(others, size).into_iter().next().unwrap_or_default();
        let width = self.width - end.width();
        self.split(width, |one, _| (one.words(words.0, words.1), end.leftmost()))
    }

    /// In a frame.
    pub(crate) fn framed(self, block: impl FnOnce(Self) -> Block) -> Block {
        const PAD: f32 = 4.0;
        let inner = Self { width: self.width - 2.0 * PAD, ..self };
        let inner = Block::stack([Block::gap(PAD), block(inner), Block::gap(PAD)]);
        let height = inner.height;
        Block::beside([(PAD, inner), (0.0, Block::frame(self.width, height))])
    }

    /// Narrower, by so much on the side lines begin at.
    pub(crate) fn indented(self, by: f32, block: impl FnOnce(Self) -> Block) -> Block {
        let narrow = Self { width: self.width - by, ..self };
        Block::beside([(if self.rtl { 0.0 } else { by }, block(narrow))])
    }

    /// Two columns, the first so wide; mirrored where the sheet is read from right to left.
    pub(crate) fn split(
        self,
        first: f32,
        blocks: impl FnOnce(Self, Self) -> (Block, Block),
    ) -> Block {
        let one = Self { width: first, ..self };
        let other = Self { width: self.width - first, ..self };
        let (left, right) = blocks(one, other);
        let places = if self.rtl { (other.width, 0.0) } else { (0.0, first) };
        Block::beside([(places.0, left), (places.1, right)])
    }

    fn line(self, line: Line, size: Size) -> Block {
        let advance = line.advance * size.points() / 1000.0;
        let x = if self.rtl { self.width - advance } else { 0.0 };
        at(line, x, size)
    }
}

/// How far letters may reach above their line and meet nothing of the one above it, in ems: lines are
/// 1.35 apart, and ordinary letters hang a quarter below theirs.
const ABOVE: f32 = 1.11;
/// Likewise below it: ordinary letters stand three quarters above theirs.
const BELOW: f32 = 0.57;

/// A line so far from the left. What reaches further up or down than others do gets the room it takes,
/// and covers nothing of the lines around.
fn at(line: Line, x: f32, size: Size) -> Block {
    let points = size.points();
    let beyond = |thousandths: f32, room: f32| (thousandths / 1000.0 - room).max(0.0) * points;
    let (above, below) = (beyond(line.reach.0, ABOVE), beyond(line.reach.1, BELOW));
    // The base line: so that letters stand in the middle of their line.
    let y = (size.leading() + points * 0.72) / 2.0 + above;
    let height = size.leading() + above + below;
    Block { marks: vec![Mark::Text { line, x, y, size: points }], height }
}
