//! Marks on pages, and the file they become.

mod fonts;
mod ink;
mod steer;
mod write;

pub(crate) use write::{Imprint, write};

use crate::text::Line;

/// Something drawn, in points from the top left corner of its page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Mark {
    /// A line of text: the left end of its base line.
    Text {
        /// The line.
        line: Line,
        /// From the left.
        x: f32,
        /// From the top.
        y: f32,
        /// Size of the letters.
        size: f32,
    },
    /// A straight stroke.
    Stroke {
        /// Where it begins.
        from: (f32, f32),
        /// Where it ends.
        to: (f32, f32),
        /// How thick it is.
        thickness: f32,
    },
    /// A black box.
    Box {
        /// Its upper left corner.
        at: (f32, f32),
        /// Its width and height.
        size: (f32, f32),
    },
}

/// One page.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Page {
    /// Its size, in points.
    pub(crate) size: (f32, f32),
    /// What stands on it.
    pub(crate) marks: Vec<Mark>,
}

impl Mark {
    /// Where it begins, from the top: of letters the height of their line.
    pub(crate) fn top(&self) -> f32 {
        match self {
            Self::Text { y, size, .. } => y - size,
            Self::Stroke { from, to, .. } => from.1.min(to.1),
            Self::Box { at, .. } => at.1,
        }
    }

    /// Where it ends: of letters what hangs below their base line.
    pub(crate) fn bottom(&self) -> f32 {
        match self {
            Self::Text { y, size, .. } => y + size * 0.3,
            Self::Stroke { from, to, .. } => from.1.max(to.1),
            Self::Box { at, size } => at.1 + size.1,
        }
    }

    /// Where it begins, from the left.
    pub(crate) fn left(&self) -> f32 {
        match self {
            Self::Text { x, .. } => *x,
            Self::Stroke { from, to, .. } => from.0.min(to.0),
            Self::Box { at, .. } => at.0,
        }
    }

    /// Where it ends, from the left.
    pub(crate) fn right(&self) -> f32 {
        match self {
            Self::Text { line, x, size, .. } => x + line.advance * size / 1000.0,
            Self::Stroke { from, to, .. } => from.0.max(to.0),
            Self::Box { at, size } => at.0 + size.0,
        }
    }

    /// Whether it is a stroke from top to bottom: the side of a frame.
    pub(crate) fn is_upright(&self) -> bool {
        match self {
            Self::Stroke { from, to, .. } => from.0 == to.0 && from.1 != to.1,
            Self::Text { .. } | Self::Box { .. } => false,
        }
    }

    /// What of the side of a frame is above a height, and what below it; none where it is all on one
    /// side, and of what is no such side.
    pub(crate) fn parted(&self, at: f32) -> Option<(Self, Self)> {
        let Self::Stroke { from: (x, _), thickness, .. } = *self else { return None };
        let (top, bottom) = (self.top(), self.bottom());
        let part =
            |top: f32, bottom: f32| Self::Stroke { from: (x, top), to: (x, bottom), thickness };
        let is_parted = self.is_upright() && top < at && at < bottom;
        is_parted.then(|| (part(top, at), part(at, bottom)))
    }

    /// The same, moved rightwards and down.
    pub(crate) fn moved(self, (dx, dy): (f32, f32)) -> Self {
        let to = |(x, y): (f32, f32)| (x + dx, y + dy);
        match self {
            Self::Text { line, x, y, size } => Self::Text { line, x: x + dx, y: y + dy, size },
            Self::Stroke { from, to: end, thickness } => {
                Self::Stroke { from: to(from), to: to(end), thickness }
            }
            Self::Box { at, size } => Self::Box { at: to(at), size },
        }
    }
}
