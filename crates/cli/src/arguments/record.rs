//! The words about what is recorded, and what is written for others.

use clap::{ArgGroup, Args, ValueEnum};
use std::path::PathBuf;

/// What can be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RecordKind {
    /// A new patient.
    Patient,
    /// An allergy, or that there are none.
    Allergy,
    /// A problem.
    Condition,
    /// A medicine.
    Medication,
    /// Another dosage: `{"medication": ID, ...}`.
    Dosage,
    /// The end of a medicine: `{"medication": ID, "reason": "..."}`.
    Stop,
    /// The end of a problem: `{"condition": ID, "end": "2026-11-24"}`.
    Resolution,
    /// A visit that begins now: `{"reason": "..."}`.
    Encounter,
    /// The end of a visit, now: `{"encounter": ID}`.
    Departure,
    /// Vital signs.
    Vitals,
    /// Another value of a vital sign: `{"observation": ID, "values": {...}}`.
    Correction,
    /// Text of the draft note: `{"section": "subjective", "text": "..."}`.
    Note,
    /// The signature of the draft note.
    Signature,
    /// The way back from a record: what it answered.
    Undo,
    /// That an entry was a mistake: `{"kind": "observation", "id": ID, "reason": "..."}`.
    Withdrawal,
}

/// What to write, and where to.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("whose").required(true).args(["patient", "all"])))]
pub(crate) struct ExportArguments {
    /// The format: one Bundle a patient, or one file a resource type.
    #[arg(long, value_enum)]
    pub(crate) format: ExportFormat,
    /// One patient.
    #[arg(long, value_name = "ID")]
    pub(crate) patient: Option<String>,
    /// The whole clinic.
    #[arg(long)]
    pub(crate) all: bool,
    /// A new file (one patient's Bundle) or folder. What is there is never written over.
    #[arg(long, value_name = "PATH")]
    pub(crate) out: PathBuf,
}

/// Formats to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// FHIR R4 Bundles.
    Fhir,
    /// FHIR R4 NDJSON, one file a resource type.
    Ndjson,
}
