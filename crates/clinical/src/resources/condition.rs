//! A problem or diagnosis (FHIR R4 `Condition`).

use super::{allergy_intolerance::VerificationStatus, status::codes};
use crate::{CodeableConcept, ConditionId, EncounterId, PartialDate};
use serde::{Deserialize, Serialize};

/// The code system of diagnoses that the program can look up.
pub const ICD_10_CM: &str = "http://hl7.org/fhir/sid/icd-10-cm";

codes! {
    /// Whether the problem is there now.
    ConditionClinicalStatus {
        /// There.
        Active = "active",
        /// Came back.
        Recurrence = "recurrence",
        /// Came back after a remission.
        Relapse = "relapse",
        /// Not there now.
        Inactive = "inactive",
        /// Under control, may come back.
        Remission = "remission",
        /// Over.
        Resolved = "resolved",
    }
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Condition {
    /// Its id.
    pub id: ConditionId,
    /// What it is.
    pub code: CodeableConcept,
    /// Whether it is there now; unknown when the sender did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clinical_status: Option<ConditionClinicalStatus>,
    /// How sure it is.
    pub verification_status: VerificationStatus,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub onset: Option<PartialDate>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abatement: Option<PartialDate>,
    /// The visit it was found in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encounter: Option<EncounterId>,
    /// Anything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Condition {
    /// Whether it belongs on the list of current problems.
    pub fn holds(&self) -> bool {
        let current = match self.clinical_status {
            Some(
                ConditionClinicalStatus::Active
                | ConditionClinicalStatus::Recurrence
                | ConditionClinicalStatus::Relapse,
            )
            | None => true,
            Some(
                ConditionClinicalStatus::Inactive
                | ConditionClinicalStatus::Remission
                | ConditionClinicalStatus::Resolved,
            ) => false,
        };
        current
            && self.verification_status != VerificationStatus::EnteredInError
            && self.verification_status != VerificationStatus::Refuted
    }
}
