//! Class 1. HospitalRun lets a winner be drawn and never shows the loser; Tamanu's last to sync wins
//! the whole record.

use api::{AmendPatient, Decide, ListConflicts};
use clinical::PatientDraft;
use tests::scene::Scene;

use crate::station::{Station, person, settle};

#[test]
fn both_values_are_kept_and_flagged() {
    let scene = Scene::new("class-same-field");
    let server = scene.server();
    let [a, b] = Station::two(&scene, server.address());
    let patient = a.register("Okello");
    settle([&a, &b]);
    for (on, day) in [(&a, "1980-03-15"), (&b, "1981-03-14")] {
        let draft = PatientDraft { birth_date: day.to_owned(), ..person("Okello") };
        on.call(AmendPatient { patient, seen: None, draft });
    }
    settle([&a, &b, &a]);
    let listed = |on: &Station| on.call(ListConflicts { after: None, limit: 9 }).items;
    for on in [&a, &b] {
        let [item] = listed(on).try_into().expect("one dispute");
        let shown = serde_json::to_string(&item).expect("JSON");
        assert!(shown.contains("1980-03-15") && shown.contains("1981-03-14"), "{shown}");
        assert_eq!(item.conflict.versions.len(), 2, "{shown}");
        assert_eq!(on.chart(patient).conflicts.len(), 1, "the chart shows it too");
    }
    let conflict = listed(&b).remove(0).conflict;
    let change = conflict.versions[0].change.clone();
    b.call(Decide { patient, conflict: conflict.id, change, seen: None });
    settle([&b, &a]);
    assert!([&a, &b].iter().all(|on| listed(on).is_empty()), "decided once, for both");
    assert_eq!(a.chart(patient), b.chart(patient));
}
