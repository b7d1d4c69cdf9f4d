//! What was read, gathered and written: many charts to a transaction.

use super::progress::Watch;
use crate::{commit::ChartDraft, host::Host, open::Session};
use api::{ApiError, ErrorCode};
use chart::{ChartEdit, ClinicEdit};
use clinical::PatientId;
use interchange::{PatientIntake, Taken};
use std::{collections::BTreeMap, ops::ControlFlow};

/// So many bytes of originals go into one transaction.
const BYTES_MAX: usize = 8 << 20;

/// Charts that wait to be written.
pub(super) struct Batch<'s, 'h, H> {
    session: &'s Session<'h, H>,
    charts: BTreeMap<PatientId, Vec<ChartEdit>>,
    clinic: Vec<ClinicEdit>,
    bytes: usize,
    stopped: Option<ApiError>,
}

impl<'s, 'h, H: Host> Batch<'s, 'h, H> {
    /// An empty batch.
    pub(super) fn new(session: &'s Session<'h, H>) -> Self {
        Self { session, charts: BTreeMap::new(), clinic: Vec::new(), bytes: 0, stopped: None }
    }

    /// Takes one thing; asks to stop when the store can take no more.
    pub(super) fn take(&mut self, taken: Taken, watch: &mut Watch<'_>) -> ControlFlow<()> {
        match taken {
            Taken::Patient(intake) => self.patient(*intake),
            Taken::ClinicSource(source) => {
                self.bytes += source.body.len();
                self.clinic.push(ClinicEdit::KeepSource(source));
            }
            Taken::Finding(finding) => watch.finding(finding),
        }
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

    /// Writes what is left.
    pub(super) fn finish(&mut self, watch: &mut Watch<'_>) -> Result<(), ApiError> {
        match self.stopped.take() {
            Some(error) => Err(error),
            None => self.write(watch),
        }
    }

    /// Why the batch asked to stop.
    pub(super) fn stopped(&mut self) -> ApiError {
        let internal = || ApiError::new(ErrorCode::Internal, "The import was stopped.");
        self.stopped.clone().unwrap_or_else(internal)
    }

    fn patient(&mut self, intake: PatientIntake) {
        self.bytes += intake.sources.iter().map(|source| source.body.len()).sum::<usize>();
        let edits = self.charts.entry(intake.patient_id).or_default();
        edits.extend(intake.patient.map(ChartEdit::RecordPatient));
        edits.extend(intake.allergies.into_iter().map(ChartEdit::RecordAllergy));
        edits.extend(intake.conditions.into_iter().map(ChartEdit::RecordCondition));
        edits.extend(intake.encounters.into_iter().map(ChartEdit::RecordEncounter));
        edits.extend(intake.medications.into_iter().map(ChartEdit::RecordMedication));
        edits.extend(intake.observations.into_iter().map(ChartEdit::RecordObservation));
        edits.extend(intake.sources.into_iter().map(ChartEdit::KeepSource));
    }

    fn write(&mut self, watch: &mut Watch<'_>) -> Result<(), ApiError> {
        self.bytes = 0;
        let charts = std::mem::take(&mut self.charts);
        let drafts = charts.into_iter().map(|(patient, edits)| ChartDraft { patient, edits });
        let refused = self.session.commit_charts("import-files", drafts.collect())?;
        refused.into_iter().for_each(|refusal| watch.refused(&refusal));
        if !self.clinic.is_empty() {
            let edits = std::mem::take(&mut self.clinic);
            self.session.edit_clinic("import-files", &edits)?;
        }
        Ok(())
    }
}
