//! Every screen in every state it can be in, read by axe, by day and by night, in English and from
//! right to left.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::process::Command;

use fantoccini::key::Key;
use serde_json::json;
use tests::computer::{Computer, PASSWORD};
use tests::scene::Scene;
use tests::window::{Scheme, Window};

use crate::prepared::Disputed;
use crate::{acts, walk};

/// Each of them in English and in Arabic.
macro_rules! in_each_tongue {
    ($($test:ident),+) => {
        mod english {
            $(#[test]
            fn $test() {
                super::$test("en");
            })+
        }
        mod arabic {
            $(#[test]
            fn $test() {
                super::$test("ar");
            })+
        }
    };
}

in_each_tongue!(
    the_ways_to_begin_are_accessible,
    a_gate_that_stays_shut_is_accessible,
    what_must_be_decided_and_done_is_accessible,
    every_form_of_a_chart_is_accessible,
    people_computers_and_sync_are_accessible,
    an_import_is_accessible_from_begin_to_end
);

/// Keeps a picture by day and by night of a page that axe finds nothing wrong with.
fn judge(window: &Window, page: &str) {
    window.must_be_accessible(page);
    let name = page.replace(' ', "-");
    window.picture(&name);
    window.picture_in(Scheme::Dark, &name);
}

fn the_ways_to_begin_are_accessible(tag: &str) {
    let scene = Scene::new(&format!("ways-to-begin-{tag}"));
    let window = scene.open_speaking("a", tag);
    window.see("Welcome to Fieldchart");
    for (way, page) in [
        ("Create a clinic", "create a clinic"),
        ("Join a clinic", "join a clinic"),
        ("Bring a clinic back", "bring a clinic back"),
        ("Try it out", "try it out"),
    ] {
        window.press(way);
        judge(&window, page);
    }
    window.press("Create a clinic");
    window.fill("Password", "one");
    window.submit("Create a clinic");
    window.see_refusal();
    judge(&window, "a clinic without a name");
    window.press("Join a clinic");
    window.fill("Code", "NOT-A-CODE");
    window.fill("Name for this computer", "Room 2");
    window.fill("Password", acts::PASSWORD);
    window.fill("Password once more", acts::PASSWORD);
    window.submit("Join a clinic");
    window.see("The code does not work");
    judge(&window, "a code that does not work");
}

fn a_gate_that_stays_shut_is_accessible(tag: &str) {
    let scene = Scene::new(&format!("shut-gate-{tag}"));
    let computer = Computer::founded(&scene, "a");
    let window = scene.open_speaking("a", tag);
    window.see("Sign in");
    judge(&window, "sign in");
    window.submit("Sign in");
    window.see_refusal();
    judge(&window, "no password");
    window.fill("Password", "another quiet morning here");
    window.submit("Sign in");
    window.see("The password is wrong");
    judge(&window, "a wrong password");
    window.press("Use the recovery code");
    window.fill("Recovery code", "0000-0000-0000-0000-0000-0000-0000-0000-00");
    window.fill("New password", acts::PASSWORD);
    window.submit("Open and set the password");
    window.see("The recovery code is wrong");
    judge(&window, "a wrong recovery code");
    drop(window);

    let slots = ["keyslots.a", "keyslots.b"].map(|name| computer.store().join(name));
    let whole = slots.each_ref().map(|path| fs::read(path).expect("key slots"));
    let check = |change: &dyn Fn(&mut Vec<u8>), told: &str, page: &str| {
        for (path, bytes) in slots.iter().zip(&whole) {
            let mut bytes = bytes.clone();
            change(&mut bytes);
            fs::write(path, bytes).expect("key slots are written");
        }
        let window = scene.open_speaking("a", tag);
        window.see("The clinic cannot be opened");
        window.see(told);
        judge(&window, page);
    };
    let flip = |bytes: &mut Vec<u8>| bytes[100] ^= 4;
    check(&flip, "The records on this computer are damaged", "a damaged store");
    let newer = |bytes: &mut Vec<u8>| {
        bytes[0] = 9;
        bytes.extend([1; 32]);
    };
    check(&newer, "The store was written by a newer version", "a newer store");
}

fn what_must_be_decided_and_done_is_accessible(tag: &str) {
    let clinic = Disputed::new(&format!("disputed-{tag}"));
    let window = clinic.open_speaking(tag);
    window.press("Inbox");
    window.see_count("main .conflict-card", 1);
    window.see_part("tasks", "OKELLO");
    judge(&window, "the inbox");
    window.press("Done… with the task about OKELLO");
    window.submit("Record as done");
    window.see_refusal();
    judge(&window, "a task without an outcome");
    acts::open_chart(&window, "Okello");
    window.see_count("[data-testid=medications] .conflict-card", 1);
    judge(&window, "a disputed chart");
    window.press("Contact");
    window.press("Visit note");
    judge(&window, "an unfolded chart");
    window.press("Change these data");
    window.fill("Born", "1980-13");
    window.submit("Save");
    window.see_refusal();
    judge(&window, "a birth date that is none");
    window.key(Key::Escape);
    window.press("Show the keys");
    window.see("Show these keys");
    judge(&window, "the keys");
}

/// The forms of a chart, each as it opens, and one that must be mended.
fn every_form_of_a_chart_is_accessible(tag: &str) {
    let scene = Scene::new(&format!("forms-{tag}"));
    let computer = Computer::founded(&scene, "a");
    let patient = computer.register(&json!({ "family": "Okello", "given": "Grace" }));
    let window = scene.open_speaking("a", tag);
    acts::enter(&window, PASSWORD, "Lakeside");
    acts::open_chart(&window, "Okello");
    judge(&window, "an empty chart");
    drop(window.kill());
    walk::fill_chart(&computer, &patient);
    let window = scene.open_speaking("a", tag);
    acts::enter(&window, PASSWORD, "Lakeside");
    acts::open_chart(&window, "Okello");
    judge(&window, "a chart");
    walk::forms(&window, |form| judge(&window, form));
    acts::open_chart(&window, "Okello");
    window.press("Add an allergy");
    window.submit("Record allergy");
    window.see_refusal();
    judge(&window, "an allergy to nothing");
}

fn people_computers_and_sync_are_accessible(tag: &str) {
    let clinic = Disputed::new(&format!("members-{tag}"));
    let window = clinic.open_speaking(tag);
    window.press("People");
    window.submit("Add a person");
    window.see_refusal();
    judge(&window, "a person without a name");
    window.fill("Name", "Joseph Wanyama");
    window.fill("Name to sign in with", "joseph");
    window.fill("First password", "four quiet blue lamps");
    window.submit("Add a person");
    window.see_part("people-page", "Joseph Wanyama");
    judge(&window, "people");

    window.press("Sync");
    window.submit("Make a code");
    window.see("Works until");
    // The exchange that told the server of the code is over, and so the page says.
    window.see_part("sync-page", "Nothing going on");
    window.press("Remove from the clinic: b");
    window.see("This cannot be undone");
    judge(&window, "a computer that is to go");
    window.press("Cancel");
    window.submit("Set the server");
    window.see_refusal();
    judge(&window, "a server without an address");

    let Disputed { scene, server } = clinic;
    let away = server.stop();
    window.press("Sync now");
    window.see("The server cannot be reached");
    judge(&window, "an unreachable server");
    let server = away.start_again();
    acts::sync(&window);
    window.press("Remove from the clinic: b");
    window.submit("Remove from the clinic");
    window.see("removed from the clinic");
    judge(&window, "a computer that is gone");
    drop(window);

    let window = scene.open_speaking("b", tag);
    acts::enter(&window, PASSWORD, "Lakeside");
    // Unasked: then there is nothing to press any more.
    window.see("was removed from the clinic");
    window.press("Sync");
    window.see("Nothing new arrives");
    window.see_part("removed", "what you record here reaches nobody");
    // Nothing waits here.
    window.see_no("no other computer");
    window.see_no("sent once a server is reached");
    judge(&window, "a computer that is not let in");
    drop((window, server));
}

/// Files to import: what is fine, what has faults, and a pipe that is read for as long as the
/// test wishes.
fn files(folder: &Path) -> File {
    fs::create_dir_all(folder).expect("a folder");
    let person = r#"{"resourceType":"Patient","name":[{"family":"Adeyemi","given":["Tunde"]}]}"#;
    fs::write(folder.join("Patient.ndjson"), person).expect("a file");
    let odd = r#"{"resourceType":"AllergyIntolerance","code":{"text":"latex"}}
{"resourceType":"Patient","birthDate":"1990-02-31","name":[{"family":"Bassey"}]}
{"resourceType":"Organization","name":"Lakeside"}
{"resourceType":"#;
    fs::write(folder.join("Remarkable.ndjson"), odd).expect("a file");
    let pipe = folder.join("Slow.ndjson");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.is_ok_and(|status| status.success()), "a pipe");
    // Held for reading too, opening does not wait for the reader.
    OpenOptions::new().read(true).write(true).open(pipe).expect("the pipe opens")
}

fn an_import_is_accessible_from_begin_to_end(tag: &str) {
    let scene = Scene::new(&format!("import-{tag}"));
    Computer::founded(&scene, "a");
    let folder = scene.folder().join("files");
    let mut slow = files(&folder);
    let window = scene.open_speaking("a", tag);
    acts::enter(&window, PASSWORD, "Lakeside");
    window.press("Import");
    window.submit("Import");
    window.see_refusal();
    judge(&window, "an import of nothing");
    window.fill("Files and folders, one per line", "/nowhere/at/all.json");
    window.submit("Import");
    window.see("A file cannot be read");
    judge(&window, "an import of what is not there");
    // A pipe is read where it is named, and not where a folder happens to hold one.
    let (here, pipe) = (folder.to_string_lossy(), folder.join("Slow.ndjson"));
    let both = format!("{here}{}{}", char::from(Key::Return), pipe.display());
    window.fill("Files and folders, one per line", &both);
    window.submit("Import");
    window.see("Importing");
    window.see("2 of 3 files");
    judge(&window, "an import under way");
    let person = r#"{"resourceType":"Patient","name":[{"family":"Chukwu","given":["Ada"]}]}"#;
    slow.write_all(person.as_bytes()).expect("the import reads");
    drop(slow);
    window.see("Last import");
    window.see("Remarks");
    window.see("1 AllergyIntolerance.");
    window.see("1 Organization");
    window.see("charts here have no place");
    judge(&window, "an import with remarks");
    window
        .fill("Files and folders, one per line", &folder.join("Patient.ndjson").to_string_lossy());
    window.submit("Import");
    window.see("Everything was taken in");
    judge(&window, "an import without remarks");
    window.press("Patients");
    window.fill("Find a patient by name", "Chukwu");
    window.see("CHUKWU, Ada");
    judge(&window, "patients found");
    window.fill("Find a patient by name", "nobody at all");
    window.see("Nobody found");
    judge(&window, "nobody found");
}
