//! Class 4. HospitalRun gave three patients the number P00001; Tamanu renames to `_duplicate_1`.

use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::computer::{Computer, list, text};
use tests::scene::Scene;

#[test]
fn both_are_kept_told_as_alike_and_no_number_is_used_twice() {
    let scene = Scene::new("class-same-patient");
    let server = scene.server();
    let a = Computer::of(&scene, "Front desk");
    a.found_clinic(Some(server.address()));
    let b = Computer::of(&scene, "Consulting room 2");
    b.join(&text(&a.json(&["device", "code"]), "/code"));
    let away = server.stop();
    let grace = json!({
        "family": "Okello", "given": "Grace", "gender": "female", "birthDate": "1980-03-14",
        "identifier": "CLN-88417",
    });
    let mut serials = BTreeSet::new();
    let made = [(&a, "latex"), (&b, "penicillin")].map(|(on, substance)| {
        let patient = on.register(&grace);
        on.record("allergy", Some(&patient), &json!({ "substance": substance }));
        for day in ["03", "04", "05"] {
            let sheet = scene.folder().join(format!("{substance}-{day}.pdf"));
            serials.insert(note(on, &patient, day, sheet.to_str().unwrap()));
        }
        patient
    });
    assert_eq!(serials.len(), 6, "no number stands on two sheets: {serials:?}");
    let _server = away.start_again();
    for on in [&a, &b, &a] {
        on.json(&["sync"]);
    }
    for on in [&a, &b] {
        let found = on.json(&["find", "Okello"]);
        let found: BTreeSet<String> =
            list(&found, "").iter().map(|hit| text(hit, "/patient")).collect();
        assert_eq!(found, made.clone().into(), "both are there, neither renamed");
        for (patient, substance) in made.iter().zip(["latex", "penicillin"]) {
            let shown = on.chart(patient);
            let allergies = list(&shown, "/chart/allergies");
            assert_eq!(allergies.len(), 1, "{shown}");
            assert!(allergies[0].to_string().contains(substance), "{shown}");
        }
        on.must_be_sound();
    }
    // Whoever stands at the desk next is told of both.
    let told: Value = a.record("patient", None, &grace);
    let alike = list(&told, "/duplicates");
    assert_eq!(alike.len(), 2, "{told}");
    assert!(alike.iter().all(|hit| hit["strong"] == json!(true)), "{told}");
}

/// Prints a sick note, and answers the number that stands on it.
fn note(on: &Computer, patient: &str, until: &str, out: &str) -> String {
    let until = format!("2026-11-{until}");
    let words = ["print", "sick-note", "--patient", patient, "--from", "2026-11-02"];
    let words = words.into_iter().chain(["--until", &until, "--out", out]);
    text(&on.json(&words.collect::<Vec<_>>()), "/serial")
}
