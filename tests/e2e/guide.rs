//! The pictures of the guide: made here, so that they are of the window as it is.

use std::fs;
use std::path::{Path, PathBuf};

use fantoccini::key::Key;
use serde_json::json;
use tests::computer::{Computer, PASSWORD};
use tests::pictures::painted_share;
use tests::scene::Scene;
use tests::window::Window;

use crate::acts;

/// What the guide shows, in its order.
const PICTURES: [&str; 6] = ["register", "today", "visit", "prescribe", "finish", "print"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/pictures/guide")
}

/// Puts a picture of the window into the guide where that is asked for; else the one that is there
/// must be a picture of a window.
fn show(window: &Window, name: &str) {
    let path = folder().join(format!("{name}.png"));
    let png = window.png();
    if std::env::var_os("FIELDCHART_WRITE_GUIDE").is_some() {
        fs::create_dir_all(folder()).expect("a folder for pictures");
        fs::write(&path, &png).expect("the picture is written");
    }
    let there = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let share = painted_share(&there);
    assert!(share > 0.02, "{name} shows {share}");
}

#[test]
fn the_guide_shows_the_window() {
    let scene = Scene::new("guide");
    let computer = Computer::founded(&scene, "a");
    let grace = computer.register(&json!({
        "family": "Okello", "given": "Grace", "gender": "female", "birthDate": "1980-03-14",
        "identifier": "CLN-88417", "city": "Amolatar", "phone": "+256 700 123456",
    }));
    for (family, given, born) in [("Reyes", "Juan", "1990"), ("Diallo", "Awa", "2021-05-02")] {
        computer.register(&json!({ "family": family, "given": given, "birthDate": born }));
    }
    let on = Some(grace.as_str());
    computer.record("allergy", on, &json!({ "substance": "penicillin", "criticality": "high" }));
    computer.record("condition", on, &json!({ "problem": "Hypertension", "onset": "2019" }));
    let signs = json!({ "systolic": "150", "diastolic": "95", "weight": "68.5" });
    computer.record("vitals", on, &json!({ "values": signs }));
    let note = json!({ "section": "plan", "text": "Start amlodipine 5 mg. Less salt." });
    computer.record("note", on, &note);
    computer.record("signature", on, &json!({}));
    let window = scene.open("a");
    acts::enter(&window, PASSWORD, "Lakeside");

    window.shortcut(Key::Control, 'n');
    window.see_focus("#patient-family");
    let tab = char::from(Key::Tab);
    window.keys(&format!("Okelo{tab}Grace{tab}{tab}14 mar 1980"));
    window.see("1 patient may be the same person");
    show(&window, "register");
    window.key(Key::Escape);

    for (name, reason) in [("okello", "headache"), ("reyes", "fever"), ("diallo", "cough")] {
        window.shortcut(Key::Control, '0');
        window.shortcut(Key::Control, 'i');
        window.see_focus("#arrive");
        window.keys(name);
        window.see(&format!("{}, ", name.to_uppercase()));
        window.key(Key::Return);
        window.see_focus("#arrival-reason");
        window.keys(reason);
        window.key(Key::Return);
        window.see_part("waiting", reason);
    }
    show(&window, "today");

    window.press_near("Waiting", "OKELLO, Grace");
    window.see_focus("#vitals-systolic");
    window.keys(&format!("138{tab}86{tab}72"));
    window.key(Key::Return);
    window.see_part("visit-signs", "138/86 mmHg");
    window.see_focus("#note-subjective");
    window.keys(&format!("Headache in the mornings.{tab}Alert, no oedema.{tab}Better.{tab}Go on."));
    window.see_part("saved-state", "Kept on this computer");
    show(&window, "visit");

    window.key(Key::F4);
    window.see_focus("#prescription-sentence");
    window.keys("amlo 5 od 30");
    window.see("30 tablets");
    show(&window, "prescribe");
    window.key(Key::Return);
    window.see("Checked. Enter records");
    window.key(Key::Return);
    window.see_part("medications", "amLODIPine");
    window.shortcut(Key::Control, char::from(Key::Return));
    window.see_part("finish", "Headache in the mornings.");
    window.see_focus("#finish-act");
    show(&window, "finish");
    window.key(Key::Escape);

    window.press("Whole chart");
    window.see_part("banner", "OKELLO");
    window.shortcut(Key::Control, 'p');
    window.see("Show it");
    // Of a chart without a prescription there is another sheet.
    window.choose("What", "Prescription");
    window.press("Show it");
    window.see_count("[data-testid=paper-pages] img", 1);
    show(&window, "print");
}

#[test]
fn every_picture_of_the_guide_stands_in_it() {
    let guide = fs::read_to_string(folder().join("../../USER-GUIDE.md")).unwrap_or_default();
    let at: Vec<Option<usize>> =
        PICTURES.iter().map(|name| guide.find(&format!("(pictures/guide/{name}.png)"))).collect();
    assert!(at.iter().all(Option::is_some) && at.is_sorted(), "{at:?}");
}
