//! What was read, gathered and written: many charts to a transaction.

use super::{
    fit::{Fit, fit, originals},
    progress::Watch,
    work::Holder,
};
use crate::{host::Host, open::Session};
use api::{ApiError, ErrorCode, Topic};
use chart::{ChartEdit, ClinicEdit};
use clinical::PatientId;
use interchange::{PatientIntake, Taken};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
};

/// So many bytes of originals go into one transaction.
const BYTES_MAX: usize = 8 << 20;

/// Charts that wait to be written.
pub(super) struct Batch<'s, 'h, H> {
    holder: &'s Holder<'h, H>,
    charts: BTreeMap<PatientId, Vec<ChartEdit>>,
    /// Entries of patients who have not come yet.
    waiting: BTreeMap<PatientId, Vec<ChartEdit>>,
    /// Ids that belong to other people here: nothing of this import goes into their charts, also
    /// what comes after the transaction that found it out.
    others: BTreeSet<PatientId>,
    clinic: Vec<ClinicEdit>,
    bytes: usize,
    stopped: Option<ApiError>,
}

impl<'s, 'h, H: Host> Batch<'s, 'h, H> {
    /// An empty batch.
    pub(super) fn new(holder: &'s Holder<'h, H>) -> Self {
        Self {
            holder,
            charts: BTreeMap::new(),
            waiting: BTreeMap::new(),
            others: BTreeSet::new(),
            clinic: Vec::new(),
            bytes: 0,
            stopped: None,
        }
    }

    /// Takes one thing; asks to stop when the store can take no more.
    pub(super) fn take(&mut self, taken: Taken, watch: &mut Watch<'_>) -> ControlFlow<()> {
        if self.stopped.is_some() {
            return ControlFlow::Break(());
        }
        let before = self.bytes;
        match taken {
            Taken::Patient(intake) => self.patient(*intake),
            Taken::ClinicSource(source) => {
                self.bytes += source.body.len();
                self.clinic.push(ClinicEdit::KeepSource(source));
            }
            Taken::Finding(finding) => watch.finding(finding),
        }
        watch.taken(self.bytes - before);
        if self.bytes < BYTES_MAX {
            return ControlFlow::Continue(());
        }
        match self.write(watch) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.stopped = Some(error);
                ControlFlow::Break(())
            }
        }
    }

    /// Writes what is left. Entries whose patient never came are kept as they are, with the
    /// clinic's originals.
    pub(super) fn finish(&mut self, watch: &mut Watch<'_>) -> Result<(), ApiError> {
        if let Some(error) = &self.stopped {
            return Err(error.clone());
        }
        self.write(watch)?;
        for (patient, edits) in std::mem::take(&mut self.waiting) {
            watch.nobody(patient);
            self.clinic.extend(originals(edits));
        }
        self.write(watch)
    }

    /// Why the batch asked to stop.
    pub(super) fn stopped(&mut self) -> ApiError {
        let internal = || ApiError::new(ErrorCode::Internal, "The import was stopped.");
        self.stopped.clone().unwrap_or_else(internal)
    }

    fn patient(&mut self, intake: PatientIntake) {
        self.bytes += intake.sources.iter().map(|source| source.body.len()).sum::<usize>();
        let waited = self.waiting.remove(&intake.patient_id).unwrap_or_default();
        let edits = self.charts.entry(intake.patient_id).or_default();
        edits.extend(waited);
        edits.extend(intake.patient.map(ChartEdit::RecordPatient));
        edits.extend(intake.allergies.into_iter().map(ChartEdit::RecordAllergy));
        edits.extend(intake.conditions.into_iter().map(ChartEdit::RecordCondition));
        edits.extend(intake.encounters.into_iter().map(ChartEdit::RecordEncounter));
        edits.extend(intake.medications.into_iter().map(ChartEdit::RecordMedication));
        edits.extend(intake.observations.into_iter().map(ChartEdit::RecordObservation));
        edits.extend(intake.sources.into_iter().map(ChartEdit::KeepSource));
    }

    fn write(&mut self, watch: &mut Watch<'_>) -> Result<(), ApiError> {
        let holder = self.holder;
        holder.with(|session| self.write_as(session, watch))
    }

    fn write_as(
        &mut self,
        session: &Session<'_, H>,
        watch: &mut Watch<'_>,
    ) -> Result<(), ApiError> {
        self.bytes = 0;
        let mut drafts = Vec::new();
        for (patient, edits) in std::mem::take(&mut self.charts) {
            if self.others.contains(&patient) {
                self.clinic.extend(originals(edits));
                continue;
            }
            match fit(session, patient, edits)? {
                Fit::Chart(draft, stays) => {
                    stays.iter().for_each(|entry| watch.changed_here(patient, *entry));
                    drafts.push(draft);
                }
                Fit::Nobody(edits) => drop(self.waiting.insert(patient, edits)),
                Fit::SomebodyElse(edits) => {
                    self.others.insert(patient);
                    watch.somebody_else(patient);
                    self.clinic.extend(originals(edits));
                }
            }
        }
        let refused = session.commit_charts("import-files", drafts)?;
        refused.into_iter().for_each(|refusal| watch.refused(&refusal));
        if !self.clinic.is_empty() {
            let edits = std::mem::take(&mut self.clinic);
            session.edit_clinic("import-files", &edits)?;
        }
        session.tell(vec![Topic::Import]);
        Ok(())
    }
}
