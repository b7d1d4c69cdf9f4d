//! A medicine ordered here or reported by the patient (FHIR R4 `MedicationRequest` and
//! `MedicationStatement`).

use super::status::codes;
use crate::{CodeableConcept, Dosage, EncounterId, MedicationId, PartialDate, Quantity};
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

/// What must be read together: substance, dosage, product, supply and status are **one value**, so
/// that two people who change it at once make a conflict and never a dose that nobody wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MedicationOrder {
    /// The medicine.
    pub medication: CodeableConcept,
    /// How it is taken; several when the dose changes in the course of treatment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dosage: Vec<Dosage>,
    /// Whether it is to be taken.
    pub status: MedicationStatus,
    /// What it comes as: `tablet`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<CodeableConcept>,
    /// How much of each of its substances one of it holds, or so much of it (`mg/5 mL`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub strength: Vec<Quantity>,
    /// What is handed out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispense: Option<DispenseRequest>,
}

/// What is handed out of a medicine (FHIR R4 `MedicationRequest.dispenseRequest`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DispenseRequest {
    /// How much, each time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Quantity>,
    /// How often again, after the first time. None of them is not the same as not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats: Option<u32>,
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
    /// The line it renews (FHIR R4 `priorPrescription`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prior: Option<MedicationId>,
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

/// What a line of the medication list must say that it does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Untold {
    /// How much is given.
    Dose,
    /// How often: neither times nor words.
    HowOften,
}

impl MedicationAbout {
    /// That there is a line, and nothing else.
    pub const fn new(intent: MedicationIntent) -> Self {
        Self {
            intent,
            encounter: None,
            authored_on: None,
            reason: Vec::new(),
            note: None,
            prior: None,
        }
    }
}

impl MedicationOrder {
    /// A medicine, how it is taken and whether: no product and no supply.
    pub const fn new(
        medication: CodeableConcept,
        dosage: Vec<Dosage>,
        status: MedicationStatus,
    ) -> Self {
        Self { medication, dosage, status, form: None, strength: Vec::new(), dispense: None }
    }

    /// What is missing in it: seen as such, nobody takes a half line for a whole one.
    pub fn untold(&self) -> Option<Untold> {
        let says_not_how_often = |dosage: &Dosage| {
            dosage.dose.is_some()
                && dosage.timing.is_none()
                && dosage.text.is_none()
                && !dosage.as_needed
        };
        if self.dosage.iter().all(|dosage| dosage.dose.is_none()) {
            return Some(Untold::Dose);
        }
        self.dosage.iter().any(says_not_how_often).then_some(Untold::HowOften)
    }

    /// Whether a dose goes by the weight of whoever takes it: `5 mg/kg`.
    pub fn goes_by_weight(&self) -> bool {
        let is_per_kg = |text: &str| {
            let parts = text.split('/').skip(1).map(str::trim_start);
            let mut words = parts.map(|part| part.split(|one: char| !one.is_alphabetic()).next());
            words.any(|word| word.is_some_and(|word| word.eq_ignore_ascii_case("kg")))
        };
        self.dosage.iter().any(|dosage| {
            let dose = dosage.dose.as_ref().map(|dose| dose.unit.as_str());
            dose.into_iter().chain(dosage.text.as_deref()).any(is_per_kg)
        })
    }

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
    fn a_half_line_says_what_it_does_not_know() {
        let dose = Some(Quantity::ucum("5".parse().unwrap(), "mg"));
        let bare = || Dosage { dose: dose.clone(), ..Dosage::default() };
        let daily = || Dosage { timing: Some(crate::Timing::times_a_day(1)), ..bare() };
        let check = |dosage: Vec<Dosage>, want: Option<Untold>| {
            let medication = CodeableConcept::from_text("Warfarin");
            let order = MedicationOrder::new(medication, dosage, MedicationStatus::Active);
            assert_eq!(order.untold(), want, "{order:?}");
        };
        check(Vec::new(), Some(Untold::Dose));
        check(vec![Dosage { dose: None, ..daily() }], Some(Untold::Dose));
        check(vec![bare()], Some(Untold::HowOften));
        check(vec![daily(), bare()], Some(Untold::HowOften));
        check(vec![daily()], None);
        check(vec![Dosage { as_needed: true, ..bare() }], None);
        check(vec![Dosage { text: Some("with supper".into()), ..bare() }], None);
    }

    #[test]
    fn what_may_be_taken_holds() {
        let check = |status: MedicationStatus, want: bool| {
            let medication = CodeableConcept::from_text("Warfarin");
            let order = MedicationOrder::new(medication, Vec::new(), status);
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
