//! FHIR R4 resources, as the chart holds them.

mod allergy_intolerance;
mod composition;
mod condition;
mod denial;
mod detected_issue;
mod document_reference;
mod encounter;
mod letterhead;
mod medication_request;
mod observation;
mod patient;
mod practitioner;
mod source;
mod status;
mod task;

pub use allergy_intolerance::{
    AllergyCategory, AllergyClinicalStatus, AllergyCriticality, AllergyIntolerance, AllergyState,
    NO_KNOWN_ALLERGY, Reaction, ReactionSeverity, SNOMED_CT, VerificationStatus,
};
pub use composition::{Composition, NoteSection, NoteSectionCode, Signature};
pub use condition::{Condition, ConditionClinicalStatus, ICD_10_CM};
pub use denial::{ABSENT_UNKNOWN, Denial, NO_KNOWN_DRUG_ALLERGY, NO_KNOWN_FOOD_ALLERGY, denied_in};
pub use detected_issue::{AlertTier, DetectedIssue, Said};
pub use document_reference::{ContentType, DocumentCategory, DocumentReference};
pub use encounter::{Encounter, EncounterAbout, EncounterClass, EncounterState, EncounterStatus};
pub use letterhead::{Letterhead, LetterheadTemplate, SheetKind, SheetPaper};
pub use medication_request::{
    DispenseRequest, MedicationAbout, MedicationIntent, MedicationOrder, MedicationRequest,
    MedicationStatus, Untold,
};
pub(crate) use observation::BLOOD_PRESSURE;
pub use observation::{
    LOINC, Observation, ObservationComponent, ObservationStatus, ObservationValue, VITAL_SIGNS,
};
pub use patient::{AdministrativeGender, Deceased, Identity, Patient, PatientContact};
pub use practitioner::{Credentials, Practitioner, Role};
pub use source::Source;
pub use task::{Task, TaskStatus};
