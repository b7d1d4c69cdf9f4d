//! A computer that holds a part of the clinic: who is not here is found in the window and fetched.

use tests::bulky;
use tests::computer::{Computer, PASSWORD};
use tests::scene::Scene;
use tests::window::{Scheme, Window};

use crate::station::{DAY_MS, Station, settle};
use crate::{acts, sight};

/// A page where nothing is cut off and axe finds nothing wrong; in English by night too.
fn judge(window: &Window, tag: &str, page: &str) {
    let page = format!("{tag}-{page}");
    window.must_be_accessible(&page);
    sight::nothing_is_cut_off(window, &page);
    window.picture(&page);
    if tag == "en" {
        window.picture_in(Scheme::Dark, &page);
    }
}

/// A clinic of which most charts were not touched for long, and a laptop that holds the others.
fn outreach(scene: &Scene, address: &str) {
    let [a, b] = Station::two(scene, address);
    for station in [&a, &b] {
        station.set_ahead(-100 * DAY_MS);
    }
    let file = scene.folder().join("people.ndjson");
    std::fs::write(&file, bulky::people(bulky::THREE_PACKS)).unwrap();
    a.app().import(std::slice::from_ref(&file), |_, _| {}).unwrap();
    settle([&a, &b]);
    for station in [&a, &b] {
        station.set_ahead(0);
    }
    a.register("Akello");
    settle([&a, &b]);
    a.app().make_floor().unwrap();
    settle([&b, &a]);
    let code = a.call(api::MakeDeviceCode {}).code;
    let laptop = Computer::of(scene, "Outreach");
    let joined = laptop.run(&["clinic", "join", "--code", code.as_str(), "--hold", "in-use"]);
    assert_eq!(joined.code, Some(0), "{}", joined.err);
}

#[test]
fn who_is_not_on_this_computer_is_found_and_fetched() {
    let scene = Scene::new("parts-fetched");
    let server = scene.server();
    outreach(&scene, server.address());
    fetched(&held(&scene, "en"));
    drop(server);
}

#[test]
fn a_part_is_shown_from_left_to_right_and_from_right_to_left() {
    let scene = Scene::new("parts-tongues");
    let server = scene.server();
    outreach(&scene, server.address());
    for tag in ["fr", "ar"] {
        drop(held(&scene, tag));
    }
    drop(server);
}

/// What is said of who is not here: where somebody is looked for, registered, and of the computer.
fn held(scene: &Scene, tag: &str) -> Window {
    let window = scene.open_speaking("Outreach", tag);
    acts::enter(&window, PASSWORD, "Lakeside");
    window.see_count(".part-chip", 1);
    window.press("Patients");
    window.fill("Find a patient by name", "Okello No1");
    window.see("Not on this computer");
    judge(&window, tag, "found-and-not-here");
    window.press("New patient");
    window.see("Close");
    judge(&window, tag, "registering-where-a-part-is");
    window.press("Close");
    window.press("Sync");
    window.see_part("hold", "Hold all charts…");
    judge(&window, tag, "a-part-is-held");
    window
}

/// One chart is fetched, then all are held.
fn fetched(window: &Window) {
    window.see_part("part-chip", "of 91 charts");
    window.press("Patients");
    window.fill("Find a patient by name", "Okello No1");
    window.see("Not on this computer");
    window.press("OKELLO, No1");
    window.see("Fetch this chart");
    judge(window, "en", "fetching-a-chart");
    window.submit("Fetch this chart");
    window.see_part("banner", "OKELLO, No1");
    let said = window.texts(".workspace > .only-heard").join(" ");
    assert!(said.contains("is on this computer now. Chart of OKELLO, No1"), "{said}");
    window.press("Sync");
    window.press("Hold all charts…");
    window.see_part("hold-all", "cannot be taken back");
    window.see_part("hold-all", "are fetched from the server");
    judge(window, "en", "holding-all-is-asked");
    window.submit("Fetch all charts");
    acts::sync(window);
    window.see_part("hold", "drops none");
    window.see_count(".part-chip", 0);
    judge(window, "en", "all-is-held");
}
