//! One story in two windows, one worked by hand and the other by keys alone: two computers of a
//! clinic work without a network, meet a server, and show what they disagree on until someone
//! decides; one is put back to yesterday, and nothing is lost. What was typed stands in the clear
//! in no file.

use std::fs;

use tests::computer::Computer;
use tests::planted::Search;
use tests::scene::Scene;
use tests::window::Window;

use crate::acts::{self, Dosage};
use crate::{planted, told};

const FIVE_ONCE: Dosage = Dosage { dose: "5", times: "1", instruction: "with her breakfast" };
const TEN_ONCE: Dosage = Dosage { dose: "10", times: "1", instruction: "never on a fasting day" };
const FIVE_TWICE: Dosage = Dosage { dose: "5", times: "2", instruction: "at dawn and at dusk" };
const CAPSULE: Dosage = Dosage { dose: "500", times: "3", instruction: "swallowed whole" };

#[test]
fn two_windows_tell_one_story() {
    let scene = Scene::new("story");
    let server = scene.server();

    // One clinic, two computers, one patient.
    let a = scene.open_with("a", vec![("HOSTNAME", "Maternity desk".to_owned())]);
    acts::create_clinic(&a, Some(server.address()));
    let recovery_code = acts::shown_code(&a);
    a.see("Maternity desk");
    a.picture("recovery-code");
    acts::keep_recovery_code(&a);
    add_person(&a);
    import(&a, &scene);
    acts::register_grace(&a);
    acts::record_medicine(&a, "amlodipine", &FIVE_ONCE, ["raised since June", "small cuff used"]);
    acts::record_problem(&a, "essential hypertension", "told by the midwife");
    begin_note(&a, "Subjective", "Came for her blood pressure.");
    acts::sync(&a);
    let device_code = acts::device_code(&a);
    // The second computer has no mouse.
    let b = scene.open("b").by_keys();
    acts::join_clinic(&b, &device_code, "Consulting room by the river");
    acts::sync(&b);
    acts::open_chart(&b, "Okello");
    b.see_part("medications", "amLODIPine");
    b.picture("joined");

    // A copy of the first computer, as a careful clinic makes one.
    let a = a.kill();
    scene.copy_store("a", "a-before");
    let a = a.open_again();
    acts::sign_in(&a);
    acts::open_chart(&a, "Okello");

    // Both are cut off, and go on.
    let server = server.stop();
    acts::record_allergy(&a, "penicillin", ["blistering palms", "her mother remembers"]);
    acts::change_dosage(&a, "amlodipine", &TEN_ONCE);
    begin_note(&a, "Subjective", "Rash after penicillin as a child.");
    begin_note(&a, "Objective", "Ankles a little swollen.");
    a.picture("offline");
    acts::record_medicine(&b, "amoxicillin", &CAPSULE, ["tonsillitis", "weighs sixty kilos"]);
    acts::change_dosage(&b, "amlodipine", &FIVE_TWICE);
    begin_note(&b, "Subjective", "Sore throat for three days.");
    begin_note(&b, "Assessment", "Pressure not held yet.");
    begin_note(&b, "Plan", "Come back on Martyrs Day.");
    b.picture("offline");

    // They meet the server.
    let server = server.start_again();
    for window in [&a, &b, &a] {
        acts::sync(window);
    }
    for window in [&a, &b] {
        told::both_dosages(window);
        told::the_merged_note(window);
        told::one_task(window);
    }
    let [on_a, on_b] = [("a", &a), ("b", &b)].map(|(name, window)| {
        told::while_locked(window, &computer(&scene, name), |computer| {
            told::both_dosages_exported(computer);
            told::the_task(computer)
        })
    });
    assert_eq!(on_a, on_b, "one task, by one id");

    // One decides, and it is decided on both; the other sees to the task.
    b.press("Inbox");
    b.press("Keep this one: amlodipine, 10 mg");
    b.press("Record this decision");
    b.see("Nothing to decide");
    acts::sync(&b);
    acts::sync(&a);
    settle_the_task(&a, "Given azithromycin instead.");
    acts::sync(&a);
    acts::sync(&b);
    for window in [&a, &b] {
        told::decided(window);
    }
    a.picture("decided");
    look_for_words("while the windows are open", &scene, &[&recovery_code, &device_code]);

    // The first computer is restored from the copy, works offline, and meets the server again.
    let a = a.kill();
    scene.put_store_back("a-before", "a");
    let server = server.stop();
    let a = a.open_again();
    acts::sign_in(&a);
    acts::open_chart(&a, "Okello");
    a.see_part("medications", "5 mg");
    assert!(!a.text().contains("penicillin"), "it is yesterday");
    acts::record_allergy(&a, "latex gloves", ["itching wrists", "seen at the dentist"]);
    acts::record_problem(&a, "iron deficiency", "pale since the harvest");
    let server = server.start_again();
    for window in [&a, &b, &a] {
        acts::sync(window);
    }
    a.see("Sync needs a look");
    for window in [&a, &b] {
        told::decided(window);
        for (part, words) in [
            ("allergies", &["latex gloves", "penicillin"][..]),
            ("medications", &["amoxicillin", "never on a fasting day"]),
            ("problems", &["iron deficiency", "essential hypertension"]),
        ] {
            words.iter().for_each(|word| window.see_part(part, word));
        }
        told::the_merged_note(window);
        window.picture("after-the-restore");
    }

    // And on: no counter is stuck, nothing is refused.
    acts::record_allergy(&a, "groundnuts", ["hives in the night", "asked her twice"]);
    acts::record_allergy(&b, "shellfish", ["wheezing", "only at the lake"]);
    for window in [&a, &b, &a] {
        acts::sync(window);
    }
    for window in [&a, &b] {
        acts::open_chart(window, "Okello");
        window.see_part("allergies", "groundnuts");
        window.see_part("allergies", "shellfish");
    }
    drop((a, b));

    // All that was typed is in the record, and stands in the clear in no file.
    let computers = ["a", "b"].map(|name| computer(&scene, name));
    computers.iter().for_each(planted::must_be_recorded);
    for computer in &computers {
        computer.must_be_sound();
        for what in ["tasks", "conflicts"] {
            let waiting = told::waiting(computer, what);
            assert!(waiting.is_empty(), "{what}: {waiting:?}");
        }
    }
    look_for_words("when all is closed", &scene, &[&recovery_code, &device_code]);
    drop(server);
}

/// The computer of a window, worked from the command line with the same keyring.
fn computer(scene: &Scene, name: &str) -> Computer {
    let user = ("FIELDCHART_USER", "amina".to_owned());
    Computer::of(scene, name).with_password(acts::PASSWORD).with_keyring([user])
}

/// Adds someone who works at the clinic.
fn add_person(window: &Window) {
    window.press("People");
    window.fill("Name", "Joseph Wanyama");
    window.fill("Name to sign in with", "joseph");
    window.fill("First password", "four quiet blue lamps");
    window.submit("Add a person");
    window.see_part("people-page", "Joseph Wanyama");
}

/// Takes in somebody from a file, which is gone afterwards, and looks for somebody who is nowhere.
fn import(window: &Window, scene: &Scene) {
    let file = scene.folder().join("refugee-register.json");
    let person = r#"{"resourceType":"Patient","name":[{"text":"Importina Filewright"}]}"#;
    fs::write(&file, person).expect("a file to import");
    window.press("Import");
    window.fill("Files and folders, one per line", &file.to_string_lossy());
    window.submit("Import");
    window.see("1 of 1 file");
    window.see("1 patient");
    fs::remove_file(&file).expect("the file goes");
    window.press("Patients");
    window.fill("Find a patient by name", "Ogwang of nowhere");
    window.see("Nobody found");
    window.fill("Find a patient by name", "Importina");
    window.see("1 patient");
}

/// Types into a part of the note and waits until it is kept.
fn begin_note(window: &Window, part: &str, text: &str) {
    window.press("Write the note");
    window.type_into(part, &format!("{text} "));
    window.see_part("saved-state", "Kept on this computer");
    window.key(fantoccini::key::Key::Escape);
}

/// Says what was done about the only task.
fn settle_the_task(window: &Window, outcome: &str) {
    window.press("Inbox");
    window.press("Done… with the task about OKELLO");
    window.see("Still taken: ");
    window.fill("Why is it right all the same?", outcome);
    window.submit("Record as done");
    window.see("Nothing waits");
}

/// Looks for what was typed and shown in every file of the server, the computers and the logs.
fn look_for_words(when: &str, scene: &Scene, codes: &[&str]) {
    let words: Vec<&str> = planted::WORDS.iter().chain(codes).copied().collect();
    let (leaks, looked) = Search::new(&words).leaks(&[scene.folder(), scene.pictures().folder()]);
    assert!(leaks.is_empty(), "{when}: {leaks:#?}");
    assert!(looked > 2_000_000, "{when}: only {looked} bytes were there to look at");
}
