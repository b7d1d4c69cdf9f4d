//! Where what is recorded is, as the window tells it; what waits in a chart; and what was set aside.

use std::fs;

use fantoccini::key::Key;
use serde_json::json;
use tests::computer::{Computer, PASSWORD, text};
use tests::scene::Scene;
use tests::window::{Scheme, Window};

use crate::acts;

fn judge(window: &Window, page: &str) {
    window.must_be_accessible(page);
    let name = page.replace(' ', "-");
    window.picture(&name);
    window.picture_in(Scheme::Dark, &name);
}

#[test]
fn an_entry_is_here_alone_until_the_server_has_it() {
    let scene = Scene::new("whereabouts");
    let server = scene.server();
    let here = Computer::of(&scene, "a");
    here.found_clinic(Some(server.address()));
    here.register(&json!({ "family": "Okello", "given": "Grace", "birthDate": "1980-03-14" }));
    here.json(&["sync"]);
    let away = server.stop();
    let window = scene.open("a");
    acts::enter(&window, PASSWORD, "Lakeside");
    acts::open_chart(&window, "Okello");
    window.see_part("whereabouts", "What is shown here is on the server too.");
    window.see_count(".only-here", 0);
    acts::record_allergy(&window, "penicillin", ["rash", ""]);
    window.see_part("allergies", "On this computer only");
    window.see_part("whereabouts", "1 entry of this chart is on this computer only.");
    judge(&window, "a chart with an entry that is here alone");

    let _server = away.start_again();
    acts::sync(&window);
    acts::open_chart(&window, "Okello");
    window.see_part("whereabouts", "What is shown here is on the server too.");
    window.see_count(".only-here", 0);
    window.press("History of penicillin");
    window.see("this computer · the server");
    judge(&window, "the history of an entry with where it is");
}

#[test]
fn what_a_removed_computer_recorded_is_taken_in_by_who_knows_of_it() {
    let scene = Scene::new("set-aside");
    let server = scene.server();
    let here = Computer::of(&scene, "a");
    here.found_clinic(Some(server.address()));
    let grace = json!({ "family": "Okello", "given": "Grace", "birthDate": "1980-03-14" });
    let patient = here.register(&grace);
    let there = Computer::of(&scene, "b");
    there.join(&text(&here.json(&["device", "code"]), "/code"));
    here.json(&["sync"]);
    there.json(&["sync"]);
    let devices = here.json(&["device", "list"]);
    let other = devices.as_array().unwrap().iter().find(|it| it["here"] == false).unwrap();
    here.json(&["device", "revoke", &text(other, "/id")]);
    there.record("allergy", Some(&patient), &json!({ "substance": "latex" }));
    let stick = scene.folder().join("STICK");
    fs::create_dir(&stick).unwrap();
    let file = stick.join("all.fcbundle").to_string_lossy().into_owned();
    there.json(&["sync", "--bundle-out", &file]);
    here.json(&["sync", "--bundle-in", &file]);

    let window = scene.open("a");
    acts::enter(&window, PASSWORD, "Lakeside");
    acts::open_chart(&window, "Okello");
    window.see_part("banner", "1 change set aside");
    window.see_part("allergies", "an allergy may be among it");
    judge(&window, "a chart of which something was set aside");
    window.key(Key::F8);
    window.see_focus(".banner .review");
    window.key(Key::Enter);
    window.see_part("quarantine", "that computer was removed");
    judge(&window, "what was set aside");
    window.submit("Look at them again");
    window.see("0 came in.");
    window.press_near("that computer was removed", "Take in");
    window.see("cannot be taken out again");
    judge(&window, "what is to be taken in");
    window.submit("Take in on every computer");
    window.see_count("[data-testid=quarantine]", 0);
    acts::open_chart(&window, "Okello");
    window.see_part("allergies", "latex");
    window.see_count("[data-testid=allergies] .notice", 0);
    window.see_count(".banner .review", 0);
}

#[test]
fn the_local_network_is_switched_off_and_on() {
    let scene = Scene::new("lan-switch");
    Computer::founded(&scene, "a");
    let window = scene.open_with("a", vec![("FIELDCHART_LAN", "127.0.0.1:0".to_owned())]);
    acts::enter(&window, PASSWORD, "Lakeside");
    window.press("Sync");
    window.see("exchanges with the clinic’s other computers");
    window.submit("Switch off on this computer");
    window.see("neither serves the clinic’s other computers");
    judge(&window, "a computer off the local network");
    window.submit("Switch on");
    window.see("exchanges with the clinic’s other computers");
}
