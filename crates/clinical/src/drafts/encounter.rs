//! The form of a visit that begins.

use super::check;
use crate::{
    CodeableConcept, Encounter, EncounterClass, EncounterId, EncounterStatus, Finding, PartialDate,
};
use serde::{Deserialize, Serialize};

/// What was typed about a visit that begins now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct EncounterDraft {
    /// Why the patient comes.
    pub reason: String,
    /// Where it takes place; in the clinic when not told.
    pub class: Option<EncounterClass>,
}

impl EncounterDraft {
    /// The visit, begun at `start`, or what is missing or wrong.
    ///
    /// # Errors
    /// One finding for each field to mend.
    pub fn complete(&self, id: EncounterId, start: PartialDate) -> Result<Encounter, Vec<Finding>> {
        let mut findings = Vec::new();
        let reason = check::required("reason", &self.reason, &mut findings);
        let encounter = Encounter {
            id,
            status: EncounterStatus::InProgress,
            class: self.class.unwrap_or(EncounterClass::Ambulatory),
            kind: Vec::new(),
            reason: vec![CodeableConcept::from_text(reason)],
            start: Some(start),
            end: None,
        };
        check::finish(encounter, findings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_begins_with_a_reason() {
        let id = EncounterId::from_uuid(crate::uuid_v7(1, [1; 10]));
        let start: PartialDate = "2026-11-24T09:30:00+03:00".parse().unwrap();
        let draft = EncounterDraft { reason: " cough ".into(), class: None };
        let visit = draft.complete(id, start.clone()).unwrap();
        assert_eq!(visit.reason[0].label(), "cough");
        assert_eq!(
            (visit.status, visit.class),
            (EncounterStatus::InProgress, EncounterClass::Ambulatory)
        );
        assert_eq!(visit.start, Some(start.clone()));
        let missing = EncounterDraft::default().complete(id, start).unwrap_err();
        assert_eq!((missing[0].path.as_str(), missing[0].code.as_str()), ("reason", "required"));
    }
}
