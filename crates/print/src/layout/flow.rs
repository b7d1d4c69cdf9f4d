//! Blocks one after the other onto pages, with what stands at the head and foot of each.

use super::{Block, Column};
use crate::{
    paper::Extent,
    pdf::{Mark, Page},
};
use clinical::SheetPaper;

/// Room between the head, the body and the foot of a page, in points.
const APART: f32 = 6.0;

/// Hardly a line of writing is so high, in points.
const NARROW: f32 = 12.0;

/// What stands on every page.
pub(crate) trait Frame {
    /// At the head of page `page`.
    fn head(&self, column: Column, page: usize) -> Block;
    /// At the foot of page `page` of `pages`.
    fn foot(&self, column: Column, page: usize, pages: usize) -> Block;
}

/// Pages that are being filled.
pub(crate) struct Flow<'a> {
    paper: SheetPaper,
    frame: &'a dyn Frame,
    /// What the body is set in.
    pub(crate) column: Column,
    /// Whether what stays blank is struck: nothing can be written in there.
    is_struck: bool,
    /// Whether there are several pages: more stands at the foot of one that another follows.
    is_long: bool,
    /// The bodies of the pages so far.
    pages: Vec<Block>,
}

impl<'a> Flow<'a> {
    /// Begins the first page.
    pub(crate) fn new(paper: SheetPaper, rtl: bool, frame: &'a dyn Frame) -> Self {
        let column = Column { width: paper.width() - 2.0 * paper.margin(), rtl };
        Self {
            paper,
            frame,
            column,
            is_struck: false,
            is_long: false,
            pages: vec![Block::default()],
        }
    }

    /// The same, with what stays blank struck.
    pub(crate) fn struck(self) -> Self {
        Self { is_struck: true, ..self }
    }

    /// Fills pages; where one is not enough, once more with room for what stands at the foot of a page
    /// that another follows.
    pub(crate) fn filled(blank: impl Fn() -> Self, fill: impl Fn(&mut Self)) -> Self {
        let mut flow = blank();
        fill(&mut flow);
        if flow.pages.len() > 1 {
            flow = Self { is_long: true, ..blank() };
            fill(&mut flow);
        }
        flow
    }

    /// Puts a block below what is there, on a new page where there is no room.
    pub(crate) fn put(&mut self, block: Block) {
        let is_begun = self.pages.last().is_some_and(|page| page.height > 0.0);
        if is_begun && block.height > self.room() {
            self.turn();
        }
        let mut rest = block;
        while rest.height > self.room() {
            let height = rest.height;
            let (fits, below) = rest.cut(self.room());
            // Nothing is so large that not one line of it fits; what were, would stand out of the page.
            let is_nothing = below.height >= height;
            self.append(fits);
            rest = below;
            if is_nothing {
                break;
            }
            self.pages.push(Block::default());
        }
        self.append(rest);
    }

    fn append(&mut self, block: Block) {
        if let Some(page) = self.pages.last_mut() {
            *page = Block::stack([std::mem::take(page), block]);
        }
    }

    /// Puts blocks one by one.
    pub(crate) fn put_all(&mut self, blocks: impl IntoIterator<Item = Block>) {
        blocks.into_iter().for_each(|block| self.put(block));
    }

    /// Puts a block at the end of the sheet: at the foot of the page where blank space is struck. What
    /// stands before it goes along to the page it is on.
    pub(crate) fn put_last(&mut self, before: Block, last: Block) {
        let height = before.height + last.height;
        let is_begun = self.pages.last().is_some_and(|page| page.height > 0.0);
        if is_begun && height > self.room() && height <= self.height().unwrap_or(f32::INFINITY) {
            self.turn();
        }
        self.put(before);
        if last.height > self.room() {
            self.turn();
        }
        if self.paper.height().is_some() {
            self.strike(self.room() - last.height);
        }
        match self.height() {
            // No page has so much room: it goes on on the next.
            Some(height) if last.height > height => self.put(last),
            Some(_) | None => self.append(last),
        }
    }

    /// Goes on to the next page.
    fn turn(&mut self) {
        self.strike(self.room());
        self.pages.push(Block::default());
    }

    /// How much room is left on the page; all there is on a roll.
    fn room(&self) -> f32 {
        let used = self.pages.last().map_or(0.0, |page| page.height);
        self.height().map_or(f32::INFINITY, |height| height - used)
    }

    /// How high the body of a page is.
    fn height(&self) -> Option<f32> {
        let head = self.frame.head(self.column, self.pages.len()).height;
        // The number of pages is not known yet; no line is added for a digit.
        let pages = if self.is_long { 2 } else { 1 };
        let foot = self.frame.foot(self.column, 1, pages).height;
        let height = self.paper.height()?;
        Some(height - 2.0 * self.paper.margin() - head - foot - 2.0 * APART)
    }

    fn strike(&mut self, height: f32) {
        if !self.is_struck {
            return;
        }
        let height = height.max(0.0);
        let mut blank = Block::gap(height);
        // What is hardly blank is struck within the room that is around it.
        let (low, high) = if height > NARROW { (height - 4.0, 4.0) } else { (height, -2.0) };
        let (from, to) = ((0.0, low), (self.column.width, high));
        blank.marks.push(Mark::Stroke { from, to, thickness: 0.7 });
        self.append(blank);
    }

    /// The pages.
    pub(crate) fn finish(self) -> Vec<Page> {
        let (margin, width, count) = (self.paper.margin(), self.paper.width(), self.pages.len());
        let finished = |(index, body): (usize, Block)| {
            let head = self.frame.head(self.column, index + 1);
            let foot = self.frame.foot(self.column, index + 1, count);
            let body_at = margin + head.height + APART;
            let (size, foot_at) = match self.paper.height() {
                Some(height) => (height, height - margin - foot.height),
                None => {
                    let foot_at = body_at + body.height + APART;
                    (foot_at + foot.height + margin, foot_at)
                }
            };
            let parts = [(margin, head), (body_at, body), (foot_at, foot)];
            let moved = parts.into_iter().flat_map(|(y, block)| {
                block.marks.into_iter().map(move |mark| mark.moved((margin, y)))
            });
            Page { size: (width, size), marks: moved.collect() }
        };
        self.pages.into_iter().enumerate().map(finished).collect()
    }
}
