//! Lists that are read from the projections.

use crate::{
    audit::Deed,
    error::{ToldResult, not_found},
    host::Host,
    open::Session,
    permit::Permit,
    read,
};
use api::{ApiError, ConflictItem, FindPatients, ListConflicts, ListTasks, PatientHit, TaskItem};
use clinical::{Chart, Identity, NoteDraft, PatientId};
use store::{Found, Matched};

/// No list on a screen is longer.
const LIST_MAX: u32 = 500;

impl<H: Host> Session<'_, H> {
    /// A chart without its long lists, for judging.
    pub(crate) fn chart_summary(&self, patient: PatientId) -> Result<Chart, ApiError> {
        let summary = self.open.store.chart(patient, store::Newest::of_each(0)).told()?;
        Ok(summary.ok_or_else(|| not_found("patient"))?.chart)
    }

    /// The patient's open drafts, with what was typed and has not settled.
    pub(crate) fn drafts(&self, patient: PatientId) -> Result<Vec<NoteDraft>, ApiError> {
        let mut drafts = self.open.store.open_drafts(patient).told()?;
        for draft in &mut drafts {
            for row in self.open.store.draft_texts(draft.id).told()? {
                draft.sections.insert(row.section, row.text);
            }
        }
        Ok(drafts)
    }

    /// Finds patients; the search is audited, without what was typed.
    pub(crate) fn find(
        &self,
        _permit: &Permit<FindPatients>,
        query: &str,
        limit: u32,
    ) -> Result<Vec<PatientHit>, ApiError> {
        let found = self.open.store.find_patients(query, limit).told()?;
        if !query.trim().is_empty() {
            let event = self.event(Deed::of("find-patients"), None);
            self.open.store.record_audit(vec![event]).told()?;
        }
        Ok(found.into_iter().map(hit).collect())
    }

    /// Everything that is disputed.
    pub(crate) fn conflicts(
        &self,
        _permit: &Permit<ListConflicts>,
    ) -> Result<Vec<ConflictItem>, ApiError> {
        let rows = self.open.store.conflicts(LIST_MAX).told()?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        self.audit_read("list-conflicts", None)?;
        let (people, devices) = read::names(self)?;
        let item = |row: store::ConflictRow| {
            Ok(ConflictItem {
                patient: row.patient,
                identity: self.identity(row.patient)?,
                conflict: row.conflict,
                people: people.clone(),
                devices: devices.clone(),
            })
        };
        rows.into_iter().map(item).collect()
    }

    /// The tasks that wait.
    pub(crate) fn tasks(&self, _permit: &Permit<ListTasks>) -> Result<Vec<TaskItem>, ApiError> {
        let rows = self.open.store.open_tasks(LIST_MAX).told()?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        self.audit_read("list-tasks", None)?;
        let item = |row: store::TaskRow| {
            let identity = self.identity(row.patient)?;
            Ok(TaskItem { patient: row.patient, identity, task: row.task })
        };
        rows.into_iter().map(item).collect()
    }

    fn identity(&self, patient: PatientId) -> Result<Option<Identity>, ApiError> {
        Ok(self.open.store.patient(patient).told()?.map(|row| row.patient.identity))
    }
}

fn hit(found: Found) -> PatientHit {
    let matched = match found.matched.first() {
        Some(Matched::Name) => "name",
        Some(Matched::Phone) => "phone",
        Some(Matched::Identifier) => "identifier",
        Some(Matched::BirthDate) => "birth-date",
        Some(Matched::Recent) | None => "recent",
    };
    let patient = found.row.patient;
    PatientHit {
        patient: patient.id,
        deceased: patient.deceased.is_some(),
        phone: patient.telecom.first().map(|contact| contact.value.clone()),
        city: patient.address.first().and_then(|address| address.city.clone()),
        identity: patient.identity,
        matched: matched.to_owned(),
    }
}
