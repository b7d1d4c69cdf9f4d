//! The whole chart, read out of the document.

use super::{
    apart,
    conflict::{self, Disputed},
    field::{
        self, ABOUT, ADDRESS, CODE_STATUS, CONTACT, ConditionAbout, ConditionState, DECEASED,
        DeceasedField, ENDED, IDENTITY, LINKS, ORDER, SHARED, STATUS, TELECOM, TaskState, VALUE,
        WITHDRAWN,
    },
};
use crate::{
    document::{Document, Item, Written},
    source,
};
use clinical::{
    Chart, ClinicId, Condition, ConditionId, Encounter, EncounterId, EntryKind, EntryRef,
    MedicationAbout, MedicationId, MedicationIntent, MedicationRequest, Patient, PatientId,
    PatientLink, Sharing, SharingTold, Source, Stamp, StatusReason, Task, TaskStatus,
    VerificationStatus,
};
use serde::de::DeserializeOwned;
use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
};
use uuid::Uuid;

/// Every kind of entry there can be many of.
const MANY: [EntryKind; 9] = [
    EntryKind::Allergy,
    EntryKind::Condition,
    EntryKind::Encounter,
    EntryKind::Medication,
    EntryKind::Observation,
    EntryKind::Composition,
    EntryKind::Task,
    EntryKind::Source,
    EntryKind::Document,
];

/// Reads everything. What cannot be read, wholly or in part, is named in `unreadable`; it never
/// hides the rest.
pub(super) fn read(document: &mut Document, patient: PatientId) -> Chart {
    let mut reading = Reading::new(document, patient);
    reading.patient(patient);
    MANY.into_iter().for_each(|kind| reading.kind(kind, None));
    reading.withdrawn();
    reading.shared(patient);
    reading.links(patient);
    let mut chart = reading.end();
    chart.stamps.sort_unstable_by_key(|(entry, _)| *entry);
    chart.unreadable.sort_unstable();
    chart
}

/// Reads some entries only, and everything that is told of the whole chart.
pub(super) fn read_entries(
    document: &mut Document,
    patient: PatientId,
    entries: &[EntryRef],
) -> Chart {
    let mut reading = Reading::new(document, patient);
    for entry in entries {
        if entry.kind == EntryKind::Patient {
            reading.patient(patient);
        } else {
            reading.kind(entry.kind, Some(entry.id));
        }
    }
    reading.withdrawn();
    if entries.iter().any(|entry| entry.kind == EntryKind::Patient) {
        reading.shared(patient);
        reading.links(patient);
    }
    reading.end()
}

struct Reading<'a> {
    document: &'a mut Document,
    disputed: Vec<Disputed>,
    chart: Chart,
}

/// The fields of one entry.
#[derive(Default)]
struct Fields {
    written: BTreeMap<String, Written>,
    /// A field that is there could not be read.
    unread: Cell<bool>,
}

impl Fields {
    fn value<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let value = field::decode(&self.written.get(name)?.bytes);
        if value.is_none() {
            self.unread.set(true);
        }
        value
    }

    /// Which of several values shows is arbitrary: one that can be read, where there is one.
    fn show_readable(&mut self, disputed: &Disputed) {
        let Some(shown) = self.written.get_mut(&disputed.conflict.field) else { return };
        if let (true, Some(readable)) = (disputed.is_unreadable(shown), disputed.readable()) {
            *shown = readable.clone();
        }
    }

    /// The last stamp of any field.
    fn stamp(&self) -> Option<Stamp> {
        self.written.values().map(|written| written.stamp).max_by_key(|stamp| stamp.at)
    }
}

impl<'a> Reading<'a> {
    fn new(document: &'a mut Document, patient: PatientId) -> Self {
        let disputed = conflict::all(document, patient);
        Self { document, disputed, chart: Chart::default() }
    }

    fn end(self) -> Chart {
        let conflicts = self.disputed.into_iter().map(|disputed| disputed.conflict).collect();
        Chart { conflicts, ..self.chart }
    }

    fn patient(&mut self, id: PatientId) {
        let items = self.document.items(field::section(EntryKind::Patient));
        let mut fields = Fields::default();
        let apart: BTreeSet<String> =
            items.iter().filter(|item| item.disputed).map(|item| item.key.clone()).collect();
        fields.written.extend(items.into_iter().map(|item| (item.key, item.written)));
        let entry = EntryRef::new(EntryKind::Patient, id.uuid());
        let of_patient = |disputed: &&Disputed| disputed.conflict.entry == entry;
        self.disputed.iter().filter(of_patient).for_each(|one| fields.show_readable(one));
        self.chart.stamps.extend(fields.stamp().map(|stamp| (entry, stamp)));
        let telecom = self.together(&fields, &apart, TELECOM);
        let address = self.together(&fields, &apart, ADDRESS);
        let contact = self.together(&fields, &apart, CONTACT);
        self.chart.patient = fields.value(IDENTITY).map(|identity| Patient {
            id,
            identity,
            telecom,
            address,
            contact,
            deceased: fields.value::<DeceasedField>(DECEASED).flatten(),
            code_status: fields.value::<Option<_>>(CODE_STATUS).flatten(),
        });
        let nobody = self.chart.patient.is_none() && !fields.written.is_empty();
        if nobody || fields.unread.get() {
            self.chart.unreadable.push(entry);
        }
    }

    /// A list of the patient's that may have been written apart: then all that stands in any of its
    /// values, the last written first, until somebody writes it again. Which telephone is right no
    /// computer knows, and none is lost by that.
    fn together<T: DeserializeOwned + PartialEq>(
        &mut self,
        fields: &Fields,
        apart: &BTreeSet<String>,
        name: &str,
    ) -> Vec<T> {
        if !apart.contains(name) {
            return fields.value(name).unwrap_or_default();
        }
        let mut all: Vec<T> = Vec::new();
        for written in self.document.versions(field::section(EntryKind::Patient), name).iter().rev()
        {
            let Some(values) = field::decode::<Vec<T>>(&written.bytes) else {
                fields.unread.set(true);
                continue;
            };
            for value in values {
                if !all.contains(&value) {
                    all.push(value);
                }
            }
        }
        all
    }

    /// Reads the entries of a kind, or only one of them.
    fn kind(&mut self, kind: EntryKind, only: Option<Uuid>) {
        let fields = self.fields(kind, only);
        let chart = &mut self.chart;
        let told = &mut Told { kind, stamps: &mut chart.stamps, unreadable: &mut chart.unreadable };
        match kind {
            // There is one, and it is read by itself.
            EntryKind::Patient => {}
            EntryKind::Allergy => told.read(&fields, &mut chart.allergies, value),
            EntryKind::Condition => told.read(&fields, &mut chart.conditions, condition),
            EntryKind::Encounter => told.read(&fields, &mut chart.encounters, encounter),
            EntryKind::Medication => told.read(&fields, &mut chart.medications, medication),
            EntryKind::Observation => told.read(&fields, &mut chart.observations, value),
            EntryKind::Composition => told.read(&fields, &mut chart.compositions, value),
            EntryKind::Task => told.read(&fields, &mut chart.tasks, task),
            EntryKind::Source => told.read(&whole(fields), &mut chart.sources, original),
            EntryKind::Document => told.read(&whole(fields), &mut chart.documents, value),
        }
    }

    fn fields(&mut self, kind: EntryKind, only: Option<Uuid>) -> BTreeMap<Uuid, Fields> {
        let section = field::section(kind);
        let items = match only {
            Some(id) => self.document.items_of(section, &field::key(kind, id, VALUE)),
            None => self.document.items(section),
        };
        let mut entries: BTreeMap<Uuid, Fields> = BTreeMap::new();
        for item in items {
            if let Some((id, name)) = field::parse(&item.key) {
                let apart = item.disputed.then(|| self.of_several(kind, name, &item.key)).flatten();
                let fields = entries.entry(id).or_default();
                fields.written.insert(name.to_owned(), apart.unwrap_or(item.written));
            }
        }
        for disputed in self.disputed.iter().filter(|one| one.conflict.entry.kind == kind) {
            if let Some(fields) = entries.get_mut(&disputed.conflict.entry.id) {
                fields.show_readable(disputed);
            }
        }
        entries
    }

    /// Of several values that came about apart: the one that holds, where which one it is does not
    /// depend on chance. What somebody marked as a mistake stays one, whatever others who did not
    /// know changed meanwhile.
    fn of_several(&mut self, kind: EntryKind, name: &str, key: &str) -> Option<Written> {
        match kind {
            EntryKind::Task if name == STATUS => self.settled(key),
            EntryKind::Condition if name == VALUE => {
                self.mistaken(kind, key, |state: &ConditionState| {
                    state.verification_status == VerificationStatus::EnteredInError
                })
            }
            EntryKind::Encounter => apart::of(self.document, key).map(|apart| apart.shown),
            EntryKind::Patient
            | EntryKind::Allergy
            | EntryKind::Condition
            | EntryKind::Medication
            | EntryKind::Observation
            | EntryKind::Composition
            | EntryKind::Task
            | EntryKind::Source
            | EntryKind::Document => None,
        }
    }

    fn mistaken<T: DeserializeOwned>(
        &mut self,
        kind: EntryKind,
        key: &str,
        is_mistake: impl Fn(&T) -> bool,
    ) -> Option<Written> {
        let mut versions = self.document.versions(field::section(kind), key).into_iter();
        versions
            .find(|written| field::decode(&written.bytes).is_some_and(|state| is_mistake(&state)))
    }

    /// Of several states of a task that came about apart: what a person settled, at the loudest
    /// tier, before what waits, before what needs nobody any more. Whether what was settled is
    /// enough is for the rules.
    fn settled(&mut self, key: &str) -> Option<Written> {
        let versions = self.document.versions(field::section(EntryKind::Task), key);
        let states = versions.into_iter().filter_map(|written| {
            let state: TaskState = field::decode(&written.bytes)?;
            let weight = match state.status {
                TaskStatus::Completed => 0,
                TaskStatus::Requested => 1,
                TaskStatus::Cancelled => 2,
            };
            Some(((weight, state.tier.is_none(), state.tier), written))
        });
        states.min_by_key(|(order, _)| *order).map(|(_, written)| written)
    }

    /// When it passed from one clinic to another. What a newer version wrote so is told as something
    /// of who the patient is.
    fn shared(&mut self, patient: PatientId) {
        let mut told: BTreeMap<Uuid, Vec<SharingTold>> = BTreeMap::new();
        let mut is_unread = false;
        for item in self.document.items(SHARED) {
            let bytes = &item.written.bytes;
            if let Some((id, to)) = item.key.split_once('/') {
                let (id, to, by) = (id.parse().ok(), to.parse().ok(), field::decode(bytes));
                match (id, to, by) {
                    (Some(id), Some(to), Some(by)) => {
                        let to = ClinicId::from_uuid(to);
                        told.entry(id).or_default().push(SharingTold { to, by });
                    }
                    (_, _, _) => is_unread = true,
                }
                continue;
            }
            match field::decode::<Sharing>(bytes) {
                // Who told it is noted beside it, and by nobody who wrote it.
                Some(sharing) if item.key == sharing.id.uuid().simple().to_string() => {
                    self.chart.shared.push(Sharing { told: Vec::new(), ..sharing });
                }
                // Under another key it may be there twice, which no list of them can hold.
                Some(_) | None => is_unread = true,
            }
        }
        if is_unread {
            self.patient_unreadable(patient);
        }
        for sharing in &mut self.chart.shared {
            sharing.told = told.remove(&sharing.id.uuid()).unwrap_or_default();
        }
        self.chart.shared.sort_unstable_by_key(|sharing| sharing.id);
    }

    /// What is of the same person. An end that cannot be read ends nothing, and is told likewise.
    fn links(&mut self, patient: PatientId) {
        let items = self.document.items(LINKS);
        let is_end = |item: &&Item| field::parse(&item.key).is_some_and(|(_, it)| it == ENDED);
        for item in items.iter().filter(|item| !is_end(item)) {
            let end = items.iter().find(|end| end.key == format!("{}/{ENDED}", item.key));
            let ended = end.and_then(|end| field::decode(&end.written.bytes));
            if end.is_some() != ended.is_some() {
                self.patient_unreadable(patient);
            }
            match field::decode::<PatientLink>(&item.written.bytes) {
                Some(link) if item.key == link.id.uuid().simple().to_string() => {
                    self.chart.links.push(PatientLink { ended, ..link });
                }
                // Likewise.
                Some(_) | None => self.patient_unreadable(patient),
            }
        }
        self.chart.links.sort_unstable_by_key(|link| link.id);
    }

    fn patient_unreadable(&mut self, patient: PatientId) {
        let entry = EntryRef::new(EntryKind::Patient, patient.uuid());
        if !self.chart.unreadable.contains(&entry) {
            self.chart.unreadable.push(entry);
        }
    }

    fn withdrawn(&mut self) {
        for item in self.document.items(WITHDRAWN) {
            match field::parse_mark(&item.key) {
                Some((entry, false)) => self.chart.withdrawn.push(entry),
                Some((entry, true)) => {
                    let text = field::decode(&item.written.bytes);
                    // A reason that was taken back stands as an empty one.
                    let text = text.filter(|text: &String| !text.is_empty());
                    let reason = |text| StatusReason { entry, text, stamp: item.written.stamp };
                    self.chart.reasons.extend(text.map(reason));
                }
                None => {}
            }
        }
        self.chart.withdrawn.sort_unstable();
        self.chart.reasons.sort_unstable_by_key(|reason| reason.entry);
    }
}

/// What is told of the entries of a kind beside their values.
struct Told<'a> {
    kind: EntryKind,
    stamps: &'a mut Vec<(EntryRef, Stamp)>,
    unreadable: &'a mut Vec<EntryRef>,
}

impl Told<'_> {
    fn read<T>(
        &mut self,
        entries: &BTreeMap<Uuid, Fields>,
        values: &mut Vec<T>,
        read: impl Fn(Uuid, &Fields) -> Option<T>,
    ) {
        values.reserve(entries.len());
        for (id, fields) in entries {
            let entry = EntryRef::new(self.kind, *id);
            let value = read(*id, fields);
            if value.is_none() || fields.unread.get() {
                self.unreadable.push(entry);
            }
            values.extend(value);
            self.stamps.extend(fields.stamp().map(|stamp| (entry, stamp)));
        }
    }
}

/// Originals without those whose head has not come yet, and files without those of which there is
/// but a key: they are not unreadable, they are not there.
fn whole(mut originals: BTreeMap<Uuid, Fields>) -> BTreeMap<Uuid, Fields> {
    originals.retain(|_, fields| fields.written.contains_key(VALUE));
    originals
}

fn original(_: Uuid, fields: &Fields) -> Option<Source> {
    let name = |name: &str| if name.is_empty() { VALUE.to_owned() } else { name.to_owned() };
    source::read(|part| fields.written.get(&name(part)).map(|written| written.bytes.as_slice()))
}

/// An entry that is one value.
fn value<T: DeserializeOwned>(_: Uuid, fields: &Fields) -> Option<T> {
    fields.value(VALUE)
}

fn condition(id: Uuid, fields: &Fields) -> Option<Condition> {
    let state: ConditionState = fields.value(VALUE)?;
    let about: ConditionAbout = fields.value(ABOUT).unwrap_or_default();
    Some(Condition {
        id: ConditionId::from_uuid(id),
        code: state.code,
        clinical_status: state.clinical_status,
        verification_status: state.verification_status,
        onset: about.onset,
        abatement: about.abatement,
        encounter: about.encounter,
        note: about.note,
    })
}

fn encounter(id: Uuid, fields: &Fields) -> Option<Encounter> {
    Some(Encounter::of(EncounterId::from_uuid(id), fields.value(VALUE)?, fields.value(STATUS)?))
}

fn medication(id: Uuid, fields: &Fields) -> Option<MedicationRequest> {
    let nothing = MedicationAbout::new(MedicationIntent::Order);
    Some(MedicationRequest {
        id: MedicationId::from_uuid(id),
        order: fields.value(ORDER)?,
        about: fields.value(ABOUT).unwrap_or(nothing),
    })
}

fn task(_: Uuid, fields: &Fields) -> Option<Task> {
    let task: Task = fields.value(VALUE)?;
    let Some(state) = fields.value::<TaskState>(STATUS) else { return Some(task) };
    let TaskState { status, outcome, tier } = state;
    Some(Task { status, outcome, settled_tier: tier, ..task })
}
