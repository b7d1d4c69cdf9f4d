//! The clinic's people and computers, and its keys.

use clinical::{ClinicId, DeviceId, Instant, PractitionerId, Role};
use serde::{Deserialize, Serialize};

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
