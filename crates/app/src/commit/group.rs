//! An edit of a person who has several charts: each entry is written in the chart that holds it, what
//! is new in the one that is gone on with, and all of it is one transaction.

use super::{entries_of, seen::Seen};
use crate::{
    error::{ToldResult, changed, not_found},
    host::Host,
    kept_chart::KeptChart,
    open::Session,
    permit::Permit,
};
use api::{ApiError, Command, ErrorCode, Recorded};
use chart::{ChartEdit, Heads};
use clinical::{Chart, DetectedIssue, EntryRef, PatientGroup, PatientId};
use store::Commit;

/// The charts of one person, open: the one that is gone on with first, none that has not arrived.
pub(crate) struct OpenGroup {
    charts: Vec<(PatientId, KeptChart)>,
    /// Every one of them has arrived: else nobody can tell here that the cause of a task is gone.
    pub(crate) is_whole: bool,
}

impl<H: Host> Session<'_, H> {
    /// The charts of the same person as one.
    pub(crate) fn group(&self, patient: PatientId) -> Result<PatientGroup, ApiError> {
        self.open.store.group(patient).told()
    }

    /// The chart of the same person that holds an entry: the named one, where none does.
    pub(crate) fn holder(
        &self,
        patient: PatientId,
        entry: EntryRef,
    ) -> Result<PatientId, ApiError> {
        let group = self.group(patient)?;
        if group.is_alone() {
            return Ok(patient);
        }
        let open = self.open_group(&group)?;
        let holder = open.charts.iter().find(|(_, kept)| kept.chart.holds(entry));
        Ok(holder.map_or(patient, |(holder, _)| *holder))
    }

    /// Opens the charts of one person, but for those that have not arrived.
    pub(crate) fn open_group(&self, group: &PatientGroup) -> Result<OpenGroup, ApiError> {
        let mut charts = Vec::new();
        for member in group.members() {
            match self.open_chart(None, member) {
                Ok(kept) => charts.push((member, kept)),
                Err(error) if error.code == ErrorCode::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        if charts.is_empty() {
            return Err(not_found("patient"));
        }
        let is_whole = charts.len() == group.members().count();
        Ok(OpenGroup { charts, is_whole })
    }

    /// Edits the charts of one person, as they were seen together.
    pub(super) fn edit_group<C: Command>(
        &self,
        permit: &Permit<C>,
        group: &PatientGroup,
        seen: Seen<'_>,
        make: impl FnOnce(&Chart) -> Result<Vec<ChartEdit>, ApiError>,
    ) -> Result<Recorded, ApiError> {
        let mut open = self.open_group(group)?;
        if open.is_past(seen) {
            return Err(changed());
        }
        let edits = make(&open.union())?;
        let before = open.heads();
        let mut changes = Vec::new();
        for (edits, (_, kept)) in open.shared_out(edits).into_iter().zip(open.each()) {
            changes.push(if edits.is_empty() {
                None
            } else {
                let change = kept.document.apply(&edits, self.stamp()).told()?;
                kept.follow(&change);
                Some(change)
            });
        }
        let written = changes.iter().flatten();
        let entries = written.flat_map(|change| entries_of(&change.touched)).collect();
        // What is written in one may be the cause of a task of another, or its end.
        let found = care::review(&open.union());
        let (is_whole, mut records) = (open.is_whole, Vec::new());
        for (change, (patient, kept)) in changes.into_iter().zip(open.each()) {
            let rules = is_whole.then(|| own(&found, &kept.chart));
            let (deed, rules) = (permit.deed(), rules.as_deref());
            records.extend(self.with_tasks(kept, deed, *patient, change, rules)?);
        }
        let heads = open.heads();
        let advice = care::review_on(&open.union(), found, self.today().as_ref());
        if !records.is_empty() {
            self.commit(Commit::local(records))?;
        }
        Ok(Recorded { entries, advice, heads: heads.to_text(), before: before.to_text() })
    }
}

impl OpenGroup {
    /// All of them, read as one.
    pub(crate) fn union(&self) -> Chart {
        let mut charts = self.charts.iter().map(|(_, kept)| Chart::clone(&kept.chart));
        let mut union = charts.next().unwrap_or_default();
        charts.for_each(|other| union.unite(other));
        union
    }

    /// Each of them, with whose it is.
    pub(crate) fn each(&mut self) -> impl Iterator<Item = &mut (PatientId, KeptChart)> {
        self.charts.iter_mut()
    }

    /// The heads of all, sorted.
    fn heads(&mut self) -> Heads {
        let heads = self.charts.iter_mut().flat_map(|(_, kept)| kept.document.heads().0);
        let mut heads: Vec<_> = heads.collect();
        heads.sort_unstable();
        Heads(heads)
    }

    fn is_past(&mut self, seen: Seen<'_>) -> bool {
        let (entries, heads) = match seen {
            Seen::Anything => return false,
            Seen::Entry(entry, heads) => (vec![entry], heads),
            Seen::Entries(entries, heads) => (entries.to_vec(), Some(heads)),
            Seen::Conflict(id, heads) => {
                let all = self.charts.iter().flat_map(|(_, kept)| &kept.chart.conflicts);
                let disputed = all.filter(|conflict| conflict.id == id);
                (disputed.map(|conflict| conflict.entry).collect(), heads)
            }
        };
        let Some(heads) = heads else { return false };
        let Some(seen) = Heads::from_text(heads) else { return true };
        entries.iter().any(|entry| {
            let at = self.holder(*entry);
            // Heads of the others are of no document but theirs.
            self.charts.get_mut(at).is_some_and(|(_, kept)| {
                let seen = kept.document.of_these(&seen);
                kept.document.changed_since(*entry, &seen)
            })
        })
    }

    /// Which chart holds an entry; the first, where none does.
    fn holder(&self, entry: EntryRef) -> usize {
        self.charts.iter().position(|(_, kept)| kept.chart.holds(entry)).unwrap_or_default()
    }

    /// The edits of each chart.
    fn shared_out(&mut self, edits: Vec<ChartEdit>) -> Vec<Vec<ChartEdit>> {
        let mut all: Vec<Vec<ChartEdit>> = self.charts.iter().map(|_| Vec::new()).collect();
        for edit in edits {
            let at = match (&edit, edit.entry()) {
                (ChartEdit::Decide { conflict, .. }, _) => {
                    let has = |kept: &KeptChart| {
                        kept.chart.conflicts.iter().any(|one| one.id == *conflict)
                    };
                    self.charts.iter().position(|(_, kept)| has(kept)).unwrap_or_default()
                }
                (_, Some(entry)) => self.holder(entry),
                (_, None) => 0,
            };
            let Some((_, kept)) = self.charts.get_mut(at) else { continue };
            let edit = if let ChartEdit::PutBack { entry, to } = &edit {
                ChartEdit::PutBack { entry: *entry, to: kept.document.of_these(to) }
            } else {
                edit
            };
            if let Some(own) = all.get_mut(at) {
                own.push(edit);
            }
        }
        all
    }
}

/// Of what the rules found in all charts of a person what is a task of this one: that of which the first
/// entry stands in it. So each is a task of one chart, the same one on every computer.
pub(crate) fn own(found: &[DetectedIssue], chart: &Chart) -> Vec<DetectedIssue> {
    let is_own = |issue: &&DetectedIssue| {
        issue.subject.iter().min().is_some_and(|first| chart.holds(*first))
    };
    found.iter().filter(is_own).cloned().collect()
}
