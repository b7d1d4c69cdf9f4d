//! Lists that are read from the projections.

use crate::{
    audit::Deed,
    error::{ToldResult, not_found},
    host::Host,
    open::Session,
    permit::Permit,
    read,
};
use api::{
    ApiError, ConflictItem, ErrorCode, FindPatients, ListConflicts, ListTasks, Listed, PatientHit,
    TaskItem,
};
use clinical::{
    AlertTier, AllergyIntoleranceId, Chart, EntryKind, EntryRef, Identity, MedicationId, NoteDraft,
    PatientGroup, PatientId, chart_number,
};
use std::collections::BTreeSet;
use store::{ChartSummary, Matched, PatientRow, TaskEnd};

/// No page of a list is longer.
const PAGE_MAX: u32 = 100;

/// An open draft.
pub(crate) struct TypedDraft {
    /// With what was typed and has not settled.
    pub(crate) typed: NoteDraft,
    /// As its record has it: what everyone else sees.
    settled: NoteDraft,
}

impl TypedDraft {
    /// A draft whose record has all that was typed.
    #[cfg(test)]
    pub(crate) fn settled(draft: NoteDraft) -> Self {
        Self { typed: draft.clone(), settled: draft }
    }

    /// Whether there is nothing in it, neither typed nor in its record.
    pub(crate) fn is_blank(&self) -> bool {
        self.typed.is_blank() && self.settled.is_blank()
    }

    /// As it is listed: words that were deleted are still there until that settles.
    pub(crate) fn listed(self) -> NoteDraft {
        if self.typed.is_blank() { self.settled } else { self.typed }
    }
}

impl<H: Host> Session<'_, H> {
    /// A chart without its long lists, and what it waits for.
    pub(crate) fn whole_summary(&self, patient: PatientId) -> Result<ChartSummary, ApiError> {
        self.refuse_partly_absent(patient)?;
        let summary = self.open.store.chart(patient, store::Newest::of_each(0)).told()?;
        summary.ok_or_else(|| not_found("patient"))
    }

    /// A chart without its long lists, for judging.
    pub(crate) fn chart_summary(&self, patient: PatientId) -> Result<Chart, ApiError> {
        self.whole_summary(patient).map(|summary| summary.chart)
    }

    /// A chart of nothing but the patient and the weights, whatever else was found.
    pub(crate) fn weights(&self, patient: PatientId) -> Result<Chart, ApiError> {
        self.open.store.weights(patient).told()?.ok_or_else(|| not_found("patient"))
    }

    /// The patient's open drafts, with what was typed and has not settled.
    pub(crate) fn drafts(&self, patient: PatientId) -> Result<Vec<TypedDraft>, ApiError> {
        let typed = |settled: NoteDraft| {
            let mut typed = settled.clone();
            for row in self.open.store.draft_texts(settled.id).told()? {
                typed.sections.insert(row.section, row.text);
            }
            Ok(TypedDraft { typed, settled })
        };
        let mut open = Vec::new();
        for member in self.group(patient)?.members() {
            open.extend(self.open.store.open_drafts(member).told()?);
        }
        open.into_iter().map(typed).collect()
    }

    /// Finds patients; the search is audited, without what was typed.
    pub(crate) fn find(
        &self,
        permit: &Permit<FindPatients>,
        query: &str,
        limit: u32,
    ) -> Result<Vec<PatientHit>, ApiError> {
        let found = self.open.store.find_patients(query, limit).told()?;
        self.audit(permit, None)?;
        let mut shown = BTreeSet::new();
        let mut hits = Vec::with_capacity(found.len());
        for found in found {
            let matched = matched(&found.matched);
            let group = self.group(found.row.patient.id)?;
            // Somebody of several charts is found once, by the name and number of any of them.
            if shown.insert(group.shown) {
                hits.push(self.hit_of(&group, (found.row, found.here), matched)?);
            }
        }
        Ok(hits)
    }

    /// Somebody as lists show them who was found by one of their charts, which may not be here.
    pub(crate) fn hit_of(
        &self,
        group: &PatientGroup,
        (row, here): (PatientRow, bool),
        matched: &str,
    ) -> Result<PatientHit, ApiError> {
        if group.is_alone() {
            return Ok(PatientHit { elsewhere: !here, ..hit(row, matched) });
        }
        let found = row.patient.id;
        let shown = self.open.store.patient(group.shown).told()?;
        let row = if found == group.shown { row } else { shown.unwrap_or(row) };
        let mut also = Vec::new();
        let mut elsewhere = !here;
        for member in group.members().filter(|member| *member != row.patient.id) {
            elsewhere |= self.open.store.elsewhere(member).told()?.is_some();
            also.extend(self.identity(member)?.map(|one| chart_number(&one, member)));
        }
        Ok(PatientHit { elsewhere, also, ..hit(row, matched) })
    }

    /// A page of what is disputed.
    pub(crate) fn conflicts(
        &self,
        permit: &Permit<ListConflicts>,
        command: &ListConflicts,
    ) -> Result<Listed<ConflictItem>, ApiError> {
        let after = command.after.as_deref().map(conflict_end).transpose()?;
        let limit = command.limit.min(PAGE_MAX);
        let total = self.open.store.counts().told()?.conflicts;
        let mut rows = self.open.store.conflicts(after, one_more(limit)).told()?;
        let end = |row: &store::ConflictRow| format!("{}/{}", row.patient, row.conflict.id);
        let next = cut(&mut rows, limit, end);
        self.audit_listed(permit.deed(), rows.iter().map(|row| row.patient))?;
        let (people, devices) = read::names(self)?;
        let item = |row: store::ConflictRow| {
            let summary = self.whole_summary(row.patient)?;
            Ok(ConflictItem {
                patient: row.patient,
                identity: self.identity(row.patient)?,
                allergy_state: summary.chart.allergy_state_while(&summary.waiting),
                allergies: care::allergy_labels(&summary.chart),
                reason: summary.chart.reason_of(row.conflict.entry).cloned(),
                conflict: row.conflict,
                people: people.clone(),
                devices: devices.clone(),
                heads: row.heads.to_text(),
            })
        };
        let items = rows.into_iter().map(item).collect::<Result<_, ApiError>>()?;
        Ok(Listed { items, total, next })
    }

    /// A page of the tasks that wait.
    pub(crate) fn tasks(
        &self,
        permit: &Permit<ListTasks>,
        command: &ListTasks,
    ) -> Result<Listed<TaskItem>, ApiError> {
        let after = command.after.as_deref().map(task_end).transpose()?;
        let limit = command.limit.min(PAGE_MAX);
        let total = self.open.store.counts().told()?.open_tasks;
        let mut rows = self.open.store.open_tasks(after, one_more(limit)).told()?;
        let end = |row: &store::TaskRow| {
            format!("{}/{}/{}", row.task.tier.code(), row.patient, row.task.id)
        };
        let next = cut(&mut rows, limit, end);
        self.audit_listed(permit.deed(), rows.iter().map(|row| row.patient))?;
        let item = |row: store::TaskRow| {
            let identity = self.identity(row.patient)?;
            let chart = self.chart_of_task(&row)?;
            Ok(task_item(row, identity, chart))
        };
        let items = rows.into_iter().map(item).collect::<Result<_, ApiError>>()?;
        Ok(Listed { items, total, next })
    }

    /// What a task needs of its chart: visits only where it is about them.
    fn chart_of_task(&self, row: &store::TaskRow) -> Result<Chart, ApiError> {
        let is_of_visits = row.task.subject.iter().any(|it| it.kind == EntryKind::Encounter);
        if !is_of_visits {
            return self.chart_summary(row.patient);
        }
        let newest = store::Newest { encounters: None, ..store::Newest::of_each(0) };
        let summary = self.open.store.chart(row.patient, newest).told()?;
        Ok(summary.ok_or_else(|| not_found("patient"))?.chart)
    }

    /// Keeps a row for each patient whom a list is about to show. A list that shows nobody leaves
    /// none.
    pub(crate) fn audit_listed(
        &self,
        deed: Deed,
        patients: impl Iterator<Item = PatientId>,
    ) -> Result<(), ApiError> {
        let patients: BTreeSet<PatientId> = patients.collect();
        if patients.is_empty() {
            return Ok(());
        }
        let event = |patient| self.event(deed, Some(patient));
        let events: Vec<_> = patients.into_iter().map(event).collect();
        self.open.store.record_audit(&events).told()
    }

    /// Who a patient is; `None` of one whose chart this computer does not have.
    pub(crate) fn identity(&self, patient: PatientId) -> Result<Option<Identity>, ApiError> {
        Ok(self.open.store.patient(patient).told()?.map(|row| row.patient.identity))
    }
}

/// A task with what it is about, as far as that still holds.
fn task_item(row: store::TaskRow, identity: Option<Identity>, mut chart: Chart) -> TaskItem {
    let subject = &row.task.subject;
    let medicine = |id: MedicationId| EntryRef::new(EntryKind::Medication, id.uuid());
    let allergy = |id: AllergyIntoleranceId| EntryRef::new(EntryKind::Allergy, id.uuid());
    let about = |entry: EntryRef| subject.contains(&entry) && !chart.withdrawn.contains(&entry);
    let mut medicines = std::mem::take(&mut chart.medications);
    medicines.retain(|it| about(medicine(it.id)) && it.order.holds());
    let mut allergies = std::mem::take(&mut chart.allergies);
    allergies.retain(|it| about(allergy(it.id)) && it.holds());
    let mut visits = std::mem::take(&mut chart.encounters);
    visits
        .retain(|it| about(EntryRef::new(EntryKind::Encounter, it.id.uuid())) && chart.goes_on(it));
    let disputed = subject.iter().filter(|entry| chart.conflicts_of(**entry).next().is_some());
    let disputed = disputed.copied().collect();
    let (patient, raised_at, heads) = (row.patient, row.written_at, row.heads.to_text());
    let task = row.task;
    TaskItem { patient, identity, raised_at, medicines, allergies, visits, disputed, heads, task }
}

/// So many rows tell whether there are more than `limit`; nothing is asked where nothing is shown.
const fn one_more(limit: u32) -> u32 {
    if limit == 0 { 0 } else { limit + 1 }
}

/// Cuts rows to a page; answers where the page ends when there are more.
fn cut<T>(rows: &mut Vec<T>, limit: u32, end: impl Fn(&T) -> String) -> Option<String> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_more = rows.len() > limit;
    rows.truncate(limit);
    rows.last().filter(|_| is_more).map(end)
}

fn conflict_end(text: &str) -> Result<(PatientId, &str), ApiError> {
    let parts = text.split_once('/');
    let read = parts.and_then(|(patient, id)| Some((patient.parse().ok()?, id)));
    read.ok_or_else(no_end)
}

fn task_end(text: &str) -> Result<TaskEnd, ApiError> {
    let read = || {
        let (tier, rest) = text.split_once('/')?;
        let (patient, task) = rest.split_once('/')?;
        Some(TaskEnd {
            tier: AlertTier::from_code(tier)?,
            patient: patient.parse().ok()?,
            task: task.parse().ok()?,
        })
    };
    read().ok_or_else(no_end)
}

fn no_end() -> ApiError {
    let detail = "There is no page that ends there; begin with the first.";
    ApiError::new(ErrorCode::Invalid, detail)
}

fn matched(by: &[Matched]) -> &'static str {
    match by.first() {
        Some(Matched::Name) => "name",
        Some(Matched::Phone) => "phone",
        Some(Matched::Identifier) => "identifier",
        Some(Matched::BirthDate) => "birth-date",
        Some(Matched::Recent) | None => "recent",
    }
}

/// A patient as lists show one, and what was matched.
pub(crate) fn hit(row: PatientRow, matched: &str) -> PatientHit {
    let patient = row.patient;
    let line = patient.address.first().map(|address| address.line.join(", "));
    PatientHit {
        patient: patient.id,
        deceased: patient.deceased.is_some(),
        phone: patient.telecom.first().map(|contact| contact.value.clone()),
        city: patient.address.first().and_then(|address| address.city.clone()),
        address_line: line.filter(|line| !line.is_empty()),
        contact: patient.contact.into_iter().next(),
        identity: patient.identity,
        versions: row.versions,
        matched: matched.to_owned(),
        heads: row.heads.to_text(),
        elsewhere: false,
        also: Vec::new(),
    }
}
