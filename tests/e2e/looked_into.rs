//! An alarm is looked into in the window: it stays to be read, and warns no more.

use serde_json::json;
use tests::computer::{Computer, PASSWORD};
use tests::scene::Scene;
use tests::window::{Scheme, Window};

use crate::{acts, sight};

/// A page where nothing is cut off and axe finds nothing wrong, by day and by night.
fn judge(window: &Window, tag: &str, page: &str) {
    let page = format!("{tag}-{page}");
    window.must_be_accessible(&page);
    sight::nothing_is_cut_off(window, &page);
    window.picture(&page);
    window.picture_in(Scheme::Dark, &page);
}

#[test]
fn an_alarm_that_was_looked_into_warns_no_more() {
    let scene = Scene::new("looked-into");
    let server = scene.server();
    let a = Computer::of(&scene, "a");
    a.found_clinic(Some(server.address()));
    let grace = a.register(&json!({ "family": "Okello", "given": "Grace" }));
    a.json(&["sync"]);
    // The same computer, put back from a copy.
    let b = Computer::of(&scene, "b");
    a.copy_to(b.store());
    a.record("allergy", Some(&grace), &json!({ "substance": "penicillin" }));
    a.json(&["sync"]);
    b.json(&["sync"]);
    for tag in ["fr", "ar", "en"] {
        let window = scene.open_speaking("b", tag);
        acts::enter(&window, PASSWORD, "Lakeside");
        window.press("Sync");
        window.see("This computer had lost work");
        judge(&window, tag, "alarm");
        if tag != "en" {
            continue;
        }
        window.submit("I have looked into it");
        window.see("Looked into by");
        window.see_no("I have looked into it");
        window.see("Synced");
        judge(&window, tag, "looked-into");
    }
    let told = b.json(&["sync", "--status"]);
    assert_eq!(told["alarms"][0]["seen"]["by"], json!("Dr Ana Reyes"), "{told}");
}
