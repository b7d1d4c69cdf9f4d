//! A clinic without a server whose list of computers grew apart, as the computer that keeps it was put
//! back from a copy and let somebody in before it met anybody: the list becomes one, with real processes.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use crate::{
    first_server::{let_in, meet},
    neighbours::Hub,
};
use serde_json::json;
use std::collections::BTreeSet;
use tests::{
    computer::{Computer, list, text},
    scene::Scene,
};

/// A clinic of one computer, with a chart.
fn founded(scene: &Scene) -> (Computer, String) {
    let keeper = Computer::founded(scene, "Front desk");
    let patient = keeper.register(&json!({ "family": "Okello" }));
    (keeper, patient)
}

fn allergy(on: &Computer, patient: &str, substance: &str) {
    on.record("allergy", Some(patient), &json!({ "substance": substance }));
}

fn computers(on: &Computer) -> BTreeSet<String> {
    let devices = list(&on.json(&["device", "list"]), "");
    devices.iter().map(|device| text(device, "/id")).collect()
}

fn was_mended(on: &Computer) -> bool {
    let alarms = list(&on.json(&["sync", "--status"]), "/alarms");
    alarms.iter().any(|alarm| text(alarm, "/alarm/kind") == "membersMended")
}

/// All know the same computers, and have the same chart with what was recorded on either side.
fn are_one(all: &[&Computer], patient: &str, substances: &[&str]) {
    let (kept, expected) = (computers(all[0]), substances.iter().map(ToString::to_string));
    let expected: BTreeSet<String> = expected.collect();
    assert_eq!(kept.len(), all.len());
    for computer in all {
        assert_eq!(computers(computer), kept);
        let allergies = list(&computer.chart(patient), "/chart/allergies");
        let here: BTreeSet<_> =
            allergies.iter().map(|allergy| text(allergy, "/code/text")).collect();
        assert_eq!(here, expected);
        computer.must_be_sound();
    }
}

#[test]
fn a_keeper_that_was_put_back_and_let_somebody_in_makes_the_list_one_over_the_network() {
    let scene = Scene::new("keeper-put-back");
    let (a, patient) = founded(&scene);
    let b = let_in(&scene, &a, "Room 2");
    let copy = scene.folder().join("copy of the front desk");
    a.copy_to(&copy);
    let c = let_in(&scene, &a, "Ward");
    allergy(&c, &patient, "latex");
    meet(&a, &[&c, &b]);

    a.put_back(&copy);
    let d = let_in(&scene, &a, "Pharmacy");
    allergy(&d, &patient, "penicillin");
    meet(&a, &[&d]);
    // Who follows cannot mend it, and says so; it is mended by the computer that keeps the list.
    let mut hub = Hub::start(&a, &[]);
    assert_eq!(b.refused(&["sync", "--peer", &hub.address]), "server-misbehaves");
    hub.running.kill();
    meet(&b, &[&a]);
    assert!(was_mended(&a));
    let open = list(&a.json(&["sync", "--status"]), "/alarms").len();
    assert_eq!(a.json(&["sync", "--looked-into"]), json!({ "lookedInto": open }));
    let seen = list(&a.json(&["sync", "--status"]), "/alarms");
    assert!(seen.iter().all(|alarm| text(alarm, "/seen/by") == "Dr Ana Reyes"), "{seen:?}");
    assert_eq!(a.json(&["sync", "--looked-into"]), json!({ "lookedInto": 0 }));
    let kept = computers(&a);

    // One that has the other list goes over to this one by itself: the keeper enters nothing more.
    let mut hub = Hub::start(&d, &[]);
    assert_eq!(a.refused(&["sync", "--peer", &hub.address]), "server-misbehaves");
    hub.running.kill();
    assert_eq!(computers(&a), kept);
    meet(&a, &[&d, &c, &b, &d, &c]);
    are_one(&[&a, &b, &c, &d], &patient, &["latex", "penicillin"]);
    // And the list goes on from there.
    let e = let_in(&scene, &a, "Laboratory");
    meet(&a, &[&b, &c, &d]);
    are_one(&[&a, &b, &c, &d, &e], &patient, &["latex", "penicillin"]);
}

/// Whoever is in one list alone is a stranger to those who have the other: no network joins them.
#[test]
fn where_the_two_sides_do_not_know_each_other_a_stick_makes_the_list_one() {
    let scene = Scene::new("keeper-put-back-stick");
    let (a, patient) = founded(&scene);
    let copy = scene.folder().join("copy of the front desk");
    a.copy_to(&copy);
    let b = let_in(&scene, &a, "Room 2");
    allergy(&b, &patient, "latex");
    a.put_back(&copy);
    let c = let_in(&scene, &a, "Ward");
    allergy(&c, &patient, "penicillin");
    meet(&a, &[&c]);
    let mut hub = Hub::start(&a, &[]);
    assert_eq!(b.refused(&["sync", "--peer", &hub.address]), "device-refused");
    hub.running.kill();

    let stick = |from: &Computer, to: &Computer, name: &str| {
        let file = scene.folder().join(name);
        let file = file.to_str().unwrap();
        from.json(&["sync", "--bundle-out", file]);
        to.json(&["sync", "--bundle-in", file])
    };
    let taken = stick(&b, &a, "of room 2");
    assert_eq!(taken["ended"], json!("whole"), "{taken}");
    assert!(was_mended(&a));
    // One that has not followed yet is one of the clinic: what it wrote is taken in, and nothing alarms.
    allergy(&c, &patient, "peanut");
    let taken = stick(&c, &a, "of the ward");
    assert_eq!((&taken["ended"], &taken["setAside"]), (&json!("whole"), &json!(0)), "{taken}");
    // The other way by a stick too, and by the network from then on.
    let taken = stick(&a, &c, "of the front desk");
    assert_eq!(taken["ended"], json!("whole"), "{taken}");
    assert!(was_mended(&c));
    meet(&a, &[&b, &c, &b]);
    are_one(&[&a, &b, &c], &patient, &["latex", "penicillin", "peanut"]);
}

/// Each time another key is made of the same number: what was recorded under either is read by all.
#[test]
fn a_keeper_that_was_put_back_twice_loses_nobody_what_was_recorded_between() {
    let scene = Scene::new("keeper-put-back-twice");
    let (a, _) = founded(&scene);
    let [b, g] = ["Room 2", "Room 3"].map(|name| let_in(&scene, &a, name));
    let copy = scene.folder().join("copy of the front desk");
    a.copy_to(&copy);
    let c = let_in(&scene, &a, "Ward");
    meet(&a, &[&b, &g]);

    a.put_back(&copy);
    let d = let_in(&scene, &a, "Pharmacy");
    meet(&b, &[&a]);
    let second = a.register(&json!({ "family": "Auma" }));
    allergy(&a, &second, "latex");
    meet(&a, &[&d, &b]);

    // Of that the third room has heard nothing.
    a.put_back(&copy);
    let e = let_in(&scene, &a, "Laboratory");
    meet(&g, &[&a]);
    let third = a.register(&json!({ "family": "Nakato" }));
    allergy(&a, &third, "peanut");
    meet(&a, &[&e, &g]);
    meet(&b, &[&a]);
    for _ in 0..2 {
        meet(&a, &[&b, &c, &d, &e, &g]);
    }
    for (whose, substance) in [(&second, "latex"), (&third, "peanut")] {
        are_one(&[&a, &b, &c, &d, &e, &g], whose, &[substance]);
    }
    let f = let_in(&scene, &a, "Maternity");
    assert!(!list(&f.chart(&second), "/chart/allergies").is_empty());
}
