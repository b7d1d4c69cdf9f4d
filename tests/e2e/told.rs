//! What the windows and the exports of the story must tell.

use std::fs;

use serde_json::Value;
use tests::computer::{Computer, list, text};
use tests::process::wait_for;
use tests::window::Window;

use crate::acts;

/// How each side of the disputed dosage reads.
const SIDES: [[&str; 2]; 2] = [["10 mg", "once daily"], ["5 mg", "twice daily"]];

/// Both dosages stand for decision in the chart's list of medicines and among all that must be
/// decided, and neither is said to hold.
pub fn both_dosages(window: &Window) {
    acts::open_chart(window, "Okello");
    window.see_count("[data-testid=medications] .conflict-card", 1);
    must_be_both(window, "[data-testid=medications] .side");
    window.see_part("banner", "1 to decide");
    window.picture("both-dosages");
    window.press("Inbox");
    window.see_count("main .conflict-card", 1);
    must_be_both(window, "main .conflict-card .side");
    window.see_part("conflict-card", "OKELLO");
}

fn must_be_both(window: &Window, sides: &str) {
    window.see_count(sides, 2);
    let mut shown = window.texts(sides);
    // "10 mg" before "5 mg".
    shown.sort_by_key(|side| !side.contains("10 mg"));
    for (side, words) in shown.iter().zip(SIDES) {
        assert!(words.iter().all(|word| side.contains(word)), "{words:?} in {shown:?}");
    }
}

/// Both dosages are in what is exported, each marked as disputed.
pub fn both_dosages_exported(computer: &Computer) {
    let patient = patient(computer);
    for (format, name) in [("fhir", "export.json"), ("ndjson", "export")] {
        let out = computer.store().with_file_name(name);
        let words = ["export", "--format", format, "--patient", &patient, "--out"];
        computer.json(&[&words[..], &[&out.to_string_lossy()]].concat());
        let file = if out.is_dir() { out.join("MedicationRequest.ndjson") } else { out.clone() };
        let written = fs::read_to_string(file).expect("what was exported");
        assert_eq!(disputed_dosages(&written), ["10 mg x 1", "5 mg x 2"], "{format}: {written}");
        fs::remove_dir_all(&out).or_else(|_| fs::remove_file(&out)).expect("the export goes");
    }
}

/// The dosages of the orders that an export marks as disputed: amount, and intakes a day.
fn disputed_dosages(written: &str) -> Vec<String> {
    let lines = written.lines().map(|line| serde_json::from_str(line).expect("a line of JSON"));
    let resources = lines.flat_map(|line: Value| match list(&line, "/entry") {
        entries if entries.is_empty() => vec![line],
        entries => entries.iter().map(|entry| entry["resource"].clone()).collect(),
    });
    let is_disputed = |order: &Value| {
        let marks = list(order, "/extension");
        marks.iter().any(|mark| text(mark, "/url").ends_with("/disputed"))
    };
    let orders = resources.filter(|resource| resource["resourceType"] == "MedicationRequest");
    let mut dosages: Vec<String> = orders.filter(is_disputed).map(|order| dosage(&order)).collect();
    dosages.sort();
    dosages
}

fn dosage(order: &Value) -> String {
    let dosage = &order["dosageInstruction"][0];
    let (dose, times) = (&dosage["doseAndRate"][0]["doseQuantity"], &dosage["timing"]["repeat"]);
    format!("{} {} x {}", dose["value"], text(dose, "/unit"), times["frequency"])
}

/// The note holds what both typed into it.
pub fn the_merged_note(window: &Window) {
    acts::open_chart(window, "Okello");
    window.press("Write the note");
    for (part, words) in [
        ("Subjective", "Came for her blood pressure."),
        ("Subjective", "Rash after penicillin as a child."),
        ("Subjective", "Sore throat for three days."),
        ("Objective", "Ankles a little swollen."),
        ("Assessment", "Pressure not held yet."),
        ("Plan", "Come back on Martyrs Day."),
    ] {
        window.see_in(part, words);
    }
    window.picture("merged-note");
    window.key(fantoccini::key::Key::Escape);
}

/// The rules raised one task, and the window counts and shows one.
pub fn one_task(window: &Window) {
    window.press("Inbox");
    window.see_count("[data-testid=tasks] li", 1);
    for words in ["OKELLO", "amoxicillin", "penicillin"] {
        window.see_part("tasks", words);
    }
    window.picture("task");
}

/// The id of the only task a computer lists.
pub fn the_task(computer: &Computer) -> String {
    let tasks = waiting(computer, "tasks");
    let [task] = &tasks[..] else { panic!("one task: {tasks:?}") };
    assert_eq!(text(task, "/task/rule"), "drug-allergy", "{tasks:?}");
    text(task, "/task/id")
}

/// Nothing is left to decide or to see to, and the medicine stands once, as it was decided.
pub fn decided(window: &Window) {
    window.press("Inbox");
    window.see_part("conflicts", "Nothing to decide");
    window.see_part("tasks", "Nothing waits");
    acts::open_chart(window, "Okello");
    window.see_count("[data-testid=medications] .medicines > li", 2);
    window.see_part("medications", "10 mg");
    window.see_count(".conflict-card", 0);
    let medicines = window.text_of("medications").unwrap_or_default();
    assert!(!medicines.contains("twice daily"), "{medicines}");
}

/// Everything a computer lists of a kind.
pub fn waiting(computer: &Computer, what: &str) -> Vec<Value> {
    list(&computer.json(&[what]), "/items")
}

/// The id of the patient of the story.
pub fn patient(computer: &Computer) -> String {
    text(&computer.json(&["find", "Okello"]), "/0/patient")
}

/// Locks the window, which closes its store, and uses the store from the command line meanwhile.
pub fn while_locked<T>(window: &Window, computer: &Computer, act: impl Fn(&Computer) -> T) -> T {
    window.press("Lock");
    window.see("Who are you?");
    wait_for("the window to let go of its store", || {
        let answer = computer.run(&["find"]);
        assert!(answer.code == Some(0) || answer.err.contains("open already"), "{answer:?}");
        (answer.code == Some(0)).then_some(())
    });
    let answer = act(computer);
    acts::sign_in(window);
    answer
}
