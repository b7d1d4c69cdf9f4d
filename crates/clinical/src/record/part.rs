//! What a disputed value is made of, part by part, so that versions can be held side by side.

use super::EntryValue;
use crate::{
    AdministrativeGender, AllergyCategory, AllergyClinicalStatus, AllergyCriticality,
    AllergyIntolerance, CodeableConcept, DispenseRequest, Dosage, EncounterAbout, EncounterClass,
    EncounterState, EncounterStatus, HumanName, Identifier, Identity, MedicationOrder,
    MedicationStatus, PartialDate, Quantity, Reaction, VerificationStatus,
};
use serde::Serialize;

/// One thing a disputed value says. As JSON it is exactly what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Part<'a> {
    /// What must not be given.
    Substance(&'a CodeableConcept),
    /// What kind of substance.
    Category(Option<AllergyCategory>),
    /// How dangerous.
    Criticality(Option<AllergyCriticality>),
    /// Whether an allergy holds.
    ClinicalStatus(AllergyClinicalStatus),
    /// How sure an allergy is.
    VerificationStatus(VerificationStatus),
    /// What happened.
    Reaction(&'a [Reaction]),
    /// Since when.
    Onset(Option<&'a PartialDate>),
    /// Anything else.
    Note(Option<&'a str>),
    /// The medicine.
    Medicine(&'a CodeableConcept),
    /// How it is taken: read together.
    Dosage(&'a [Dosage]),
    /// Whether it is to be taken.
    Status(MedicationStatus),
    /// What the medicine comes as, and how strong.
    Product {
        /// `tablet`.
        form: Option<&'a CodeableConcept>,
        /// Of each substance.
        strength: &'a [Quantity],
    },
    /// What is handed out.
    Dispense(Option<&'a DispenseRequest>),
    /// The patient's names.
    Name(&'a [HumanName]),
    /// The patient's sex.
    Gender(AdministrativeGender),
    /// When the patient was born.
    Born {
        /// As far as known.
        date: Option<&'a PartialDate>,
        /// It is a guess.
        estimated: bool,
    },
    /// The patient's numbers.
    Identifier(&'a [Identifier]),
    /// What to do when the heart stops.
    CodeStatus(Option<&'a CodeableConcept>),
    /// Where a visit takes place.
    Class(EncounterClass),
    /// What a visit was.
    Kind(&'a [CodeableConcept]),
    /// Why a patient came.
    Reason(&'a [CodeableConcept]),
    /// When they are to come again.
    FollowUp(Option<&'a PartialDate>),
    /// What became of a visit.
    Became(EncounterStatus),
    /// When a visit began.
    Began(Option<&'a PartialDate>),
    /// When a visit ended.
    Ended(Option<&'a PartialDate>),
}

impl Part<'_> {
    /// Whether it is what holds of most entries, so that the lists of a chart do not say it.
    pub const fn is_usual(&self) -> bool {
        matches!(
            self,
            Self::Status(MedicationStatus::Active)
                | Self::ClinicalStatus(AllergyClinicalStatus::Active)
                | Self::VerificationStatus(VerificationStatus::Confirmed)
                | Self::Class(EncounterClass::Ambulatory)
        )
    }

    /// Whether it says that all that stands beside it is over, or was a mistake.
    pub const fn ends(&self) -> bool {
        use MedicationStatus::{Cancelled, Completed, EnteredInError, NotTaken, Stopped};
        matches!(
            self,
            Self::Status(Cancelled | Completed | EnteredInError | NotTaken | Stopped)
                | Self::ClinicalStatus(
                    AllergyClinicalStatus::Inactive | AllergyClinicalStatus::Resolved
                )
                | Self::VerificationStatus(
                    VerificationStatus::Refuted | VerificationStatus::EnteredInError
                )
        )
    }

    /// Whether nothing was recorded.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Substance(concept) | Self::Medicine(concept) => concept.is_empty(),
            Self::Category(category) => category.is_none(),
            Self::Criticality(criticality) => criticality.is_none(),
            Self::ClinicalStatus(_)
            | Self::VerificationStatus(_)
            | Self::Status(_)
            | Self::Class(_)
            | Self::Became(_)
            | Self::Gender(_) => false,
            Self::Reaction(reactions) => reactions.is_empty(),
            Self::Onset(date)
            | Self::FollowUp(date)
            | Self::Began(date)
            | Self::Ended(date)
            | Self::Born { date, .. } => date.is_none(),
            Self::Kind(concepts) | Self::Reason(concepts) => concepts.is_empty(),
            Self::Note(note) => note.is_none(),
            Self::Dosage(dosages) => dosages.is_empty(),
            Self::Product { form, strength } => form.is_none() && strength.is_empty(),
            Self::Dispense(dispense) => dispense.is_none(),
            Self::Name(names) => names.is_empty(),
            Self::Identifier(numbers) => numbers.is_empty(),
            Self::CodeStatus(code_status) => code_status.is_none(),
        }
    }
}

impl EntryValue {
    /// All it says, always in the same order and number for one kind of value; nothing for a
    /// value that cannot be read.
    pub fn parts(&self) -> Vec<Part<'_>> {
        match self {
            Self::Allergy(allergy) => of_allergy(allergy),
            Self::Medication(order) => of_order(order),
            Self::Identity(identity) => of_identity(identity),
            Self::CodeStatus(code_status) => vec![Part::CodeStatus(code_status.as_ref())],
            Self::EncounterAbout(about) => of_visit(about),
            Self::EncounterState(state) => of_state(state),
            Self::Unreadable => Vec::new(),
        }
    }

    /// Whether it says that all of it is over, or was a mistake.
    pub fn ends(&self) -> bool {
        self.parts().iter().any(Part::ends)
    }
}

// Every field is named, so that a new one cannot be forgotten here.

fn of_allergy(allergy: &AllergyIntolerance) -> Vec<Part<'_>> {
    let AllergyIntolerance {
        // All versions are of one entry.
        id: _,
        code,
        category,
        criticality,
        clinical_status,
        verification_status,
        reaction,
        onset,
        note,
    } = allergy;
    vec![
        Part::Substance(code),
        Part::Category(*category),
        Part::Criticality(*criticality),
        Part::ClinicalStatus(*clinical_status),
        Part::VerificationStatus(*verification_status),
        Part::Reaction(reaction),
        Part::Onset(onset.as_ref()),
        Part::Note(note.as_deref()),
    ]
}

fn of_order(order: &MedicationOrder) -> Vec<Part<'_>> {
    let MedicationOrder { medication, dosage, status, form, strength, dispense } = order;
    vec![
        Part::Medicine(medication),
        Part::Product { form: form.as_ref(), strength },
        Part::Dosage(dosage),
        Part::Dispense(dispense.as_ref()),
        Part::Status(*status),
    ]
}

fn of_identity(identity: &Identity) -> Vec<Part<'_>> {
    let Identity { name, gender, birth_date, birth_date_estimated, identifier } = identity;
    vec![
        Part::Name(name),
        Part::Gender(*gender),
        Part::Born { date: birth_date.as_ref(), estimated: *birth_date_estimated },
        Part::Identifier(identifier),
    ]
}

fn of_visit(about: &EncounterAbout) -> Vec<Part<'_>> {
    let EncounterAbout { class, kind, reason, follow_up } = about;
    vec![
        Part::Reason(reason),
        Part::FollowUp(follow_up.as_ref()),
        Part::Class(*class),
        Part::Kind(kind),
    ]
}

fn of_state(state: &EncounterState) -> Vec<Part<'_>> {
    // Whoever saw the patient did, whatever became of the visit: all versions say the same.
    let EncounterState { status, start, end, participant: _ } = state;
    vec![Part::Became(*status), Part::Began(start.as_ref()), Part::Ended(end.as_ref())]
}
