//! The palette: patients, deeds and codes by the keyboard alone, wherever one is.

use fantoccini::key::Key;
use serde_json::json;
use tests::computer::{Computer, PASSWORD};
use tests::scene::Scene;
use tests::window::{Scheme, Window};

use crate::acts;

fn judge(window: &Window, page: &str) {
    window.must_be_accessible(page);
    window.picture(page);
    window.picture_in(Scheme::Dark, page);
}

/// Opens the palette and types.
fn ask(window: &Window, text: &str) {
    window.shortcut(Key::Control, 'k');
    window.see_focus("#palette-line");
    window.keys(text);
}

#[test]
fn the_palette_leads_to_patients_deeds_and_codes() {
    let scene = Scene::new("palette");
    let computer = Computer::founded(&scene, "a");
    computer.register(&json!({ "family": "Okello", "given": "Grace", "birthDate": "1980-03-14" }));
    let window = scene.open("a");
    acts::enter(&window, PASSWORD, "Lakeside");
    window.press("Sync");

    // Where no chart is, a code is shown, with what can be done.
    ask(&window, "#heart attack");
    window.see_part("palette", "No chart is open");
    window.see_part("palette", "I21");
    judge(&window, "codes");
    window.key(Key::Return);
    window.see_part("palette-code", "I21");
    judge(&window, "a-code-elsewhere");
    // Another line takes it away.
    window.shortcut(Key::Control, 'a');
    window.keys("okel");
    window.see_part("palette", "OKELLO, Grace");
    window.see_count("[data-testid=palette-code]", 0);
    judge(&window, "patients");
    window.key(Key::Return);
    window.see_part("banner", "OKELLO");

    // At a chart it is recorded: looked for, chosen, sent.
    ask(&window, "#htn");
    window.see_part("palette", "records the diagnosis for OKELLO, Grace");
    window.see_part("palette", "I10");
    judge(&window, "codes-at-a-chart");
    window.key(Key::Return);
    window.see_focus("#problem-problem");
    window.see("Coded I10 (ICD-10-CM)");
    judge(&window, "a-diagnosis");
    window.key(Key::Return);
    window.see_part("problems", "hypertension");

    ask(&window, "vital");
    window.see_part("palette", "F2");
    judge(&window, "deeds");
    window.key(Key::Return);
    window.see("Systolic");
    window.key(Key::Escape);
    window.shortcut(Key::Control, 'k');
    window.see_focus("#palette-line");
    window.key(Key::Escape);
    window.see_count("[data-testid=palette]", 0);
    window.see_part("banner", "OKELLO");
}
