//! People, charts and a store in a folder of its own.

use crate::*;
use chart::{Actor, ChartDocument, ChartEdit, DocumentChange};
use clinical::*;
use std::{convert::Infallible, path::Path, sync::Arc};
use tempfile::TempDir;
use uuid::Uuid;

pub(super) fn keys() -> StoreKeys {
    StoreKeys::new([7; 32], [8; 32])
}

pub(super) fn actor(n: u8) -> Actor {
    Actor::from_random([n; 16])
}

/// A store in a folder that goes with it.
pub(super) struct Kept {
    pub(super) dir: TempDir,
    pub(super) store: Store,
}

pub(super) fn new_store() -> Kept {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create(&dir.path().join("store"), keys()).unwrap();
    Kept { dir, store }
}

impl Kept {
    pub(super) fn path(&self) -> std::path::PathBuf {
        self.dir.path().join("store")
    }

    /// Closes the store and keeps its folder.
    pub(super) fn close(self) -> TempDir {
        self.store.close().unwrap();
        self.dir
    }
}

/// Copies a folder of files.
pub(super) fn copy_dir(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

pub(super) fn id(n: u64) -> Uuid {
    let [.., a, b, c, d] = n.to_be_bytes();
    uuid_v7(1_700_000_000_000, [1, 2, 3, 4, 5, 6, a, b, c, d])
}

pub(super) fn patient_id(n: u64) -> PatientId {
    PatientId::from_uuid(id(n * 1000))
}

pub(super) fn stamp(device: u64, at: i64) -> Stamp {
    Stamp {
        author: PractitionerId::from_uuid(id(900_001)),
        device: DeviceId::from_uuid(id(900_100 + device)),
        at: Instant::from_unix_ms(1_795_512_600_000 + at),
    }
}

pub(super) fn audit(action: AuditAction, patient: PatientId) -> AuditEvent {
    let Stamp { author, device, at } = stamp(1, 0);
    AuditEvent {
        at,
        author,
        device,
        action,
        patient: Some(patient),
        resource: "chart".into(),
        outcome: AuditOutcome::Success,
        purpose: AuditPurpose::Treatment,
    }
}

pub(super) fn person(n: u64, family: &str, given: &str, born: &str, phone: &str) -> Patient {
    Patient {
        id: patient_id(n),
        identity: Identity {
            name: vec![HumanName::new(family, given)],
            gender: AdministrativeGender::Female,
            birth_date: (!born.is_empty()).then(|| born.parse().unwrap()),
            birth_date_estimated: false,
            identifier: vec![Identifier {
                system: String::new(),
                value: format!("MRN-{n:06}"),
                label: Some("Clinic number".into()),
            }],
        },
        telecom: vec![ContactPoint { system: ContactSystem::Phone, value: phone.into() }],
        address: vec![Address { city: Some("Kisumu".into()), ..Address::default() }],
        contact: Vec::new(),
        deceased: None,
        code_status: None,
    }
}

pub(super) fn grace(n: u64) -> Patient {
    person(n, "Okello", "Grace Akinyi", "1988-03-14", "+254 712 345 678")
}

pub(super) fn allergy(n: u64, substance: &str) -> AllergyIntolerance {
    let draft = AllergyDraft { substance: substance.into(), ..AllergyDraft::default() };
    draft.complete(AllergyIntoleranceId::from_uuid(id(n))).unwrap()
}

pub(super) fn medication(n: u64, name: &str, dose: &str, times: &str) -> MedicationRequest {
    let draft = MedicationDraft {
        medication: name.into(),
        dose: dose.into(),
        unit: "mg".into(),
        frequency: times.into(),
        ..MedicationDraft::default()
    };
    draft.complete(MedicationId::from_uuid(id(n)), "2026-11-24".parse().unwrap()).unwrap()
}

pub(super) fn encounter(n: u64, start: &str) -> Encounter {
    Encounter {
        id: EncounterId::from_uuid(id(n)),
        status: EncounterStatus::Finished,
        class: EncounterClass::Ambulatory,
        kind: vec![CodeableConcept::from_coding(SNOMED_CT, "185349003", "Encounter for check up")],
        reason: vec![CodeableConcept::from_text("cough for three days")],
        start: Some(start.parse().unwrap()),
        end: Some(start.parse().unwrap()),
        participant: Vec::new(),
        follow_up: None,
    }
}

pub(super) fn pulse(n: u64, value: u32, at: &str, encounter: u64) -> Observation {
    Observation {
        id: ObservationId::from_uuid(id(n)),
        status: ObservationStatus::Final,
        category: vec![VITAL_SIGNS.into()],
        code: CodeableConcept::from_coding(LOINC, "8867-4", "Heart rate"),
        value: Some(ObservationValue::Quantity(Quantity::ucum(Decimal::from(value), "/min"))),
        component: Vec::new(),
        effective: Some(at.parse().unwrap()),
        encounter: Some(EncounterId::from_uuid(id(encounter))),
        interpretation: Vec::new(),
        reference_range: None,
        note: None,
        replaces: None,
    }
}

pub(super) fn problem(n: u64, name: &str) -> Condition {
    Condition {
        id: ConditionId::from_uuid(id(n)),
        code: CodeableConcept::from_text(name),
        clinical_status: Some(ConditionClinicalStatus::Active),
        verification_status: VerificationStatus::Confirmed,
        onset: Some("2024-03".parse().unwrap()),
        abatement: None,
        encounter: None,
        note: None,
    }
}

pub(super) fn note(n: u64, text: &str) -> Composition {
    Composition {
        id: CompositionId::from_uuid(id(n)),
        draft: CompositionId::from_uuid(id(n + 1)),
        encounter: None,
        title: "Visit note".into(),
        author: PractitionerId::from_uuid(id(900_001)),
        contributors: Vec::new(),
        signed_at: Instant::from_unix_ms(1_795_512_600_000),
        section: vec![NoteSection { code: NoteSectionCode::Subjective, text: text.into() }],
        heads: Vec::new(),
        replaces: None,
        signature: None,
    }
}

pub(super) fn task(n: u64, detail: &str) -> Task {
    Task {
        id: TaskId::from_uuid(id(n)),
        rule: "drug-allergy".into(),
        tier: AlertTier::Interrupt,
        subject: Vec::new(),
        detail: detail.into(),
        status: TaskStatus::Requested,
        outcome: None,
        settled_tier: None,
        said: None,
    }
}

/// The edits of a chart of thirty entries, the patient among them.
pub(super) fn thirty_entries(n: u64) -> Vec<ChartEdit> {
    let base = n * 1000;
    let mut edits = vec![
        ChartEdit::RecordPatient(grace(n)),
        ChartEdit::RecordAllergy(allergy(base + 1, "Penicillin")),
        ChartEdit::RecordCondition(problem(base + 2, "Asthma")),
        ChartEdit::RecordCondition(problem(base + 3, "Hypertension")),
        ChartEdit::RecordMedication(medication(base + 4, "Amlodipine", "5", "1")),
        ChartEdit::RecordMedication(medication(base + 5, "Paracetamol", "500", "3")),
        ChartEdit::RecordComposition(note(base + 6, "Coughs at night, no fever, sleeps badly.")),
        ChartEdit::RaiseTask(task(base + 8, "Call about the X-ray")),
    ];
    for visit in 0..4_u64 {
        let start = format!("2026-0{}-03T09:{:02}:00Z", visit + 1, n % 60);
        edits.push(ChartEdit::RecordEncounter(encounter(base + 20 + visit, &start)));
    }
    for beat in 0..18_u64 {
        let at = format!("2026-0{}-03T09:{:02}:{:02}Z", beat % 4 + 1, n % 60, beat);
        let value = 60 + u32::try_from((n + beat) % 40).unwrap();
        let visit = base + 20 + beat % 4;
        edits.push(ChartEdit::RecordObservation(pulse(base + 30 + beat, value, &at, visit)));
    }
    edits
}

/// A chart with edits made, and the record to commit.
pub(super) fn begin(n: u64, edits: &[ChartEdit]) -> (ChartDocument, Record) {
    let mut chart = ChartDocument::new(patient_id(n), actor(1));
    let change = chart.apply(edits, stamp(1, 0)).unwrap();
    let record = recorded(&mut chart, change, n);
    (chart, record)
}

pub(super) fn recorded(chart: &mut ChartDocument, change: DocumentChange, n: u64) -> Record {
    let view = View::Chart(Arc::new(chart.read()));
    Record::edited(change, view, audit(AuditAction::Update, patient_id(n)))
}

/// Applies one edit and commits it.
pub(super) fn edit(store: &Store, chart: &mut ChartDocument, n: u64, edit: ChartEdit) -> Committed {
    let change = chart.apply(&[edit], stamp(1, 1)).unwrap();
    let record = recorded(chart, change, n);
    store.commit(Commit::local(vec![record])).unwrap()
}

/// Takes in a record of another device.
pub(super) fn take_in(store: &Store, record: Record) {
    let receipt = || Ok::<_, Infallible>(Receipt::default());
    let Ok(_) = store.take_in([record], receipt).unwrap();
}

/// What rows tell of a chart: no originals, and no stamps of them.
pub(super) fn without_sources(mut chart: Chart) -> Chart {
    chart.sources.clear();
    chart.stamps.retain(|(entry, _)| entry.kind != EntryKind::Source);
    chart
}

pub(super) fn chart_name(n: u64) -> DocumentRef {
    DocumentRef::new(DocumentKind::Chart, patient_id(n).uuid())
}

/// Fails unless a full check finds nothing.
pub(super) fn assert_whole(store: &Store) {
    let report = store.check(Some(actor(99))).unwrap();
    assert!(report.is_whole(), "{report:?}");
}
