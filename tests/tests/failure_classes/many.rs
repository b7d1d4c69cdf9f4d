//! Class 13. CHT advises at most 10,000 documents for a user; above it replication fails.

use std::fmt::Write as _;
use std::time::Instant;
use tests::computer::{Computer, number, text};
use tests::scene::Scene;

const DOCUMENTS: u64 = 10_001;

#[test]
fn ten_thousand_and_one_documents_travel() {
    let scene = Scene::new("class-many");
    let server = scene.server();
    let a = Computer::of(&scene, "Front desk");
    a.found_clinic(Some(server.address()));
    let b = Computer::of(&scene, "Ward");
    b.join(&text(&a.json(&["device", "code"]), "/code"));
    let mut lines = String::new();
    for n in 0..DOCUMENTS {
        let named = format!(r#""name":[{{"family":"Okello{n}","given":["Grace"]}}]"#);
        writeln!(lines, r#"{{"resourceType":"Patient","id":"p{n}",{named}}}"#).unwrap();
    }
    let file = scene.folder().join("people.ndjson");
    std::fs::write(&file, lines).unwrap();
    let timed = |what: &str, on: &Computer, words: &[&str]| {
        let begun = Instant::now();
        let told = on.json(words);
        println!("{what}: {} ms", begun.elapsed().as_millis());
        told
    };
    timed("import", &a, &["import", file.to_str().unwrap()]);
    let sent = timed("push", &a, &["sync"]);
    // Charts that are new go many in one envelope.
    assert!(number(&sent, "/sent") > 0, "{sent}");
    let taken = timed("pull", &b, &["sync"]);
    assert!(number(&taken, "/received") >= number(&sent, "/sent"), "{taken}");
    for on in [&a, &b] {
        let view = on.json(&["sync"]);
        assert_eq!((number(&view, "/toSend"), number(&view, "/quarantined")), (0, 0), "{view}");
        assert_eq!(number(&on.must_be_sound(), "/patients"), DOCUMENTS);
    }
    let last = b.json(&["find", "Okello10000"]);
    let patient = text(&last, "/0/patient");
    assert_eq!(a.chart(&patient)["chart"], b.chart(&patient)["chart"]);
}
