//! What the shell tells the windows unasked.

use clinical::{CompositionId, PatientId};
use serde::{Deserialize, Serialize};

/// Something on screen may have changed. A window refetches what it shows under a touched topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "id")]
pub enum Topic {
    /// The list of patients.
    Patients,
    /// The visits of the day.
    Today,
    /// One chart.
    Chart(PatientId),
    /// What was printed about somebody.
    Sheets(PatientId),
    /// One draft.
    Draft(CompositionId),
    /// The tasks.
    Tasks,
    /// What must be decided.
    Conflicts,
    /// The people of the clinic.
    People,
    /// Devices and sync.
    Sync,
    /// The running import.
    Import,
    /// A computer that is being admitted, on either side.
    Admission,
    /// Who is signed in.
    Session,
}

/// What a write to a patient's chart may touch. The one list of it: the shell names those of them
/// that a commit did touch, and the window that wrote, which skips its echo, touches them all.
/// Whatever is written waits to be sent.
pub const fn chart_topics(patient: PatientId) -> [Topic; 6] {
    [
        Topic::Chart(patient),
        Topic::Patients,
        Topic::Today,
        Topic::Tasks,
        Topic::Conflicts,
        Topic::Sync,
    ]
}

/// What a write to a draft touches: the chart of its patient lists it, and the day says whose note
/// waits.
pub const fn draft_topics(draft: CompositionId, patient: PatientId) -> [Topic; 4] {
    [Topic::Draft(draft), Topic::Chart(patient), Topic::Today, Topic::Sync]
}

/// What a write to the clinic's document touches.
pub const fn clinic_topics() -> [Topic; 2] {
    [Topic::People, Topic::Sync]
}

/// Where a change came from; the window it came from skips its own echo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "name")]
pub enum Origin {
    /// A window, by its label.
    Window(String),
    /// Another device.
    Sync,
    /// An import.
    Import,
    /// The command line or the program itself.
    Host,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "event", content = "body")]
pub enum Event {
    /// Something on screen may have changed.
    Changed {
        /// What.
        topics: Vec<Topic>,
        /// By whom.
        origin: Origin,
    },
    /// Somebody asks to exchange now: whoever meets the clinic's other computers does so at once.
    ExchangeAsked,
    /// An exchange goes on, and has come so far.
    Exchanging(crate::SyncProgress),
    /// A file is written or read here, and has come so far; nothing once that is over.
    Carrying {
        /// Which.
        act: crate::FileAct,
        /// How far.
        far: Option<crate::FileProgress>,
    },
    /// The lists are made again after another version of the program wrote them: `done` of about
    /// `all` documents. Nobody is signed in until it is over.
    Rebuilding {
        /// Documents done.
        done: u64,
        /// Documents there are, about.
        all: u64,
    },
}

impl Event {
    /// The name under which the shell emits events to windows.
    pub const CHANNEL: &'static str = "fieldchart";
}
