//! Class 10. CHT #11306: a device whose rights had gone showed 148 visits and the server 108, and
//! nobody was told.

use serde_json::json;
use tests::computer::{Computer, text};

use crate::story::{Apart, up_to_date};

#[test]
fn a_revoked_computer_is_shut_out_and_keeps_its_work() {
    let (story, away) = Apart::new("cli-revoked");
    let (a, b) = (&story.a, &story.b);
    let server = away.start_again();
    let devices = a.json(&["device", "list"]);
    let (here, other) = (text(&devices, "/0/id"), text(&devices, "/1/id"));
    assert_eq!(a.refused(&["device", "revoke", &here]), "invalid", "not itself");
    a.json(&["device", "revoke", &other]);
    story.record(b, "allergy", json!({ "substance": "latex" }));
    assert_eq!(b.refused(&["sync"]), "device-refused");
    assert_eq!(b.refused(&["device", "code"]), "device-refused");
    story.record(a, "allergy", json!({ "substance": "penicillin" }));
    up_to_date(a);
    assert_eq!(b.refused(&["sync"]), "device-refused");
    let [on_a, on_b] = story.both().map(|computer| computer.chart(&story.grace).to_string());
    assert!(on_a.contains("penicillin") && !on_a.contains("latex"), "{on_a}");
    assert!(on_b.contains("latex") && !on_b.contains("penicillin"), "{on_b}");
    b.must_be_sound();
    let words = ["record", "encounter", "--patient", &story.grace];
    let told = b.run_with(&words, br#"{"reason": "cough"}"#);
    assert!(told.code == Some(0) && told.err.contains("reaches nobody"), "{told:?}");
    let third = Computer::of(&story.scene, "Room 3");
    third.join(&text(&a.json(&["device", "code"]), "/code"));
    assert!(third.chart(&story.grace).to_string().contains("penicillin"), "it has every key");
    drop(server);
}
