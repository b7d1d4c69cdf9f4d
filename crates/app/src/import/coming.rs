//! What came of one patient and waits to be written.

use chart::{ChartEdit, ClinicEdit};
use clinical::Source;
use interchange::PatientIntake;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Edits of one chart, with where they came from.
#[derive(Debug, Default)]
pub(super) struct Coming {
    /// The edits.
    pub(super) edits: Vec<ChartEdit>,
    /// Each resource among them.
    pub(super) came: Vec<Came>,
}

/// A resource that came.
#[derive(Debug)]
pub(super) struct Came {
    /// The entry it becomes.
    pub(super) id: Uuid,
    /// Its type.
    pub(super) resource_type: String,
    /// Which file it stood in.
    pub(super) file: usize,
    /// Whether it says what is not here yet.
    pub(super) is_new: bool,
    /// Whether a chart shows something of it; of others the original is kept.
    pub(super) is_shown: bool,
}

impl Coming {
    /// Adds what came of the same patient.
    pub(super) fn add(&mut self, intake: PatientIntake) {
        let mut edits: Vec<ChartEdit> = Vec::new();
        edits.extend(intake.patient.map(ChartEdit::RecordPatient));
        edits.extend(intake.allergies.into_iter().map(ChartEdit::RecordAllergy));
        edits.extend(intake.conditions.into_iter().map(ChartEdit::RecordCondition));
        edits.extend(intake.encounters.into_iter().map(ChartEdit::RecordEncounter));
        edits.extend(intake.medications.into_iter().map(ChartEdit::RecordMedication));
        edits.extend(intake.observations.into_iter().map(ChartEdit::RecordObservation));
        let shown = edits.iter().filter_map(ChartEdit::entry);
        let shown: BTreeSet<Uuid> = shown.map(|entry| entry.id).collect();
        let came = |source: &Source| Came {
            id: source.id,
            resource_type: source.resource_type.clone(),
            file: intake.file,
            is_new: true,
            is_shown: shown.contains(&source.id),
        };
        self.came.extend(intake.sources.iter().map(came));
        edits.extend(intake.sources.into_iter().map(ChartEdit::KeepSource));
        // After what they are about: an original may be all there is of it.
        let explain = |(entry, reason)| ChartEdit::Explain { entry, reason };
        edits.extend(intake.reasons.into_iter().map(explain));
        self.edits.extend(edits);
    }

    /// Adds what waited of the same patient.
    pub(super) fn join(&mut self, other: Self) {
        self.edits.extend(other.edits);
        self.came.extend(other.came);
    }

    /// How many bytes of originals there are.
    pub(super) fn len(&self) -> usize {
        let body = |edit: &ChartEdit| {
            if let ChartEdit::KeepSource(source) = edit { source.body.len() } else { 0 }
        };
        self.edits.iter().map(body).sum()
    }

    /// The originals, for the clinic to keep.
    pub(super) fn originals(self) -> impl Iterator<Item = ClinicEdit> {
        self.edits.into_iter().filter_map(|edit| {
            let ChartEdit::KeepSource(source) = edit else { return None };
            Some(ClinicEdit::KeepSource(source))
        })
    }
}
