//! Patients and their charts.

use clinical::{
    AllergyIntoleranceId, AllergyState, Chart, Corrections, Decimal, DetectedIssue, DeviceId,
    EntryKind, EntryRef, Identity, NoteDraft, Observation, ObservationId, PartialDate,
    PatientContact, PatientId, PractitionerId, Stamp, Waiting,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A patient that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PatientHit {
    /// Whose chart.
    pub patient: PatientId,
    /// Who it is.
    pub identity: Identity,
    /// Every version of who it is, where two people disagree on that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<Identity>,
    /// The telephone to tell namesakes apart.
    pub phone: Option<String>,
    /// The village or town.
    pub city: Option<String>,
    /// The line of the address before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address_line: Option<String>,
    /// Whom to reach about them first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<PatientContact>,
    /// What was matched: `name`, `phone`, `identifier`, `birth-date`, `recent`, `duplicate`.
    pub matched: String,
    /// The patient has died.
    pub deceased: bool,
    /// The heads of the chart it was read from, for the command that changes who it is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub heads: String,
    /// The chart is not on this computer: it is fetched before it is opened.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub elsewhere: bool,
    /// The numbers of the other charts of the same person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
}

/// A patient who may be the same person as somebody who is being registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DuplicateHit {
    /// Who it is.
    pub hit: PatientHit,
    /// What is alike, the most telling first: `identifier`, `name`, `swapped-names`, `phone`,
    /// `birth-date`, `similar-name`, `swapped-birth-date`, `close-birth-date`, `family-name`,
    /// `city`.
    pub reasons: Vec<String>,
    /// Most likely the same person: the same name and birth date, or a number or telephone in
    /// common and a name that is alike.
    pub strong: bool,
}

/// An entry was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recorded {
    /// The entries that were written.
    pub entries: Vec<EntryRef>,
    /// What the rules say of the chart now.
    pub advice: Vec<DetectedIssue>,
    /// The heads of the chart with it, for the command that takes it back.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub heads: String,
    /// The heads of the chart before it, likewise.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub before: String,
}

/// A chart's summary: the lists that matter whole, the long ones from the newest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChartView {
    /// Whose.
    pub patient: PatientId,
    /// All allergies, problems, medicines, tasks and conflicts; the newest visits, findings and
    /// notes; no originals.
    pub chart: Chart,
    /// How many entries of each kind the whole chart has.
    pub counts: Vec<(EntryKind, u32)>,
    /// The open drafts.
    pub drafts: Vec<NoteDraft>,
    /// What the rules say.
    pub advice: Vec<DetectedIssue>,
    /// Names of the people in stamps.
    pub people: BTreeMap<PractitionerId, String>,
    /// Names of the computers in stamps.
    pub devices: BTreeMap<DeviceId, String>,
    /// Changes that wait for others that have not arrived, by the computer they are from: the
    /// chart waits for these computers.
    pub waiting: Vec<Waiting>,
    /// Which of the findings do not count any more, and which were corrected twice.
    #[serde(default, skip_serializing_if = "Corrections::is_empty")]
    pub corrections: Corrections,
    /// The allergies to medicines among those in force.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drug_allergies: Vec<AllergyIntoleranceId>,
    /// Weights that are far from the one before them, each with that one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weight_jumps: Vec<(ObservationId, ObservationId)>,
    /// What the next weight is held against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_weight: Option<ExpectedWeight>,
    /// The heads of the chart as it was read, for the commands that change what it shows.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub heads: String,
    /// The other charts of the same person, which are shown with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<LinkedChart>,
}

/// Another chart of the same person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkedChart {
    /// Whose.
    pub patient: PatientId,
    /// Its number; blank while the chart has not arrived.
    pub number: String,
    /// Whom it calls by what name; absent while the chart has not arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// Who said that it is of the same person.
    pub made: Stamp,
}

/// One of two people who may be one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ComparedPatient {
    /// The chart that is gone on with.
    pub patient: PatientId,
    /// Its number.
    pub number: String,
    /// Who it is.
    pub identity: Identity,
    /// The numbers of the other charts that are of the same person already.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// When they were last here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_visit: Option<PartialDate>,
}

/// Two people who may be one, side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PatientsCompared {
    /// The one that was named first,
    pub one: ComparedPatient,
    /// and the other.
    pub other: ComparedPatient,
    /// What of who they are differs that hardly does of one person: `birth-date`, `sex`, `deceased`.
    pub differs: Vec<String>,
}

impl ChartView {
    /// The state of the allergy list: "unavailable" also while changes wait for others that have
    /// not arrived and no allergy is known, for one may be among them.
    pub fn allergy_state(&self) -> AllergyState {
        self.chart.allergy_state_while(&self.waiting)
    }
}

/// The weight measured last, and how far from it the next one may be before somebody should look
/// twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExpectedWeight {
    /// The last one.
    pub last: Observation,
    /// The lightest that is no jump, in kilograms.
    pub low_kg: Decimal,
    /// The heaviest.
    pub high_kg: Decimal,
}

/// What an entry was at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HistoryItem {
    /// Who wrote it.
    pub stamp: Stamp,
    /// The person's name.
    pub author: String,
    /// The computer's name.
    pub device: String,
    /// The change, 64 hex digits.
    pub change: String,
    /// The field that was written.
    pub field: String,
    /// What was written, as JSON.
    pub value: String,
    /// It was written by who decided a dispute about the entry.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub decides: bool,
}

/// A form that was half typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeptForm {
    /// Which form, of which patient or entry, as the window named it.
    pub form: String,
    /// What stands in it, as the window wrote it.
    pub body: String,
}
