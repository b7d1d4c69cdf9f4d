//! Class 3. After a restore Tamanu's operators empty a table, and every computer begins anew.

use api::AlarmKind;
use std::collections::BTreeSet;
use tests::scene::Scene;

use crate::station::{DAY_MS, Station, settle};

const DAYS: i64 = 30;

#[test]
fn it_converges_with_no_operator() {
    let scene = Scene::new("class-old-backup");
    let server = scene.server();
    let [mut a, b] = Station::two(&scene, server.address());
    let patient = a.register("Okello");
    settle([&a, &b]);
    let backup = scene.folder().join("backup");
    a.copy_to(&backup);
    a.open();
    let mut all = BTreeSet::new();
    for day in 1..=DAYS {
        for (on, name) in [(&a, "a"), (&b, "b")] {
            on.set_ahead((day - DAYS) * DAY_MS);
            let substance = format!("{name} on day {day}");
            on.allergy(patient, &substance);
            all.insert(substance);
            on.synced();
        }
    }
    a.put_back(&backup);
    assert!(a.substances(patient).is_empty(), "it is thirty days ago");
    for n in 0..3 {
        let substance = format!("after the restore {n}");
        a.allergy(patient, &substance);
        all.insert(substance);
    }
    let (view, alarms) = a.alarmed();
    assert!(alarms.contains(&AlarmKind::Restored), "{view:?}");
    settle([&b, &a]);
    for on in [&a, &b] {
        assert_eq!(on.substances(patient), all);
        on.must_be_sound();
    }
    assert_eq!(a.chart(patient), b.chart(patient));
    // And on: nothing is stuck.
    a.allergy(patient, "the next morning");
    settle([&a, &b]);
    assert_eq!(b.substances(patient).len(), all.len() + 1);
}
