//! What a sentence was read as.

use clinical::{Finding, MedicationDraft};

/// A sentence as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The line so far. What is ambiguous or missing is empty in it.
    pub draft: MedicationDraft,
    /// The products that fit, the likeliest first: the one taken, or those to choose from.
    pub medicines: Vec<Choice>,
    /// What each part of the sentence was taken for, in the order it stands. Together they hold
    /// every letter and digit of it.
    pub pieces: Vec<Piece>,
    /// What a prescription still needs, in the order of a line.
    pub missing: Vec<Missing>,
    /// What is odd about it, and what was read one way and could be meant another.
    pub findings: Vec<Finding>,
}

/// A product of the formulary that fits what was typed. Form and strength are empty where the
/// medicine is to be chosen first and several of its products fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The generic name: `amlodipine`.
    pub medication: String,
    /// What it comes as: `tablet`.
    pub form: String,
    /// How strong it is: `5 mg`, `250 mg/5 mL`.
    pub strength: String,
    /// How the name was found.
    pub how: Match,
}

/// How what was typed leads to a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// It is the name, an abbreviation of it or a brand.
    Exact,
    /// The name begins so.
    Prefix,
    /// An abbreviation or a brand of it begins so.
    OtherName,
    /// It is spelled nearly so. Never taken by itself.
    Similar,
}

/// A part of the sentence, in bytes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What it was taken for.
    pub meaning: Meaning,
}

/// What a part of a sentence was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meaning {
    /// The medicine.
    Medicine,
    /// What it comes as.
    Form,
    /// How strong it is.
    Strength,
    /// The amount of one intake.
    Dose,
    /// The way it is given.
    Route,
    /// How often, and the times of the day.
    Frequency,
    /// Only when needed.
    AsNeeded,
    /// For how long.
    Duration,
    /// How much is handed out.
    Quantity,
    /// How often again.
    Repeats,
    /// An instruction that is known.
    Instruction,
    /// A word that says nothing by itself: `take`, `of`.
    Filler,
    /// Not understood, or told twice and differently: it stands in the instruction.
    Unknown,
}

/// What a prescription still needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// A medicine.
    Medicine,
    /// Which of several medicines.
    WhichMedicine,
    /// Which form of it.
    Form,
    /// Which strength of it.
    Strength,
    /// The amount of one intake.
    Dose,
    /// The unit of the dose.
    DoseUnit,
    /// The way it is given.
    Route,
    /// How often.
    Frequency,
    /// For how long.
    Duration,
}

impl Meaning {
    /// Its name, for the words of a window.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Medicine => "medicine",
            Self::Form => "form",
            Self::Strength => "strength",
            Self::Dose => "dose",
            Self::Route => "route",
            Self::Frequency => "frequency",
            Self::AsNeeded => "as-needed",
            Self::Duration => "duration",
            Self::Quantity => "quantity",
            Self::Repeats => "repeats",
            Self::Instruction => "instruction",
            Self::Filler => "filler",
            Self::Unknown => "unknown",
        }
    }
}

impl Missing {
    /// Its name, for the words of a window.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Medicine => "medicine",
            Self::WhichMedicine => "which-medicine",
            Self::Form => "form",
            Self::Strength => "strength",
            Self::Dose => "dose",
            Self::DoseUnit => "dose-unit",
            Self::Route => "route",
            Self::Frequency => "frequency",
            Self::Duration => "duration",
        }
    }
}
