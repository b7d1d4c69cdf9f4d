//! Edits, written into the document.

use super::{
    ChartEdit, conflict,
    field::{
        self, ABOUT, ADDRESS, CODE_STATUS, ConditionAbout, ConditionState, DECEASED,
        EncounterAbout, EncounterState, IDENTITY, ORDER, STATUS, TELECOM, TaskState, VALUE,
        WITHDRAWN,
    },
};
use crate::{DocumentChange, EditError, Touched, document::Document};
use clinical::{
    AllergyIntolerance, Condition, Conflict, Encounter, EntryKind, EntryRef, MedicationRequest,
    Patient, PatientId, Source, Stamp, Task,
};
use serde::Serialize;
use std::collections::BTreeSet;

/// Makes `edits` as one change, or none at all.
pub(super) fn apply(
    document: &mut Document,
    patient: PatientId,
    edits: &[ChartEdit],
    stamp: Stamp,
) -> Result<DocumentChange, EditError> {
    if document.is_newer() {
        return Err(EditError::NewerSchema);
    }
    // Who wrote a version is looked up before anything is written: a look at the history ends
    // the change that is being made.
    let decides = edits.iter().any(|edit| matches!(edit, ChartEdit::Decide { .. }));
    let conflicts = if decides { conflict::all(document, patient) } else { Vec::new() };
    let mut edit = Edit { document, patient, conflicts, touched: BTreeSet::new() };
    match edits.iter().try_for_each(|one| edit.apply(one)) {
        Ok(()) => {
            let touched = Touched::Entries(edit.touched.into_iter().collect());
            Ok(document.commit(stamp, touched))
        }
        Err(error) => {
            document.rollback();
            Err(error)
        }
    }
}

/// Whether this very original is kept already.
pub(super) fn keeps(document: &Document, source: &Source) -> bool {
    let key = field::key(EntryKind::Source, source.id, VALUE);
    let present = document.get(field::section(EntryKind::Source), &key);
    present.is_some_and(|present| present.bytes == field::encode(source))
}

struct Edit<'a> {
    document: &'a mut Document,
    patient: PatientId,
    conflicts: Vec<Conflict>,
    touched: BTreeSet<EntryRef>,
}

impl Edit<'_> {
    fn apply(&mut self, edit: &ChartEdit) -> Result<(), EditError> {
        match edit {
            ChartEdit::RecordPatient(patient) => self.patient(patient),
            ChartEdit::RecordAllergy(allergy) => self.allergy(allergy),
            ChartEdit::RecordCondition(condition) => self.condition(condition),
            ChartEdit::RecordEncounter(encounter) => self.encounter(encounter),
            ChartEdit::RecordMedication(medication) => self.medication(medication),
            ChartEdit::RecordObservation(observation) => {
                self.fact(EntryRef::new(EntryKind::Observation, observation.id.uuid()), observation)
            }
            ChartEdit::RecordComposition(note) => {
                self.fact(EntryRef::new(EntryKind::Composition, note.id.uuid()), note)
            }
            ChartEdit::KeepSource(source) => {
                self.put(EntryRef::new(EntryKind::Source, source.id), VALUE, source)
            }
            ChartEdit::RaiseTask(task) => self.raise(task),
            ChartEdit::SettleTask { task, status, outcome } => {
                let entry = EntryRef::new(EntryKind::Task, task.uuid());
                self.must_exist(entry, VALUE)?;
                let outcome = (!outcome.is_empty()).then(|| outcome.clone());
                self.put(entry, STATUS, &TaskState { status: *status, outcome })
            }
            ChartEdit::Withdraw(entry) => self.withdraw(*entry),
            ChartEdit::Decide { conflict, change } => self.decide(conflict, change),
        }
    }

    fn patient(&mut self, patient: &Patient) -> Result<(), EditError> {
        let entry = EntryRef::new(EntryKind::Patient, self.patient.uuid());
        self.put_decided(entry, IDENTITY, &patient.identity)?;
        self.put_present(entry, TELECOM, &patient.telecom, patient.telecom.is_empty())?;
        self.put_present(entry, ADDRESS, &patient.address, patient.address.is_empty())?;
        self.put_present(entry, DECEASED, &patient.deceased, patient.deceased.is_none())?;
        let none = patient.code_status.is_none();
        if none && self.get(entry, CODE_STATUS).is_none() {
            return Ok(());
        }
        self.put_decided(entry, CODE_STATUS, &patient.code_status)
    }

    fn allergy(&mut self, allergy: &AllergyIntolerance) -> Result<(), EditError> {
        let entry = EntryRef::new(EntryKind::Allergy, allergy.id.uuid());
        self.put_decided(entry, VALUE, allergy)
    }

    fn condition(&mut self, condition: &Condition) -> Result<(), EditError> {
        let entry = EntryRef::new(EntryKind::Condition, condition.id.uuid());
        let state = ConditionState {
            code: condition.code.clone(),
            clinical_status: condition.clinical_status,
            verification_status: condition.verification_status,
        };
        let about = ConditionAbout {
            onset: condition.onset.clone(),
            abatement: condition.abatement.clone(),
            encounter: condition.encounter,
            note: condition.note.clone(),
        };
        self.put(entry, VALUE, &state)?;
        self.put_present(entry, ABOUT, &about, about == ConditionAbout::default())
    }

    fn encounter(&mut self, encounter: &Encounter) -> Result<(), EditError> {
        let entry = EntryRef::new(EntryKind::Encounter, encounter.id.uuid());
        self.put(entry, VALUE, &EncounterAbout::of(encounter))?;
        self.put(entry, STATUS, &EncounterState::of(encounter))
    }

    fn medication(&mut self, medication: &MedicationRequest) -> Result<(), EditError> {
        let entry = EntryRef::new(EntryKind::Medication, medication.id.uuid());
        self.put_decided(entry, ORDER, &medication.order)?;
        self.put(entry, ABOUT, &medication.about)
    }

    fn raise(&mut self, task: &Task) -> Result<(), EditError> {
        let entry = EntryRef::new(EntryKind::Task, task.id.uuid());
        let state = TaskState { status: task.status, outcome: task.outcome.clone() };
        // The status is a value of its own: raising is the same everywhere, closing is not.
        let raised =
            Task { status: clinical::TaskStatus::Requested, outcome: None, ..task.clone() };
        self.put(entry, VALUE, &raised)?;
        self.put(entry, STATUS, &state)
    }

    fn withdraw(&mut self, entry: EntryRef) -> Result<(), EditError> {
        self.must_exist(entry, VALUE)?;
        let key = format!("{}/{}", entry.kind.word(), entry.id.simple());
        self.document.put(WITHDRAWN, &key, b"true")?;
        self.touched.insert(entry);
        Ok(())
    }

    fn decide(&mut self, id: &str, change: &str) -> Result<(), EditError> {
        let conflict = self.conflicts.iter().find(|conflict| conflict.id == id);
        let Conflict { entry, field, versions, .. } = conflict.ok_or(EditError::UnknownConflict)?;
        let chosen = versions.iter().find(|version| version.change == change);
        let value = conflict::encode(&chosen.ok_or(EditError::UnknownVersion)?.value);
        let key = field::key(entry.kind, entry.id, field);
        self.document.put_over(field::section(entry.kind), &key, &value)?;
        self.touched.insert(*entry);
        Ok(())
    }

    /// A fact is written once.
    fn fact(&mut self, entry: EntryRef, value: &impl Serialize) -> Result<(), EditError> {
        match self.get(entry, VALUE) {
            Some(present) if present != field::encode(value) => Err(EditError::Immutable(entry)),
            Some(_) => Ok(()),
            None => self.put(entry, VALUE, value),
        }
    }

    /// A value that clinicians decide on is not written over while it is disputed.
    fn put_decided(
        &mut self,
        entry: EntryRef,
        field: &str,
        value: &impl Serialize,
    ) -> Result<(), EditError> {
        let key = field::key(entry.kind, entry.id, field);
        if self.document.is_disputed(field::section(entry.kind), &key) {
            return Err(EditError::Disputed(Conflict::id_of(entry, field)));
        }
        self.put(entry, field, value)
    }

    /// A field that is left out as long as it has never held anything.
    fn put_present(
        &mut self,
        entry: EntryRef,
        field: &str,
        value: &impl Serialize,
        empty: bool,
    ) -> Result<(), EditError> {
        if empty && self.get(entry, field).is_none() {
            return Ok(());
        }
        self.put(entry, field, value)
    }

    fn put(
        &mut self,
        entry: EntryRef,
        field: &str,
        value: &impl Serialize,
    ) -> Result<(), EditError> {
        let key = field::key(entry.kind, entry.id, field);
        if self.document.put(field::section(entry.kind), &key, &field::encode(value))? {
            self.touched.insert(entry);
        }
        Ok(())
    }

    fn get(&self, entry: EntryRef, field: &str) -> Option<Vec<u8>> {
        let key = field::key(entry.kind, entry.id, field);
        self.document.get(field::section(entry.kind), &key).map(|present| present.bytes)
    }

    fn must_exist(&self, entry: EntryRef, field: &str) -> Result<(), EditError> {
        self.get(entry, field).map(|_| ()).ok_or(EditError::UnknownEntry(entry))
    }
}
