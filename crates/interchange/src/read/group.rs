//! Entries of one patient, gathered so that a chart is opened once for many.

use super::intake::{PatientIntake, Taken};
use crate::map::Mapped;
use clinical::{PatientId, Source};
use std::{collections::BTreeMap, ops::ControlFlow};

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

    /// Adds an entry with its original.
    pub(super) fn add(&mut self, patient_id: PatientId, mapped: Mapped, source: Source) {
        self.held_bytes += source.body.len();
        let group =
            self.patients.entry(patient_id).or_insert_with(|| PatientIntake::new(patient_id));
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
