//! How large the papers are that clinics print on.

use clinical::SheetPaper;

/// Points in a millimetre: a point is 1/72 of an inch of 25.4 mm.
const POINTS: f32 = 72.0 / 25.4;

/// How large a paper is, in points.
pub(crate) trait Extent {
    /// How wide it is.
    fn width(self) -> f32;
    /// How high a page is; a roll has no pages.
    fn height(self) -> Option<f32>;
    /// What stays blank on each side.
    fn margin(self) -> f32;
}

impl Extent for SheetPaper {
    fn width(self) -> f32 {
        match self {
            Self::A4 => 210.0 * POINTS,
            Self::A5 => 148.0 * POINTS,
            Self::Letter => 215.9 * POINTS,
            // A thermal printer reaches 72 of them.
            Self::Roll80 => 80.0 * POINTS,
        }
    }

    fn height(self) -> Option<f32> {
        match self {
            Self::A4 => Some(297.0 * POINTS),
            Self::A5 => Some(210.0 * POINTS),
            Self::Letter => Some(279.4 * POINTS),
            Self::Roll80 => None,
        }
    }

    fn margin(self) -> f32 {
        match self {
            Self::A4 | Self::Letter => 15.0 * POINTS,
            Self::A5 => 11.0 * POINTS,
            Self::Roll80 => 4.0 * POINTS,
        }
    }
}
