//! A person who works at the clinic (FHIR R4 `Practitioner`).

use super::status::codes;
use crate::PractitionerId;
use serde::{Deserialize, Serialize};

codes! {
    /// What a person may do; the table of what each may do stands in the use-cases.
    Role {
        /// Runs the clinic's people, devices and settings, and may do all a clinician may.
        Admin = "admin",
        /// Writes the chart.
        Clinician = "clinician",
        /// Finds and registers patients; sees no clinical content.
        Reception = "reception",
    }
}

/// A person with an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Practitioner {
    /// The person's id.
    pub id: PractitionerId,
    /// The name to sign in with.
    pub user_name: String,
    /// The name to show.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The public halves of the person's signing keys, one for each computer, 64 hex digits each.
    pub public_keys: Vec<String>,
    /// Whether the account is in use.
    pub active: bool,
    /// Who removed this person; several where computers did so without knowing of each other. None
    /// of who was removed before this was kept. Who is active all the same stays where no
    /// administrator was left.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed_by: Vec<PractitionerId>,
    /// Let in only by somebody who was removed at the same time or before: an administrator must
    /// let this person in anew. It is seen in the order of the record and never written into it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unconfirmed: bool,
    /// What stands on paper beside the name. It is kept beside the person, not in it.
    #[serde(default, skip_serializing_if = "Credentials::is_empty")]
    pub credentials: Credentials,
}

/// What stands on paper beside a person's name (FHIR R4 `Practitioner.qualification`). Empty is what
/// is not said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Credentials {
    /// The number the person is registered with.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub registration: String,
    /// What the person is qualified as: `MBChB`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub qualification: String,
}

impl Credentials {
    /// Whether nothing is said.
    pub const fn is_empty(&self) -> bool {
        self.registration.is_empty() && self.qualification.is_empty()
    }
}
