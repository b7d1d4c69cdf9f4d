//! What the window is given.

use clinical::{
    AllergyIntolerance, AllergyIntoleranceId, AllergyState, Chart, ClinicId, Conflict, Corrections,
    Decimal, DetectedIssue, DeviceId, Encounter, EntryKind, EntryRef, Finding, Identity, Instant,
    MedicationRequest, NoteDraft, Observation, ObservationId, PartialDate, PatientContact,
    PatientId, PractitionerId, Role, Stamp, StatusReason, Task, Waiting,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the window should show first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusView {
    /// Where we stand.
    pub stage: Stage,
    /// The program's version.
    pub version: String,
}

/// Where we stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "body")]
pub enum Stage {
    /// There is no clinic on this computer.
    FirstRun,
    /// A joining was interrupted and can be brought to its end.
    Joining {
        /// The name of the person who joins.
        #[serde(rename = "userName")]
        user_name: String,
    },
    /// There is one, and it is closed: the names that can sign in here.
    SignedOut {
        /// Names to sign in with, sorted.
        users: Vec<String>,
        /// The clinic's name, while the program remembers it from before it was locked: no file
        /// outside the encrypted store holds it.
        #[serde(rename = "clinicName", default, skip_serializing_if = "Option::is_none")]
        clinic_name: Option<String>,
    },
    /// Someone is signed in.
    SignedIn(SessionView),
    /// The store cannot be opened, and why.
    Blocked(crate::ApiError),
}

/// Who is signed in, where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionView {
    /// The person.
    pub person: PractitionerId,
    /// The person's name.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The clinic's name.
    pub clinic_name: String,
    /// This computer.
    pub device: DeviceId,
    /// This is a demonstration: shown unmistakably.
    pub demonstration: bool,
}

/// A clinic was made or joined on this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClinicOpened {
    /// The recovery code: shown once, to be printed and locked away.
    pub recovery_code: String,
    /// Who is signed in now.
    pub session: SessionView,
    /// No keyring keeps a secret for this computer, though nobody chose to do without: the password
    /// alone protects the store here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keyring_absent: bool,
}

/// A recovery code in the place of the one before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewRecoveryCode {
    /// The recovery code: shown once, to be printed and locked away.
    pub recovery_code: String,
}

/// A demonstration was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DemonstrationCreated {
    /// The name to sign in with.
    pub user_name: String,
    /// The password.
    pub password: String,
    /// Who is signed in now.
    pub session: SessionView,
}

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
}

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

/// A person of the clinic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonView {
    /// The person.
    pub id: PractitionerId,
    /// The name to sign in with.
    pub user_name: String,
    /// The name to show.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// Can sign in on this computer.
    pub here: bool,
    /// Works at the clinic; who does not is listed for what they wrote.
    pub active: bool,
    /// Works here only once an administrator lets them in anew: whoever did was removed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unconfirmed: bool,
    /// What stands on paper beside the name.
    #[serde(default, skip_serializing_if = "clinical::Credentials::is_empty")]
    pub credentials: clinical::Credentials,
}

/// A code to join with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceCode {
    /// The code.
    pub code: String,
    /// When it stops working.
    pub expires_at: Instant,
    /// The same to be read by a camera, where it is asked for by a window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub square: Option<crate::SquareCode>,
}

/// A computer of the clinic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceView {
    /// The computer.
    pub id: DeviceId,
    /// Its name.
    pub name: String,
    /// This one.
    pub here: bool,
    /// Its membership has ended.
    pub revoked: bool,
    /// Its membership is to end: an administrator said so where the server could not be asked. It
    /// counts as ended; the clinic's list says so once a computer that knows has met the server.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub leaving: bool,
    /// It is no computer, but the clinic's recovery kit on paper. It has no name.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub kit: bool,
    /// When something of it last came to this computer, whichever way it took; by this computer's
    /// clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard: Option<Instant>,
}

/// A recovery kit of the clinic: shown once, to be printed and locked away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryKit {
    /// Its code.
    pub code: String,
    /// The clinic.
    pub clinic: ClinicId,
    /// Its name.
    pub clinic_name: String,
    /// The address of its server, with the pin.
    pub server: String,
    /// The names of those whom the kit can bring back, who made it first.
    pub people: Vec<String>,
}

/// A new key was made for what is sealed from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeysRotated {
    /// The number of its epoch; the first of a clinic is 1.
    pub epoch: u32,
    /// Whether it is made already. Where the server could not be reached, whichever computer meets
    /// it first makes it.
    pub entered: bool,
}

/// How an import stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportView {
    /// It is going on.
    pub running: bool,
    /// Files read, of how many.
    pub files: (u64, u64),
    /// Bytes of files read, of how many: how far it is within a long file too.
    pub bytes: (u64, u64),
    /// Patients taken in.
    pub patients: u64,
    /// Resources taken in, by type.
    pub resources: BTreeMap<String, u64>,
    /// Of these, those that were here before, just as they came, by type.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub already: BTreeMap<String, u64>,
    /// Remarks: file, entry in the file, what.
    pub findings: Vec<FileFinding>,
    /// Remarks beyond those listed.
    pub findings_more: u64,
    /// What was taken in of each file: those first of which nothing was, the first thousand.
    pub by_file: Vec<FileIntake>,
    /// Files of which nothing was taken in.
    pub files_empty: u64,
    /// Resources that were read and are in no chart: refused, or kept as they came.
    #[serde(default)]
    pub left_out: u64,
    /// The same, by type.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub left_types: BTreeMap<String, u64>,
    /// Of the resources taken in those that are kept as they came and no view shows, by type.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub not_shown: BTreeMap<String, u64>,
    /// Why it ended early, when it did.
    pub failed: Option<crate::ApiError>,
}

/// What was taken in of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileIntake {
    /// The file's name, or that of a folder that could not be read.
    pub file: String,
    /// It was named itself, and not found in a folder.
    #[serde(default)]
    pub named: bool,
    /// Resources taken in.
    pub resources: u64,
    /// Resources that were read and are in no chart.
    #[serde(default)]
    pub left_out: u64,
}

/// A remark about a place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileFinding {
    /// The file's name.
    pub file: String,
    /// Which entry of the file, from 0.
    pub entry: Option<u64>,
    /// The remark.
    pub finding: Finding,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, Origin, SyncPhase, Topic};

    #[test]
    fn what_travels_keeps_its_form() {
        let check = |value: serde_json::Value, want: &str| assert_eq!(value.to_string(), want);
        let id = PatientId::from_uuid(clinical::uuid_v7(1, [0; 10]));
        let topics = vec![Topic::Chart(id), Topic::Tasks];
        let event = Event::Changed { topics, origin: Origin::Window("main".into()) };
        check(
            serde_json::to_value(&event).unwrap(),
            r#"{"event":"changed","body":{"topics":[{"kind":"chart","id":"00000000-0001-7000-8000-000000000000"},{"kind":"tasks"}],"origin":{"kind":"window","name":"main"}}}"#,
        );
        check(serde_json::to_value(Stage::FirstRun).unwrap(), r#"{"kind":"firstRun"}"#);
        let failed = SyncPhase::Failed(crate::ApiError::new(crate::ErrorCode::Unreachable, "x"));
        check(
            serde_json::to_value(failed).unwrap(),
            r#"{"kind":"failed","body":{"code":"unreachable","detail":"x"}}"#,
        );
    }

    #[test]
    fn every_command_has_a_name_of_its_own() {
        let names = crate::command_names();
        let distinct: std::collections::BTreeSet<_> = names.iter().collect();
        assert_eq!(names.len(), distinct.len());
        assert!(names.iter().all(|n| n.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')));
    }
}
