//! What the window is told of charts that pass from one clinic to another.

use crate::DuplicateHit;
use clinical::{ClinicId, EntryKind, Identity, Instant, PatientId, Sharing};
use serde::{Deserialize, Serialize};

/// The card of a clinic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CardView {
    /// Which clinic.
    pub clinic: ClinicId,
    /// What it calls itself.
    pub name: String,
    /// The card as a code that can be pasted.
    pub card: String,
    /// The number two people compare: thirty digits in groups of five. It is the same for the life of
    /// the clinic.
    pub number: String,
    /// Whether it is known here.
    pub known: CardKnown,
}

/// Whether the card of a clinic is known on this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CardKnown {
    /// It is this clinic's own.
    Own,
    /// Somebody here compared its number with the other clinic.
    Known,
    /// A chart came with it before, and nobody compared its number yet.
    Met,
    /// It was not met here before: the number is all there is to know it by.
    New,
    /// A clinic of this id was met here by another number. One of the two is not who they say:
    /// nothing is given and nothing taken in.
    Differs,
}

/// A chart was given to another clinic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SharedFile {
    /// The file's name.
    pub file: String,
    /// Its length.
    pub bytes: u64,
    /// Files of the chart that go along.
    pub files: u64,
    /// Files of the chart that do not: they are not on this computer, or are too large.
    pub left_out: u64,
    /// What the chart says of it now.
    pub sharing: Sharing,
}

/// What is in a file by which another clinic gives a chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GivenView {
    /// Whose chart.
    pub patient: PatientId,
    /// Who it is, as the chart says.
    pub identity: Identity,
    /// The clinic that gives it, and whether it is known here.
    pub from: CardView,
    /// What they say of it.
    pub sharing: Sharing,
    /// Who gave it, by name, where they wrote in the chart.
    pub by: String,
    /// How many entries of each kind the chart has.
    pub counts: Vec<(EntryKind, u32)>,
    /// Files of the chart that come along.
    pub files: u64,
    /// Files of the chart that do not.
    pub left_out: u64,
    /// What would become of it here.
    pub here: GivenHere,
    /// Who here may be the same person, where the chart is not here; the most alike first.
    pub alike: Vec<DuplicateHit>,
    /// Changes in the name of people of this clinic that this computer does not hold: they are of a
    /// computer that has not exchanged yet, or nobody here made them.
    pub in_our_name: u64,
}

/// What would become of a chart that another clinic gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum GivenHere {
    /// It is not here: a new chart is made.
    New,
    /// It is here: so many changes would come, and so much would have to be decided.
    #[serde(rename_all = "camelCase")]
    Merges {
        /// Changes that are not here.
        changes: u64,
        /// Conflicts that would be new.
        conflicts: u64,
    },
    /// It was erased here, and is not brought back.
    #[serde(rename_all = "camelCase")]
    Erased {
        /// When.
        at: Instant,
        /// On what ground.
        ground: String,
    },
}

/// A chart was taken in from another clinic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TakenIn {
    /// Whose.
    pub patient: PatientId,
    /// It was not here.
    pub is_new: bool,
    /// Changes that came.
    pub changes: u64,
    /// Conflicts that are new: somebody must decide.
    pub conflicts: u64,
    /// Files that came along.
    pub files: u64,
    /// Files that the chart names and that are not here.
    pub left_out: u64,
    /// The clinic that gave it.
    pub from: CardView,
}

/// That a chart passed from one clinic to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SharedChart {
    /// Whose.
    pub patient: PatientId,
    /// Who it is, where the chart says.
    pub name: String,
    /// What the chart says of it.
    pub sharing: Sharing,
    /// Who gave it, by name, where they are known here.
    pub by: String,
    /// This clinic gave it; else it was given to this clinic, or passed between others.
    pub is_ours: bool,
}
