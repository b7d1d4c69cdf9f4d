//! What the window is told of charts that pass from one clinic to another.

use crate::DuplicateHit;
use clinical::{ClinicId, EntryKind, EntryRef, Identity, Instant, PatientId, Sharing};
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
    /// The same code for a scanner; of this clinic's own card alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub square: Option<crate::SquareCode>,
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
    /// A chart came before from a clinic of this id by another number, and nobody compared that one.
    /// One of the two is not who they say: nothing is given and nothing taken in before somebody
    /// compares this one.
    Doubtful,
    /// The number that was compared here of a clinic of this id is another: nothing is given and
    /// nothing taken in.
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
    /// Entries that are here and would read otherwise; `None` where none would.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overwrites: Option<GivenOverwrites>,
    /// What it says of when the chart passed between clinics, where this clinic does not know of it and
    /// the one that gives it now did not give it then: it is known only as that one says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hearsay: Vec<Sharing>,
    /// Changes in the name of people of this clinic that this computer does not hold: they are of a
    /// computer that has not exchanged yet, or nobody here made them.
    pub in_our_name: u64,
}

/// What a chart that another clinic gives makes of entries that are here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GivenOverwrites {
    /// Names the chart as it would be: who has seen it takes it in by this.
    pub seen: String,
    /// The entries, by kind; of each every field that would read otherwise.
    pub entries: Vec<GivenEntry>,
    /// How many fields beside are not listed.
    pub more: u64,
}

/// A field of an entry that would read otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GivenEntry {
    /// Which entry.
    pub entry: EntryRef,
    /// What it is, on one line, as the chart here says; empty where it says nothing.
    pub label: String,
    /// The field, as in what an entry has been; `withdrawn` where it is marked as a mistake.
    pub field: String,
    /// What stands there, as JSON text; `None` where nothing does, or it is too long or no text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// What would stand there, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub becomes: Option<String>,
    /// Both would stand there, to be decided.
    pub is_disputed: bool,
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
    /// Entries that were here and read otherwise now; `None` where none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overwrites: Option<GivenOverwrites>,
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
    /// The clinic that says so, where this one neither gave nor got it itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_by: Option<String>,
}
