//! How an import goes, for whoever watches.

use crate::commit::Refusal;
use api::{ApiError, FileFinding, ImportView};
use clinical::{Finding, PatientId};
use interchange::Report;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// No report lists more remarks; the rest are counted.
const FINDINGS_MAX: usize = 1000;

/// Writes the shared report and tells the progress.
pub(super) struct Watch<'a> {
    view: &'a Mutex<ImportView>,
    progress: Box<dyn FnMut(u64, u64) + 'a>,
}

impl<'a> Watch<'a> {
    /// Watches an import that has begun.
    pub(super) fn new(view: &'a Mutex<ImportView>, progress: impl FnMut(u64, u64) + 'a) -> Self {
        Self { view, progress: Box::new(progress) }
    }

    /// One more file is read.
    pub(super) fn file_done(&mut self) {
        let (done, all) = {
            let mut view = self.view();
            view.files.0 += 1;
            view.files
        };
        (self.progress)(done, all);
    }

    /// A remark.
    pub(super) fn finding(&mut self, finding: interchange::FileFinding) {
        let interchange::FileFinding { file, entry, finding } = finding;
        self.push(FileFinding { file, entry, finding });
    }

    /// A file could not be read.
    pub(super) fn unreadable(&mut self, file: &str, error: &std::io::Error) {
        let detail = format!("This file could not be read to its end: {error}.");
        let finding = Finding::error("", "unreadable", detail);
        self.push(FileFinding { file: file.to_owned(), entry: None, finding });
    }

    /// Something of a patient could not be written over what is here.
    pub(super) fn refused(&mut self, refusal: &Refusal) {
        let detail = format!("Kept as it is here: {}.", refusal.reason);
        self.of_patient(refusal.patient, Finding::warning(&refusal.entry, "kept", detail));
    }

    /// A remark about a patient and no place in a file.
    fn of_patient(&self, patient: PatientId, finding: Finding) {
        self.push(FileFinding { file: patient.to_string(), entry: None, finding });
    }

    /// The patient some entries name never came.
    pub(super) fn nobody(&mut self, patient: PatientId) {
        let detail = "The patient these entries name is in none of the files. They are kept as \
                      they came and shown in no chart; import the patient too.";
        self.of_patient(patient, Finding::warning("", "patient-missing", detail));
    }

    /// The id belongs to somebody else here.
    pub(super) fn somebody_else(&mut self, patient: PatientId) {
        let detail = "Another person has this id here. Nothing was written into that chart; the \
                      entries are kept as they came.";
        self.of_patient(patient, Finding::error("", "somebody-else", detail));
    }

    /// The import ends early.
    pub(super) fn fail(&mut self, error: ApiError) {
        self.view().failed = Some(error);
    }

    /// The import is over.
    pub(super) fn end(&mut self, report: Report) {
        let mut view = self.view();
        view.patients = report.counts.get("Patient").copied().unwrap_or_default();
        view.resources = report.counts;
        view.running = false;
    }

    fn push(&self, finding: FileFinding) {
        let mut view = self.view();
        if view.findings.len() < FINDINGS_MAX {
            view.findings.push(finding);
        } else {
            view.findings_more += 1;
        }
    }

    fn view(&self) -> MutexGuard<'a, ImportView> {
        self.view.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
