//! What the audit log says, as the window is given it.

use clinical::{Instant, PatientId, PractitionerId};
use serde::{Deserialize, Serialize};

/// Which part of the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "seq")]
pub enum AuditFrom {
    /// The newest rows.
    Newest,
    /// The rows before this one.
    Before(u64),
    /// The rows after this one.
    After(u64),
}

/// A part of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditPage {
    /// The rows, in the order in which they were written.
    pub rows: Vec<AuditItem>,
    /// There are more in the direction that was asked for.
    pub more: bool,
}

/// One row of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditItem {
    /// Its place, from 1.
    pub seq: u64,
    /// When, by this computer's clock.
    pub at: Instant,
    /// Who.
    pub author: PractitionerId,
    /// The person's name.
    pub name: String,
    /// The computer's name.
    pub device: String,
    /// What kind of deed.
    pub action: String,
    /// What it was about, as the contract names it.
    pub resource: String,
    /// Whose chart, when it was about one.
    pub patient: Option<PatientId>,
    /// Who that is, where this computer has the chart.
    pub patient_name: Option<String>,
    /// How it ended.
    pub outcome: String,
    /// Why it was done.
    pub purpose: String,
}
