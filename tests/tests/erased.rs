//! One chart is erased at the command line, with real processes: here, on the other computers, and
//! what opens it at the server.
#![allow(clippy::unwrap_used, reason = "what goes wrong here ends the test")]

use insta::assert_snapshot;
use serde_json::{Value, json};
use tests::computer::{Answer, Computer, list, text};
use tests::golden::Golden;
use tests::planted::Search;
use tests::scene::Scene;

fn erase(on: &Computer, patient: &str, typed: &str) -> Answer {
    let words = ["--json", "erase", "--patient", patient, "--ground", "asked for by the patient"];
    on.run_with(&words, format!("{typed}\n").as_bytes())
}

#[test]
fn a_chart_is_erased_on_every_computer_by_its_number() {
    let scene = Scene::new("erased");
    let server = scene.server();
    let a = Computer::of(&scene, "Front desk");
    a.found_clinic(Some(server.address()));
    let join = |name: &str| {
        let code = text(&a.json(&["device", "code"]), "/code");
        let computer = Computer::of(&scene, name);
        computer.join(&code);
        computer
    };
    let b = join("Room 2");
    let register = |family: &str, number: &str| {
        a.register(&json!({ "family": family, "given": "Grace", "identifier": number }))
    };
    let others: Vec<String> =
        (0..9).map(|n| register(&format!("Auma{n}"), &format!("MRN-{n}"))).collect();
    let gone = register("Okello-Erased", "MRN-42");
    a.json(&["sync"]);
    a.record("allergy", Some(&gone), &json!({ "substance": "planted-penicillin" }));
    a.record("note", Some(&gone), &json!({ "section": "plan", "text": "planted-rest" }));
    a.json(&["sync"]);
    b.json(&["sync"]);
    b.record("allergy", Some(&gone), &json!({ "substance": "planted-latex" }));

    assert_eq!(a.run(&["erase", "--patient", &gone, "--ground", "x"]).code, Some(2));
    assert_eq!(erase(&a, &gone, "MRN-1").refusal("erase"), "invalid");
    assert!(a.chart(&gone).to_string().contains("planted-penicillin"));
    let erased = erase(&a, &gone, "MRN-42").value("erase");
    assert_snapshot!("erase", Golden::new().json(&erased));
    assert_eq!(a.refused(&["chart", &gone]), "not-found");
    let told = a.run(&["erased"]);
    assert!(told.out.contains("NOT DONE: the server still has keys"), "{told:?}");
    a.json(&["sync"]);
    let listed = a.json(&["erased"]);
    assert_snapshot!("erased", Golden::new().json(&listed));
    let told = a.run(&["erased"]);
    assert!(!told.out.contains("NOT DONE") && told.out.contains("by hand"), "{told:?}");

    b.json(&["sync"]);
    let c = join("Ward");
    c.json(&["sync"]);
    for computer in [&a, &b, &c] {
        assert_eq!(computer.refused(&["chart", &gone]), "not-found");
        assert_eq!(computer.json(&["find", "Okello-Erased"]), json!([]));
        assert_eq!(computer.json(&["sync", "--status"])["quarantined"], json!(0));
        assert_eq!(computer.json(&["erased"])[0]["server"], json!(true));
        for patient in others.iter().step_by(4) {
            assert_eq!(computer.chart(patient)["chart"], a.chart(patient)["chart"]);
        }
        computer.must_be_sound();
    }
    a.json(&["sync"]);
    assert_eq!(a.json(&["erased"])[0]["came"], json!(1), "what was sealed before it was heard of");
    let rows = list(&a.json(&["audit", "--limit", "500"]), "/rows");
    let is_erasing = |row: &&Value| text(row, "/resource") == "erase-chart/MRN-42";
    assert!(rows.iter().any(|row| is_erasing(&row)));
    let search = Search::new(&["Okello-Erased", "planted-", "MRN-42"]);
    let (leaks, files) = search.leaks(&[scene.folder()]);
    assert!(leaks.is_empty() && files > 0, "{leaks:?}");
    drop(server);
}
