//! What is decided at the command line about what was set aside, and the switch for the local network.
#![allow(clippy::unwrap_used, reason = "what goes wrong here ends the test")]

use crate::neighbours::Hub;
use serde_json::json;
use tests::computer::{Computer, number, text};
use tests::scene::Scene;

#[test]
fn what_a_removed_computer_sealed_is_taken_in_or_left_by_its_first_digits() {
    let scene = Scene::new("decided");
    let server = scene.server();
    let a = Computer::of(&scene, "Front desk");
    a.found_clinic(Some(server.address()));
    let b = Computer::of(&scene, "Room 2");
    b.join(&text(&a.json(&["device", "code"]), "/code"));
    let grace = a.register(&json!({ "family": "Okello", "given": "Grace" }));
    a.json(&["sync"]);
    b.json(&["sync"]);
    let other = text(&a.json(&["device", "list"]), "/1/id");
    a.json(&["device", "revoke", &other]);

    // It has not heard of that, and what it seals comes by a stick.
    let file = scene.folder().join("1.fcbundle").to_string_lossy().into_owned();
    b.record("allergy", Some(&grace), &json!({ "substance": "latex" }));
    b.json(&["sync", "--bundle-out", &file]);
    a.run(&["sync", "--bundle-in", &file]);
    assert!(!a.chart(&grace).to_string().contains("latex"));
    // Whoever reads the chart, or gives a medicine by it, hears that an allergy may be kept apart.
    let kept_apart = |told: &str| told.contains("an allergy may be among them. Ask the patient");
    assert!(kept_apart(&a.run(&["chart", &grace]).err));
    let given = json!({ "medication": "amoxicillin", "dose": "500", "unit": "mg" }).to_string();
    let record = ["record", "medication", "--patient", &grace];
    assert!(kept_apart(&a.run_with(&record, given.as_bytes()).err));
    let aside = a.json(&["sync", "--quarantine"]);
    assert_eq!(text(&aside, "/items/0/awaits"), "decision", "{aside}");
    let batch = text(&aside, "/items/0/envelope");
    let short = batch.get(..16).unwrap();
    assert!(a.run(&["sync", "--quarantine"]).out.contains(short));

    let not_there = a.run(&["sync", "--leave", "zz"]);
    assert_eq!(not_there.code, Some(2), "{not_there:?}");
    assert_eq!(a.refused(&["sync", "--take-in", &"0".repeat(64)]), "not-found");
    assert_eq!(a.json(&["sync", "--leave", short]), json!({ "left": [&batch] }));
    let left = a.json(&["sync", "--status"]);
    assert_eq!(number(&left, "/quarantinedLeft"), 1, "{left}");
    assert_eq!(a.json(&["sync", "--retry-set-aside"]), json!({ "cameIn": 0 }));
    assert_eq!(a.json(&["sync", "--take-in", short]), json!({ "takenIn": [&batch] }));
    assert!(a.chart(&grace).to_string().contains("latex"), "it is in the record now");
    assert!(!kept_apart(&a.run(&["chart", &grace]).err));
    assert_eq!(a.json(&["sync", "--quarantine"])["items"], json!([]));
    drop(server);
}

#[test]
fn the_local_network_is_switched_off_and_on() {
    let scene = Scene::new("lan-switch");
    let a = Computer::founded(&scene, "Front desk");
    assert_eq!(a.json(&["sync", "--lan", "off"]), json!({ "lan": "off" }));
    let refused = a.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(refused.code == Some(1) && refused.err.contains("switched off"), "{refused:?}");
    assert_eq!(a.json(&["sync", "--lan", "on"]), json!({ "lan": "on" }));
    let mut hub = Hub::start(&a, &[]);
    hub.running.must_run();
    hub.running.kill();
    assert_eq!(a.run(&["sync", "--lan", "on", "--status"]).code, Some(2));
    assert_eq!(a.run(&["sync", "--lan", "on", "--retry-set-aside"]).code, Some(2));
    assert_eq!(a.run(&["sync", "--lan", "on", "--looked-into"]).code, Some(2));
}
