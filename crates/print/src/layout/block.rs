//! Marks that stay together, and how high they are.

use crate::pdf::Mark;

/// Marks that no page break parts; their places are in points from its upper left corner.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Block {
    /// What is drawn.
    pub(crate) marks: Vec<Mark>,
    /// How high it is.
    pub(crate) height: f32,
}

impl Block {
    /// Nothing, so high.
    pub(crate) const fn gap(height: f32) -> Self {
        Self { marks: Vec::new(), height }
    }

    /// A thin rule with a little room around it.
    pub(crate) fn rule(width: f32) -> Self {
        let stroke = Mark::Stroke { from: (0.0, 3.0), to: (width, 3.0), thickness: 0.7 };
        Self { marks: vec![stroke], height: 6.0 }
    }

    /// The frame of what is so large.
    pub(crate) fn frame(width: f32, height: f32) -> Self {
        let corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height), (0.0, 0.0)];
        let sides = corners.windows(2).filter_map(|side| {
            let [from, to] = *side else { return None };
            Some(Mark::Stroke { from, to, thickness: 1.2 })
        });
        Self { marks: sides.collect(), height }
    }

    /// Moved as far to the left as it goes.
    pub(crate) fn leftmost(self) -> Self {
        let left = self.marks.iter().map(Mark::left).fold(f32::INFINITY, f32::min);
        let by = if left.is_finite() { -left } else { 0.0 };
        Self::beside([(by, self)])
    }

    /// How wide what is drawn is.
    pub(crate) fn width(&self) -> f32 {
        let left = self.marks.iter().map(Mark::left).fold(f32::INFINITY, f32::min);
        let right = self.marks.iter().map(Mark::right).fold(f32::NEG_INFINITY, f32::max);
        (right - left).max(0.0)
    }

    /// Blocks below each other.
    pub(crate) fn stack(blocks: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::default();
        for block in blocks {
            let height = all.height + block.height;
            all.marks.extend(block.marks.into_iter().map(|mark| mark.moved((0.0, all.height))));
            all.height = height;
        }
        all
    }

    /// What fits in so much height, and the rest: of a block that is higher than a page. The sides of a
    /// frame go on in the rest.
    pub(crate) fn cut(self, height: f32) -> (Self, Self) {
        let beyond = self.marks.iter().filter(|mark| !mark.is_upright() && mark.bottom() > height);
        let at = beyond.map(Mark::top).fold(height, f32::min);
        let (mut above, mut below) = (Vec::new(), Vec::new());
        for mark in self.marks {
            match mark.parted(at) {
                Some((upper, lower)) => {
                    above.push(upper);
                    below.push(lower);
                }
                None if mark.bottom() <= height => above.push(mark),
                None => below.push(mark),
            }
        }
        let rest = below.into_iter().map(|mark| mark.moved((0.0, -at))).collect();
        (Self { marks: above, height }, Self { marks: rest, height: (self.height - at).max(0.0) })
    }

    /// Blocks beside each other, each so far from the left.
    pub(crate) fn beside(blocks: impl IntoIterator<Item = (f32, Self)>) -> Self {
        let mut all = Self::default();
        for (x, block) in blocks {
            all.height = all.height.max(block.height);
            all.marks.extend(block.marks.into_iter().map(|mark| mark.moved((x, 0.0))));
        }
        all
    }
}
