//! What can be done to a chart.

use crate::{BlobKey, Heads};
use clinical::{
    AllergyIntolerance, ClinicId, Composition, Condition, ConflictId, DocumentReference, Encounter,
    EntryKind, EntryRef, MedicationRequest, NamedClinic, Observation, Patient, PatientLink,
    PatientLinkId, Sharing, SharingId, Source, Task, TaskId, TaskStatus,
};

/// One intention. Recording an entry that is there changes it; a fact cannot be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChartEdit {
    /// Registers the patient, or changes who it is and how to reach them.
    RecordPatient(Patient),
    /// Records or changes an allergy.
    RecordAllergy(AllergyIntolerance),
    /// Records or changes a problem.
    RecordCondition(Condition),
    /// Records or changes a visit.
    RecordEncounter(Encounter),
    /// Records or changes a medicine.
    RecordMedication(MedicationRequest),
    /// Records a finding: a fact.
    RecordObservation(Observation),
    /// Records a signed note: a fact.
    RecordComposition(Composition),
    /// Records a file, a fact, with what opens its sealed bytes.
    RecordDocument(DocumentReference, BlobKey),
    /// Records that the chart is given to another clinic: a fact.
    RecordSharing(Sharing),
    /// Notes of a sharing that this clinic knows it only by what another says that did not give it.
    TellSharing {
        /// Which.
        sharing: SharingId,
        /// This clinic.
        to: ClinicId,
        /// The clinic that says so.
        by: NamedClinic,
    },
    /// Records that the chart and another are of one person: a fact.
    RecordLink(PatientLink),
    /// Records that they are not: the link of this id is ended.
    EndLink(PatientLinkId),
    /// Keeps a received resource as it came.
    KeepSource(Source),
    /// Raises a task, or raises it again.
    RaiseTask(Task),
    /// Closes a task.
    SettleTask {
        /// Which.
        task: TaskId,
        /// How.
        status: TaskStatus,
        /// What was done.
        outcome: String,
    },
    /// Marks an entry as recorded by mistake: a status where it has one, a mark on a fact.
    Withdraw(EntryRef),
    /// Makes an entry again what it was when the chart had these heads; one that was not there then
    /// was recorded by mistake.
    PutBack {
        /// Which.
        entry: EntryRef,
        /// The heads.
        to: Heads,
    },
    /// Says why an entry is stopped or marked as a mistake.
    Explain {
        /// Which.
        entry: EntryRef,
        /// Why.
        reason: String,
    },
    /// Decides a conflict for one of its versions. Why that one was written stands again with it, unless
    /// an edit beside this one says why.
    Decide {
        /// Which conflict.
        conflict: ConflictId,
        /// The change that wrote the version that holds, 64 hex digits.
        change: String,
    },
}

impl ChartEdit {
    /// The entry it is about. A decision names its conflict instead; what was given to another
    /// clinic, and what is of the same person, is the whole chart.
    pub fn entry(&self) -> Option<EntryRef> {
        let (kind, id) = match self {
            Self::RecordPatient(patient) => (EntryKind::Patient, patient.id.uuid()),
            Self::RecordAllergy(allergy) => (EntryKind::Allergy, allergy.id.uuid()),
            Self::RecordCondition(condition) => (EntryKind::Condition, condition.id.uuid()),
            Self::RecordEncounter(encounter) => (EntryKind::Encounter, encounter.id.uuid()),
            Self::RecordMedication(medication) => (EntryKind::Medication, medication.id.uuid()),
            Self::RecordObservation(observation) => (EntryKind::Observation, observation.id.uuid()),
            Self::RecordComposition(note) => (EntryKind::Composition, note.id.uuid()),
            Self::RecordDocument(document, _) => (EntryKind::Document, document.id.uuid()),
            Self::KeepSource(source) => (EntryKind::Source, source.id),
            Self::RaiseTask(task) => (EntryKind::Task, task.id.uuid()),
            Self::SettleTask { task, .. } => (EntryKind::Task, task.uuid()),
            Self::Withdraw(entry) | Self::PutBack { entry, .. } | Self::Explain { entry, .. } => {
                return Some(*entry);
            }
            Self::RecordSharing(_)
            | Self::TellSharing { .. }
            | Self::RecordLink(_)
            | Self::EndLink(_)
            | Self::Decide { .. } => return None,
        };
        Some(EntryRef::new(kind, id))
    }
}
