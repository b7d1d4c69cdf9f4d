//! What was set aside, and what is done about it.

use clinical::{DeviceId, Identity, Instant, PatientId};
use serde::{Deserialize, Serialize};

/// What was set aside.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QuarantineView {
    /// The newest first.
    pub items: Vec<QuarantineItem>,
    /// How many more there are.
    pub more: u64,
}

/// One sealed batch of changes that was set aside. It blocks nothing and is kept as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QuarantineItem {
    /// The batch, 64 hex digits.
    pub envelope: String,
    /// The computer it says it is from.
    pub device: DeviceId,
    /// That computer's name, where it is known.
    pub name: Option<String>,
    /// Whose charts it is of, for who may read charts: where that chart is here, and of changes of many
    /// charts where they can be opened.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub of: Vec<AsideOf>,
    /// When it was set aside.
    pub at: Instant,
    /// Its length as it travelled, in bytes.
    pub bytes: u64,
    /// Why.
    pub reason: QuarantineReason,
    /// What may bring it in.
    pub awaits: QuarantineAwaits,
    /// That it was left aside for good, and by whom.
    #[serde(default)]
    pub left: Option<Left>,
}

/// Whose chart something that was set aside is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AsideOf {
    /// Whose.
    pub patient: PatientId,
    /// Who that is.
    pub identity: Option<Identity>,
}

/// That somebody left something aside for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Left {
    /// Who; empty where the name is not known.
    pub by: String,
    /// When, by the clock of their computer.
    pub at: Instant,
}

/// Why a batch was set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QuarantineReason {
    /// It belongs to another clinic.
    WrongClinic,
    /// A newer version of the program wrote it.
    UnknownKind,
    /// Its computer is not on the clinic's list.
    UnknownDevice,
    /// Its computer was removed from the clinic before.
    AfterCut,
    /// It is sealed under keys that have not come.
    UnknownEpoch,
    /// Its computer did not sign it.
    BadSignature,
    /// The key of what it belongs to has not come.
    NoKey,
    /// It does not open: it was altered, or sealed wrongly.
    NotOpened,
    /// Its content cannot be read.
    Malformed,
    /// Its content is of something else than it says outside.
    WrongTag,
    /// Its content broke the merge.
    Panicked,
    /// Its content cannot be merged.
    NotMerged,
    /// Something this version has no name for.
    Other,
}

/// What may bring a batch in after all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QuarantineAwaits {
    /// Keys or entries of the list of computers, by themselves with one of the next exchanges.
    Keys,
    /// A newer version of the program.
    Update,
    /// A person's decision.
    Decision,
    /// Nothing: it is damaged or not to be trusted, and stays apart.
    Nothing,
}
