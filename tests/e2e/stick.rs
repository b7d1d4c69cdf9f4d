//! The record carried on a stick by who has a window.

use std::fs;

use serde_json::json;
use tests::computer::{Computer, text};
use tests::scene::Scene;

use crate::acts;

#[test]
fn what_another_wrote_to_a_stick_is_taken_in_by_two_presses() {
    let scene = Scene::new("stick");
    let server = scene.server();
    let here = Computer::of(&scene, "a");
    here.found_clinic(Some(server.address()));
    let there = Computer::of(&scene, "b");
    there.join(&text(&here.json(&["device", "code"]), "/code"));
    here.json(&["sync"]);
    drop(server.stop());
    there.register(&json!({ "family": "Okello", "given": "Grace", "birthDate": "1980-03-14" }));

    let stick = scene.folder().join("STICK");
    fs::create_dir(&stick).unwrap();
    let name = |file: &str| stick.join(file).to_string_lossy().into_owned();
    there.json(&["sync", "--bundle-out", &name("fieldchart-2.fcbundle")]);
    let whole = fs::read(name("fieldchart-2.fcbundle")).unwrap();
    fs::write(name("fieldchart-1.fcbundle"), whole.get(..whole.len() / 2).unwrap()).unwrap();

    let window = scene.open_with("a", vec![("FIELDCHART_DRIVES", name(""))]);
    acts::enter(&window, tests::computer::PASSWORD, "Lakeside");
    window.press("Sync");
    window.see_part("drive", "STICK");
    window.see_part("drive", "Written by b");
    window.press_near("fieldchart-1.fcbundle", "Take in");
    window.see("The file is cut off. What came before is kept.");
    window.press_near("fieldchart-2.fcbundle", "Take in");
    window.see("taken in");
    window.see("goes on to the other computers");
    window.picture("taken-in");
    window.press_near("fieldchart-2.fcbundle", "Take in");
    window.see("Nothing was new in the file");
    window.press("Write for other computers");
    window.see("is written");
    window.see("Take the stick out safely");
    window.see_part("drive", "it is for the other computers");
    window.see_part("drive", "Take in all the same");
    window.picture("written");
    window.must_be_accessible("sync");
    acts::open_chart(&window, "Okello");
    assert_eq!(fs::read_dir(&stick).unwrap().count(), 3);
}
