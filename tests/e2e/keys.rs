//! What an administrator does about the clinic's keys, and how a clinic comes back without any computer.

use std::fs;

use serde_json::json;
use tests::computer::{Computer, PASSWORD};
use tests::scene::Scene;
use tests::window::Scheme;

use crate::acts;

/// Puts a file into the one control that takes one, as a person chooses it.
const CHOOSE: &str = "
    const control = document.querySelector('input[type=file]');
    const chosen = new DataTransfer();
    chosen.items.add(new File([arguments[0]], 'kit.txt', { type: 'text/plain' }));
    control.files = chosen.files;
    control.dispatchEvent(new Event('change', { bubbles: true }));";

#[test]
fn new_keys_and_a_kit_are_made_in_the_window_and_the_kit_brings_the_clinic_back() {
    let scene = Scene::new("keys");
    let server = scene.server();
    let here = Computer::of(&scene, "a");
    here.found_clinic(Some(server.address()));
    here.register(&json!({ "family": "Okello", "given": "Grace", "birthDate": "1980-03-14" }));
    here.json(&["sync"]);
    let stick = scene.folder().join("STICK");
    fs::create_dir(&stick).unwrap();
    let drives = stick.join("").to_string_lossy().into_owned();

    let window = scene.open_with("a", vec![("FIELDCHART_DRIVES", drives)]);
    acts::enter(&window, PASSWORD, "Lakeside");
    window.press("Sync");
    // The server that is set is shown, and its place asked for.
    window.fill("Server", "https://elsewhere.example:8443");
    window.submit("Set the server");
    window.see("This takes the place of");
    window.fill("Server", "");

    window.press("Make new keys…");
    window.see("Make new keys for the whole clinic?");
    window.picture("new-keys-asked");
    window.press("Cancel");
    window.see_no("Make new keys for the whole clinic?");
    window.press("Make new keys…");
    window.submit("Make new keys");
    window.see("New keys are made (set 2)");
    window.submit("Make a recovery kit");
    window.see_refusal();
    window.must_be_accessible("keys");
    window.fill("Your password now", PASSWORD);
    window.submit("Make a recovery kit");
    window.see("This kit is shown once, and is kept nowhere");
    window.must_be_accessible("kit");
    window.press("Write to STICK");
    window.see("Take the stick out safely and lock it away.");
    window.picture("kit");
    window.picture_in(Scheme::Dark, "kit");
    window.press("I have it on paper or on a stick, and lock it away");
    window.press("Go on");
    drop(window);

    let files: Vec<_> = fs::read_dir(&stick).unwrap().map(|file| file.unwrap().path()).collect();
    let text = files.iter().find(|file| file.extension().is_some_and(|ending| ending == "txt"));
    let text = fs::read_to_string(text.unwrap()).unwrap();
    let window = scene.open("b");
    window.see("Welcome to Fieldchart");
    window.press("Bring a clinic back");
    window.see("Recovery code");
    window.see("No file chosen");
    window.ask(CHOOSE, &[json!("a letter")]);
    window.see("kit.txt");
    window.see("This file is no recovery kit.");
    window.ask(CHOOSE, &[json!(text)]);
    window.see_no("This file is no recovery kit.");
    window.fill("Name for this computer", "New laptop");
    window.fill("New password of that person, for this computer", PASSWORD);
    window.fill("Password once more", PASSWORD);
    window.must_be_accessible("recover");
    window.picture("recover");
    window.submit("Bring the clinic back");
    acts::keep_recovery_code_of(&window, "Lakeside");
    acts::open_chart(&window, "Okello");
}
