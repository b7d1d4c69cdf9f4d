//! What was read, gathered and written: many charts to a transaction.

use super::{
    coming::{Came, Coming},
    directory,
    facts::Told,
    fit::{Fit, Fitted, fit},
    holder::Holder,
    progress::Watch,
    tally::Tally,
    waiting::Waiting,
};
use crate::{commit::Refusal, error::ToldResult as _, host::Host, open::Session, permit::Permit};
use api::{ApiError, ErrorCode, ImportFiles, Topic};
use chart::ClinicEdit;
use clinical::{PatientId, Source};
use interchange::{PatientIntake, Taken};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
};
use uuid::Uuid;

/// So many bytes of originals go into one transaction.
const BYTES_MAX: usize = 8 << 20;

/// So many bytes of originals wait for their patients.
const WAITING_BYTES_MAX: usize = 64 << 20;

/// Charts that wait to be written.
pub(super) struct Batch<'s, 'h, H> {
    holder: &'s Holder<'h, H>,
    charts: BTreeMap<PatientId, Coming>,
    /// Entries of patients who have not come yet.
    waiting: Waiting,
    /// Ids that belong to other people here: nothing of this import goes into their charts, also
    /// what comes after the transaction that found it out.
    others: BTreeSet<PatientId>,
    clinic: Vec<ClinicEdit>,
    /// The clinic's own resources among its edits, each by its place among them.
    clinic_came: Vec<(usize, Came)>,
    bytes: usize,
    stopped: Option<ApiError>,
    tally: Tally,
}

/// Resources of one chart that are being written, with the ids their corrections got.
struct Writing {
    patient: PatientId,
    came: Vec<Came>,
    moved: BTreeMap<Uuid, Uuid>,
}

impl<'s, 'h, H: Host> Batch<'s, 'h, H> {
    /// An empty batch.
    pub(super) fn new(holder: &'s Holder<'h, H>) -> Self {
        Self {
            holder,
            charts: BTreeMap::new(),
            waiting: Waiting::default(),
            others: BTreeSet::new(),
            clinic: Vec::new(),
            clinic_came: Vec::new(),
            bytes: 0,
            stopped: None,
            tally: Tally::default(),
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
            Taken::ClinicSource { file, source } => {
                let resource_type = source.resource_type.clone();
                let id = source.id;
                let came = Came { id, resource_type, file, is_new: true, is_shown: false };
                self.clinic_came.push((self.clinic.len(), came));
                self.keep(source);
            }
            Taken::Aside { source, .. } => self.keep(source),
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
        self.hand_over(0, watch);
        self.write(watch)
    }

    /// What was committed.
    pub(super) fn tally(self) -> Tally {
        self.tally
    }

    /// Why the batch asked to stop.
    pub(super) fn stopped(&mut self) -> ApiError {
        let internal = || ApiError::new(ErrorCode::Internal, "The import was stopped.");
        self.stopped.clone().unwrap_or_else(internal)
    }

    fn patient(&mut self, intake: PatientIntake) {
        self.bytes += intake.sources.iter().map(|source| source.body.len()).sum::<usize>();
        let waited = self.waiting.take(intake.patient_id);
        let coming = self.charts.entry(intake.patient_id).or_default();
        coming.join(waited.unwrap_or_default());
        coming.add(intake);
    }

    fn keep(&mut self, source: Source) {
        self.bytes += source.body.len();
        self.clinic.push(ClinicEdit::KeepSource(source));
    }

    fn write(&mut self, watch: &mut Watch<'_>) -> Result<(), ApiError> {
        let holder = self.holder;
        holder.with(|session| self.write_as(session, watch))
    }

    /// What is counted was committed: a resource that is refused, or of a transaction that is, is
    /// not.
    fn write_as(
        &mut self,
        session: &Session<'_, H>,
        watch: &mut Watch<'_>,
    ) -> Result<(), ApiError> {
        self.bytes = 0;
        let (mut drafts, mut writing) = (Vec::new(), Vec::new());
        for (patient, mut coming) in std::mem::take(&mut self.charts) {
            if self.others.contains(&patient) {
                self.clinic.extend(coming.originals());
                continue;
            }
            if session.open.store.is_erased(patient).told()? {
                watch.erased(patient);
                continue;
            }
            match fit(session, patient, &mut coming)? {
                Fit::Chart(fitted) => {
                    let mut came = coming.came;
                    came.iter_mut().for_each(|came| came.is_new = fitted.is_new(came.id));
                    let Fitted { draft, stays, moved, told, corrected, .. } = fitted;
                    if corrected {
                        watch.corrected(patient);
                    }
                    stays.iter().for_each(|entry| watch.changed_here(patient, *entry));
                    told.iter().for_each(|(entry, told)| watch.of_fact(patient, *entry, *told));
                    let older = told.iter().filter(|(_, told)| **told == Told::Older);
                    let left_out: BTreeSet<Uuid> =
                        stays.iter().chain(older.map(|(entry, _)| entry)).map(|it| it.id).collect();
                    came.retain(|came| !left_out.contains(&came.id));
                    drafts.push(draft);
                    writing.push(Writing { patient, came, moved });
                }
                Fit::Nobody(coming) => self.waiting.put(patient, coming),
                Fit::SomebodyElse(coming) => {
                    self.others.insert(patient);
                    watch.somebody_else(patient);
                    self.clinic.extend(coming.originals());
                }
            }
        }
        self.hand_over(WAITING_BYTES_MAX, watch);
        // Whoever began it may have become another since: the table is asked each time.
        let permit: Permit<ImportFiles> = session.permit(None)?;
        let refused = session.commit_charts(&permit, drafts)?;
        refused.iter().for_each(|refusal| watch.refused(refusal));
        writing.into_iter().for_each(|writing| self.count(writing, &refused));
        self.write_clinic(session, &permit, watch)?;
        session.tell(vec![Topic::Import]);
        Ok(())
    }

    /// Keeps entries that wait with the clinic's originals, told as nobody's, once there are more
    /// bytes of them than `max`. They join a patient who comes later when they are imported again.
    fn hand_over(&mut self, max: usize, watch: &mut Watch<'_>) {
        for (patient, coming) in self.waiting.beyond(max) {
            watch.nobody(patient);
            self.clinic.extend(coming.originals());
        }
    }

    fn write_clinic(
        &mut self,
        session: &Session<'_, H>,
        permit: &Permit<ImportFiles>,
        watch: &mut Watch<'_>,
    ) -> Result<(), ApiError> {
        if self.clinic.is_empty() {
            return Ok(());
        }
        let mut edits = std::mem::take(&mut self.clinic);
        let mut document = session.load_clinic()?;
        for (place, came) in &mut self.clinic_came {
            let edit = edits.get(*place);
            came.is_new = !matches!(edit, Some(ClinicEdit::KeepSource(one)) if document.keeps(one));
        }
        let older = directory::take_older(&mut document, &mut edits);
        if !edits.is_empty() {
            session.edit_clinic(permit, &edits)?;
        }
        older.values().for_each(|source| watch.older_here(source));
        for (place, came) in std::mem::take(&mut self.clinic_came) {
            if !older.contains_key(&place) {
                self.tally.count(came);
            }
        }
        Ok(())
    }

    /// Counts what went into a chart.
    fn count(&mut self, writing: Writing, refused: &[Refusal]) {
        let Writing { patient, came, moved } = writing;
        let of_patient = refused.iter().filter(|refusal| refusal.patient == patient);
        let of_patient: Vec<Option<Uuid>> =
            of_patient.map(|refusal| refusal.entry.map(|entry| entry.id)).collect();
        let is_refused = |id: &Uuid| {
            let written = moved.get(id).unwrap_or(id);
            of_patient.iter().any(|refused| refused.is_none_or(|refused| refused == *written))
        };
        for came in came.into_iter().filter(|came| !is_refused(&came.id)) {
            self.tally.count(came);
        }
    }
}
