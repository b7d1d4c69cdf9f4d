//! What cannot go out is told, and costs nothing else.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use crate::support::{Desk, PASSWORD, call, clinic, refused, signed_in};
use api::{
    Decide, ErrorCode, FindDiagnoses, ListConflicts, OpenChart, RecordCondition, RegisterPatient,
};
use app::{App, Export, Exported, Format};
use chart::{Actor, ChartDocument, ChartEdit, Merged};
use clinical::{
    AllergyDraft, AllergyIntoleranceId, Chart, CodeableConcept, Coding, ConditionDraft, DeviceId,
    DocumentKind, DocumentRef, EntryValue, ICD_10_CM, Instant, Patient, PatientDraft, PatientId,
    PractitionerId, Stamp, Waiting, uuid_v7,
};
use sha2::{Digest as _, Sha256};
use std::{convert::Infallible, path::Path, sync::Arc};
use store::{
    AuditAction, AuditEvent, AuditOutcome, AuditPurpose, Receipt, Record, Store, StoreKeys, View,
};
use vault::{KeyslotsFile, keyring::NoKeyring};

/// Another computer of the clinic, which only writes.
fn far() -> Stamp {
    Stamp {
        author: PractitionerId::from_uuid(uuid_v7(1, [1; 10])),
        device: DeviceId::from_uuid(uuid_v7(1, [2; 10])),
        at: Instant::from_unix_ms(1_795_500_000_000),
    }
}

fn register(app: &App<Desk>, family: &str) -> PatientId {
    let draft = PatientDraft { family: family.into(), ..PatientDraft::default() };
    call(app, RegisterPatient { draft })
}

fn person(family: &str, id: PatientId) -> Patient {
    let draft = PatientDraft { family: family.into(), ..PatientDraft::default() };
    draft.complete(id, &"2026-11-24".parse().unwrap()).unwrap()
}

fn allergy(substance: &str) -> ChartEdit {
    let draft = AllergyDraft { substance: substance.into(), ..AllergyDraft::default() };
    let id = AllergyIntoleranceId::from_uuid(uuid_v7(2, [3; 10]));
    ChartEdit::RecordAllergy(draft.complete(id).unwrap())
}

#[test]
fn a_diagnosis_is_found_recorded_and_goes_out_with_its_code() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let patient = register(&app, "Okello");
    let hits = call(&app, FindDiagnoses { query: "htn".into(), limit: 5 });
    assert_eq!((hits[0].code.as_str(), hits[0].matched.as_str()), ("I10", "words"));
    assert_eq!(call(&app, FindDiagnoses { query: " ".into(), limit: 5 }), []);
    assert!(call(&app, FindDiagnoses { query: "fracture".into(), limit: u32::MAX }).len() <= 50);
    let record = |code: &str| {
        let code = Some(Coding::new(ICD_10_CM, code, "a name of its own"));
        let problem = "high pressure, since Kitgum".into();
        RecordCondition { patient, draft: ConditionDraft { problem, code, ..Default::default() } }
    };
    assert_eq!(refused(&app, record("E11")), ErrorCode::Invalid, "a header cannot be reported");
    assert_eq!(refused(&app, record("I10.9")), ErrorCode::Invalid, "there is none");
    call(&app, record("I10"));
    let out = desk.path().join("okello.json");
    let export = Export { format: Format::Bundle, patient: Some(patient), out: out.clone() };
    app.export(&export, |_, _| {}).unwrap();
    let bundle: serde_json::Value = serde_json::from_slice(&std::fs::read(out).unwrap()).unwrap();
    let entries = bundle["entry"].as_array().unwrap();
    let condition = entries.iter().find(|it| it["resource"]["resourceType"] == "Condition");
    let code = serde_json::json!({
        "coding": [{
            "system": "http://hl7.org/fhir/sid/icd-10-cm",
            "code": "I10",
            "display": "Essential (primary) hypertension",
        }],
        "text": "high pressure, since Kitgum",
    });
    assert_eq!(condition.unwrap()["resource"]["code"], code);
}

/// The store of a computer whose program is closed.
struct Shelf(Store);

impl Shelf {
    fn open(desk: &Desk) -> Self {
        let keyslots = KeyslotsFile::at(desk.path()).read().unwrap().keyslots;
        let key = keyslots.unlock("ana", PASSWORD, &NoKeyring).unwrap().database_key;
        let keys = StoreKeys::new(*key.expose(), *key.derive_anchor_key().expose());
        Self(Store::open(desk.path(), keys).unwrap())
    }

    fn chart(&self, patient: PatientId, actor: u8) -> ChartDocument {
        let name = DocumentRef::new(DocumentKind::Chart, patient.uuid());
        let stored = self.0.document(name).unwrap().unwrap_or_default();
        let actor = Actor::from_random([actor; 16]);
        ChartDocument::load(patient, stored.stored(), actor).unwrap()
    }

    /// Takes changes in as the sync does.
    fn receive(&self, patient: PatientId, changes: Vec<Vec<u8>>) {
        let (mut here, merged) = self.chart(patient, 7).merge(changes).unwrap();
        let chart = here.read();
        self.commit(patient, merged, chart, |record| record);
    }

    fn commit(
        &self,
        patient: PatientId,
        merged: Merged,
        chart: Chart,
        with: impl FnOnce(Record) -> Record,
    ) {
        let Stamp { author, device, at } = far();
        let audit = AuditEvent {
            at,
            author,
            device,
            action: AuditAction::Merge,
            patient: Some(patient),
            resource: "chart".into(),
            outcome: AuditOutcome::Success,
            purpose: AuditPurpose::Treatment,
        };
        let record = with(Record::merged(merged, View::Chart(Arc::new(chart)), audit));
        let receipt = || Ok::<_, Infallible>(Receipt::default());
        self.0.take_in([record], receipt).unwrap().unwrap();
    }
}

/// The change with `old` written as `new`: what a newer version might write there.
fn rewritten(mut change: Vec<u8>, old: &str, new: &str) -> Vec<u8> {
    assert_eq!((old.len(), change[8]), (new.len(), 1), "same length, not compressed");
    let found = change.windows(old.len()).position(|window| window == old.as_bytes());
    let at = found.unwrap();
    change[at..at + new.len()].copy_from_slice(new.as_bytes());
    let checksum = Sha256::digest(&change[8..]);
    change[4..8].copy_from_slice(&checksum[..4]);
    change
}

/// A patient of whom two computers wrote a code status apart, one in a form of a newer version;
/// of the other computer something waits, too.
fn partly_read(desk: &Desk, family: &str) -> PatientId {
    let patient = register(&signed_in(desk, "ana"), family);
    let shelf = Shelf::open(desk);
    let (mut here, mut there) = (shelf.chart(patient, 8), shelf.chart(patient, 9));
    let with = |words: &str| {
        let code_status = Some(CodeableConcept::from_text(words));
        [ChartEdit::RecordPatient(Patient { code_status, ..person(family, patient) })]
    };
    let by_here = here.apply(&with("No CPR"), far()).unwrap().changes.remove(0).bytes;
    let newer = there.apply(&with("Full"), far()).unwrap().changes.remove(0).bytes;
    let missing = there.apply(&[allergy("Latex")], far()).unwrap();
    let late = there.apply(&[allergy("Rubber")], far()).unwrap().changes.remove(0).bytes;
    assert_eq!(missing.changes.len(), 1);
    shelf.receive(patient, vec![by_here, rewritten(newer, "\"Full\"", "[1,23]"), late]);
    patient
}

fn export(app: &App<Desk>, format: Format, patient: Option<PatientId>, out: &Path) -> Exported {
    app.export(&Export { format, patient, out: out.to_owned() }, |_, _| {}).unwrap()
}

#[test]
fn what_cannot_be_read_or_waits_is_told_in_the_files_and_in_the_answer() {
    let desk = Desk::new();
    drop(clinic(&desk));
    let patient = partly_read(&desk, "Okello");
    let app = signed_in(&desk, "ana");
    let whole = register(&app, "Wanjiku");

    let conflicts = call(&app, ListConflicts { after: None, limit: 100 }).items;
    let [item] = conflicts.as_slice() else { panic!("{conflicts:?}") };
    let unread: Vec<_> = item.conflict.unreadable().collect();
    let [version] = unread.as_slice() else { panic!("{item:?}") };
    assert_eq!(version.stamp, far());
    let view = call(&app, OpenChart { patient });
    assert_eq!(view.chart.conflicts, std::slice::from_ref(&item.conflict));
    assert_eq!(view.waiting, [Waiting { device: far().device, changes: 1 }]);

    let folder = desk.path().join("out");
    std::fs::create_dir(&folder).unwrap();
    for (format, only, name) in [
        (Format::Bundle, Some(patient), "one.json"),
        (Format::Bundle, None, "all"),
        (Format::Ndjson, Some(patient), "lines"),
        (Format::Ndjson, None, "all-lines"),
    ] {
        let out = folder.join(name);
        let told = export(&app, format, only, &out);
        assert_eq!((told.unreadable, told.waiting, told.left_out.len()), (1, 1, 0), "{name}");
        assert_eq!(told.patients, if only.is_some() { 1 } else { 2 });
        let file = match (format, only) {
            (Format::Bundle, Some(_)) => out,
            (Format::Bundle, None) => out.join(format!("{patient}.json")),
            (Format::Ndjson, _) => out.join("Flag.ndjson"),
        };
        let text = std::fs::read_to_string(file).unwrap();
        for told in ["This record is not complete", "Waiting for device", "newer version"] {
            assert!(text.contains(told), "{told} in {name}");
        }
    }
    let told = export(&app, Format::Bundle, Some(whole), &folder.join("whole.json"));
    assert_eq!((told.unreadable, told.waiting), (0, 0));

    // What cannot be read can be chosen; from then on nothing of it can be read.
    let conflict = item.conflict.id.clone();
    let change = version.change.clone();
    call(&app, Decide { patient, conflict, change, seen: None });
    let view = call(&app, OpenChart { patient });
    assert_eq!((view.chart.conflicts.len(), view.chart.unreadable.len()), (0, 1));
    assert_eq!(version.value, EntryValue::Unreadable);
    assert!(app.check().unwrap().sound);
}

#[test]
fn a_chart_that_cannot_go_out_is_named_and_the_others_go_out() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let whole = register(&app, "Wanjiku");
    drop(app);
    let [damaged, unborn] = [4, 5].map(|n| PatientId::from_uuid(uuid_v7(3, [n; 10])));
    let shelf = Shelf::open(&desk);
    let mut there = shelf.chart(unborn, 9);
    let first = there.apply(&[ChartEdit::RecordPatient(person("Otieno", unborn))], far());
    assert_eq!(first.unwrap().changes.len(), 1);
    let late = there.apply(&[allergy("Latex")], far()).unwrap().changes.remove(0).bytes;
    shelf.receive(unborn, vec![late]);
    let mut there = shelf.chart(damaged, 9);
    let change = there.apply(&[ChartEdit::RecordPatient(person("Mwangi", damaged))], far());
    let merged = Merged { change: change.unwrap(), waiting: Vec::new() };
    let chart = there.read();
    let spoilt = |record: Record| record.with_snapshot(b"no snapshot".to_vec());
    shelf.commit(damaged, merged, chart, spoilt);
    drop(shelf);

    let app = signed_in(&desk, "ana");
    for (format, name) in [(Format::Bundle, "all"), (Format::Ndjson, "all-lines")] {
        let out = desk.path().join(name);
        let told = export(&app, format, None, &out);
        let left: Vec<_> = told.left_out.iter().map(|one| (one.patient, one.error.code)).collect();
        let want = [(damaged, ErrorCode::Damaged), (unborn, ErrorCode::NotFound)];
        assert_eq!(left, want);
        assert_eq!(told.patients, 1);
        let file = match format {
            Format::Bundle => out.join(format!("{whole}.json")),
            Format::Ndjson => out.join("Patient.ndjson"),
        };
        assert!(std::fs::read_to_string(file).unwrap().contains("Wanjiku"));
    }
    // Asked for by name, it is refused, and no file is made.
    for (patient, code) in [(damaged, ErrorCode::Damaged), (unborn, ErrorCode::NotFound)] {
        let out = desk.path().join("one.json");
        let one = Export { format: Format::Bundle, patient: Some(patient), out: out.clone() };
        assert_eq!(app.export(&one, |_, _| {}).unwrap_err().code, code);
        assert!(!out.exists());
    }
}
