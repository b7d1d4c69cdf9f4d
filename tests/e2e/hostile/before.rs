//! Before somebody is signed in.

use tests::scene::Scene;

use super::{ALL, Hand, Typed};
use crate::acts::{self, PASSWORD};

/// Every text field of the ways to begin and of the sign-in.
const FIELDS: [&str; 14] = [
    "create-again",
    "create-clinicName",
    "create-name",
    "create-password",
    "create-server",
    "create-userName",
    "join-again",
    "join-code",
    "join-deviceName",
    "join-password",
    "recovery-code",
    "recovery-password",
    "recovery-userName",
    "sign-in-password",
];

#[test]
fn no_word_typed_before_the_sign_in_does_anything() {
    let scene = Scene::new("hostile-before");
    let window = scene.open("a");
    let mut hand = Hand::at(&window);
    window.press("Join a clinic");
    window.see("Name for this computer");
    let keep = [("join-password", PASSWORD), ("join-again", PASSWORD)];
    hand.types("join a clinic", &Typed { keep: &keep, send: true, ..ALL });
    window.see("The code does not work");
    window.press("Create a clinic");
    window.see("Name of the clinic");
    let keep = [
        ("create-userName", "amina"),
        ("create-password", PASSWORD),
        ("create-again", PASSWORD),
        ("create-server", ""),
    ];
    let made = hand.types("create a clinic", &Typed { keep: &keep, send: true, ..ALL });
    window.see("Your recovery code");
    window.press("I have printed it or written it down");
    window.press("Go on");
    let name = made.get("create-clinicName").and_then(|name| name.as_str()).unwrap_or_default();
    assert!(name.len() > 5, "{made}");
    window.see(name);
    window.press("Lock");
    window.see("Sign in");
    hand.types("sign in", &Typed { send: true, ..ALL });
    window.see("The password is wrong");
    window.press("Use the recovery code");
    window.see("New password");
    let keep = [("recovery-password", PASSWORD)];
    hand.types("the recovery code", &Typed { keep: &keep, send: true, ..ALL });
    window.see("The recovery code is wrong");
    window.press("Use the password");
    acts::enter(&window, PASSWORD, name);
    hand.still("the clinic's name");
    hand.must_have_met(&FIELDS);
}
