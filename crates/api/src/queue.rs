//! The day's visits, as the window is given them.

use clinical::{EncounterId, EncounterStatus, Identity, PartialDate, PatientId};
use serde::{Deserialize, Serialize};

/// That somebody is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckedIn {
    /// The visit.
    pub encounter: EncounterId,
    /// They were here already: nothing was recorded.
    pub already: bool,
}

/// Who is here today and who was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TodayView {
    /// Which day it is, by the clock of the computer.
    pub day: PartialDate,
    /// The visits, in the order in which they came.
    pub visits: Vec<VisitItem>,
    /// There are more than one list shows: so many are left out.
    pub more: u64,
}

/// One visit of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VisitItem {
    /// Whose.
    pub patient: PatientId,
    /// Who it is, as far as that is known here.
    pub identity: Option<Identity>,
    /// Which visit.
    pub encounter: EncounterId,
    /// Where it stands.
    pub status: EncounterStatus,
    /// Why they came; every reason where two people disagree on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When they came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<PartialDate>,
    /// When the visit ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<PartialDate>,
    /// The names of who sees them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<String>,
    /// They came today; else the visit is of a day before and was never ended.
    pub is_today: bool,
    /// A note of theirs waits to be signed. Never told to who may not read charts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unsigned: bool,
    /// Two people disagree on it: what is said of it here is not yet decided.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disputed: bool,
    /// It goes on, and so does another visit of the same patient.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub doubled: bool,
    /// The heads of the chart it was read from, for the commands that change it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub heads: String,
}
