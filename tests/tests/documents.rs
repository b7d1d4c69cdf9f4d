//! Files in a chart, with real processes and a real server: put in on one computer, taken out on
//! another.
#![allow(clippy::expect_used, clippy::panic, reason = "what goes wrong here ends the test")]

use crate::neighbours::{Hub, three};
use insta::assert_snapshot;
use serde_json::{Value, json};
use std::path::Path;
use tests::computer::{Computer, list, number, text};
use tests::golden::Golden;
use tests::planted::Search;
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

#[test]
fn without_a_server_a_letter_goes_by_the_local_network_and_by_a_stick() {
    let scene = Scene::new("documents-carried");
    let [a, b, c] = three(&scene);
    let patient = a.register(&json!({ "family": "Okello", "given": "Grace" }));
    let on = ["--patient", patient.as_str()];
    let path = |name: &str| scene.folder().join(name).to_str().expect("text").to_owned();
    let bytes: Vec<u8> =
        b"%PDF-1.7 Planted-Letter\n".iter().copied().chain((0..1_000_000).map(pseudo)).collect();
    std::fs::write(path("letter.pdf"), &bytes).expect("a letter");
    let added = a.json(&[&["document", "add", &path("letter.pdf")], &on[..]].concat());
    let document = text(&added, "/entries/0/id");
    let is_here = |on_it: &Computer| {
        let listed = on_it.json(&[&["document", "list"], &on[..]].concat());
        list(&listed, "/documents")[0]["here"] == true
    };
    let saved = |on_it: &Computer, name: &str| {
        let out = path(name);
        on_it.json(&[&["document", "save", &document, "--out", &out], &on[..]].concat());
        std::fs::read(out).expect("the copy")
    };

    let mut hub = Hub::start(&a, &[]);
    b.json(&["sync", "--peer", &hub.address]);
    assert!(!is_here(&b), "nothing comes unasked");
    b.json(&["document", "keep", "--all"]);
    b.json(&["sync", "--peer", &hub.address]);
    hub.running.must_run();
    hub.running.kill();
    assert!(is_here(&b));
    assert!(saved(&b, "by-lan.pdf") == bytes);

    std::fs::create_dir(path("stick")).expect("a stick");
    let file = path("stick/1.fcbundle");
    let written = b.json(&["sync", "--bundle-out", &file, "--documents"]);
    assert_eq!(number(&written, "/documents/carried"), 1, "{written}");
    let (leaks, searched) =
        Search::new(&["Planted-Letter", "Okello"]).leaks(&[Path::new(&path("stick"))]);
    assert!(leaks.is_empty() && searched > 1_000_000, "{leaks:?} in {searched} bytes");
    let taken = c.json(&["sync", "--bundle-in", &file]);
    assert_eq!((number(&taken, "/documents/carried"), number(&taken, "/documents/left")), (0, 1));
    assert!(!is_here(&c));
    let taken = c.json(&["sync", "--bundle-in", &file, "--documents=2"]);
    assert_eq!((number(&taken, "/documents/carried"), number(&taken, "/documents/left")), (1, 0));
    assert_eq!(taken["documents"]["bytes"], written["documents"]["bytes"]);
    assert!(saved(&c, "by-stick.pdf") == bytes);
    for computer in [&a, &b, &c] {
        computer.must_be_sound();
    }
}

/// A byte that follows from its place and is not compressed away.
fn pseudo(place: u32) -> u8 {
    let mixed = place.wrapping_mul(0x9e37_79b9) ^ (place >> 7);
    mixed.to_be_bytes()[0]
}
