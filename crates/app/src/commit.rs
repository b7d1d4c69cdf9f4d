//! The one way from an edit to the store: load, apply, commit, tell. What a person writes in a
//! chart is judged before it is committed.

use crate::{
    audit::Deed,
    error::{ToldResult, changed, not_found},
    host::Host,
    kept_chart::KeptChart,
    open::Session,
    permit::Permit,
};
use api::{ApiError, Command, Recorded, Topic};
use chart::{
    ChartDocument, ChartEdit, ClinicEdit, DocumentChange, DraftDocument, EditError, Touched,
};
use clinical::{
    Chart, CompositionId, DetectedIssue, DocumentRef, EntryKind, EntryRef, NoteSectionCode,
    PatientId, Task, TaskStatus,
};
use std::sync::Arc;
use store::{Commit, Committed, Receipt, Record, TouchedDocument, View};

mod charts;
mod group;
mod seen;
#[cfg(test)]
mod tests;

use seen::Seen;

pub(crate) use charts::{ChartDraft, Refusal, known};
pub(crate) use group::own;

/// A change of a chart with what the rules make of it.
struct Judged {
    records: Vec<Record>,
    entries: Vec<EntryRef>,
    advice: Vec<DetectedIssue>,
}

impl<H: Host> Session<'_, H> {
    /// Edits a patient's chart as one transaction. `make` sees the chart as it is; where it asks for
    /// no edit, nothing is written.
    pub(crate) fn edit_chart<C: Command>(
        &self,
        permit: &Permit<C>,
        patient: PatientId,
        make: impl FnOnce(&Chart) -> Result<Vec<ChartEdit>, ApiError>,
    ) -> Result<Recorded, ApiError> {
        self.edit_seen(permit, patient, Seen::Anything, make)
    }

    /// The same, of an entry as somebody saw it.
    pub(crate) fn edit_entry<C: Command>(
        &self,
        permit: &Permit<C>,
        patient: PatientId,
        (entry, heads): (EntryRef, Option<&str>),
        make: impl FnOnce(&Chart) -> Result<Vec<ChartEdit>, ApiError>,
    ) -> Result<Recorded, ApiError> {
        self.edit_seen(permit, patient, Seen::Entry(entry, heads), make)
    }

    /// The same, of all that an edit wrote, as it stood right after it.
    pub(crate) fn edit_entries<C: Command>(
        &self,
        permit: &Permit<C>,
        patient: PatientId,
        (entries, heads): (&[EntryRef], &str),
        make: impl FnOnce(&Chart) -> Result<Vec<ChartEdit>, ApiError>,
    ) -> Result<Recorded, ApiError> {
        self.edit_seen(permit, patient, Seen::Entries(entries, heads), make)
    }

    /// The same, of the entry that a conflict is about.
    pub(crate) fn edit_disputed<C: Command>(
        &self,
        permit: &Permit<C>,
        patient: PatientId,
        (conflict, heads): (&str, Option<&str>),
        make: impl FnOnce(&Chart) -> Result<Vec<ChartEdit>, ApiError>,
    ) -> Result<Recorded, ApiError> {
        self.edit_seen(permit, patient, Seen::Conflict(conflict, heads), make)
    }

    fn edit_seen<C: Command>(
        &self,
        permit: &Permit<C>,
        patient: PatientId,
        seen: Seen<'_>,
        make: impl FnOnce(&Chart) -> Result<Vec<ChartEdit>, ApiError>,
    ) -> Result<Recorded, ApiError> {
        let mut writing = self.open.writing();
        let group = self.group(patient)?;
        if !group.is_alone() {
            return self.edit_group(permit, &group, seen, make);
        }
        let mut kept = self.open_chart(writing.take(), patient)?;
        if seen.is_past(&mut kept) {
            return Err(changed());
        }
        let edits = make(&kept.chart)?;
        let before = kept.document.heads().to_text();
        if edits.is_empty() {
            let heads = before.clone();
            *writing = Some(kept);
            return Ok(Recorded { entries: Vec::new(), advice: Vec::new(), heads, before });
        }
        let change = kept.document.apply(&edits, self.stamp()).told()?;
        let judged = self.judged(&mut kept, permit.deed(), patient, change)?;
        let compact = |name| self.put_whole(name, &mut kept.document);
        self.commit_with(Commit::local(judged.records), compact)?;
        let heads = kept.document.heads().to_text();
        // Not before: what was not committed is not in the store.
        *writing = Some(kept);
        Ok(Recorded { entries: judged.entries, advice: judged.advice, heads, before })
    }

    /// Begins a patient's chart.
    pub(crate) fn begin_chart<C: Command>(
        &self,
        permit: &Permit<C>,
        patient: PatientId,
        edits: &[ChartEdit],
    ) -> Result<(), ApiError> {
        let _writing = self.open.writing();
        let mut document = ChartDocument::new(patient, self.open.actor);
        let record = self.chart_record(permit.deed(), patient, &mut document, edits).told()?;
        self.commit(Commit::local(vec![record]))
    }

    /// Edits of a chart as they are committed.
    ///
    /// # Errors
    /// [`EditError`]: the chart is as it was.
    pub(crate) fn chart_record(
        &self,
        deed: Deed,
        patient: PatientId,
        document: &mut ChartDocument,
        edits: &[ChartEdit],
    ) -> Result<Record, EditError> {
        let change = document.apply(edits, self.stamp())?;
        let view = View::Chart(Arc::new(document.read()));
        Ok(Record::edited(change, view, self.event(deed, Some(patient))))
    }

    /// Edits the clinic's document.
    pub(crate) fn edit_clinic<C>(
        &self,
        permit: &Permit<C>,
        edits: &[ClinicEdit],
    ) -> Result<(), ApiError> {
        let _writing = self.open.writing();
        let mut document = self.load_clinic()?;
        let change = document.apply(edits, self.stamp()).told()?;
        let event = self.event(permit, None);
        let view = View::Clinic(Box::new(document.read()));
        self.commit(Commit::local(vec![Record::edited(change, view, event)]))
    }

    /// Commits a change of a draft; texts that became part of it are settled with it.
    pub(crate) fn commit_draft<C>(
        &self,
        permit: &Permit<C>,
        document: &mut DraftDocument,
        change: DocumentChange,
        settled: &[NoteSectionCode],
    ) -> Result<(), ApiError> {
        let record = self.draft_record(permit.deed(), document, change)?;
        let mut commit = Commit::local(vec![record.1]);
        commit.settled = settled.iter().map(|section| (record.0, *section)).collect();
        self.commit(commit)
    }

    /// Commits a signed note and the end of its draft together.
    pub(crate) fn commit_note<C: Command>(
        &self,
        permit: &Permit<C>,
        patient: PatientId,
        chart: &mut ChartDocument,
        edits: &[ChartEdit],
        draft: (&mut DraftDocument, DocumentChange),
    ) -> Result<(), ApiError> {
        let note = self.chart_record(permit.deed(), patient, chart, edits).told()?;
        let (_, ended) = self.draft_record(permit.deed(), draft.0, draft.1)?;
        self.commit(Commit::local(vec![note, ended]))
    }

    /// Commits, tells the windows what may read differently, and compacts what has grown loose.
    pub(crate) fn commit(&self, commit: Commit) -> Result<(), ApiError> {
        self.commit_with(commit, |name| self.compact(name))
    }

    /// The same, where the one who commits knows how what has grown loose is compacted.
    fn commit_with(
        &self,
        commit: Commit,
        compact: impl FnMut(DocumentRef) -> Result<(), ApiError>,
    ) -> Result<(), ApiError> {
        let committed = self.open.store.commit(commit).told()?;
        self.settle(committed, compact);
        Ok(())
    }

    /// Commits what came from other computers, record by record as it is made; then tells and
    /// compacts.
    ///
    /// # Errors
    /// The store's, or what `receipt` answers: nothing was taken in.
    pub(crate) fn take_in(
        &self,
        records: impl IntoIterator<Item = Record>,
        receipt: impl FnOnce() -> Result<Receipt, ApiError>,
    ) -> Result<(), ApiError> {
        let committed = self.open.store.take_in(records, receipt).told()??;
        self.settle(committed, |name| self.compact(name));
        Ok(())
    }

    /// What follows from a commit.
    fn settle(
        &self,
        committed: Committed,
        mut compact: impl FnMut(DocumentRef) -> Result<(), ApiError>,
    ) {
        self.tell([topics_of(&committed), self.topics_beside(&committed)].concat());
        for name in committed.wants_compaction {
            // What was committed is durable: nobody may hear that it was not.
            if let Err(error) = compact(name) {
                tracing::warn!(code = ?error.code, "a document was not compacted");
            }
        }
    }

    /// The charts that are shown with those that were touched, for they are of the same person. That it
    /// could not be told costs a window nothing but time.
    fn topics_beside(&self, committed: &Committed) -> Vec<Topic> {
        let of_document = |touched: &TouchedDocument| match touched {
            TouchedDocument::Chart(patient, _) | TouchedDocument::Draft(_, Some(patient)) => {
                let group = self.open.store.group(*patient).ok();
                let group = group.filter(|group| !group.is_alone());
                group.map(|group| group.members().map(Topic::Chart).collect()).unwrap_or_default()
            }
            TouchedDocument::Draft(_, None) | TouchedDocument::Clinic => Vec::new(),
        };
        committed.touched.iter().flat_map(of_document).collect()
    }

    /// A change of a chart with what the rules make of it: tasks whose cause is gone are closed,
    /// and what was settled and is louder now is raised again. What is new is told to the one who
    /// writes, as advice; it becomes a task where charts meet. That two visits go on becomes one at
    /// once: who checks somebody in reads no advice.
    fn judged(
        &self,
        kept: &mut KeptChart,
        deed: Deed,
        patient: PatientId,
        change: DocumentChange,
    ) -> Result<Judged, ApiError> {
        kept.follow(&change);
        let rules = care::review(&kept.chart);
        let entries = entries_of(&change.touched);
        let records = self.with_tasks(kept, deed, patient, Some(change), Some(&rules))?;
        // No rule reads tasks: what was found before they were settled is found after.
        let advice = care::review_on(&kept.chart, rules, self.today().as_ref());
        Ok(Judged { records, entries, advice })
    }

    /// A change of a chart, which was followed, and of its tasks what must change with it; of a chart that
    /// was not changed, its tasks alone. Without `rules` no task changes.
    fn with_tasks(
        &self,
        kept: &mut KeptChart,
        deed: Deed,
        patient: PatientId,
        change: Option<DocumentChange>,
        rules: Option<&[DetectedIssue]>,
    ) -> Result<Vec<Record>, ApiError> {
        let before = &kept.chart.tasks;
        let now = rules.map(|rules| care::settle(before, rules)).unwrap_or_default().into_iter();
        let told: Vec<ChartEdit> =
            now.filter(|now| is_told(before, now)).map(ChartEdit::RaiseTask).collect();
        let event = |command| self.event(command, Some(patient));
        let mut changes: Vec<_> = change.map(|change| (change, event(deed))).into_iter().collect();
        if !told.is_empty() {
            let settled = kept.document.apply(&told, self.stamp()).told()?;
            kept.follow(&settled);
            changes.push((settled, event(Deed::RULES)));
        }
        let view = kept.view();
        let records = changes
            .into_iter()
            .map(|(change, event)| Record::edited(change, view.clone(), event))
            .collect();
        Ok(records)
    }

    fn draft_record(
        &self,
        deed: Deed,
        document: &mut DraftDocument,
        change: DocumentChange,
    ) -> Result<(CompositionId, Record), ApiError> {
        let draft = document.read().ok_or_else(|| not_found("draft"))?;
        let event = self.event(deed, Some(draft.patient));
        let (id, view) = (draft.id, View::Draft(Some(Box::new(draft))));
        Ok((id, Record::edited(change, view, event)))
    }

    /// Puts one piece in the place of a document's loose changes. It costs nothing but time when
    /// it cannot be done now.
    fn compact(&self, name: DocumentRef) -> Result<(), ApiError> {
        let Some(stored) = self.open.store.document(name).told()? else { return Ok(()) };
        let mut document = self.load_any(name, &stored)?;
        let (snapshot, heads) = (document.save(), document.heads());
        self.open.store.compact(name, &snapshot, &heads).told().map(drop)
    }

    /// The same for a chart that is open: it need not be read for it.
    fn put_whole(&self, name: DocumentRef, document: &mut ChartDocument) -> Result<(), ApiError> {
        let (snapshot, heads) = (document.save(), document.heads());
        self.open.store.compact(name, &snapshot, &heads).told().map(drop)
    }
}

/// What the windows must read again.
fn topics_of(committed: &Committed) -> Vec<Topic> {
    let of_document = |touched: &TouchedDocument| match touched {
        TouchedDocument::Chart(patient, kinds) => topics_of_chart(*patient, kinds),
        TouchedDocument::Draft(draft, Some(patient)) => {
            api::draft_topics(*draft, *patient).to_vec()
        }
        TouchedDocument::Draft(draft, None) => vec![Topic::Draft(*draft)],
        TouchedDocument::Clinic => api::clinic_topics().to_vec(),
    };
    let mut topics: Vec<Topic> = committed.touched.iter().flat_map(of_document).collect();
    // More waits to be sent, or less is missing that others sent.
    topics.push(Topic::Sync);
    topics
}

/// Those of a chart's topics that entries of these kinds are shown under.
fn topics_of_chart(patient: PatientId, kinds: &[EntryKind]) -> Vec<Topic> {
    let is_touched = |topic: &Topic| match topic {
        Topic::Patients => kinds.contains(&EntryKind::Patient),
        Topic::Today => {
            kinds.contains(&EntryKind::Encounter) || kinds.contains(&EntryKind::Patient)
        }
        Topic::Tasks => kinds.contains(&EntryKind::Task),
        Topic::Chart(_)
        | Topic::Sheets(_)
        | Topic::Conflicts
        | Topic::Sync
        | Topic::Draft(_)
        | Topic::People
        | Topic::Import
        | Topic::Admission
        | Topic::Session => true,
    };
    api::chart_topics(patient).into_iter().filter(is_touched).collect()
}

/// Whether a task must change with an edit: one that is there, or that nobody else tells of.
fn is_told(before: &[Task], now: &Task) -> bool {
    let known = before.iter().find(|task| task.id == now.id);
    // What a person settled, and what lost its cause and has it again.
    let is_closed = known.is_some_and(|task| task.status != TaskStatus::Requested);
    is_closed || now.status == TaskStatus::Cancelled || now.rule == care::OPEN_VISITS
}

fn entries_of(touched: &Touched) -> Vec<EntryRef> {
    match touched {
        Touched::All => Vec::new(),
        Touched::Entries(entries) => entries.clone(),
    }
}
