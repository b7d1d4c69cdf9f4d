//! What is corrected, taken back and looked at again, with real processes on two computers.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use serde_json::{Value, json};
use tests::computer::{Computer, list, text};
use tests::scene::Scene;

fn okello(on: &Computer) -> String {
    on.register(&json!({ "family": "Okello", "given": "Grace" }))
}

fn id(recorded: &Value) -> String {
    text(recorded, "/entries/0/id")
}

/// The lines of the findings, as people read them.
fn findings(on: &Computer, patient: &str) -> Vec<String> {
    let shown = on.run(&["chart", patient]).out.replace('\u{a0}', " ");
    let weights = shown.lines().filter(|line| line.contains("Body weight"));
    weights.map(|line| line.split("  ").skip(3).collect::<Vec<_>>().join("  ")).collect()
}

#[test]
fn a_value_is_corrected_taken_back_and_corrected_twice() {
    let scene = Scene::new("cli-corrected");
    let server = scene.server();
    let a = Computer::of(&scene, "Front desk");
    a.found_clinic(Some(server.address()));
    let patient = okello(&a);
    let record = |on: &Computer, kind: &str, draft: Value| on.record(kind, Some(&patient), &draft);
    let correct = |on: &Computer, wrong: &str, kilos: &str| {
        let right = json!({ "observation": wrong, "values": { "weight": kilos } });
        id(&record(on, "correction", right))
    };
    let mistake = |on: &Computer, id: &str| {
        let entry = json!({ "kind": "observation", "id": id, "reason": "misread" });
        record(on, "withdrawal", entry);
    };
    let seventy = id(&record(&a, "vitals", json!({ "values": { "weight": "70" } })));
    let seven = correct(&a, &seventy, "7");
    assert_eq!(findings(&a, &patient), ["70 kg  (corrected)", "7 kg"]);
    assert_eq!(a.chart(&patient)["corrections"], json!({ "corrected": [seventy] }));
    mistake(&a, &seven);
    let back = ["70 kg", "7 kg  (recorded by mistake: misread)"];
    assert_eq!(findings(&a, &patient), back, "the value before counts again");
    assert_eq!(a.chart(&patient)["corrections"], Value::Null);

    let code = text(&a.json(&["device", "code"]), "/code");
    let b = Computer::of(&scene, "Room 2");
    b.join(&code);
    a.json(&["sync"]);
    let mut both = [correct(&a, &seventy, "71"), correct(&b, &seventy, "72")];
    let by_b = both[1].clone();
    both.sort();
    a.json(&["sync"]);
    b.json(&["sync"]);
    a.json(&["sync"]);
    for on in [&a, &b] {
        let told = findings(on, &patient).join("\n");
        assert_eq!(told.matches("corrected twice: 71 kg, 72 kg: which one is right?").count(), 2);
        for one in &both {
            assert!(told.contains(&format!("mark observation/{one} as a mistake")), "{told}");
        }
        let corrections = &on.chart(&patient)["corrections"];
        assert_eq!(*corrections, json!({ "corrected": [seventy], "rivals": [both] }));
    }
    mistake(&a, &by_b);
    a.json(&["sync"]);
    b.json(&["sync"]);
    for on in [&a, &b] {
        assert_eq!(on.chart(&patient)["corrections"], json!({ "corrected": [seventy] }));
        assert!(!findings(on, &patient).join("\n").contains("twice"));
    }
}

#[test]
fn what_is_another_by_now_is_not_changed() {
    let scene = Scene::new("cli-seen");
    let a = Computer::founded(&scene, "Front desk");
    let patient = okello(&a);
    let metformin = json!({ "medication": "metformin", "dose": "500", "unit": "mg" });
    let medication = id(&a.record("medication", Some(&patient), &metformin));
    let seen = a.chart(&patient)["heads"].clone();
    let dosage = |seen: &Value| {
        let dosage = json!({ "dose": "1000", "unit": "mg" });
        json!({ "medication": medication, "seen": seen, "dosage": dosage })
    };
    a.record("dosage", Some(&patient), &dosage(&seen));
    let stop = |seen: &Value| json!({ "medication": medication, "seen": seen }).to_string();
    for draft in [stop(&seen), stop(&json!("x"))] {
        let refused = a.try_record("stop", Some(&patient), &draft);
        assert_eq!(refused.refusal("record stop"), "changed");
    }
    let again = a.try_record("dosage", Some(&patient), &dosage(&seen).to_string());
    assert_eq!(again.refusal("record dosage"), "changed");
    let now = a.chart(&patient)["heads"].clone();
    assert_eq!(a.chart(&patient)["chart"]["medications"][0]["order"]["status"], json!("active"));
    a.try_record("stop", Some(&patient), &stop(&now)).value("record stop");
}

#[test]
fn a_visit_that_begins_ahead_of_the_clock_ends_as_it_begins_and_is_told() {
    let scene = Scene::new("cli-visit-ahead");
    let a = Computer::founded(&scene, "Front desk");
    let folder = scene.folder().join("visits");
    std::fs::create_dir_all(&folder).unwrap();
    let of = "\"subject\":{\"reference\":\"Patient/p\"},\"class\":{\"code\":\"AMB\"}";
    let lines = [
        r#"{"resourceType":"Patient","id":"p","name":[{"family":"Okello"}]}"#.to_owned(),
        format!(
            r#"{{"resourceType":"Encounter","id":"e","status":"in-progress",{of},"period":{{"start":"2999-01-01T08:00:00Z"}}}}"#
        ),
        format!(
            r#"{{"resourceType":"Encounter","id":"f","status":"finished",{of},"period":{{"start":"2026-01-02T08:00:00Z","end":"2026-01-02T07:00:00Z"}}}}"#
        ),
    ];
    std::fs::write(folder.join("a.ndjson"), lines.join("\n")).unwrap();
    let report = a.json(&["import", folder.to_str().unwrap()]);
    let codes: Vec<_> =
        list(&report, "/findings").iter().map(|one| text(one, "/finding/code")).collect();
    assert_eq!(codes, ["end-before-start"], "{report}");
    let patient = text(&a.json(&["find", "okello"]), "/0/patient");
    let visits = list(&a.chart(&patient), "/chart/encounters");
    let of_status = |status: &str| visits.iter().find(|one| one["status"] == status).unwrap();
    assert_eq!(of_status("finished")["end"], Value::Null, "it is left out");
    let departure = json!({ "encounter": of_status("in-progress")["id"] }).to_string();
    let ended = a.try_record("departure", Some(&patient), &departure).value("record departure");
    assert_eq!(text(&ended, "/advice/0/rule"), "visit-ahead", "{ended}");
    let visits = list(&a.chart(&patient), "/chart/encounters");
    assert!(visits.iter().all(|one| one["status"] == "finished"), "{visits:?}");
    let ahead = visits.iter().find(|one| text(one, "/start").starts_with("2999")).unwrap();
    assert_eq!(ahead["end"], ahead["start"], "never before it began");
}

/// Two visits that go on are one task on both; what became of one that was written apart is told on
/// both, until somebody decides.
#[test]
fn two_computers_that_write_one_visit_apart_lose_nothing_of_it() {
    let scene = Scene::new("cli-visits-apart");
    let server = scene.server();
    let a = Computer::of(&scene, "Front desk");
    a.found_clinic(Some(server.address()));
    let b = Computer::of(&scene, "Room 2");
    b.join(&text(&a.json(&["device", "code"]), "/code"));
    let meet = || {
        for on in [&a, &b, &a, &b] {
            on.json(&["sync"]);
        }
    };
    let patient = okello(&a);
    meet();
    let begin = |on: &Computer, why: &str| {
        id(&on.record("encounter", Some(&patient), &json!({ "reason": why })))
    };
    let (cough, fever) = (begin(&a, "cough"), begin(&b, "fever"));
    meet();
    let tasks = |on: &Computer| list(&on.json(&["tasks"]), "/items");
    let waits = |on: &Computer| {
        let tasks = tasks(on);
        let [task] = tasks.as_slice() else { panic!("{tasks:?}") };
        assert_eq!(
            (text(task, "/task/rule"), list(task, "/visits").len()),
            ("open-visits".into(), 2)
        );
        text(task, "/task/id")
    };
    assert_eq!(waits(&a), waits(&b));
    let told = a.run(&["tasks"]).out;
    assert!(told.contains("2 visits of this patient are open") && told.contains(&fever), "{told}");

    // One says that it was a mistake, the other ends it.
    let mistake = json!({ "kind": "encounter", "id": fever, "reason": "here already" });
    a.record("withdrawal", Some(&patient), &mistake);
    b.record("departure", Some(&patient), &json!({ "encounter": fever }));
    meet();
    for on in [&a, &b] {
        assert!(tasks(on).is_empty());
        let told = on.run(&["chart", &patient]).out;
        for side in ["visit [entered-in-error]", "visit [finished]"] {
            assert!(told.contains("DISPUTED") && told.contains(side), "{told}");
        }
    }
    let conflict = a.json(&["conflicts"])["items"][0]["conflict"].clone();
    let versions = list(&conflict, "/versions");
    let over = versions.iter().find(|it| it["value"]["encounterState"]["status"] == "finished");
    let (named, change) = (text(&conflict, "/id"), text(over.unwrap(), "/change"));
    let words =
        ["conflicts", "resolve", "--patient", &patient, "--conflict", &named, "--change", &change];
    a.json(&words);
    meet();
    for on in [&a, &b] {
        assert!(list(&on.json(&["conflicts"]), "/items").is_empty());
        let visits = list(&on.chart(&patient), "/chart/encounters");
        let of = |id: &str| visits.iter().find(|it| it["id"] == id).unwrap()["status"].clone();
        assert_eq!((of(&cough), of(&fever)), (json!("in-progress"), json!("finished")));
    }
}
