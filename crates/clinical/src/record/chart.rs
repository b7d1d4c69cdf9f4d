//! A whole chart as typed values.

use super::{Conflict, EntryKind, EntryRef, Stamp};
use crate::{
    AllergyIntolerance, AllergyState, Composition, Condition, Encounter, EntryValue,
    MedicationRequest, Observation, Patient, Source, Task,
};
use serde::{Deserialize, Serialize};

/// Everything one chart document holds. Lists are sorted by id, so that two devices with the
/// same changes read the same chart, byte for byte.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Chart {
    /// The patient; absent while the change that registers the patient has not arrived.
    pub patient: Option<Patient>,
    /// Allergies.
    pub allergies: Vec<AllergyIntolerance>,
    /// Problems.
    pub conditions: Vec<Condition>,
    /// Visits.
    pub encounters: Vec<Encounter>,
    /// Medicines.
    pub medications: Vec<MedicationRequest>,
    /// Findings.
    pub observations: Vec<Observation>,
    /// Signed notes.
    pub compositions: Vec<Composition>,
    /// Tasks.
    pub tasks: Vec<Task>,
    /// Kept originals.
    pub sources: Vec<Source>,
    /// What must be decided.
    pub conflicts: Vec<Conflict>,
    /// Facts recorded by mistake: kept, shown struck out.
    pub withdrawn: Vec<EntryRef>,
    /// Entries this version cannot read: kept, and shown as such.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<EntryRef>,
    /// Who last wrote each entry, sorted by entry.
    pub stamps: Vec<(EntryRef, Stamp)>,
}

impl Chart {
    /// Every allergy that must be heeded: the union of all sides of a conflict.
    pub fn allergies_in_force(&self) -> Vec<&AllergyIntolerance> {
        let disputed = self.conflicts.iter().flat_map(|conflict| &conflict.versions);
        let disputed = disputed.filter_map(|version| match &version.value {
            EntryValue::Allergy(allergy) => Some(allergy),
            EntryValue::Medication(_) | EntryValue::Identity(_) | EntryValue::CodeStatus(_) => None,
        });
        let mut all: Vec<&AllergyIntolerance> =
            self.allergies.iter().chain(disputed).filter(|allergy| allergy.holds()).collect();
        all.sort_by_key(|allergy| allergy.id);
        all.dedup();
        all
    }

    /// The state of the allergy list: "unavailable" as soon as one allergy cannot be read and
    /// none that can is known.
    pub fn allergy_state(&self) -> AllergyState {
        let state = AllergyState::of(self.allergies_in_force());
        let unread = self.unreadable.iter().any(|entry| entry.kind == EntryKind::Allergy);
        if unread && state != AllergyState::Known { AllergyState::Unavailable } else { state }
    }

    /// The conflicts about one entry.
    pub fn conflicts_of(&self, entry: EntryRef) -> impl Iterator<Item = &Conflict> {
        self.conflicts.iter().filter(move |conflict| conflict.entry == entry)
    }

    /// Who last wrote an entry.
    pub fn stamp_of(&self, entry: EntryRef) -> Option<Stamp> {
        let at = self.stamps.binary_search_by_key(&entry, |(entry, _)| *entry).ok()?;
        self.stamps.get(at).map(|(_, stamp)| *stamp)
    }

    /// Whether a fact was withdrawn as recorded by mistake.
    pub fn is_withdrawn(&self, kind: EntryKind, id: uuid::Uuid) -> bool {
        self.withdrawn.contains(&EntryRef::new(kind, id))
    }
}
