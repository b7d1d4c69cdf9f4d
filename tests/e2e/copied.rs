//! The question what the other of two computers with the same keys is, asked and answered in the
//! window.

use serde_json::json;
use tests::computer::{Computer, PASSWORD};
use tests::scene::Scene;
use tests::window::{Scheme, Window};

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

/// Looks at the question; answers it where somebody is to.
fn asked(scene: &Scene, tag: &str, is_answered: bool) {
    let window = scene.open_speaking("b", tag);
    acts::enter(&window, PASSWORD, "Lakeside");
    window.press("Sync");
    window.see_part("copied", "What is the other computer?");
    judge(&window, tag, "copied");
    window.press("A stolen copy, or one we do not know");
    window.see_part("copied", "This cannot be undone");
    window.press("Another computer of ours");
    window.see_part("copied", "This computer gets keys and a name of its own");
    window.submit("Give it its own keys");
    window.see_refusal();
    judge(&window, tag, "copied-refused");
    if is_answered {
        window.fill("Name for this computer", "Room 2");
        window.submit("Give it its own keys");
        acts::enter(&window, PASSWORD, "Lakeside");
        window.press("Sync");
        window.see("Room 2");
        window.see_no("What is the other computer?");
    }
}

#[test]
fn who_looks_after_computers_is_asked_what_a_copy_is() {
    let scene = Scene::new("copied");
    let server = scene.server();
    let a = Computer::of(&scene, "a");
    a.found_clinic(Some(server.address()));
    let grace = a.register(&json!({ "family": "Okello", "given": "Grace" }));
    a.json(&["sync"]);
    let b = Computer::of(&scene, "b");
    a.copy_to(b.store());
    for (on, substance) in [(&a, "penicillin"), (&b, "latex"), (&a, "peanut"), (&b, "eggs")] {
        on.record("allergy", Some(&grace), &json!({ "substance": substance }));
        on.json(&["sync"]);
    }
    asked(&scene, "fr", false);
    asked(&scene, "ar", false);
    asked(&scene, "en", true);
}
