//! Edits, written into the document.

use super::{
    ChartEdit,
    apart::{self, Apart},
    conflict::{self, Disputed},
    field::{
        self, ABOUT, ADDRESS, CODE_STATUS, CONTACT, ConditionAbout, ConditionState, DECEASED,
        DOCUMENTS, ENDED, IDENTITY, KEY, LINKS, ORDER, SHARED, STATUS, TELECOM, TaskState, VALUE,
        WITHDRAWN,
    },
    past::{self, Past, Value},
};
use crate::{BlobKey, DocumentChange, EditError, Touched, document::Document, source};
use clinical::{
    AllergyIntolerance, ClinicId, Condition, Conflict, DocumentReference, Encounter,
    EncounterState, EncounterStatus, EntryKind, EntryRef, MedicationOrder, MedicationRequest,
    MedicationStatus, NamedClinic, Patient, PatientId, PatientLink, PatientLinkId, Sharing,
    SharingId, Source, Stamp, Task, VerificationStatus,
};
use serde::{Serialize, de::DeserializeOwned};
use std::collections::{BTreeMap, BTreeSet};

/// Makes all of `edits`, as one change or as several where one would be too large to travel, or
/// none of them.
pub(super) fn apply(
    document: &mut Document,
    patient: PatientId,
    edits: &[ChartEdit],
    stamp: Stamp,
) -> Result<DocumentChange, EditError> {
    if document.is_newer() {
        return Err(EditError::NewerSchema);
    }
    // Who wrote a version, and why, is looked up before anything is written: a look at the history
    // ends the change that is being made.
    let decides = edits.iter().any(|edit| matches!(edit, ChartEdit::Decide { .. }));
    let disputed = if decides { conflict::all(document, patient) } else { Vec::new() };
    let with_whys = |disputed: Disputed| (disputed.whys(document), disputed);
    let disputed = disputed.into_iter().map(with_whys).collect();
    let explained = edits.iter().filter_map(explained).collect();
    let apart = visits_apart(document, edits);
    let past = past::of(document, edits)?;
    if edits.iter().any(|edit| matches!(edit, ChartEdit::RecordDocument(..))) {
        document.begin_section(DOCUMENTS)?;
    }
    if edits.iter().any(is_sharing) {
        document.begin_section(SHARED)?;
    }
    if edits.iter().any(|edit| matches!(edit, ChartEdit::RecordLink(_))) {
        document.begin_section(LINKS)?;
    }
    let touched = BTreeSet::new();
    let mut edit = Edit { document, patient, disputed, explained, apart, past, stamp, touched };
    let mut make = |one| {
        edit.apply(one)?;
        edit.document.cut(stamp);
        Ok(())
    };
    match edits.iter().try_for_each(&mut make) {
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

const fn is_sharing(edit: &ChartEdit) -> bool {
    matches!(edit, ChartEdit::RecordSharing(_) | ChartEdit::TellSharing { .. })
}

/// The entry that an edit says why of.
const fn explained(edit: &ChartEdit) -> Option<EntryRef> {
    let ChartEdit::Explain { entry, .. } = edit else { return None };
    Some(*entry)
}

/// What was written apart of the visits that are about to be written, by key.
fn visits_apart(document: &mut Document, edits: &[ChartEdit]) -> BTreeMap<String, Apart> {
    let visits = edits.iter().filter_map(|edit| {
        let entry = edit.entry().filter(|entry| entry.kind == EntryKind::Encounter)?;
        (!matches!(edit, ChartEdit::Explain { .. })).then_some(entry.id)
    });
    let keys = visits
        .flat_map(|id| [VALUE, STATUS].map(|name| field::key(EntryKind::Encounter, id, name)));
    keys.filter_map(|key| apart::of(document, &key).map(|apart| (key, apart))).collect()
}

/// Whether this very original is kept already.
pub(super) fn keeps(document: &Document, source: &Source) -> bool {
    source::keeps(document, source)
}

struct Edit<'a> {
    document: &'a mut Document,
    patient: PatientId,
    /// With why each of the versions was written.
    disputed: Vec<(Vec<Option<Vec<u8>>>, Disputed)>,
    /// The entries whose why the edits say themselves.
    explained: BTreeSet<EntryRef>,
    apart: BTreeMap<String, Apart>,
    past: BTreeMap<EntryRef, Past>,
    stamp: Stamp,
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
            ChartEdit::RecordDocument(document, key) => self.document(document, key),
            ChartEdit::RecordSharing(sharing) => self.share(sharing),
            ChartEdit::TellSharing { sharing, to, by } => self.tell(*sharing, *to, by),
            ChartEdit::RecordLink(link) => self.link(link),
            ChartEdit::EndLink(link) => self.end_link(*link),
            ChartEdit::KeepSource(source) => self.keep(source),
            ChartEdit::RaiseTask(task) => self.raise(task),
            ChartEdit::SettleTask { task, status, outcome } => {
                let entry = EntryRef::new(EntryKind::Task, task.uuid());
                self.must_exist(entry, VALUE)?;
                let outcome = (!outcome.is_empty()).then(|| outcome.clone());
                let task: Option<Task> = self.get(entry, VALUE).and_then(|raw| field::decode(&raw));
                let tier = task.map(|task| task.tier);
                self.put(entry, STATUS, &TaskState { status: *status, outcome, tier })
            }
            ChartEdit::Withdraw(entry) => self.withdraw(*entry),
            ChartEdit::PutBack { entry, .. } => self.put_back(*entry),
            ChartEdit::Explain { entry, reason } => self.explain(*entry, reason),
            ChartEdit::Decide { conflict, change } => self.decide(conflict, change),
        }
    }

    fn patient(&mut self, patient: &Patient) -> Result<(), EditError> {
        let entry = EntryRef::new(EntryKind::Patient, self.patient.uuid());
        self.put_decided(entry, IDENTITY, &patient.identity)?;
        self.put_together(entry, TELECOM, &patient.telecom)?;
        self.put_together(entry, ADDRESS, &patient.address)?;
        self.put_together(entry, CONTACT, &patient.contact)?;
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
        self.put_apart(entry, VALUE, &encounter.about())?;
        self.put_apart(entry, STATUS, &encounter.state())
    }

    /// A value of a visit: where it was written apart, what is read of it is what it is held against,
    /// and nothing is written while it is the same. What is written over it stands for all of it.
    fn put_apart<T: Serialize + DeserializeOwned + PartialEq>(
        &mut self,
        entry: EntryRef,
        field: &str,
        value: &T,
    ) -> Result<(), EditError> {
        let key = field::key(entry.kind, entry.id, field);
        let Some(apart) = self.apart.get(&key) else { return self.put(entry, field, value) };
        if field::decode::<T>(&apart.shown.bytes).as_ref() == Some(value) {
            return Ok(());
        }
        if !apart.sides.is_empty() {
            return Err(EditError::Disputed(Conflict::id_of(entry, field)));
        }
        self.document.put_over(field::section(entry.kind), &key, &field::encode(value))?;
        self.apart.remove(&key);
        self.touched.insert(entry);
        Ok(())
    }

    fn medication(&mut self, medication: &MedicationRequest) -> Result<(), EditError> {
        let entry = EntryRef::new(EntryKind::Medication, medication.id.uuid());
        self.put_decided(entry, ORDER, &medication.order)?;
        self.put(entry, ABOUT, &medication.about)
    }

    fn document(&mut self, is: &DocumentReference, key: &BlobKey) -> Result<(), EditError> {
        let entry = EntryRef::new(EntryKind::Document, is.id.uuid());
        self.fact(entry, is)?;
        self.document.put(DOCUMENTS, &field::key(entry.kind, entry.id, KEY), &key.0).map(drop)
    }

    fn link(&mut self, link: &PatientLink) -> Result<(), EditError> {
        let key = link.id.uuid().simple().to_string();
        self.document.put(
            LINKS,
            &key,
            &field::encode(&PatientLink { ended: None, ..link.clone() }),
        )?;
        self.touched.insert(EntryRef::new(EntryKind::Patient, self.patient.uuid()));
        Ok(())
    }

    /// Whoever ended it first stays.
    fn end_link(&mut self, link: PatientLinkId) -> Result<(), EditError> {
        let patient = EntryRef::new(EntryKind::Patient, self.patient.uuid());
        let key = link.uuid().simple().to_string();
        if self.document.get(LINKS, &key).is_none() {
            return Err(EditError::UnknownEntry(patient));
        }
        let ended = format!("{key}/{ENDED}");
        if self.document.get(LINKS, &ended).is_none() {
            self.document.put(LINKS, &ended, &field::encode(&self.stamp))?;
            self.touched.insert(patient);
        }
        Ok(())
    }

    fn share(&mut self, sharing: &Sharing) -> Result<(), EditError> {
        let key = sharing.id.uuid().simple().to_string();
        self.document.put(SHARED, &key, &field::encode(sharing))?;
        self.touched.insert(EntryRef::new(EntryKind::Patient, self.patient.uuid()));
        Ok(())
    }

    /// Each clinic writes under a key of its own, so that none disputes what another noted.
    fn tell(
        &mut self,
        sharing: SharingId,
        to: ClinicId,
        by: &NamedClinic,
    ) -> Result<(), EditError> {
        let key = field::told(sharing, to);
        if self.document.put(SHARED, &key, &field::encode(by))? {
            self.touched.insert(EntryRef::new(EntryKind::Patient, self.patient.uuid()));
        }
        Ok(())
    }

    fn raise(&mut self, task: &Task) -> Result<(), EditError> {
        let entry = EntryRef::new(EntryKind::Task, task.id.uuid());
        let (status, outcome, tier) = (task.status, task.outcome.clone(), task.settled_tier);
        let state = TaskState { status, outcome, tier };
        // The status is a value of its own: raising is the same everywhere, closing is not.
        let status = clinical::TaskStatus::Requested;
        let raised = Task { status, outcome: None, settled_tier: None, ..task.clone() };
        // A newer version has raised it; refusing here would keep the other tasks from being
        // raised.
        if self.is_newer::<Task>(entry, VALUE) || self.is_newer::<TaskState>(entry, STATUS) {
            return Ok(());
        }
        self.put(entry, VALUE, &raised)?;
        self.put(entry, STATUS, &state)
    }

    fn keep(&mut self, source: &Source) -> Result<(), EditError> {
        if source::keep(self.document, source, self.stamp)? {
            self.touched.insert(EntryRef::new(EntryKind::Source, source.id));
        }
        Ok(())
    }

    fn withdraw(&mut self, entry: EntryRef) -> Result<(), EditError> {
        use VerificationStatus::EnteredInError;
        match entry.kind {
            EntryKind::Allergy => {
                let allergy: AllergyIntolerance = self.present(entry, VALUE)?;
                let mistake = AllergyIntolerance { verification_status: EnteredInError, ..allergy };
                self.put_decided(entry, VALUE, &mistake)
            }
            EntryKind::Condition => {
                let state: ConditionState = self.present(entry, VALUE)?;
                let mistake = ConditionState { verification_status: EnteredInError, ..state };
                self.put(entry, VALUE, &mistake)
            }
            EntryKind::Encounter => {
                let apart = self.apart.get(&field::key(entry.kind, entry.id, STATUS));
                let shown = apart.and_then(|apart| field::decode(&apart.shown.bytes));
                let state: EncounterState =
                    shown.map_or_else(|| self.present(entry, STATUS), Ok)?;
                let mistake = EncounterState { status: EncounterStatus::EnteredInError, ..state };
                self.put_apart(entry, STATUS, &mistake)
            }
            EntryKind::Medication => {
                let order: MedicationOrder = self.present(entry, ORDER)?;
                let mistake = MedicationOrder { status: MedicationStatus::EnteredInError, ..order };
                self.put_decided(entry, ORDER, &mistake)
            }
            EntryKind::Observation | EntryKind::Composition | EntryKind::Document => {
                self.mark(entry)
            }
            EntryKind::Patient | EntryKind::Task | EntryKind::Source => {
                Err(EditError::UnknownEntry(entry))
            }
        }
    }

    fn put_back(&mut self, entry: EntryRef) -> Result<(), EditError> {
        let past = self.past.remove(&entry).ok_or(EditError::UnknownEntry(entry))?;
        let Past::Values(values) = past else { return self.withdraw(entry) };
        for Value { section, key, bytes } in values {
            if self.document.put(section, &key, &bytes)? {
                self.touched.insert(entry);
            }
        }
        Ok(())
    }

    fn mark(&mut self, entry: EntryRef) -> Result<(), EditError> {
        self.must_exist(entry, VALUE)?;
        self.document.put(WITHDRAWN, &field::mark(entry), b"true")?;
        self.touched.insert(entry);
        Ok(())
    }

    fn explain(&mut self, entry: EntryRef, reason: &str) -> Result<(), EditError> {
        self.must_exist(entry, if entry.kind == EntryKind::Medication { ORDER } else { VALUE })?;
        if self.document.put(WITHDRAWN, &field::why(entry), &field::encode(&reason))? {
            self.touched.insert(entry);
        }
        Ok(())
    }

    /// The version that holds is written again byte for byte, also one that cannot be read here, and
    /// with it why it was written.
    fn decide(&mut self, id: &str, change: &str) -> Result<(), EditError> {
        let disputed = self.disputed.iter().find(|(_, disputed)| disputed.conflict.id == id);
        let (whys, disputed) = disputed.ok_or(EditError::UnknownConflict)?;
        let (at, chosen) = disputed.written_by(change).ok_or(EditError::UnknownVersion)?;
        if chosen.bytes.is_empty() {
            return Err(EditError::NewerSchema);
        }
        let Conflict { entry, field, .. } = &disputed.conflict;
        let key = field::key(entry.kind, entry.id, field);
        self.document.put_over(field::section(entry.kind), &key, &chosen.bytes)?;
        self.touched.insert(*entry);
        if !field::is_explained(entry.kind, field) || self.explained.contains(entry) {
            return Ok(());
        }
        let (entry, why) = (*entry, whys.get(at).cloned().flatten());
        self.explain_again(entry, why)
    }

    /// Says again why the version that holds was written, and of one of which nobody said why takes back
    /// what was said of another.
    fn explain_again(&mut self, entry: EntryRef, why: Option<Vec<u8>>) -> Result<(), EditError> {
        let key = field::why(entry);
        let stands = self.document.get(WITHDRAWN, &key);
        let is_silent = stands.is_none_or(|present| field::is_silent(&present.bytes))
            && !self.document.is_disputed(WITHDRAWN, &key);
        if why.is_none() && is_silent {
            return Ok(());
        }
        let why = why.unwrap_or_else(|| field::encode(&""));
        self.document.put_over(WITHDRAWN, &key, &why)
    }

    /// A fact is written once.
    fn fact<T: Serialize + DeserializeOwned>(
        &mut self,
        entry: EntryRef,
        value: &T,
    ) -> Result<(), EditError> {
        match self.get(entry, VALUE) {
            Some(present) if present != field::encode(value) => Err(EditError::Immutable(entry)),
            Some(_) => Ok(()),
            None => self.put(entry, VALUE, value),
        }
    }

    /// A value that clinicians decide on is not written over while it is disputed.
    fn put_decided<T: Serialize + DeserializeOwned>(
        &mut self,
        entry: EntryRef,
        field: &str,
        value: &T,
    ) -> Result<(), EditError> {
        let key = field::key(entry.kind, entry.id, field);
        if self.document.is_disputed(field::section(entry.kind), &key) {
            return Err(EditError::Disputed(Conflict::id_of(entry, field)));
        }
        self.put(entry, field, value)
    }

    /// A field that is left out as long as it has never held anything.
    fn put_present<T: Serialize + DeserializeOwned>(
        &mut self,
        entry: EntryRef,
        field: &str,
        value: &T,
        empty: bool,
    ) -> Result<(), EditError> {
        if empty && self.get(entry, field).is_none() {
            return Ok(());
        }
        self.put(entry, field, value)
    }

    /// A list of which all that was written apart is read: whoever writes it has seen all of it.
    fn put_together<T: Serialize + DeserializeOwned>(
        &mut self,
        entry: EntryRef,
        field: &str,
        value: &Vec<T>,
    ) -> Result<(), EditError> {
        let key = field::key(entry.kind, entry.id, field);
        let section = field::section(entry.kind);
        if !self.document.is_disputed(section, &key) {
            return self.put_present(entry, field, value, value.is_empty());
        }
        if self.is_newer::<Vec<T>>(entry, field) {
            return Err(EditError::NewerSchema);
        }
        self.document.put_over(section, &key, &field::encode(value))?;
        self.touched.insert(entry);
        Ok(())
    }

    /// What a newer version has written is not written over: it is not known what would be lost.
    fn put<T: Serialize + DeserializeOwned>(
        &mut self,
        entry: EntryRef,
        field: &str,
        value: &T,
    ) -> Result<(), EditError> {
        if self.is_newer::<T>(entry, field) {
            return Err(EditError::NewerSchema);
        }
        let key = field::key(entry.kind, entry.id, field);
        if self.document.put(field::section(entry.kind), &key, &field::encode(value))? {
            self.touched.insert(entry);
        }
        Ok(())
    }

    /// Whether a value stands there that is no `T`.
    fn is_newer<T: DeserializeOwned>(&self, entry: EntryRef, field: &str) -> bool {
        self.get(entry, field).is_some_and(|present| field::decode::<T>(&present).is_none())
    }

    fn get(&self, entry: EntryRef, field: &str) -> Option<Vec<u8>> {
        let key = field::key(entry.kind, entry.id, field);
        self.document.get(field::section(entry.kind), &key).map(|present| present.bytes)
    }

    fn must_exist(&self, entry: EntryRef, field: &str) -> Result<(), EditError> {
        self.get(entry, field).map(|_| ()).ok_or(EditError::UnknownEntry(entry))
    }

    /// What stands there, where this version can read it.
    fn present<T: DeserializeOwned>(&self, entry: EntryRef, field: &str) -> Result<T, EditError> {
        let present = self.get(entry, field).ok_or(EditError::UnknownEntry(entry))?;
        field::decode(&present).ok_or(EditError::NewerSchema)
    }
}
