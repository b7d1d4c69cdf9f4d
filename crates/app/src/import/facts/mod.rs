//! Facts that come again. They stand: what differs from the last word of the sender is a correction
//! of what is here, and what the sender takes back is marked as a mistake, unless a person has
//! decided about it.

mod lines;
mod verdict;

use chart::ChartEdit;
use clinical::{Chart, EntryKind, EntryRef, Observation, ObservationId, Source};
pub(super) use lines::updated;
use lines::{Lines, is_void};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use uuid::Uuid;
use verdict::Verdict;

/// Why a fact counts no more, where its sender says so; more may follow.
const SENDER_SAYS: &str = "its sender says that it was a mistake";

/// What becomes of facts.
#[derive(Debug, Default)]
pub(super) struct Settled {
    /// What is written, of everything that came.
    pub(super) edits: Vec<ChartEdit>,
    /// The ids that corrections got, by those of the facts that came.
    pub(super) moved: BTreeMap<Uuid, Uuid>,
    /// Facts that a person has decided about: they stay as they are here.
    pub(super) stays: Vec<EntryRef>,
    /// What is told of facts.
    pub(super) told: BTreeMap<EntryRef, Told>,
}

/// What is told of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// A newer version of it is here: it was left out.
    Older,
    /// Its sender took it back: it was marked as a mistake.
    TakenBack,
    /// The same, and what it corrected counts again.
    GivesBack,
    /// It says that it corrects another, and is not taken for that: both count.
    Beside,
}

/// Whether the facts of somebody who is not here yet must be held against each other.
pub(super) fn are_of_each_other(edits: &[ChartEdit]) -> bool {
    let mut ids = BTreeSet::new();
    facts(edits).any(|fact| fact.replaces.is_some() || !ids.insert(fact.id))
}

/// Holds the facts that come against those of a chart, one after the other as they come.
pub(super) fn settle(chart: &Chart, edits: Vec<ChartEdit>) -> Settled {
    let ids: BTreeSet<ObservationId> = facts(&edits).map(|fact| fact.id).collect();
    let is_of_fact = |id: Uuid| ids.contains(&ObservationId::from_uuid(id));
    let (mut coming, mut originals) = (Vec::new(), BTreeMap::<Uuid, VecDeque<Source>>::new());
    let (mut reasons, mut settled) = (BTreeMap::new(), Settled::default());
    for edit in edits {
        match edit {
            ChartEdit::RecordObservation(fact) => coming.push(fact),
            ChartEdit::KeepSource(source) if is_of_fact(source.id) => {
                originals.entry(source.id).or_default().push_back(source);
            }
            ChartEdit::Explain { entry, reason } if is_of_fact(entry.id) => {
                reasons.insert(entry.id, reason);
            }
            other @ (ChartEdit::RecordPatient(_)
            | ChartEdit::RecordAllergy(_)
            | ChartEdit::RecordCondition(_)
            | ChartEdit::RecordEncounter(_)
            | ChartEdit::RecordMedication(_)
            | ChartEdit::RecordComposition(_)
            | ChartEdit::RecordDocument(..)
            | ChartEdit::RecordSharing(_)
            | ChartEdit::TellSharing { .. }
            | ChartEdit::RecordLink(_)
            | ChartEdit::EndLink(_)
            | ChartEdit::KeepSource(_)
            | ChartEdit::RaiseTask(_)
            | ChartEdit::SettleTask { .. }
            | ChartEdit::Withdraw(_)
            | ChartEdit::PutBack { .. }
            | ChartEdit::Explain { .. }
            | ChartEdit::Decide { .. }) => settled.edits.push(other),
        }
    }
    let mut work = Work { lines: Lines::new(chart, ids), reasons, settled, named: Vec::new() };
    for fact in coming {
        let original = originals.get_mut(&fact.id.uuid()).and_then(VecDeque::pop_front);
        work.take(fact, original);
    }
    work.end()
}

fn facts(edits: &[ChartEdit]) -> impl Iterator<Item = &Observation> {
    edits.iter().filter_map(|edit| {
        if let ChartEdit::RecordObservation(fact) = edit { Some(fact) } else { None }
    })
}

fn entry(id: ObservationId) -> EntryRef {
    EntryRef::new(EntryKind::Observation, id.uuid())
}

struct Work<'a> {
    lines: Lines<'a>,
    reasons: BTreeMap<Uuid, String>,
    settled: Settled,
    /// What names another that it replaces, by the id it came under.
    named: Vec<(ObservationId, Observation)>,
}

impl Work<'_> {
    fn take(&mut self, fact: Observation, original: Option<Source>) {
        let came = fact.id;
        match self.lines.verdict(&fact, original.as_ref()) {
            Verdict::First { beside } => {
                if beside {
                    self.settled.told.insert(entry(came), Told::Beside);
                }
                let replaces = fact.replaces.filter(|_| !beside);
                self.record(came, Observation { replaces, ..fact }, original);
            }
            Verdict::Correction { id, of } => {
                self.settled.moved.insert(came.uuid(), id.uuid());
                self.record(came, Observation { id, replaces: Some(of), ..fact }, original);
            }
            Verdict::Known { id, beside } => {
                if beside {
                    self.settled.told.insert(entry(came), Told::Beside);
                }
                if id != came {
                    self.settled.moved.insert(came.uuid(), id.uuid());
                }
                self.keep(id, original);
                self.explain(came, id);
            }
            Verdict::TakenBack { facts, last } => {
                self.keep(last, original);
                self.take_back(&fact, &facts);
            }
            Verdict::Nothing => {}
            Verdict::Older => {
                self.settled.told.insert(entry(came), Told::Older);
            }
            Verdict::Stays => self.settled.stays.push(entry(came)),
        }
    }

    fn record(&mut self, came: ObservationId, fact: Observation, original: Option<Source>) {
        let id = fact.id;
        if fact.replaces.is_some() && !is_void(fact.status) {
            self.named.push((came, fact.clone()));
        }
        self.settled.edits.push(ChartEdit::RecordObservation(fact.clone()));
        self.lines.add(fact);
        self.keep(id, original);
        self.explain(came, id);
    }

    fn keep(&mut self, id: ObservationId, original: Option<Source>) {
        let Some(original) = original else { return };
        let source = Source { id: id.uuid(), ..original };
        self.lines.keep(&source);
        self.settled.edits.push(ChartEdit::KeepSource(source));
    }

    /// Why it was a mistake, where that came too and is not told here yet.
    fn explain(&mut self, came: ObservationId, id: ObservationId) {
        let Some(reason) = self.reasons.remove(&came.uuid()) else { return };
        if !self.lines.has_reason(id) {
            self.settled.edits.push(ChartEdit::Explain { entry: entry(id), reason });
        }
    }

    fn take_back(&mut self, fact: &Observation, facts: &[ObservationId]) {
        let why = self.reasons.remove(&fact.id.uuid());
        let reason =
            why.map_or_else(|| SENDER_SAYS.to_owned(), |why| format!("{SENDER_SAYS}: {why}"));
        for id in facts {
            self.lines.take_back(*id);
            self.settled.edits.push(ChartEdit::Withdraw(entry(*id)));
            let reason = reason.clone();
            self.settled.edits.push(ChartEdit::Explain { entry: entry(*id), reason });
        }
        self.settled.told.insert(entry(fact.id), Told::TakenBack);
    }

    /// What can be told only when all has come.
    fn end(mut self) -> Settled {
        for (came, fact) in &self.named {
            if self.lines.stands_beside(fact) {
                self.settled.told.insert(entry(*came), Told::Beside);
            }
        }
        for (of, told) in &mut self.settled.told {
            let id = ObservationId::from_uuid(of.id);
            if *told == Told::TakenBack && self.lines.gives_back(id) {
                *told = Told::GivesBack;
            }
        }
        self.settled
    }
}
