//! One story in two windows: two computers of a clinic work without a network, meet a server,
//! and show what they disagree on until someone decides.

use tests::scene::Scene;
use tests::window::Window;

use crate::acts::{self, Dosage};

const FIVE_ONCE: Dosage = Dosage { dose: "5", unit: "mg", times: "1" };
const TEN_ONCE: Dosage = Dosage { dose: "10", unit: "mg", times: "1" };
const FIVE_TWICE: Dosage = Dosage { dose: "5", unit: "mg", times: "2" };
const CAPSULE: Dosage = Dosage { dose: "500", unit: "mg", times: "3" };

#[test]
fn two_windows_tell_one_story() {
    let scene = Scene::new("story");
    let server = scene.server();

    // One clinic, two computers, one patient.
    let a = scene.open("a");
    acts::create_clinic(&a, Some(server.address()));
    a.picture("recovery-code");
    acts::keep_recovery_code(&a);
    acts::register(&a, "Okello", "Grace", "1980-03-14");
    acts::record_medicine(&a, "amlodipine", &FIVE_ONCE);
    begin_note(&a, "Came for her blood pressure.");
    acts::sync(&a);
    let code = device_code(&a);
    let b = scene.open("b");
    acts::join_clinic(&b, &code, "Room 2");
    acts::sync(&b);
    acts::open_chart(&b, "Okello");
    b.see_part("medications", "amlodipine");
    b.picture("joined");

    // A copy of the first computer, as a careful clinic makes one.
    let a = a.kill();
    scene.copy_store("a", "a-before");
    let a = a.open_again();
    acts::sign_in(&a);
    acts::open_chart(&a, "Okello");

    // Both are cut off, and go on.
    let server = server.stop();
    acts::record_allergy(&a, "penicillin");
    acts::change_dosage(&a, "amlodipine", &TEN_ONCE);
    begin_note(&a, "Rash after penicillin as a child.");
    a.picture("offline");
    record_amoxicillin(&b);
    acts::change_dosage(&b, "amlodipine", &FIVE_TWICE);
    begin_note(&b, "Sore throat for three days.");
    b.picture("offline");

    // They meet the server.
    let server = server.start_again();
    for window in [&a, &b, &a] {
        acts::sync(window);
    }
    for window in [&a, &b] {
        acts::open_chart(window, "Okello");
        window.see_part("conflict-card", "10 mg");
        window.see_part("conflict-card", "twice");
        window.press("Write the note");
        window.see_in("Subjective", "Rash after penicillin as a child.");
        window.see_in("Subjective", "Sore throat for three days.");
        window.picture("both-dosages");
        window.press("To decide");
        window.see("10 mg");
        window.press("Tasks");
        window.see_part("tasks", "OKELLO");
        window.see_part("tasks", "amoxicillin");
        window.picture("task");
    }

    // One decides, and it is decided on both.
    b.press("To decide");
    b.press("This one holds: amlodipine 10 mg");
    b.see("Nothing to decide");
    acts::sync(&b);
    acts::sync(&a);
    a.press("To decide");
    a.see("Nothing to decide");
    a.picture("decided");

    // The first computer is restored from the copy, works offline, and meets the server again.
    let a = a.kill();
    scene.put_store_back("a-before", "a");
    let server = server.stop();
    let a = a.open_again();
    acts::sign_in(&a);
    acts::open_chart(&a, "Okello");
    acts::record_allergy(&a, "latex");
    let _server = server.start_again();
    for window in [&a, &b, &a] {
        acts::sync(window);
    }
    for window in [&a, &b] {
        acts::open_chart(window, "Okello");
        window.see_part("allergies", "latex");
        window.see_part("allergies", "penicillin");
        window.see_part("medications", "10 mg");
        window.see_part("medications", "amoxicillin");
        window.picture("after-the-restore");
    }

    // Nothing of it stands in the clear in any file.
    drop((a, b));
    for planted in ["Okello", "amlodipine", "amoxicillin", "penicillin", "latex", "Sore throat"] {
        scene.must_hold_no(planted);
    }
}

/// Types into the note and waits until it is kept.
fn begin_note(window: &Window, text: &str) {
    window.press("Write the note");
    window.type_into("Subjective", &format!("{text} "));
    window.see_part("saved-state", "Kept on this computer");
    window.key(fantoccini::key::Key::Escape);
}

/// A prescription the rules speak up against where the allergy is known; here it is not.
fn record_amoxicillin(window: &Window) {
    acts::record_medicine(window, "amoxicillin", &CAPSULE);
}

/// Makes a code that lets one more computer join.
fn device_code(window: &Window) -> String {
    window.press("Sync");
    window.submit("Make a code");
    window.see("Works until");
    let code = window.ask("return document.querySelector('.recovery-code code')?.innerText", &[]);
    code.as_str().unwrap_or_default().to_owned()
}
