//! Pages of lists: what is to be decided, and what waits.

use clinical::{
    AllergyIntolerance, AllergyState, Conflict, DeviceId, Encounter, EntryRef, Identity, Instant,
    MedicationRequest, PatientId, PractitionerId, StatusReason, Task,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Listed<T> {
    /// What is on the page.
    pub items: Vec<T>,
    /// How many the whole list has.
    pub total: u64,
    /// Where the next page goes on; none when this is the last.
    pub next: Option<String>,
}

/// Something to decide, with whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConflictItem {
    /// Whose chart.
    pub patient: PatientId,
    /// Who it is.
    pub identity: Option<Identity>,
    /// The state of the patient's allergies.
    pub allergy_state: AllergyState,
    /// The allergies that are to be heeded, the most dangerous first.
    pub allergies: Vec<String>,
    /// What is disputed.
    pub conflict: Conflict,
    /// Why the entry is over or was a mistake, where somebody said so on one side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<StatusReason>,
    /// Names of the people in stamps.
    pub people: BTreeMap<PractitionerId, String>,
    /// Names of the computers in stamps.
    pub devices: BTreeMap<DeviceId, String>,
    /// The heads of the chart it was read from, for the command that decides it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub heads: String,
}

/// A task, with whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskItem {
    /// Whose chart.
    pub patient: PatientId,
    /// Who it is.
    pub identity: Option<Identity>,
    /// When it was raised, or last grew more pressing.
    pub raised_at: Instant,
    /// The task.
    pub task: Task,
    /// The medicines it is about that are still taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub medicines: Vec<MedicationRequest>,
    /// The allergies it is about that are still in force.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allergies: Vec<AllergyIntolerance>,
    /// The visits it is about that still go on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visits: Vec<Encounter>,
    /// What of these two people disagree on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disputed: Vec<EntryRef>,
    /// The heads of the chart it was read from, for the commands that close the task and
    /// stop a medicine.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub heads: String,
}
