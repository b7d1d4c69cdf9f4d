//! The form of a problem.

use super::check;
use crate::{
    CodeableConcept, Condition, ConditionClinicalStatus, ConditionId, EncounterId, Finding,
    VerificationStatus,
};
use serde::{Deserialize, Serialize};

/// What was typed about a problem.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ConditionDraft {
    /// The problem, in words.
    pub problem: String,
    /// Whether it is there now; active when not told.
    pub clinical_status: Option<ConditionClinicalStatus>,
    /// Since when.
    pub onset: String,
    /// Anything else.
    pub note: String,
    /// The visit it was found in.
    pub encounter: Option<EncounterId>,
}

impl ConditionDraft {
    /// The problem, or what is missing or wrong.
    ///
    /// # Errors
    /// One finding for each field to mend.
    pub fn complete(&self, id: ConditionId) -> Result<Condition, Vec<Finding>> {
        let mut findings = Vec::new();
        let condition = Condition {
            id,
            code: CodeableConcept::from_text(check::required(
                "problem",
                &self.problem,
                &mut findings,
            )),
            clinical_status: Some(self.clinical_status.unwrap_or(ConditionClinicalStatus::Active)),
            verification_status: VerificationStatus::Confirmed,
            onset: check::date("onset", &self.onset, &mut findings),
            abatement: None,
            encounter: self.encounter,
            note: check::optional(&self.note),
        };
        check::finish(condition, findings)
    }
}
