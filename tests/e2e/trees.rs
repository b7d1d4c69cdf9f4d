//! What a screen reader is told of the main screens, as goldens: a role, a name or a state that
//! changes is seen to change.

use fantoccini::key::Key;
use insta::assert_snapshot;
use serde_json::json;
use tests::computer::{Computer, PASSWORD};
use tests::scene::Scene;
use tests::window::Window;

use crate::acts;
use crate::prepared::Disputed;

/// The golden of a page, once it says what it is read for.
fn hold(window: &Window, screen: &str, says: &str) {
    window.see(says);
    assert_snapshot!(screen, window.tree());
}

#[test]
fn the_main_screens_are_told_as_ever() {
    let scene = Scene::new("trees");
    let window = scene.open("a");
    hold(&window, "first-run", "Welcome to Fieldchart");
    drop(window);
    let computer = Computer::founded(&scene, "a");
    let grace = computer.register(&json!({
        "family": "Okello", "given": "Grace", "gender": "female", "birthDate": "1980-03-14",
        "identifier": "CLN-88417", "city": "Amolatar",
    }));
    let on = Some(grace.as_str());
    computer.record("allergy", on, &json!({ "substance": "penicillin", "criticality": "high" }));
    computer.record("condition", on, &json!({ "problem": "Hypertension", "onset": "2019" }));
    let order = json!({ "medication": "amlodipine", "dose": "5", "unit": "mg", "frequency": "1" });
    computer.record("medication", on, &order);
    let window = scene.open("a");
    window.see_focus("#sign-in-password");
    hold(&window, "sign-in", "Sign in");
    acts::enter(&window, PASSWORD, "Lakeside");
    window.shortcut(Key::Control, 'i');
    window.see_focus("#arrive");
    window.keys("okello");
    window.see("OKELLO, Grace");
    window.key(Key::Return);
    window.see_focus("#arrival-reason");
    hold(&window, "check-in", "Check in");
    window.keys("headache");
    window.key(Key::Return);
    window.see_part("waiting", "headache");
    window.shortcut(Key::Control, '0');
    window.see_focus(".today .row");
    hold(&window, "today", "OKELLO, Grace");
    window.key(Key::Return);
    window.see_focus("#vitals-systolic");
    hold(&window, "visit", "Vital signs");
    window.key(Key::F4);
    window.see_focus("#prescription-sentence");
    hold(&window, "prescribe", "Prescription in one line");
    window.key(Key::Escape);
    acts::open_chart(&window, "Okello");
    hold(&window, "chart", "Hypertension");
    window.press("Patients");
    window.fill("Find a patient by name", "okello");
    hold(&window, "find", "CLN-88417");
    window.shortcut(Key::Control, 'n');
    window.see_focus("#patient-family");
    hold(&window, "register", "Given names");
    window.key(Key::Escape);
    window.shortcut(Key::Control, 'k');
    window.see_focus("#palette-line");
    hold(&window, "palette", "Find");
}

#[test]
fn what_must_be_decided_and_done_is_told_as_ever() {
    let clinic = Disputed::new("trees-disputed");
    let window = clinic.open();
    for (page, screen, says) in [
        ("To decide", "to-decide", "amlodipine"),
        ("Tasks", "tasks", "OKELLO"),
        ("People", "people", "Dr Ana Reyes"),
        ("Letterhead", "letterhead", "Dr Ana Reyes"),
        ("Account", "account", "Replace the recovery code"),
    ] {
        window.press(page);
        hold(&window, screen, says);
    }
    acts::open_chart(&window, "Okello");
    window.see_count("[data-testid=medications] .conflict-card", 1);
    hold(&window, "disputed-chart", "amoxicillin");
}
