//! Files in a chart, with real processes and a real server: put in on one computer, taken out on
//! another.
#![allow(clippy::expect_used, clippy::panic, reason = "what goes wrong here ends the test")]

use insta::assert_snapshot;
use serde_json::{Value, json};
use tests::computer::{Computer, list, text};
use tests::golden::Golden;
use tests::scene::Scene;

#[test]
fn a_letter_put_in_on_one_computer_is_taken_out_on_another() {
    let scene = Scene::new("documents");
    let server = scene.server();
    let a = Computer::of(&scene, "Front desk");
    a.found_clinic(Some(server.address()));
    let code = text(&a.json(&["device", "code"]), "/code");
    let b = Computer::of(&scene, "Consulting room 2");
    b.join(&code);
    let patient = a.register(&json!({ "family": "Okello", "given": "Grace" }));
    let on = ["--patient", patient.as_str()];
    let path = |name: &str| scene.folder().join(name).to_str().expect("text").to_owned();
    let (letter, out) = (path("Letter of Dr. Wanjiku.pdf"), path("out.pdf"));
    // More than a frame, so that it comes in pieces.
    let bytes: Vec<u8> = b"%PDF-1.7\n".iter().copied().chain((0..3_000_000).map(pseudo)).collect();
    std::fs::write(&letter, &bytes).expect("a letter");

    let added = a.json(&[&["document", "add", &letter, "--category", "letter"], &on[..]].concat());
    let golden = || Golden::new();
    assert_snapshot!("document-add", golden().json(&added));
    let document = text(&added, "/entries/0/id");
    let listed = |computer: &Computer| computer.json(&[&["document", "list"], &on[..]].concat());
    let places = |value: &Value| {
        let one = list(value, "/documents").remove(0);
        (one["here"] == true, one["onServer"] == true)
    };
    assert_eq!(places(&listed(&a)), (true, false));
    a.json(&["sync"]);
    assert_eq!(places(&listed(&a)), (true, true));
    b.json(&["sync"]);
    let there = listed(&b);
    assert_eq!(places(&there), (false, true));
    let one = &list(&there, "/documents")[0];
    let named = golden().name(&text(one, "/blob"), "blob").name(&text(one, "/hash"), "hash");
    assert_snapshot!("document-list", named.json(&there));

    let save = [&["document", "save", &document, "--out", &out], &on[..]].concat();
    let saved = b.json(&save);
    assert_snapshot!("document-save", golden().name(&out, "file").json(&saved));
    assert_eq!(std::fs::read(&out).expect("the copy"), bytes);
    assert_eq!(b.refused(&save), "already-exists");
    let keep = b.json(&[&["document", "keep"], &on[..]].concat());
    assert_snapshot!("document-keep", golden().json(&keep));

    // Nothing of it lies anywhere as it is.
    let chart = b.chart(&patient).to_string();
    assert!(!chart.contains("\"key\""), "{chart}");
    let exported = path("exported.json");
    let export = [&["export", "--format", "fhir", "--out", &exported], &on[..]].concat();
    assert_eq!(a.json(&export)["documents"], 1);
    let bundle = std::fs::read_to_string(&exported).expect("an export");
    assert!(bundle.contains("DocumentReference") && bundle.contains("data-absent-reason"));
    let withdrawal = json!({ "kind": "document", "id": document, "reason": "of somebody else" });
    a.record("withdrawal", Some(&patient), &withdrawal);
    assert_eq!(list(&listed(&a), "/documents")[0]["mistake"], true);
    drop(server.stop());
    a.must_be_sound();
    b.must_be_sound();
}

/// A byte that follows from its place and is not compressed away.
fn pseudo(place: u32) -> u8 {
    let mixed = place.wrapping_mul(0x9e37_79b9) ^ (place >> 7);
    mixed.to_be_bytes()[0]
}
