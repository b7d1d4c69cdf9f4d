//! The reader says of everything what serde_json's own says.

use super::{of_value, read};
use api::{
    AlarmKind, ApiError, ErrorCode, Event, Origin, Stage, SyncAlarm, SyncPhase, SyncView, Topic,
};
use clinical::{
    AllergyDraft, AllergyIntoleranceId, DeviceId, DurationUnit, Finding, Instant, MedicationDraft,
    MedicationId, ObservationId, PatientId, VitalsDraft, uuid_v7,
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
        assert_eq!(of_value::<T>(&spoilt), expected, "{spoilt}");
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
fn what_comes_first_does_not_matter() {
    let json = r#"{"body":{"origin":{"name":"main","kind":"window"},"topics":[{"id":"00000000-0000-0000-0000-000000000000","kind":"chart"}]},"event":"changed"}"#;
    let expected = serde_json::from_str::<Event>(json).unwrap();
    assert_eq!(read::<Event>(json), Some(expected));
}

#[test]
fn what_is_no_json_is_nothing() {
    for json in ["", "{", "[1,]", "\u{0}", "nul"] {
        assert_eq!(read::<Value>(json), None, "{json}");
    }
}
