//! Class 2. Where the newest time wins, a slow clock's edits are dropped without a word (Hikma's own
//! comment); here what was known when it was written decides.

use api::{AlarmKind, ChangeDosage, ListConflicts, RecordMedication};
use clinical::{MedicationId, PatientId};
use tests::scene::Scene;

use crate::station::{DAY_MS, Station, medicine, settle};

const TEN_YEARS_MS: i64 = 3653 * DAY_MS;

fn change(on: &Station, (patient, medication): (PatientId, MedicationId), dose: &str) {
    let draft = medicine("Metformin", dose, "1");
    on.call(ChangeDosage { patient, medication, seen: None, draft });
}

fn dose(on: &Station, patient: PatientId) -> String {
    let chart = serde_json::to_value(on.chart(patient)).expect("JSON");
    let dose = chart.pointer("/medications/0/order/dosage/0/dose/value");
    dose.and_then(|dose| dose.as_str()).expect("a dose").to_owned()
}

fn check(ahead_ms: i64, is_told: fn(&AlarmKind) -> bool) {
    let scene = Scene::new("class-clocks");
    let server = scene.server();
    let [a, b] = Station::two(&scene, server.address());
    let patient = a.register("Okello");
    let draft = medicine("Metformin", "500", "1");
    let entry = a.call(RecordMedication { patient, draft }).entries[0];
    let order = (patient, MedicationId::from_uuid(entry.id));
    settle([&a, &b]);
    b.set_ahead(ahead_ms);
    a.allergy(patient, "latex");
    b.allergy(patient, "penicillin");
    change(&a, order, "850");
    change(&b, order, "1000");
    let (_, alarms) = b.alarmed();
    assert!(alarms.iter().any(is_told), "{ahead_ms}: {alarms:?}");
    settle([&a, &b]);
    let disputes = |on: &Station| on.call(ListConflicts { after: None, limit: 9 }).items;
    for on in [&a, &b] {
        assert_eq!(on.substances(patient), ["latex", "penicillin"].map(str::to_owned).into());
        let shown = serde_json::to_string(&disputes(on)).expect("JSON");
        assert!(shown.contains("850") && shown.contains("1000"), "{ahead_ms}: {shown}");
    }
    // What is written by who has seen the rest counts, whatever the clocks say.
    let item = disputes(&a).remove(0);
    let (conflict, change_id) = (item.conflict.id, item.conflict.versions[0].change.clone());
    a.call(api::Decide { patient, conflict, change: change_id, seen: None });
    for (writer, reader, value) in [(&a, &b, "250"), (&b, &a, "750"), (&a, &b, "300")] {
        change(writer, order, value);
        settle([writer, reader]);
        assert_eq!([dose(writer, patient), dose(reader, patient)], [value, value], "{ahead_ms}");
        assert!(disputes(reader).is_empty(), "{ahead_ms}: {value} was written knowing the rest");
    }
    [&a, &b].into_iter().for_each(Station::must_be_sound);
}

#[test]
fn a_clock_ten_years_wrong_loses_no_edit() {
    let minutes = u64::try_from(TEN_YEARS_MS / 60_000).expect("a number") - 2;
    assert!(minutes > 5_000_000);
    check(
        -TEN_YEARS_MS,
        |alarm| matches!(alarm, AlarmKind::ClockBehind { minutes } if *minutes > 5_000_000),
    );
    check(
        TEN_YEARS_MS,
        |alarm| matches!(alarm, AlarmKind::ClockAhead { minutes } if *minutes > 5_000_000),
    );
}
