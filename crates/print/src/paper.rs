//! Papers that clinics print on.

/// Points in a millimetre: a point is 1/72 of an inch of 25.4 mm.
const POINTS: f32 = 72.0 / 25.4;

/// A paper.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Paper {
    /// 210 by 297 mm (ISO 216).
    #[default]
    A4,
    /// 148 by 210 mm (ISO 216).
    A5,
    /// 215.9 by 279.4 mm (ANSI A).
    Letter,
    /// A roll 80 mm wide, 72 of which a thermal printer reaches; as long as what stands on it.
    Roll80,
}

impl Paper {
    /// Every paper with its name.
    pub const ALL: [(Self, &'static str); 4] =
        [(Self::A4, "a4"), (Self::A5, "a5"), (Self::Letter, "letter"), (Self::Roll80, "roll-80")];

    /// Its name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::A4 => "a4",
            Self::A5 => "a5",
            Self::Letter => "letter",
            Self::Roll80 => "roll-80",
        }
    }

    /// The paper of a name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == code).map(|(paper, _)| paper)
    }

    /// How wide it is, in points.
    pub(crate) const fn width(self) -> f32 {
        match self {
            Self::A4 => 210.0 * POINTS,
            Self::A5 => 148.0 * POINTS,
            Self::Letter => 215.9 * POINTS,
            Self::Roll80 => 80.0 * POINTS,
        }
    }

    /// How high a page is, in points; a roll has no pages.
    pub(crate) const fn height(self) -> Option<f32> {
        match self {
            Self::A4 => Some(297.0 * POINTS),
            Self::A5 => Some(210.0 * POINTS),
            Self::Letter => Some(279.4 * POINTS),
            Self::Roll80 => None,
        }
    }

    /// What stays blank on each side, in points.
    pub(crate) const fn margin(self) -> f32 {
        match self {
            Self::A4 | Self::Letter => 15.0 * POINTS,
            Self::A5 => 11.0 * POINTS,
            Self::Roll80 => 4.0 * POINTS,
        }
    }
}
