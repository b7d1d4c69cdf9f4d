//! A whole chart as typed values.

use super::{Conflict, EntryKind, EntryRef, PatientLink, Sharing, Stamp, StatusReason, Waiting};
use crate::{
    AllergyIntolerance, AllergyState, Composition, Condition, DocumentReference, Encounter,
    EntryValue, MedicationRequest, Observation, Patient, Source, Task,
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
    /// Files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<DocumentReference>,
    /// When it passed from one clinic to another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shared: Vec<Sharing>,
    /// With which others it is of one person, or was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<PatientLink>,
    /// What must be decided.
    pub conflicts: Vec<Conflict>,
    /// Facts recorded by mistake: kept, shown struck out.
    pub withdrawn: Vec<EntryRef>,
    /// Why entries were stopped or marked as mistakes, sorted by entry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<StatusReason>,
    /// Entries of which this version cannot read everything: kept, and shown as such. What can be
    /// read of one stands in its list.
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
            EntryValue::Medication(_)
            | EntryValue::Identity(_)
            | EntryValue::CodeStatus(_)
            | EntryValue::EncounterAbout(_)
            | EntryValue::EncounterState(_)
            | EntryValue::Unreadable => None,
        });
        let mut all: Vec<&AllergyIntolerance> =
            self.allergies.iter().chain(disputed).filter(|allergy| allergy.holds()).collect();
        all.sort_by_key(|allergy| allergy.id);
        all.dedup();
        all
    }

    /// The state of the allergy list: "unavailable" as soon as one allergy, or one version of a
    /// disputed one, cannot be read and none that can is known.
    pub fn allergy_state(&self) -> AllergyState {
        let state = AllergyState::of(self.allergies_in_force());
        let unsure = self.has_unreadable(EntryKind::Allergy) && state != AllergyState::Known;
        if unsure { AllergyState::Unavailable } else { state }
    }

    /// The state of the allergy list while changes of the chart may be missing: "unavailable" also
    /// while some wait for others that have not arrived and no allergy is known, for one may be
    /// among them.
    pub fn allergy_state_while(&self, waiting: &[Waiting]) -> AllergyState {
        let state = self.allergy_state();
        let unsure = !waiting.is_empty() && state != AllergyState::Known;
        if unsure { AllergyState::Unavailable } else { state }
    }

    /// Whether something of a kind cannot be read: an entry, or a version of a disputed one.
    pub fn has_unreadable(&self, kind: EntryKind) -> bool {
        let versions = self.conflicts.iter().filter(|conflict| conflict.entry.kind == kind);
        self.unreadable.iter().any(|entry| entry.kind == kind)
            || versions.flat_map(Conflict::unreadable).next().is_some()
    }

    /// Entries of which not everything can be read and of which no conflict tells that.
    pub fn unreadable_undisputed(&self) -> impl Iterator<Item = EntryRef> {
        let told = |entry: &EntryRef| {
            self.conflicts_of(*entry).flat_map(Conflict::unreadable).next().is_some()
        };
        self.unreadable.iter().copied().filter(move |entry| !told(entry))
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

    /// Why an entry was stopped or marked as a mistake, where that was said.
    pub fn reason_of(&self, entry: EntryRef) -> Option<&StatusReason> {
        let at = self.reasons.binary_search_by_key(&entry, |reason| reason.entry).ok()?;
        self.reasons.get(at)
    }

    /// Whether a visit goes on: the patient is here or away for a while, and it was no mistake.
    pub fn goes_on(&self, visit: &Encounter) -> bool {
        visit.status.is_open() && !self.is_withdrawn(EntryKind::Encounter, visit.id.uuid())
    }

    /// Whether a fact was withdrawn as recorded by mistake.
    pub fn is_withdrawn(&self, kind: EntryKind, id: uuid::Uuid) -> bool {
        self.withdrawn.contains(&EntryRef::new(kind, id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        AllergyDraft, AllergyIntoleranceId, DeviceId, Instant, PractitionerId, Version, uuid_v7,
    };

    #[test]
    fn a_version_that_cannot_be_read_may_be_an_allergy() {
        let check = |kind: EntryKind, sides: Vec<EntryValue>, want: AllergyState| {
            let stamp = Stamp {
                author: PractitionerId::from_uuid(uuid_v7(1, [1; 10])),
                device: DeviceId::from_uuid(uuid_v7(1, [2; 10])),
                at: Instant::from_unix_ms(0),
            };
            let entry = EntryRef::new(kind, uuid_v7(1, [3; 10]));
            let version = |value| Version { value, stamp, change: String::new() };
            let conflict = Conflict {
                id: Conflict::id_of(entry, "value"),
                entry,
                field: "value".into(),
                versions: sides.into_iter().map(version).collect(),
                base: None,
            };
            let chart = Chart { conflicts: vec![conflict], ..Chart::default() };
            assert_eq!(chart.allergy_state(), want);
        };
        let side = |draft: AllergyDraft| {
            let id = AllergyIntoleranceId::from_uuid(uuid_v7(1, [3; 10]));
            EntryValue::Allergy(draft.complete(id).unwrap())
        };
        let none = side(AllergyDraft { no_known_allergies: true, ..AllergyDraft::default() });
        let latex = side(AllergyDraft { substance: "Latex".into(), ..AllergyDraft::default() });
        let unread = EntryValue::Unreadable;
        let allergy = EntryKind::Allergy;
        check(allergy, vec![none.clone(), none.clone()], AllergyState::NoneKnown);
        check(allergy, vec![none, unread.clone()], AllergyState::Unavailable);
        check(allergy, vec![unread.clone(), latex], AllergyState::Known);
        check(allergy, vec![unread.clone()], AllergyState::Unavailable);
        check(EntryKind::Medication, vec![unread], AllergyState::NotRecorded);
    }

    #[test]
    fn what_waits_may_be_an_allergy() {
        let waits = [Waiting { device: DeviceId::from_uuid(uuid_v7(1, [2; 10])), changes: 1 }];
        let allergy = |draft: AllergyDraft| {
            draft.complete(AllergyIntoleranceId::from_uuid(uuid_v7(1, [3; 10]))).unwrap()
        };
        let check = |allergies: Vec<AllergyIntolerance>, whole, waiting| {
            let chart = Chart { allergies, ..Chart::default() };
            let states = (chart.allergy_state_while(&[]), chart.allergy_state_while(&waits));
            assert_eq!(states, (whole, waiting));
        };
        let none = AllergyDraft { no_known_allergies: true, ..AllergyDraft::default() };
        let latex = AllergyDraft { substance: "Latex".into(), ..AllergyDraft::default() };
        check(vec![], AllergyState::NotRecorded, AllergyState::Unavailable);
        check(vec![allergy(none)], AllergyState::NoneKnown, AllergyState::Unavailable);
        check(vec![allergy(latex)], AllergyState::Known, AllergyState::Known);
    }
}
