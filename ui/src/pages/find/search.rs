//! What is looked for and who was found: so many as fit on a small screen, since each letter draws
//! them anew, and more of them for whoever goes on to the end.

use super::model::{self, position};
use crate::backend::{Remote, remote};
use crate::markup::prelude::*;
use api::{FindPatients, PatientHit, Topic};
use clinical::PatientId;

/// So many results are shown at first.
const FIRST: usize = 10;

/// So many at most.
const MOST: usize = 30;

/// A search that is under way.
#[derive(Clone, Copy)]
pub(super) struct Search {
    /// What is typed.
    pub query: RwSignal<String>,
    /// Who was chosen by the arrows.
    chosen: RwSignal<Option<PatientId>>,
    /// Whether more than the first are wanted.
    far: RwSignal<bool>,
    /// What the program found: one more than is shown, where there are more.
    hits: Remote<Vec<PatientHit>>,
}

impl Search {
    /// A search for nobody yet.
    pub(super) fn new() -> Self {
        let (query, far) = (RwSignal::new(String::new()), RwSignal::new(false));
        let limit = move || u32::try_from(most(far.get()).saturating_add(1)).unwrap_or(u32::MAX);
        let hits = remote(
            move || Some(FindPatients { query: query.get(), limit: limit() }),
            |topic| topic == Topic::Patients,
        );
        Self { query, chosen: RwSignal::new(None), far, hits }
    }

    /// The answer as it comes, to be drawn.
    pub(super) const fn answer(self) -> Remote<Vec<PatientHit>> {
        self.hits
    }

    /// Those of an answer that are shown.
    pub(super) fn shown(self, mut found: Vec<PatientHit>) -> Vec<PatientHit> {
        found.truncate(most(self.far.get()));
        found
    }

    /// Who was found so far, as they are shown.
    pub(super) fn found(self) -> Vec<PatientHit> {
        self.shown(self.hits.ready().unwrap_or_default())
    }

    /// Whether there are more than are shown.
    pub(super) fn has_more(self) -> bool {
        self.hits.ready().is_some_and(|found| found.len() > most(self.far.get()))
    }

    /// Whether more can be shown here: at the most, more must be typed.
    pub(super) fn can_go_on(self) -> bool {
        self.has_more() && !self.far.get()
    }

    /// Whether the answer is to what is typed now.
    pub(super) fn is_settled(self) -> bool {
        self.hits.is_settled()
    }

    /// Whether something is typed, or somebody was chosen by the arrows.
    pub(super) fn is_looked_for(self) -> bool {
        self.chosen.get().is_some() || self.query.with(|query| !query.trim().is_empty())
    }

    /// Where the chosen one of these stands.
    pub(super) fn position(self, found: &[PatientHit]) -> usize {
        position(found, self.chosen.get())
    }

    /// Begins anew with other words.
    pub(super) fn type_in(self, words: String) {
        self.chosen.set(None);
        self.far.set(false);
        self.query.set(words);
    }

    /// Shows all there is room for.
    pub(super) fn go_on(self) {
        self.far.set(true);
    }

    /// Goes where a key leads; whether it leads anywhere.
    pub(super) fn walk(self, key: &str) -> bool {
        let found = untrack(|| self.found());
        let at = untrack(|| self.position(&found));
        let is_first = !untrack(|| self.is_looked_for()) && key == "ArrowDown";
        let next = if is_first { Some(0) } else { model::moved(key, at, found.len()) };
        let Some(at) = next else { return false };
        self.chosen.set(found.get(at).map(|hit| hit.patient));
        // The rest is asked for before the end is reached, so that no key waits for it.
        if at.saturating_add(2) >= found.len() && untrack(|| self.can_go_on()) {
            self.go_on();
        }
        true
    }
}

/// So many are shown.
const fn most(far: bool) -> usize {
    if far { MOST } else { FIRST }
}
