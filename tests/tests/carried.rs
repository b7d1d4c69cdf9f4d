//! The record carried on a stick, with real processes: one computer without any network, another
//! that takes its file to the server, and a third that has never heard of a stick.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use insta::assert_snapshot;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use tests::computer::{Computer, number, text};
use tests::golden::Golden;
use tests::planted::Search;
use tests::scene::Scene;

/// A file's golden: how long it is depends on what was drawn at random.
fn hold(name: &str, value: &Value) {
    let mut value = value.clone();
    if let Some(bytes) = value.get_mut("bytes") {
        *bytes = json!(0);
    }
    assert_snapshot!(name, Golden::new().json(&value));
}

fn carried(from: &Computer, stick: &Path, name: &str) -> String {
    let file = stick.join(name).to_string_lossy().into_owned();
    from.json(&["sync", "--bundle-out", &file]);
    file
}

#[test]
fn a_stick_brings_the_record_out_of_a_place_without_network() {
    let scene = Scene::new("carried");
    let server = scene.server();
    let a = Computer::of(&scene, "Front desk");
    a.found_clinic(Some(server.address()));
    let join = |name: &str| {
        let code = text(&a.json(&["device", "code"]), "/code");
        let computer = Computer::of(&scene, name);
        computer.join(&code);
        computer
    };
    let (b, c) = (join("Consulting room 2"), join("Ward"));
    let stopped = server.stop();

    let grace = a.register(&json!({
        "family": "Okello-Carried", "given": "Grace", "gender": "female",
        "birthDate": "1980-03-14", "phone": "+256 700 123456",
    }));
    a.record("allergy", Some(&grace), &json!({ "substance": "penicillin" }));
    let stick = scene.folder().join("stick");
    fs::create_dir(&stick).unwrap();
    let file = stick.join("1.fcbundle").to_string_lossy().into_owned();
    hold("sync-bundle-out", &a.json(&["sync", "--bundle-out", &file]));
    assert_eq!(a.refused(&["sync", "--bundle-out", &file]), "already-exists");
    let search = Search::new(&["Okello-Carried", "penicillin", "Lakeside", "700 123456"]);
    let (leaks, files) = search.leaks(&[&stick]);
    assert!(leaks.is_empty() && files > 0, "{leaks:?}");

    // Half of it first, as from a stick pulled out too early.
    let half = stick.join("half.fcbundle");
    let bytes = fs::read(&file).unwrap();
    fs::write(&half, &bytes[..bytes.len() / 2]).unwrap();
    let words = ["--json", "sync", "--bundle-in", half.to_str().unwrap()];
    let told = b.run(&words);
    assert_eq!(told.code, Some(1), "{told:?}");
    assert!(told.err.contains("cut off") && told.err.contains("taken in"), "{told:?}");

    let taken = b.json(&["sync", "--bundle-in", &file]);
    hold("sync-bundle-in", &taken);
    assert_eq!(b.chart(&grace)["chart"], a.chart(&grace)["chart"]);
    assert_eq!(number(&b.json(&["sync", "--bundle-in", &file]), "/new"), 0);

    // The network is back where the second computer is.
    let _server = stopped.start_again();
    let sent = number(&b.json(&["sync"]), "/sent");
    assert!(sent > 0, "what came on the stick goes on");
    c.json(&["sync"]);
    assert_eq!(c.chart(&grace)["chart"], a.chart(&grace)["chart"]);
    // And an answer finds its way back on the stick.
    c.record("allergy", Some(&grace), &json!({ "substance": "latex" }));
    a.json(&["sync", "--bundle-in", &carried(&c, &stick, "2.fcbundle")]);
    assert_eq!(a.chart(&grace)["chart"], c.chart(&grace)["chart"]);
    let synced = a.json(&["sync"]);
    assert_eq!(synced["alarms"], json!([]), "{synced}");
    for computer in [&a, &b, &c] {
        computer.must_be_sound();
    }
}
