//! Typing faster than the program, closing what was half typed, and locking over it.

use fantoccini::key::Key;
use serde_json::json;
use tests::computer::{Computer, PASSWORD};
use tests::scene::Scene;

use crate::acts;

/// Enter opens whom the words name, never whom the words before the last key had found.
#[test]
fn whoever_types_fast_lands_in_the_right_chart() {
    let scene = Scene::new("hurry");
    let window = scene.open("a");
    acts::create_clinic(&window, None);
    acts::keep_recovery_code(&window);
    acts::register(&window, "Okello", "Grace", "1980-03-14");
    window.press("Patients");
    acts::register(&window, "Diallo", "Awa", "1990");
    for family in ["Okello", "Diallo", "Okello"] {
        window.press("Patients");
        let words = format!("{}{}", family.to_lowercase(), char::from(Key::Return));
        window.type_into("Find a patient by name", &words);
        window.see_part("banner", &family.to_uppercase());
    }
}

/// A form that is covered by another or closed keeps what was typed until it is recorded or
/// discarded.
#[test]
fn a_half_typed_form_is_there_again() {
    let scene = Scene::new("half-typed");
    let window = scene.open("a");
    acts::create_clinic(&window, None);
    acts::keep_recovery_code(&window);
    acts::register(&window, "Okello", "Grace", "1980-03-14");
    window.press("Add an allergy");
    window.fill("Substance", "penicillin");
    window.choose("How dangerous", "high risk");
    window.key(Key::F2);
    window.see("Systolic");
    window.key(Key::Escape);
    window.see_in("Substance", "penicillin");
    window.key(Key::Escape);
    window.see_no("How dangerous");
    window.press("Add an allergy");
    window.see("What you typed before is here again");
    window.see_in("How dangerous", "high");
    window.picture("half-typed");
    window.must_be_accessible("a form with what was typed before");
    window.press("Discard it");
    window.see_no("How dangerous");
    window.press("Add an allergy");
    window.see("How dangerous");
    window.see_no("What you typed before is here again");
    assert_eq!(window.value("Substance"), "");
}

/// What is typed in the same instant in which the window locks is there afterwards, wherever it was
/// typed: recorded where it can be, else waiting in its field.
#[test]
fn what_was_typed_last_is_kept_by_the_lock() {
    let scene = Scene::new("locked");
    let computer = Computer::founded(&scene, "a");
    computer.register(&json!({ "family": "Okello", "given": "Grace", "birthDate": "1980-03-14" }));
    let window = scene.open("a");
    acts::enter(&window, PASSWORD, "Lakeside");
    acts::check_in(&window, "okello", "OKELLO, Grace", "cough");
    window.press_near("Waiting", "OKELLO, Grace");
    window.see_part("visit-page", "Vital signs");
    window.see("Kept while you type");
    let typed = [
        ("visit-reason", "Why does the patient come", "cough and fever"),
        ("vitals-temperature", "Temperature", "38.9"),
        ("note-subjective", "Subjective", "Three days now."),
        ("again-followUp", "Next visit", "when the rain is over"),
    ];
    window.ask(TYPE_AND_LOCK, &[json!(typed.map(|(id, _, text)| (id, text)))]);
    window.see("Sign in");
    acts::enter(&window, PASSWORD, "Lakeside");
    window.see_part("with", "cough and fever");
    window.press_near("With a clinician", "OKELLO, Grace");
    window.see_part("visit-page", "Vital signs");
    for (_, label, text) in typed {
        window.see_in(label, text);
    }
    // What was typed and cannot be read is mended before the visit ends, and nothing is left behind.
    window.shortcut(Key::Control, char::from(Key::Return));
    window.see_focus("#again-followUp");
    window.see_count("[data-testid=finish]", 0);
    window.fill("Next visit", "in 2 weeks");
    window.shortcut(Key::Control, char::from(Key::Return));
    window.see_part("finish", "Three days now.");
    window.see_part("visit-signs", "38.9");
    window.must_be_accessible("the end of a visit that was locked");
}

/// Types into fields by their ids and presses Lock before anything else can happen.
const TYPE_AND_LOCK: &str = r#"
for (const [id, text] of arguments[0]) {
    const field = document.getElementById(id);
    field.focus();
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
}
for (const button of document.querySelectorAll(".top-bar button")) {
    if (button.textContent.includes("Lock")) button.click();
}
"#;
