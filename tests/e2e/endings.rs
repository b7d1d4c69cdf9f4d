//! What ends, what was a mistake and what is corrected: done in the window, and seen to stay.

use fantoccini::key::Key;
use serde_json::json;
use tests::computer::{Computer, PASSWORD};
use tests::scene::Scene;
use tests::window::{Scheme, Window};

use crate::acts;

/// A picture by day and by night of a page that axe finds nothing wrong with.
fn judge(window: &Window, page: &str) {
    window.must_be_accessible(page);
    window.picture(page);
    window.picture_in(Scheme::Dark, page);
}

#[test]
fn what_ends_or_was_a_mistake_stays_with_its_reason() {
    let scene = Scene::new("endings");
    let computer = Computer::founded(&scene, "a");
    let patient = computer.register(&json!({
        "family": "Okello", "given": "Grace", "gender": "female", "birthDate": "1980-03-14",
        "identifier": "CLN-88417",
    }));
    let on = Some(patient.as_str());
    let allergy = |substance: &str| json!({ "substance": substance, "criticality": "high" });
    for substance in ["penicillin", "latex", "peanut", "egg"] {
        computer.record("allergy", on, &allergy(substance));
    }
    computer.record("condition", on, &json!({ "problem": "Malaria", "onset": "2026-11" }));
    let signs = [
        ("systolic", "150"),
        ("diastolic", "95"),
        ("heartRate", "88"),
        ("temperature", "37.2"),
        ("weight", "700"),
    ];
    for weight in ["68.5", "69.0", "170.5"] {
        let mut values = serde_json::Map::new();
        values.extend(signs.map(|(sign, value)| (sign.to_owned(), json!(value))));
        values.insert("weight".to_owned(), json!(weight));
        computer.record("vitals", on, &json!({ "values": values }));
    }
    let note = json!({ "section": "plan", "text": "Rest and fluids." });
    computer.record("note", on, &note);
    computer.record("signature", on, &json!({}));

    let window = scene.open("a");
    acts::enter(&window, PASSWORD, "Lakeside");
    acts::open_chart(&window, "Okello");
    judge(&window, "four-allergies");
    // However much is known of the patient, the button stands in the first row.
    let beside = "const of = (s) => document.querySelector(s).getBoundingClientRect();
        return of('.banner-head > .button').top < of('.banner-name').bottom;";
    assert_eq!(window.ask(beside, &[]), json!(true), "the contact button has no row of its own");

    // A weight that jumps is marked where it is listed, and told before another is saved.
    window.see_part("vitals", "more than 20 % from the weight before (69.0 kg)");
    window.press("Add vital signs");
    window.fill("Weight", "168.9");
    window.see("168.9 kg is more than 20 % from the last plausible weight: 69.0 kg");
    window.picture("a-weight-that-jumps");
    window.key(Key::Escape);

    // Nor does it stand as a plain fact beside a dose.
    acts::add_medicine(&window);
    window.fill("Medicine", "paracetamol");
    window.see_part("weight", "check: 69.0 kg before");
    judge(&window, "a-dose-beside-it");
    window.key(Key::Escape);

    // The correction begins with the value, and the old one is struck out.
    window.press("Correct Weight…");
    window.fill("Weight", "705");
    window.see("705 kg is more than 20 % from the last plausible weight: 69.0 kg");
    let breaks_out = "const wide = (s) => document.querySelector(s);
        return wide('main').scrollWidth > wide('main').clientWidth
            || wide('.signs').scrollWidth > wide('.signs').parentElement.clientWidth;";
    assert_eq!(window.ask(breaks_out, &[]), json!(false), "the table is wider than its card");
    window.fill("Weight", "70.5");
    judge(&window, "correction");
    window.submit("Record the right value");
    // Only now is the chart read again: "170.5" of before has the new value in it too.
    window.press("All 13 values");
    let marked = window.text_of("vitals").unwrap_or_default();
    assert!(marked.lines().any(|line| line.starts_with("70.5")), "{marked}");
    assert!(!marked.contains("from the weight before"), "{marked}");
    window.see_count("[data-testid=vitals] .line.mistaken", 1);

    // The reason has the keyboard, and is asked for.
    window.press("Weight was recorded by mistake…");
    window.key(Key::Return);
    window.see_refusal();
    window.fill("What was the mistake?", "wrong patient");
    judge(&window, "mistake");
    window.key(Key::Return);
    window.see_part("vitals", "reason: wrong patient");

    window.press("Visit note");
    window.press("Visit note — Dr Ana Reyes");
    window.keys("wrong visit");
    window.key(Key::Return);
    window.see_part("notes", "Mistake: wrong visit");
    window.see_part("notes", "Rest and fluids.");

    window.press("It is over… Malaria");
    window.key(Key::Return);
    window.see_part("problems", "1 past problem");
    // Taken back by its key, it goes on.
    window.shortcut(Key::Control, 'z');
    window.see_part("done", "Taken back: ");
    window.see_no("1 past problem");
    window.see_part("problems", "Malaria");
    window.press("Begin a visit");
    window.keys("fever");
    judge(&window, "visit");
    window.key(Key::Return);
    // A visit that begins has a page of its own.
    window.see_part("visit-page", "Vital signs");
    window.press("Whole chart");
    window.see_part("visits", "under way");
    judge(&window, "endings");
    window.press("End the visit of");
    window.submit("End the visit");
    window.see_no("under way");

    // That there are none is not offered while there is one.
    window.press("Add an allergy");
    window.see("Substance");
    window.see_no("There are no known allergies");
}
