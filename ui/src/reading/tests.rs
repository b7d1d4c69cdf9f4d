//! The reader says of everything what serde_json's own says.

use super::{json::Json, node::Node, read};
use api::{
    AlarmKind, AlarmSeen, ApiError, ChartView, ErrorCode, Event, HistoryItem, LinkedChart, Origin,
    Stage, SyncAlarm, SyncPhase, SyncView, TaskItem, Topic,
};
use clinical::{
    AlertTier, AllergyDraft, AllergyIntolerance, AllergyIntoleranceId, Chart, Conflict,
    Corrections, DetectedIssue, DeviceId, DurationUnit, EncounterDraft, EncounterId, EntryKind,
    EntryRef, EntryValue, Finding, Instant, MedicationDraft, MedicationId, MedicationRequest,
    ObservationId, PatientDraft, PatientId, PractitionerId, Said, Stamp, StatusReason, Task,
    TaskId, TaskStatus, Version, VitalsDraft, Waiting, uuid_v7,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, fmt::Debug};

/// Reads a value back; then one with each part left out, or something else in its place: read, or
/// refused, as serde_json does.
fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let json = serde_json::to_value(value).unwrap();
    assert_eq!(read::<T>(&json.to_string()).as_ref(), Some(value), "{json}");
    for spoilt in spoilt(&json) {
        let expected = serde_json::from_value::<T>(spoilt.clone()).ok();
        assert_eq!(T::deserialize(Json(&node_of(&spoilt))).ok(), expected, "{spoilt}");
    }
}

/// What the text of this JSON is parsed into.
fn node_of(value: &Value) -> Node<'_> {
    match value {
        Value::Null => Node::Null,
        Value::Bool(value) => Node::Bool(*value),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => Node::Unsigned(number),
            (None, Some(number)) => Node::Signed(number),
            (None, None) => Node::Odd,
        },
        Value::String(text) => Node::Text(text.into()),
        Value::Array(items) => Node::List(items.iter().map(node_of).collect()),
        Value::Object(members) => {
            let member = |(name, value): (&'_ String, _)| (name.clone().into(), node_of(value));
            Node::Object(members.iter().map(member).collect())
        }
    }
}

/// Every JSON that differs from this one in one place. A list never takes an object's place: what
/// reads an object from a list is the one thing left out.
fn spoilt(json: &Value) -> Vec<Value> {
    let mut all =
        vec![Value::Null, json!(true), json!(7), json!(-7), json!("x"), json!({ "x": 7 })];
    match json {
        Value::Object(members) => {
            for (name, value) in members {
                let put = |with: Option<Value>| {
                    let mut members: Map<String, Value> = members.clone();
                    members.remove(name);
                    members.extend(with.map(|value| (name.clone(), value)));
                    Value::Object(members)
                };
                all.push(put(None));
                all.extend(spoilt(value).into_iter().map(|value| put(Some(value))));
            }
            all.extend(members.keys().next().map(|name| json!(name)));
            let more = members.clone().into_iter().chain([("unknown".to_owned(), json!([7]))]);
            all.push(Value::Object(more.collect()));
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                let put = |with: Value| {
                    let mut items = items.clone();
                    items[at] = with;
                    Value::Array(items)
                };
                all.extend(spoilt(item).into_iter().map(put));
            }
            // One more, and one less, than there are.
            all.push(items.iter().chain(items.first()).cloned().collect());
            all.push(items.iter().skip(1).cloned().collect());
            all.push(json!([]));
        }
        Value::String(text) => {
            let under = |value: Value| Value::Object([(text.clone(), value)].into_iter().collect());
            all.extend([json!([]), under(json!(7)), under(Value::Null)]);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => all.push(json!([])),
    }
    all
}

fn patient() -> PatientId {
    PatientId::from_uuid(uuid_v7(1, [0; 10]))
}

#[test]
fn what_the_shell_tells_is_read() {
    check(&Event::Rebuilding { done: 3, all: u64::MAX });
    let progress = api::SyncProgress { sent: 1, to_receive: u64::MAX, ..Default::default() };
    check(&Event::Exchanging(progress));
    let far = api::FileProgress { bytes_of: Some(9), ..Default::default() };
    for far in [None, Some(far)] {
        check(&Event::Carrying { act: api::FileAct::GiveChart, far });
    }
    let topics = vec![Topic::Patients, Topic::Chart(patient())];
    check(&Event::Changed { topics, origin: Origin::Window("main".into()) });
    check(&Stage::FirstRun);
    check(&Stage::Joining { user_name: "Ruth \"R\" Ōta".into() });
    let refused = ApiError::invalid(vec![Finding::error("dose", "required", "How much?")]);
    check(&Stage::Blocked(refused.clone()));
    check(&SyncView {
        server: Some("https://127.0.0.1".into()),
        phase: SyncPhase::Failed(ApiError::new(ErrorCode::Internal, "")),
        last_success: Some(Instant::from_unix_ms(-1)),
        alarms: vec![SyncAlarm {
            at: Instant::from_unix_ms(1_764_000_000_000),
            alarm: AlarmKind::Forked {
                device: DeviceId::from_uuid(uuid_v7(2, [1; 10])),
                name: None,
            },
            detail: "two".into(),
            seen: Some(AlarmSeen { by: "Ruth".into(), at: Instant::from_unix_ms(2) }),
        }],
        ..SyncView::default()
    });
    check(&());
    check(&vec![Some(patient()), None]);
    check(&BTreeMap::from([(patient(), refused)]));
}

#[test]
fn what_is_in_a_chart_is_read() {
    let id = || uuid_v7(1, [0; 10]);
    let allergy = AllergyDraft { substance: "penicillin".into(), ..AllergyDraft::default() };
    check(&allergy.complete(AllergyIntoleranceId::from_uuid(id())).unwrap());
    check(&allergy);
    let medicine = MedicationDraft {
        medication: "amoxicillin".into(),
        dose: "1000.0".into(),
        unit: "mg".into(),
        frequency: "1".into(),
        period: "8".into(),
        period_unit: Some(DurationUnit::Hour),
        ..MedicationDraft::default()
    };
    let today = "2026-11-24".parse().unwrap();
    check(&medicine.complete(MedicationId::from_uuid(id()), today).unwrap());
    check(&medicine);
    let values = [("weight".to_owned(), "70.50".to_owned())].into();
    let vitals = VitalsDraft { values, encounter: None };
    let taken = "2026-11-24T23:30:00+13:00".parse().unwrap();
    check(&vitals.complete(|| ObservationId::from_uuid(id()), &taken).unwrap());
    check(&vitals);
}

#[test]
fn a_list_longer_than_a_pair_is_no_pair() {
    let pair = json!(["medication", 7]);
    assert_eq!(read(&pair.to_string()), Some(("medication".to_owned(), 7)));
    for other in [json!(["medication"]), json!(["medication", 7, 7]), json!([])] {
        assert_eq!(read::<(String, u32)>(&other.to_string()), None, "{other}");
    }
    assert_eq!(read("[1,2]"), Some([1, 2]));
    assert_eq!(read::<[u32; 2]>("[1,2,3]"), None);
}

fn stamp() -> Stamp {
    let (author, device) = (uuid_v7(3, [3; 10]), uuid_v7(4, [4; 10]));
    let (author, device) = (PractitionerId::from_uuid(author), DeviceId::from_uuid(device));
    Stamp { author, device, at: Instant::from_unix_ms(1_764_000_000_000) }
}

fn medicine() -> MedicationRequest {
    let draft = MedicationDraft {
        medication: "amoxicillin".into(),
        dose: "500".into(),
        unit: "mg".into(),
        ..MedicationDraft::default()
    };
    let id = MedicationId::from_uuid(uuid_v7(5, [5; 10]));
    draft.complete(id, "2026-11-24".parse().unwrap()).unwrap()
}

fn penicillin() -> AllergyIntolerance {
    let draft = AllergyDraft {
        substance: "penicillin".into(),
        reaction: "rash".into(),
        ..AllergyDraft::default()
    };
    draft.complete(AllergyIntoleranceId::from_uuid(uuid_v7(6, [6; 10]))).unwrap()
}

fn said() -> Said {
    Said { code: "same".into(), values: [("drug".into(), "amoxicillin".into())].into() }
}

fn task(subject: Vec<EntryRef>) -> Task {
    Task {
        id: TaskId::from_uuid(uuid_v7(7, [7; 10])),
        rule: "drug-allergy".into(),
        tier: AlertTier::Block,
        subject,
        detail: "amoxicillin".into(),
        status: TaskStatus::Completed,
        outcome: Some("watched closely".into()),
        settled_tier: Some(AlertTier::Interrupt),
        said: Some(said()),
    }
}

#[test]
fn a_whole_chart_is_read() {
    let (medicine, allergy) = (medicine(), penicillin());
    let entry = EntryRef::new(EntryKind::Medication, medicine.id.uuid());
    let values = [("systolic".to_owned(), "120".to_owned()), ("diastolic".into(), "80".into())];
    let vitals = VitalsDraft { values: values.into(), encounter: None };
    let finding = ObservationId::from_uuid(uuid_v7(8, [8; 10]));
    let start = "2026-11-24T23:30:00+13:00".parse().unwrap();
    let person = PatientDraft {
        family: "Okello".into(),
        birth_date: "1980-03-14".into(),
        phone: "+256 700 123456".into(),
        ..PatientDraft::default()
    };
    let visit = EncounterDraft { reason: "fever".into(), ..EncounterDraft::default() };
    let version = |value| Version { value, stamp: stamp(), change: "00".into() };
    let subject = vec![entry];
    let chart = Chart {
        patient: Some(person.complete(patient(), &"2026-11-24".parse().unwrap()).unwrap()),
        encounters: vec![
            visit.complete(EncounterId::from_uuid(uuid_v7(9, [9; 10])), start).unwrap(),
        ],
        observations: vitals
            .complete(|| finding, &"2026-11-24T09:00:00+03:00".parse().unwrap())
            .unwrap(),
        tasks: vec![task(subject.clone())],
        conflicts: vec![Conflict {
            id: Conflict::id_of(entry, "order"),
            entry,
            field: "order".into(),
            versions: vec![
                version(EntryValue::Medication(medicine.order.clone())),
                version(EntryValue::Unreadable),
            ],
            base: None,
        }],
        medications: vec![medicine],
        allergies: vec![allergy],
        withdrawn: subject.clone(),
        reasons: vec![StatusReason { entry, text: "double".into(), stamp: stamp() }],
        unreadable: subject.clone(),
        stamps: vec![(entry, stamp())],
        ..Chart::default()
    };
    check(&ChartView {
        patient: patient(),
        chart,
        counts: vec![(EntryKind::Observation, 51)],
        drafts: Vec::new(),
        advice: vec![DetectedIssue {
            rule: "drug-allergy".into(),
            tier: AlertTier::Block,
            subject,
            detail: "amoxicillin".into(),
            source: "the list".into(),
            said: Some(said()),
        }],
        people: BTreeMap::from([(stamp().author, "Dr Amina".to_owned())]),
        devices: BTreeMap::from([(stamp().device, "Laptop".to_owned())]),
        waiting: vec![Waiting { device: stamp().device, changes: 2 }],
        corrections: Corrections { corrected: vec![finding], rivals: vec![vec![finding; 2]] },
        drug_allergies: vec![AllergyIntoleranceId::from_uuid(finding.uuid())],
        weight_jumps: vec![(finding, finding)],
        expected_weight: None,
        heads: "00".into(),
        also: vec![LinkedChart {
            patient: patient(),
            number: "CLN-2".into(),
            identity: None,
            made: stamp(),
        }],
    });
}

#[test]
fn what_waits_and_what_an_entry_has_been_is_read() {
    let (medicine, allergy) = (medicine(), penicillin());
    let entry = EntryRef::new(EntryKind::Medication, medicine.id.uuid());
    check(&TaskItem {
        patient: patient(),
        identity: None,
        raised_at: Instant::from_unix_ms(7),
        task: task(vec![entry]),
        medicines: vec![medicine],
        allergies: vec![allergy],
        visits: Vec::new(),
        disputed: vec![entry],
        heads: "00".into(),
    });
    check(&vec![HistoryItem {
        stamp: stamp(),
        author: "Dr Amina".into(),
        device: "Laptop".into(),
        change: "00".into(),
        field: "order".into(),
        value: r#"{"a":[1]}"#.into(),
        decides: true,
    }]);
}

#[test]
fn what_comes_first_does_not_matter() {
    let json = r#"{"body":{"origin":{"name":"main","kind":"window"},"topics":[{"id":"00000000-0000-0000-0000-000000000000","kind":"chart"}]},"event":"changed"}"#;
    let expected = serde_json::from_str::<Event>(json).unwrap();
    assert_eq!(read::<Event>(json), Some(expected));
}

#[test]
fn signs_that_are_escaped_are_read() {
    let json = r#"{"a\nb":"\u00e9 \"x\" \ud83d\ude00","plain":"text"}"#;
    let expected = serde_json::from_str::<BTreeMap<String, String>>(json).unwrap();
    assert_eq!(expected.len(), 2);
    assert_eq!(read(json), Some(expected));
}

#[test]
fn what_is_no_json_is_nothing() {
    for json in ["", "{", "[1,]", "\u{0}", "nul"] {
        assert_eq!(read::<Value>(json), None, "{json}");
    }
}
