//! Words that come from a file: in names, allergies, problems and medicines, shown on every page.

use fantoccini::key::Key;
use serde_json::{Value, json};
use tests::computer::{Computer, PASSWORD};
use tests::scene::Scene;

use super::{Hand, PROBE, WORDS, plain};
use crate::{acts, walk};

/// The patient whose chart holds all words.
const CHART: &str = "11111111-1111-4111-8111-111111111111";

#[test]
fn words_taken_in_from_a_file_are_shown_as_they_are() {
    let scene = Scene::new("hostile-shown");
    let computer = Computer::founded(&scene, "a");
    let words = words();
    let file = scene.folder().join("words.ndjson");
    std::fs::write(&file, lines(&words)).expect("a file");
    let report = computer.json(&["import", &file.to_string_lossy()]);
    let taken = report.pointer("/patients").and_then(Value::as_u64).unwrap_or_default();
    assert!(taken > 150, "{report}");

    let window = scene.open("a");
    acts::enter(&window, PASSWORD, "Lakeside");
    window.ask(PROBE, &[]);
    let hand = Hand::at(&window);
    walk::pages(&window, |page| {
        window.see_no("Loading");
        hand.still(page);
    });
    window.press("Patients");
    for query in ["script", "img", "javascript", "evil"] {
        window.fill("Find a patient by name", query);
        window.see_part("find-results", query);
        hand.still(query);
    }
    acts::open_chart(&window, "Nabirye");
    window.see_count("[data-testid=allergies] ul.lines > li", words.len());
    hand.still("a chart of words");
    // Each stands there as it was written.
    let said = window.text_of("allergies").unwrap_or_default();
    let said = plain(&said);
    let missing: Vec<&String> = words.iter().filter(|word| !said.contains(&plain(word))).collect();
    assert!(missing.is_empty(), "{missing:?}");
    window.shortcut(Key::Control, 'p');
    window.see("Close");
    hand.still("a sheet of words");
}

/// The words of printed signs: what is not seen, or is longer than a name, is typed elsewhere.
fn words() -> Vec<String> {
    let lines = WORDS.lines().map(|line| line.trim().trim_end_matches(','));
    // Half a sign is none here.
    let words = lines.filter_map(|line| serde_json::from_str::<String>(line).ok());
    words.filter(|word| word.chars().all(|c| c == ' ' || c.is_ascii_graphic())).collect()
}

/// One chart with all words, and a patient called by each.
fn lines(words: &[String]) -> String {
    let on = json!({ "reference": format!("Patient/{CHART}") });
    let own = json!({ "resourceType": "Patient", "id": CHART,
        "name": [{ "family": "Nabirye", "given": ["Grace"] }] });
    let mut all = vec![own];
    for (at, word) in words.iter().enumerate() {
        let text = json!({ "text": word });
        all.push(json!({ "resourceType": "AllergyIntolerance", "patient": on, "code": text,
            "note": [text], "reaction": [{ "manifestation": [text] }] }));
        all.push(json!({ "resourceType": "Patient", "id": format!("word-{at}"),
            "name": [{ "family": word, "given": [word] }],
            "telecom": [{ "system": "phone", "value": word }], "address": [{ "city": word }] }));
    }
    for word in words.iter().take(60) {
        let text = json!({ "text": word });
        all.push(json!({ "resourceType": "Condition", "subject": on, "code": text }));
        all.push(json!({ "resourceType": "MedicationRequest", "status": "active",
            "intent": "order", "subject": on, "medicationCodeableConcept": text,
            "dosageInstruction": [text] }));
    }
    all.iter().map(|line| format!("{line}\n")).collect()
}
