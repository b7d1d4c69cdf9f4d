//! A patient's way through the day: checked in at the desk, seen, written about, and gone.

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

#[test]
fn a_patient_is_checked_in_seen_and_written_about_without_the_mouse() {
    let scene = Scene::new("visit");
    let computer = Computer::founded(&scene, "a");
    let grace = computer.register(&json!({
        "family": "Okello", "given": "Grace", "gender": "female", "birthDate": "1980-03-14",
        "identifier": "CLN-88417", "city": "Amolatar",
    }));
    computer.register(&json!({ "family": "Reyes", "given": "Juan", "birthDate": "1990" }));
    let on = Some(grace.as_str());
    computer.record("condition", on, &json!({ "problem": "Hypertension", "onset": "2019" }));
    let signs = json!({ "systolic": "150", "diastolic": "95", "weight": "68.5" });
    computer.record("vitals", on, &json!({ "values": signs }));
    let note = json!({ "section": "plan", "text": "Start amlodipine 5 mg. Less salt." });
    computer.record("note", on, &note);
    computer.record("signature", on, &json!({}));

    let window = scene.open("a");
    acts::enter(&window, PASSWORD, "Lakeside");
    window.see("Nobody waits");
    judge(&window, "empty-day");

    // The desk: who has come is found and waits.
    window.shortcut(Key::Control, 'i');
    window.see_focus("#arrive");
    window.keys("grace");
    window.see("OKELLO, Grace");
    judge(&window, "who-has-come");
    window.key(Key::Return);
    window.see("Check in");
    window.keys("headache");
    judge(&window, "check-in");
    window.key(Key::Return);
    window.see_part("waiting", "OKELLO, Grace");
    window.see_part("waiting", "headache");
    judge(&window, "who-waits");
    // Once is enough.
    acts::arrive(&window, "okello", "CLN-88417");
    window.see("May be left out");
    window.key(Key::Return);
    window.see("Here already");

    // The key of the day leads to the line of who waits longest.
    window.shortcut(Key::Control, '0');
    window.see_focus(".today .row");
    window.key(Key::Return);
    window.see_part("visit-page", "Vital signs");
    window.see_part("before", "Start amlodipine 5 mg");
    window.see_part("before", "68.5 kg");
    judge(&window, "visit");
    window.see_focus("#vitals-systolic");
    let tab = char::from(Key::Tab);
    window.keys(&format!("138{tab}86{tab}72"));
    window.key(Key::Return);
    window.see_part("visit-signs", "138/86 mmHg");
    assert_eq!(window.value("Systolic"), "", "what is recorded is not to be recorded again");
    window.see_focus("#note-subjective");
    window.keys(&format!("Headache in the mornings.{tab}Alert.{tab}Better.{tab}Go on."));
    window.see_part("saved-state", "Kept on this computer");
    judge(&window, "visit-written");
    window.shortcut(Key::Control, char::from(Key::Return));
    window.see_part("finish", "Headache in the mornings.");
    judge(&window, "finish");
    // A key that is held down does not sign what it has just opened.
    let held = "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', \
                { key: 'Enter', ctrlKey: true, repeat: true, bubbles: true, cancelable: true }))";
    window.ask(held, &[]);
    window.press("Cancel");
    window.see_part("visit-page", "Vital signs");
    window.shortcut(Key::Control, char::from(Key::Return));
    window.see_part("finish", "Headache in the mornings.");
    window.see_focus("#finish-act");
    window.shortcut(Key::Control, char::from(Key::Return));
    window.see_part("gone", "OKELLO, Grace");
    window.see("The visit is signed and finished");
    judge(&window, "day-done");

    // The chart has it all.
    window.press_near("Done today", "OKELLO, Grace");
    window.see_part("notes", "Visit note");
    window.see_part("visits", "headache");
    window.see_no("under way");
}
