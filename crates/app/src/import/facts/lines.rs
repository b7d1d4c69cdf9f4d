//! The facts of a chart and how they hang together, while others come.

use super::{SENDER_SAYS, entry};
use clinical::{Chart, EntryKind, Instant, Observation, ObservationId, ObservationStatus, Source};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};
use uuid::Uuid;

/// The facts of a chart with what has come of them until now.
pub(super) struct Lines<'a> {
    known: BTreeMap<ObservationId, Cow<'a, Observation>>,
    /// What names each as replaced.
    by: BTreeMap<ObservationId, Vec<ObservationId>>,
    /// Marked as a mistake, here or because the sender says so.
    withdrawn: BTreeSet<Uuid>,
    taken_back: BTreeSet<Uuid>,
    explained: BTreeSet<Uuid>,
    originals: BTreeMap<Uuid, Cow<'a, str>>,
    /// Recorded here: they came in no file.
    here: BTreeSet<ObservationId>,
    /// What comes under an id of its own.
    coming: BTreeSet<ObservationId>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(chart: &'a Chart, coming: BTreeSet<ObservationId>) -> Self {
        let is_fact = |kind: EntryKind| kind == EntryKind::Observation;
        let withdrawn = chart.withdrawn.iter().filter(|entry| is_fact(entry.kind));
        let reasons = || chart.reasons.iter().filter(|reason| is_fact(reason.entry.kind));
        let by_sender = reasons().filter(|reason| reason.text.starts_with(SENDER_SAYS));
        let mut lines = Self {
            known: BTreeMap::new(),
            by: BTreeMap::new(),
            withdrawn: withdrawn.map(|entry| entry.id).collect(),
            taken_back: by_sender.map(|reason| reason.entry.id).collect(),
            explained: reasons().map(|reason| reason.entry.id).collect(),
            originals: chart
                .sources
                .iter()
                .map(|source| (source.id, Cow::Borrowed(source.body.as_str())))
                .collect(),
            here: BTreeSet::new(),
            coming,
        };
        chart.observations.iter().for_each(|fact| lines.put(Cow::Borrowed(fact)));
        let is_here = |id: &ObservationId| !lines.originals.contains_key(&id.uuid());
        lines.here = lines.known.keys().copied().filter(is_here).collect();
        lines
    }

    pub(super) fn add(&mut self, fact: Observation) {
        self.put(Cow::Owned(fact));
    }

    fn put(&mut self, fact: Cow<'a, Observation>) {
        if let Some(replaced) = fact.replaces {
            self.by.entry(replaced).or_default().push(fact.id);
        }
        self.known.insert(fact.id, fact);
    }

    pub(super) fn keep(&mut self, source: &Source) {
        self.originals.insert(source.id, Cow::Owned(source.body.clone()));
    }

    pub(super) fn take_back(&mut self, id: ObservationId) {
        self.withdrawn.insert(id.uuid());
        self.taken_back.insert(id.uuid());
    }

    pub(super) fn known(&self, id: ObservationId) -> Option<&Observation> {
        self.known.get(&id).map(|fact| &**fact)
    }

    pub(super) fn has_reason(&self, id: ObservationId) -> bool {
        self.explained.contains(&id.uuid())
    }

    /// Whether it came in a file, at least also.
    pub(super) fn came(&self, id: ObservationId) -> bool {
        !self.here.contains(&id)
    }

    /// Whether it comes too, under its own id.
    pub(super) fn comes(&self, id: ObservationId) -> bool {
        self.coming.contains(&id)
    }

    /// Whether it is marked as a mistake, or says itself that it is none to go by.
    pub(super) fn is_void(&self, fact: &Observation) -> bool {
        self.withdrawn.contains(&fact.id.uuid()) || is_void(fact.status)
    }

    /// Whether a person has marked it as a mistake.
    pub(super) fn is_mistake_of_a_person(&self, id: ObservationId) -> bool {
        self.withdrawn.contains(&id.uuid()) && !self.taken_back.contains(&id.uuid())
    }

    /// When it was last changed, as its original says.
    pub(super) fn updated(&self, id: ObservationId) -> Option<Instant> {
        updated(self.originals.get(&id.uuid())?)
    }

    /// A fact, what corrects it, what corrects that, and so on.
    pub(super) fn line(&self, of: ObservationId) -> Vec<&Observation> {
        let mut found: Vec<&Observation> = self.known(of).into_iter().collect();
        let mut seen = BTreeSet::from([of]);
        let mut at = 0;
        while let Some(one) = found.get(at).copied() {
            let next = self.by.get(&one.id).into_iter().flatten().filter(|id| seen.insert(**id));
            found.extend(next.filter_map(|id| self.known(*id)));
            at += 1;
        }
        found
    }

    /// Those of a line that count.
    pub(super) fn in_force(&self, line: &[&Observation]) -> BTreeSet<ObservationId> {
        let withdrawn = line.iter().filter(|one| self.withdrawn.contains(&one.id.uuid()));
        let chart = Chart {
            withdrawn: withdrawn.map(|one| entry(one.id)).collect(),
            observations: line.iter().map(|one| (*one).clone()).collect(),
            ..Chart::default()
        };
        let corrections = chart.corrections();
        let all = chart.observations.iter();
        all.filter(|one| chart.is_in_force(&corrections, one)).map(|one| one.id).collect()
    }

    /// Whether a fact that names another is none that can stand in its place.
    pub(super) fn stands_beside(&self, fact: &Observation) -> bool {
        let named = fact.replaces.and_then(|id| self.known(id));
        named.is_some_and(|named| !self.is_void(named) && !fact.takes_the_place_of(named))
    }

    /// Whether a fact that was taken back corrected another that counts again.
    pub(super) fn gives_back(&self, id: ObservationId) -> bool {
        let named = self.known(id).and_then(|fact| self.known(fact.replaces?));
        named.is_some_and(|named| !self.is_void(named))
    }
}

/// Whether the status says that there is nothing to go by.
pub(super) fn is_void(status: ObservationStatus) -> bool {
    matches!(status, ObservationStatus::Cancelled | ObservationStatus::EnteredInError)
}

/// When a resource was last changed, as it says itself.
pub(in crate::import) fn updated(body: &str) -> Option<Instant> {
    let resource: Value = serde_json::from_str(body).ok()?;
    resource.get("meta")?.get("lastUpdated")?.as_str()?.parse().ok()
}

/// Whether two say the same, under whatever id and in whatever place.
pub(super) fn say_the_same(one: &Observation, other: &Observation) -> bool {
    let other = Observation { id: one.id, replaces: one.replaces, ..other.clone() };
    *one == other
}

/// Whether a correction came in a file, under the id of the fact: its id is made of what came.
pub(super) fn is_of_file(correction: &Observation, id: ObservationId) -> bool {
    let came = Observation { id, ..correction.clone() };
    let of = came.replaces.map(|of| correction_id(&came, of));
    of == Some(correction.id) || correction_id_before(&came) == correction.id
}

/// The same correction of the same version has the same id wherever it is imported.
pub(super) fn correction_id(fact: &Observation, of: ObservationId) -> ObservationId {
    let fact = Observation { replaces: Some(of), ..fact.clone() };
    made_of(b"fieldchart correction of a version", &fact)
}

/// The id that it had by earlier versions of the program, whatever it corrects.
fn correction_id_before(fact: &Observation) -> ObservationId {
    made_of(b"fieldchart correction", &Observation { replaces: None, ..fact.clone() })
}

fn made_of(what: &[u8], fact: &Observation) -> ObservationId {
    let mut digest = Sha256::new();
    digest.update(what);
    digest.update(serde_json::to_vec(fact).unwrap_or_default());
    let digest: [u8; 32] = digest.finalize().into();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, from)| *byte = from);
    ObservationId::from_uuid(clinical::uuid_v8(bytes))
}
