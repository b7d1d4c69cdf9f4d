//! A medicine ordered here or reported by the patient (FHIR R4 `MedicationRequest` and
//! `MedicationStatement`).

use super::status::codes;
use crate::{CodeableConcept, Dosage, EncounterId, MedicationId, PartialDate};
use serde::{Deserialize, Serialize};

codes! {
    /// Whether the medicine is to be taken.
    MedicationStatus {
        /// To be taken.
        Active = "active",
        /// Paused.
        OnHold = "on-hold",
        /// Withdrawn before it began.
        Cancelled = "cancelled",
        /// Taken to its end.
        Completed = "completed",
        /// Recorded by mistake.
        EnteredInError = "entered-in-error",
        /// Stopped before its end.
        Stopped = "stopped",
        /// Not yet signed.
        Draft = "draft",
        /// Not told.
        Unknown = "unknown",
        /// Reported as intended (`MedicationStatement`).
        Intended = "intended",
        /// Reported as not taken (`MedicationStatement`).
        NotTaken = "not-taken",
    }
}

codes! {
    /// Where the line comes from.
    MedicationIntent {
        /// Ordered by a clinician.
        Order = "order",
        /// Planned, proposed or otherwise not an order.
        Plan = "plan",
        /// Reported by the patient or another source: FHIR `MedicationStatement`.
        Statement = "statement",
    }
}

/// What must be read together: substance, dosage and status are **one value**, so that two
/// people who change it at once make a conflict and never a dose that nobody wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MedicationOrder {
    /// The medicine.
    pub medication: CodeableConcept,
    /// How it is taken; several when the dose changes in the course of treatment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dosage: Vec<Dosage>,
    /// Whether it is to be taken.
    pub status: MedicationStatus,
}

/// What surrounds the order and may be merged apart from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MedicationAbout {
    /// Ordered here, or reported.
    pub intent: MedicationIntent,
    /// The visit it was written in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encounter: Option<EncounterId>,
    /// When it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authored_on: Option<PartialDate>,
    /// Why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reason: Vec<CodeableConcept>,
    /// Anything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One line of the medication list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MedicationRequest {
    /// Its id.
    pub id: MedicationId,
    /// Substance, dosage, status.
    pub order: MedicationOrder,
    /// The rest.
    pub about: MedicationAbout,
}

impl MedicationOrder {
    /// Whether the patient is meant to take it now. What is not told may be taken: it stays on the
    /// list, and the rules reckon with it.
    pub fn holds(&self) -> bool {
        match self.status {
            MedicationStatus::Active
            | MedicationStatus::OnHold
            | MedicationStatus::Intended
            | MedicationStatus::Unknown => true,
            MedicationStatus::Cancelled
            | MedicationStatus::Completed
            | MedicationStatus::EnteredInError
            | MedicationStatus::Stopped
            | MedicationStatus::Draft
            | MedicationStatus::NotTaken => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_taken_holds() {
        let check = |status: MedicationStatus, want: bool| {
            let medication = CodeableConcept::from_text("Warfarin");
            let order = MedicationOrder { medication, dosage: Vec::new(), status };
            assert_eq!(order.holds(), want, "{}", status.code());
        };
        check(MedicationStatus::Active, true);
        check(MedicationStatus::Unknown, true);
        check(MedicationStatus::OnHold, true);
        check(MedicationStatus::Stopped, false);
        check(MedicationStatus::Completed, false);
        check(MedicationStatus::EnteredInError, false);
    }
}
