//! Unfinished forms: what a person has typed so far, and the checks that make it a value.
//!
//! The window, the command line and the use-cases all check with the same functions.

mod allergy;
mod check;
mod condition;
mod document;
mod encounter;
mod ending;
mod medication;
mod note;
mod patient;
mod product;
mod sharing;
mod sheet;
mod vitals;

pub use allergy::AllergyDraft;
pub use check::name_findings;
pub use condition::{ConditionDraft, unknown_diagnosis};
pub use document::{DOCUMENT_BYTES_MAX, DocumentDraft, title_of_file};
pub use encounter::{EncounterAmendment, EncounterDraft};
pub use ending::{EndMoment, end_day, end_moment, reason_text};
pub use medication::MedicationDraft;
pub use note::{NoteDraft, TrackedChange, TrackedRun};
pub use patient::PatientDraft;
pub use sharing::{SharingDraft, SharingSaid};
pub use sheet::{PrescriptionDraft, ReferralDraft, SheetDraft, SickNoteDraft};
pub use vitals::{VITALS, VitalSign, VitalsDraft};
