//! How an import goes, for whoever watches.

use super::{facts::Told, files::Found, name_of, tally::Tally};
use crate::commit::Refusal;
use api::{ApiError, FileFinding, FileIntake, ImportView};
use chart::EditError;
use clinical::{EntryRef, Finding, PatientId, Source};
use interchange::Report;
use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// No report lists more remarks; the rest are counted.
const FINDINGS_MAX: usize = 1000;
/// No report lists more files.
const FILES_MAX: usize = 1000;

/// Writes the shared report and tells the progress.
pub(super) struct Watch<'a> {
    view: &'a Mutex<ImportView>,
    progress: Box<dyn FnMut(u64, u64) + 'a>,
    /// Bytes of the file at hand, and of those before it.
    file: u64,
    before: u64,
}

impl<'a> Watch<'a> {
    /// Watches an import that has begun.
    pub(super) fn new(view: &'a Mutex<ImportView>, progress: impl FnMut(u64, u64) + 'a) -> Self {
        Self { view, progress: Box::new(progress), file: 0, before: 0 }
    }

    /// A file of so many bytes is begun.
    pub(super) fn file_begun(&mut self, bytes: u64) {
        self.file = bytes;
    }

    /// So many bytes of originals came out of the file at hand; there are more bytes in it than in
    /// what comes out.
    pub(super) fn taken(&mut self, bytes: usize) {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let end = self.before.saturating_add(self.file);
        let done = self.view().bytes.0.saturating_add(bytes).min(end);
        self.at(done);
    }

    /// One more file is read.
    pub(super) fn file_done(&mut self) {
        self.before = self.before.saturating_add(self.file);
        self.view().files.0 += 1;
        self.at(self.before);
    }

    fn at(&mut self, done: u64) {
        let (done, all) = {
            let mut view = self.view();
            view.bytes.0 = done;
            view.bytes
        };
        (self.progress)(done, all);
    }

    /// A remark.
    pub(super) fn finding(&mut self, finding: interchange::FileFinding) {
        let interchange::FileFinding { file, entry, finding } = finding;
        self.push(FileFinding { file, entry, finding });
    }

    /// A file or a folder could not be read.
    pub(super) fn unreadable(&mut self, file: &str, what: &str, error: &std::io::Error) {
        let detail = format!("This {what} could not be read to its end: {error}.");
        let finding = Finding::error("", "unreadable", detail);
        self.push(FileFinding { file: file.to_owned(), entry: None, finding });
    }

    /// Something of a patient could not be written over what is here.
    pub(super) fn refused(&mut self, refusal: &Refusal) {
        let (reason, entry) = (&refusal.reason, refusal.entry);
        let place = entry.map(|entry| entry.to_string()).unwrap_or_default();
        let finding = match reason {
            EditError::TooLarge { .. } => {
                let whole =
                    if entry.is_none() { " Nothing of this patient was taken in." } else { "" };
                Finding::error(&place, "too-large", format!("Not taken in: {reason}.{whole}"))
            }
            EditError::Disputed(_)
            | EditError::UnknownConflict
            | EditError::UnknownVersion
            | EditError::UnknownHeads
            | EditError::Immutable(_)
            | EditError::SeveralEdits(_)
            | EditError::UnknownEntry(_)
            | EditError::NewerSchema
            | EditError::Refused => {
                Finding::warning(&place, "kept", format!("Kept as it is here: {reason}."))
            }
        };
        self.of_patient(refusal.patient, finding);
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

    /// The chart of this id was erased here.
    pub(super) fn erased(&self, patient: PatientId) {
        let detail = "The chart of this patient was erased on an administrator's word. Nothing of \
                      it was taken in.";
        self.of_patient(patient, Finding::error("", "erased", detail));
    }

    /// The patient comes with another birth date or sex than here.
    pub(super) fn corrected(&mut self, patient: PatientId) {
        let detail = "This patient came with another birth date or sex than the record had, under \
                      the same id. It was taken as a correction; please check that it is the same \
                      person.";
        self.of_patient(patient, Finding::warning("Patient", "identity-corrected", detail));
    }

    /// An entry was changed here since it came; another original of it comes now.
    pub(super) fn changed_here(&mut self, patient: PatientId, entry: EntryRef) {
        let detail = "It was changed here since it was taken in. It stays as it is here, and what \
                      comes now was not taken in; please compare, and record what holds.";
        self.of_patient(patient, Finding::warning(&entry.to_string(), "changed-here", detail));
    }

    /// A fact that was not simply taken in.
    pub(super) fn of_fact(&mut self, patient: PatientId, entry: EntryRef, told: Told) {
        let (code, detail) = match told {
            Told::Older => (
                "version-older",
                "A newer version of this finding, by its lastUpdated, is here. What comes now was \
                 not taken in.",
            ),
            Told::TakenBack => (
                "taken-back",
                "Its sender says that it was a mistake. It was marked so here, with every \
                 correction of it from there: none of them counts any more.",
            ),
            Told::GivesBack => (
                "taken-back",
                "Its sender says that it was a mistake. It was marked so here, and the finding \
                 that it corrected counts again; please check that.",
            ),
            Told::Beside => (
                "replaces-unclear",
                "It says that it corrects another finding. It is of another kind, has no value, is \
                 less final, or a person has decided about that one here: both count. Please \
                 compare, and mark what is wrong as a mistake.",
            ),
        };
        self.of_patient(patient, Finding::warning(&entry.to_string(), code, detail));
    }

    /// A newer version of a resource of the clinic's is here.
    pub(super) fn older_here(&mut self, source: &Source) {
        let detail = "A newer version of this resource, by its lastUpdated, is here. What comes \
                      now was not taken in.";
        let file = format!("{}/{}", source.resource_type, source.id);
        let finding = Finding::warning("meta.lastUpdated", "version-older", detail);
        self.push(FileFinding { file, entry: None, finding });
    }

    /// The import ends early.
    pub(super) fn fail(&mut self, error: ApiError) {
        self.view().failed = Some(error);
    }

    /// Nothing more is read.
    pub(super) fn over(&mut self) {
        self.view().running = false;
    }

    /// What was read and what of it was committed. `files` are those that were begun, in that
    /// order.
    pub(super) fn report(&mut self, files: &[Found], report: &Report, tally: Tally) {
        let mut view = self.view();
        let of_file = |(at, (found, read)): (usize, (&Found, &u64))| {
            let resources = tally.of_file(at);
            let left_out = read.saturating_sub(resources);
            FileIntake { file: name_of(&found.path), named: found.named, resources, left_out }
        };
        let mut by_file: Vec<FileIntake> =
            files.iter().zip(&report.files).enumerate().map(of_file).collect();
        by_file.sort_by_key(|file| (file.resources > 0, file.left_out == 0, !file.named));
        let empty = by_file.iter().filter(|file| file.resources == 0).count();
        view.files_empty = u64::try_from(empty).unwrap_or(u64::MAX);
        view.left_out = by_file.iter().map(|file| file.left_out).sum();
        by_file.truncate(FILES_MAX);
        view.by_file = by_file;
        let types = tally.types();
        view.left_types = less(&report.counts, &types.all);
        (view.resources, view.already) = (types.all, types.already);
        view.not_shown = types.not_shown;
        view.patients = view.resources.get("Patient").copied().unwrap_or_default();
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

/// What was read beyond what is there, by type.
fn less(read: &BTreeMap<String, u64>, there: &BTreeMap<String, u64>) -> BTreeMap<String, u64> {
    let beyond = |(kind, read): (&String, &u64)| {
        let left = read.saturating_sub(there.get(kind).copied().unwrap_or_default());
        (left > 0).then(|| (kind.clone(), left))
    };
    read.iter().filter_map(beyond).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_and_is_not_there_is_told_by_its_type() {
        let of = |counts: &[(&str, u64)]| -> BTreeMap<String, u64> {
            counts.iter().map(|(kind, count)| ((*kind).to_owned(), *count)).collect()
        };
        let read = of(&[("Goal", 2), ("Observation", 3), ("Patient", 1)]);
        let left = less(&read, &of(&[("Observation", 1), ("Patient", 1)]));
        assert_eq!(left, of(&[("Goal", 2), ("Observation", 2)]));
    }
}
