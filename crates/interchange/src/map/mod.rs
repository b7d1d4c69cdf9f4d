//! FHIR resources read as values of the chart.
//!
//! Whatever is not understood is told and left in the kept original; a value is never made up.

mod absent;
mod allergy_intolerance;
mod concept;
mod condition;
mod dosage;
mod encounter;
mod medication;
mod modifier;
mod observation;
mod patient;
mod person;
mod product;
mod reader;
mod reason;
mod said;
mod unclear;
mod value;
mod vital;

pub(crate) use concept::concept;
pub(crate) use dosage::dosage;
pub(crate) use encounter::FOLLOW_UP;
pub(crate) use observation::{CORRECTED, REPLACES};
pub(crate) use patient::{BIRTH_DATE_ESTIMATED, CODE_STATUS};
pub(crate) use person::{address, contact, contact_point, human_name, identifier};
pub(crate) use reader::Reader;
pub(crate) use reason::{REASON, reason};

use crate::{
    json::Json,
    resolve::{Links, NoLinks},
};
use clinical::{
    AllergyIntolerance, CodeableConcept, Condition, Encounter, EntryKind, Finding,
    MedicationRequest, Observation, PartialDate, Patient,
};
use uuid::Uuid;

/// What a resource says, as a value of the chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mapped {
    /// `Patient`.
    Patient(Patient),
    /// `AllergyIntolerance`.
    Allergy(AllergyIntolerance),
    /// `Condition`.
    Condition(Condition),
    /// `Encounter`.
    Encounter(Encounter),
    /// `MedicationRequest`, `MedicationStatement`.
    Medication(MedicationRequest),
    /// `Observation`.
    Observation(Observation),
    /// Another type, or one that must not be shown as plain fact: the original alone.
    SourceOnly,
}

impl Mapped {
    /// The kind of entry it is; `None` of an original alone.
    pub(crate) fn kind(&self) -> Option<EntryKind> {
        match self {
            Self::Patient(_) => Some(EntryKind::Patient),
            Self::Allergy(_) => Some(EntryKind::Allergy),
            Self::Condition(_) => Some(EntryKind::Condition),
            Self::Encounter(_) => Some(EntryKind::Encounter),
            Self::Medication(_) => Some(EntryKind::Medication),
            Self::Observation(_) => Some(EntryKind::Observation),
            Self::SourceOnly => None,
        }
    }

    /// The patient it is.
    pub(crate) fn patient(&self) -> Option<&Patient> {
        let Self::Patient(patient) = self else { return None };
        Some(patient)
    }

    /// The allergy it is.
    pub(crate) fn allergy(&self) -> Option<&AllergyIntolerance> {
        let Self::Allergy(allergy) = self else { return None };
        Some(allergy)
    }

    /// The problem it is.
    pub(crate) fn condition(&self) -> Option<&Condition> {
        let Self::Condition(condition) = self else { return None };
        Some(condition)
    }

    /// The visit it is.
    pub(crate) fn encounter(&self) -> Option<&Encounter> {
        let Self::Encounter(encounter) = self else { return None };
        Some(encounter)
    }

    /// The line of the medication list it is.
    pub(crate) fn medication(&self) -> Option<&MedicationRequest> {
        let Self::Medication(medication) = self else { return None };
        Some(medication)
    }

    /// The observation it is.
    pub(crate) fn observation(&self) -> Option<&Observation> {
        let Self::Observation(observation) = self else { return None };
        Some(observation)
    }
}

/// Reads a resource. `id` is the entry it becomes; `today` the day it was received, where that is
/// known.
pub(crate) fn map(
    resource: Json<'_>,
    id: Uuid,
    links: &dyn Links,
    today: Option<&PartialDate>,
    findings: &mut Vec<Finding>,
) -> Mapped {
    let resource_type = resource.resource_type().unwrap_or_default();
    let mut reader = Reader { resource, links, today, findings };
    if modifier::forbids(&mut reader) || absent::is_no_information(&mut reader) {
        return Mapped::SourceOnly;
    }
    match &*resource_type {
        "Patient" => Mapped::Patient(patient::read(&mut reader, id)),
        "AllergyIntolerance" => Mapped::Allergy(allergy_intolerance::read(&mut reader, id)),
        "Condition" => Mapped::Condition(condition::read(&mut reader, id)),
        "Encounter" => Mapped::Encounter(encounter::read(&mut reader, id)),
        "MedicationRequest" => Mapped::Medication(medication::request(&mut reader, id)),
        "MedicationStatement" => Mapped::Medication(medication::statement(&mut reader, id)),
        "Observation" => Mapped::Observation(observation::read(&mut reader, id)),
        _ => Mapped::SourceOnly,
    }
}

/// What a `Medication` is, by its `code`.
pub(crate) fn medication_code(resource: Json<'_>) -> Option<CodeableConcept> {
    let findings = &mut Vec::new();
    let mut reader = Reader { resource, links: &NoLinks, today: None, findings };
    reader.concept("code")
}
