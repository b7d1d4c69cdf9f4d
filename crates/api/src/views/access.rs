//! How it stands before and after somebody signs in.

use clinical::{DeviceId, PractitionerId, Role};
use serde::{Deserialize, Serialize};

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
