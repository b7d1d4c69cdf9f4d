//! The forms of a chart, and the page of a visit.

use fantoccini::key::Key;
use serde_json::json;
use tests::computer::{Computer, PASSWORD};
use tests::scene::Scene;

use super::{ALL, Hand, Typed, plain};
use crate::{acts, walk};

/// Every text field of a chart's forms and of a visit.
const FIELDS: [&str; 74] = [
    "again-followUp",
    "allergy-note",
    "allergy-onset",
    "allergy-reaction",
    "allergy-substance",
    "arrival-reason",
    "correction-weight",
    "dosage-dose",
    "dosage-durationDays",
    "dosage-form",
    "dosage-frequency",
    "dosage-instruction",
    "dosage-period",
    "dosage-quantity",
    "dosage-quantityUnit",
    "dosage-repeats",
    "dosage-route",
    "dosage-strength",
    "dosage-unit",
    "find-box",
    "medication-dose",
    "medication-durationDays",
    "medication-form",
    "medication-frequency",
    "medication-instruction",
    "medication-medication",
    "medication-note",
    "medication-period",
    "medication-quantity",
    "medication-quantityUnit",
    "medication-reason",
    "medication-repeats",
    "medication-route",
    "medication-strength",
    "medication-unit",
    "medication-why-words",
    "note-assessment",
    "note-objective",
    "note-plan",
    "note-subjective",
    "patient-addressLine",
    "patient-birthDate",
    "patient-city",
    "patient-family",
    "patient-given",
    "patient-guardian",
    "patient-guardianPhone",
    "patient-guardianRelationship",
    "patient-identifier",
    "patient-phone",
    "prescription-sentence",
    "print-assessment",
    "print-background",
    "print-from",
    "print-recommendation",
    "print-remark",
    "print-situation",
    "print-to",
    "print-until",
    "problem-note",
    "problem-onset",
    "problem-problem",
    "resolution-end",
    "stop-reason",
    "visit-reason",
    "vitals-diastolic",
    "vitals-heartRate",
    "vitals-height",
    "vitals-oxygenSaturation",
    "vitals-respiratoryRate",
    "vitals-systolic",
    "vitals-temperature",
    "vitals-weight",
    "withdraw-reason",
];

/// What cannot be words in a dosage.
const DOSAGE: [(&str, &str); 7] = [
    ("strength", ""),
    ("dose", "5"),
    ("frequency", "1"),
    ("period", ""),
    ("durationDays", "30"),
    ("quantity", "30"),
    ("repeats", ""),
];

#[test]
fn no_word_typed_into_a_form_does_anything() {
    let scene = Scene::new("hostile-forms");
    let computer = Computer::founded(&scene, "a");
    let patient = computer.register(&json!({ "family": "Okello", "given": "Grace" }));
    walk::fill_chart(&computer, &patient);
    let weight = json!({ "values": { "weight": "70" } });
    computer.record("vitals", Some(patient.as_str()), &weight);
    let window = scene.open("a");
    acts::enter(&window, PASSWORD, "Lakeside");
    acts::open_chart(&window, "Okello");
    let mut hand = Hand::at(&window);
    walk::forms(&window, |form| fill(&mut hand, form));
    acts::open_chart(&window, "Okello");
    beside_the_walk(&mut hand);
    visit(&mut hand);
    hand.must_have_met(&FIELDS);
}

/// Types into a form of the walk, and records what can be recorded.
fn fill(hand: &mut Hand<'_>, form: &str) {
    let window = hand.window;
    match form {
        "a new allergy" => {
            hand.records(form, &[("allergy-onset", "2019")], "allergy-substance", "allergies");
        }
        "a new medicine" => {
            let keep = [("prescription-sentence", "")];
            hand.types(form, &Typed { keep: &keep, ..ALL });
            window.press("All fields");
            despite_an_alert(hand);
            let keep = DOSAGE.map(|(field, text)| (format!("medication-{field}"), text));
            let keep: Vec<(&str, &str)> =
                keep.iter().map(|(field, text)| (field.as_str(), *text)).collect();
            let into = "#medication-fields *";
            hand.types("all fields", &Typed { into, keep: &keep, send: true, ..ALL });
            window.see_part("done", "The medicine is recorded");
            hand.still("a medicine of words");
        }
        "a new problem" => {
            hand.records(form, &[("problem-onset", "2019")], "problem-problem", "problems");
        }
        "vital signs" => {
            hand.types(form, &Typed { send: true, ..ALL });
            window.see("Please correct this");
        }
        "the note" => {
            let stands = hand.types(form, &ALL);
            let word = stands.get("note-plan").and_then(|word| word.as_str()).unwrap_or_default();
            window.shortcut(Key::Control, char::from(Key::Return));
            window.see_part("done", "The note is signed");
            window.press("Visit note");
            window.see_part("notes", &plain(word));
            hand.still("a signed note");
        }
        "another dose" => {
            hand.types(form, &Typed { send: true, ..ALL });
            window.see("Please correct this");
        }
        "the end of a problem" => {
            hand.types(form, &Typed { send: true, ..ALL });
            window.see("Please correct this");
        }
        "a visit that begins" => {
            hand.types(form, &ALL);
        }
        "a history" => hand.still(form),
        "the end of a medicine" => {
            hand.types(form, &Typed { send: true, ..ALL });
            window.see_part("done", "The medicine is stopped");
            hand.still(form);
        }
        "a mistake" => {
            hand.types(form, &Typed { send: true, ..ALL });
            hand.still(form);
        }
        "a new patient" => {
            let keep = [("patient-birthDate", "2020")];
            hand.records(form, &keep, "patient-given", "banner");
        }
        _ => panic!("{form} is a form of its own: say what is typed there"),
    }
}

/// The words of one's own that answer an alert.
fn despite_an_alert(hand: &mut Hand<'_>) {
    let window = hand.window;
    window.fill("Medicine", "amoxicillin");
    window.see("Record despite the advice");
    window.choose("Why is it right despite this?", "another reason, in my own words");
    window.see("In your own words");
    hand.types("despite an alert", &Typed { into: "#medication-why-words", ..ALL });
}

/// The forms that something else opens.
fn beside_the_walk(hand: &mut Hand<'_>) {
    let window = hand.window;
    window.press("Contact");
    window.press("Change these data");
    window.see("Close");
    hand.types("who the patient is", &ALL);
    window.key(Key::Escape);
    window.press("Correct Weight…");
    window.see("Record the right value");
    hand.types("another value", &Typed { send: true, ..ALL });
    window.see("Please correct this");
    window.key(Key::Escape);
    for (kind, days) in [
        ("Sick note", &[("print-from", "2026-11-27"), ("print-until", "2026-11-30")][..]),
        ("Referral letter", &[]),
    ] {
        window.shortcut(Key::Control, 'p');
        window.see("Close");
        window.choose("What", kind);
        hand.types(kind, &Typed { keep: days, ..ALL });
        window.press("Show it");
        window.see_count("[data-testid=paper-pages] img", 1);
        hand.still("a sheet as it will look");
        window.key(Key::Escape);
    }
    window.shortcut(Key::Control, 'i');
    window.see_focus("#arrival-reason");
    hand.records("check in", &[], "arrival-reason", "waiting");
}

/// The page of a visit, which is signed with what is written there.
fn visit(hand: &mut Hand<'_>) {
    let window = hand.window;
    window.shortcut(Key::Control, '0');
    window.see_focus(".today .row");
    window.key(Key::Return);
    window.see_part("visit-page", "Vital signs");
    let keep = ["systolic", "diastolic", "heartRate", "respiratoryRate", "temperature"];
    let keep = keep.into_iter().chain(["oxygenSaturation", "weight", "height"]);
    let keep: Vec<String> = keep.map(|sign| format!("vitals-{sign}")).collect();
    let keep = keep.iter().map(|field| (field.as_str(), "")).chain([("again-followUp", "")]);
    let keep: Vec<(&str, &str)> = keep.collect();
    let stands = hand.types("a visit", &Typed { keep: &keep, ..ALL });
    let word = stands.get("note-subjective").and_then(|word| word.as_str()).unwrap_or_default();
    window.see_part("saved-state", "Kept on this computer");
    window.shortcut(Key::Control, char::from(Key::Return));
    window.see_part("finish", &plain(word));
    hand.still("a visit at its end");
    window.see_focus("#finish-act");
    window.shortcut(Key::Control, char::from(Key::Return));
    window.see_part("gone", "OKELLO");
    hand.still("a visit that is over");
}
