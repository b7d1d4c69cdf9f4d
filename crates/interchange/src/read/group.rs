//! Entries of one patient, gathered so that a chart is opened once for many.

use super::intake::{PatientIntake, Taken};
use crate::map::Mapped;
use clinical::{EntryKind, EntryRef, PatientId, Source};
use std::{collections::BTreeMap, ops::ControlFlow};
use uuid::Uuid;

/// Entries held back, at most so many bytes of them.
#[derive(Debug)]
pub(super) struct Groups {
    window_bytes: usize,
    held_bytes: usize,
    patients: BTreeMap<PatientId, PatientIntake>,
}

impl Groups {
    pub(super) fn new(window_bytes: usize) -> Self {
        Self { window_bytes, held_bytes: 0, patients: BTreeMap::new() }
    }

    /// Adds an entry with its original and why it ended, out of a file.
    pub(super) fn add(
        &mut self,
        file: usize,
        patient_id: PatientId,
        mapped: Mapped,
        (source, reason): (Source, Option<String>),
    ) {
        self.held_bytes += source.body.len();
        let group =
            self.patients.entry(patient_id).or_insert_with(|| PatientIntake::new(patient_id, file));
        // Of what becomes no entry of its own, such as a signed note, the original tells why.
        let kind = mapped.kind().unwrap_or(EntryKind::Source);
        group.reasons.extend(reason.map(|reason| (EntryRef::new(kind, source.id), reason)));
        match mapped {
            Mapped::Patient(patient) => group.patient = Some(patient),
            Mapped::Allergy(allergy) => group.allergies.push(allergy),
            Mapped::Condition(condition) => group.conditions.push(condition),
            Mapped::Encounter(encounter) => group.encounters.push(encounter),
            Mapped::Medication(medication) => group.medications.push(medication),
            Mapped::Observation(observation) => group.observations.push(observation),
            Mapped::SourceOnly => {}
        }
        group.sources.push(source);
    }

    /// Takes apart what is held under an id that is another person's too: the patient stays, under
    /// an id of the own original's making, and the originals of all else come out.
    pub(super) fn part(
        &mut self,
        patient_id: PatientId,
        own_id: impl Fn(&str) -> Uuid,
    ) -> Vec<Source> {
        let Some(held) = self.patients.remove(&patient_id) else { return Vec::new() };
        let is_patient = |source: &Source| source.id == patient_id.uuid();
        let (own, rest): (Vec<Source>, Vec<Source>) =
            held.sources.into_iter().partition(is_patient);
        let original = own.into_iter().next_back();
        if let Some((mut patient, mut source)) = held.patient.zip(original) {
            source.id = own_id(&source.body);
            patient.id = PatientId::from_uuid(source.id);
            self.add(held.file, patient.id, Mapped::Patient(patient), (source, None));
        }
        rest
    }

    /// Whether it is time to hand over.
    pub(super) fn is_full(&self) -> bool {
        self.held_bytes >= self.window_bytes
    }

    /// Hands over everything.
    pub(super) fn flush(
        &mut self,
        sink: &mut dyn FnMut(Taken) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        self.held_bytes = 0;
        for (_, patient) in std::mem::take(&mut self.patients) {
            sink(Taken::Patient(Box::new(patient)))?;
        }
        ControlFlow::Continue(())
    }
}
