//! What reading hands over.

use crate::FileFinding;
use clinical::{
    AllergyIntolerance, Condition, Encounter, EntryRef, Finding, MedicationRequest, Observation,
    Patient, PatientId, Source,
};
use std::collections::BTreeMap;

/// Entries of one patient that came together. The same patient may come again, with more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatientIntake {
    /// Whose chart.
    pub patient_id: PatientId,
    /// Which file they stood in, from 0, in the order the files were read.
    pub file: usize,
    /// The patient, when the resource was among them.
    pub patient: Option<Patient>,
    /// Allergies.
    pub allergies: Vec<AllergyIntolerance>,
    /// Problems.
    pub conditions: Vec<Condition>,
    /// Visits.
    pub encounters: Vec<Encounter>,
    /// Medicines.
    pub medications: Vec<MedicationRequest>,
    /// Findings.
    pub observations: Vec<Observation>,
    /// Why medicines were stopped and entries were mistakes, as far as that is said.
    pub reasons: Vec<(EntryRef, String)>,
    /// The original of each of them, and of what has no place in the chart yet.
    pub sources: Vec<Source>,
}

impl PatientIntake {
    pub(super) fn new(patient_id: PatientId, file: usize) -> Self {
        Self {
            patient_id,
            file,
            patient: None,
            allergies: Vec::new(),
            conditions: Vec::new(),
            encounters: Vec::new(),
            medications: Vec::new(),
            observations: Vec::new(),
            reasons: Vec::new(),
            sources: Vec::new(),
        }
    }
}

/// One thing that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// Entries of a patient.
    Patient(Box<PatientIntake>),
    /// A resource of no patient: an organisation, a practitioner, a definition.
    ClinicSource {
        /// Which file it stood in.
        file: usize,
        /// The original.
        source: Source,
    },
    /// A patient's resource of which it is not known whose: it goes into no chart.
    Aside {
        /// Which file it stood in.
        file: usize,
        /// The original.
        source: Source,
    },
    /// A remark.
    Finding(FileFinding),
}

/// What a whole import came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Resources read, by type.
    pub counts: BTreeMap<String, u64>,
    /// Findings made, told or not.
    pub findings: u64,
    /// Of each file, in the order they were read, how many resources were read.
    pub files: Vec<u64>,
}

/// Everything of one file, for callers that have it in memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Intake {
    /// Patients with their entries.
    pub patients: Vec<PatientIntake>,
    /// Resources of no patient, and those of which it is not known whose they are.
    pub clinic_sources: Vec<Source>,
    /// Remarks.
    pub findings: Vec<FileFinding>,
    /// Resources taken in, by type.
    pub counts: BTreeMap<String, u64>,
}

impl Intake {
    /// Adds one thing that was read.
    pub fn keep(&mut self, taken: Taken) {
        match taken {
            Taken::Patient(patient) => self.patients.push(*patient),
            Taken::ClinicSource { source, .. } | Taken::Aside { source, .. } => {
                self.clinic_sources.push(source);
            }
            Taken::Finding(finding) => self.findings.push(finding),
        }
    }

    /// Every kept original.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        self.patients.iter().flat_map(|patient| &patient.sources).chain(&self.clinic_sources)
    }

    /// The remarks without their places.
    pub fn remarks(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().map(|finding| &finding.finding)
    }
}
