//! The whole chart, read out of the document.

use super::{
    conflict,
    field::{
        self, ABOUT, ADDRESS, CODE_STATUS, ConditionAbout, ConditionState, DECEASED, DeceasedField,
        EncounterAbout, EncounterState, IDENTITY, ORDER, STATUS, TELECOM, TaskState, VALUE,
        WITHDRAWN,
    },
};
use crate::document::{Document, Written};
use clinical::{
    Chart, Condition, ConditionId, Encounter, EncounterId, EntryKind, EntryRef, MedicationAbout,
    MedicationId, MedicationIntent, MedicationRequest, Patient, PatientId, Stamp, Task,
};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Every kind of entry there can be many of.
const MANY: [EntryKind; 8] = [
    EntryKind::Allergy,
    EntryKind::Condition,
    EntryKind::Encounter,
    EntryKind::Medication,
    EntryKind::Observation,
    EntryKind::Composition,
    EntryKind::Task,
    EntryKind::Source,
];

/// Reads everything. What cannot be read is named in `unreadable`; it never hides the rest.
pub(super) fn read(document: &mut Document, patient: PatientId) -> Chart {
    let conflicts = conflict::all(document, patient);
    let mut reading = Reading { document, chart: Chart { conflicts, ..Chart::default() } };
    reading.patient(patient);
    MANY.into_iter().for_each(|kind| reading.kind(kind, None));
    reading.withdrawn();
    let mut chart = reading.chart;
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
    let conflicts = conflict::all(document, patient);
    let mut reading = Reading { document, chart: Chart { conflicts, ..Chart::default() } };
    for entry in entries {
        if entry.kind == EntryKind::Patient {
            reading.patient(patient);
        } else {
            reading.kind(entry.kind, Some(entry.id));
        }
    }
    reading.withdrawn();
    reading.chart
}

struct Reading<'a> {
    document: &'a mut Document,
    chart: Chart,
}

/// The fields of one entry.
#[derive(Default)]
struct Fields(BTreeMap<String, Written>);

impl Fields {
    fn value<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        field::decode(&self.0.get(name)?.bytes)
    }

    /// The last stamp of any field.
    fn stamp(&self) -> Option<Stamp> {
        self.0.values().map(|written| written.stamp).max_by_key(|stamp| stamp.at)
    }
}

impl Reading<'_> {
    fn patient(&mut self, id: PatientId) {
        let items = self.document.items(field::section(EntryKind::Patient));
        let fields = Fields(items.into_iter().map(|item| (item.key, item.written)).collect());
        let entry = EntryRef::new(EntryKind::Patient, id.uuid());
        self.chart.stamps.extend(fields.stamp().map(|stamp| (entry, stamp)));
        self.chart.patient = fields.value(IDENTITY).map(|identity| Patient {
            id,
            identity,
            telecom: fields.value(TELECOM).unwrap_or_default(),
            address: fields.value(ADDRESS).unwrap_or_default(),
            deceased: fields.value::<DeceasedField>(DECEASED).flatten(),
            code_status: fields.value::<Option<_>>(CODE_STATUS).flatten(),
        });
        if self.chart.patient.is_none() && !fields.0.is_empty() {
            self.chart.unreadable.push(entry);
        }
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
            EntryKind::Source => told.read(&fields, &mut chart.sources, value),
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
                entries.entry(id).or_default().0.insert(name.to_owned(), item.written);
            }
        }
        entries
    }

    fn withdrawn(&mut self) {
        let entry = |key: &str| {
            let (kind, id) = key.split_once('/')?;
            Some(EntryRef::new(EntryKind::from_word(kind)?, id.parse().ok()?))
        };
        let items = self.document.items(WITHDRAWN);
        self.chart.withdrawn = items.iter().filter_map(|item| entry(&item.key)).collect();
        self.chart.withdrawn.sort_unstable();
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
            match read(*id, fields) {
                Some(value) => values.push(value),
                None => self.unreadable.push(entry),
            }
            self.stamps.extend(fields.stamp().map(|stamp| (entry, stamp)));
        }
    }
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
    let about: EncounterAbout = fields.value(VALUE)?;
    let state: EncounterState = fields.value(STATUS)?;
    Some(Encounter {
        id: EncounterId::from_uuid(id),
        status: state.status,
        class: about.class,
        kind: about.kind,
        reason: about.reason,
        start: state.start,
        end: state.end,
    })
}

fn medication(id: Uuid, fields: &Fields) -> Option<MedicationRequest> {
    let nothing = MedicationAbout {
        intent: MedicationIntent::Order,
        encounter: None,
        authored_on: None,
        reason: Vec::new(),
        note: None,
    };
    Some(MedicationRequest {
        id: MedicationId::from_uuid(id),
        order: fields.value(ORDER)?,
        about: fields.value(ABOUT).unwrap_or(nothing),
    })
}

fn task(_: Uuid, fields: &Fields) -> Option<Task> {
    let task: Task = fields.value(VALUE)?;
    let Some(state) = fields.value::<TaskState>(STATUS) else { return Some(task) };
    Some(Task { status: state.status, outcome: state.outcome, ..task })
}
