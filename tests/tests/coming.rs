//! A joining whose line breaks while the record comes: what is not here yet is said, until it is.
#![cfg(target_os = "linux")]

use serde_json::json;
use tests::{
    computer::{Computer, list, text},
    scene::Scene,
};

use crate::line::{End, Line};

#[test]
fn what_has_not_come_is_said_beside_a_search_and_a_registration() {
    let scene = Scene::new("coming");
    let server = scene.server();
    let line = Line::to(server.address());
    let first = Computer::of(&scene, "Front desk");
    first.found_clinic(Some(&line.address(server.address())));
    let patient = first.register(&json!({ "family": "Okello" }));
    first.record("allergy", Some(&patient), &json!({ "substance": "penicillin" }));
    first.json(&["sync"]);
    let code = || text(&first.json(&["device", "code"]), "/code");
    let whole = code();
    line.mend();
    Computer::of(&scene, "whole").join(&whole);
    let all = line.mend();
    let mut said = 0;
    for sixth in 2..6 {
        let room = Computer::of(&scene, &format!("room-{sixth}"));
        let code = code();
        line.end_after(all * sixth / 6, End::Cut);
        let joined =
            room.run(&["clinic", "join", "--code", code.as_str(), "--device-name", "Room"]);
        let stands =
            if joined.code == Some(0) { room.json(&["sync", "--status"]) } else { json!({}) };
        if stands.get("coming").is_some() {
            said += 1;
            assert!(joined.err.contains("not all charts are here"), "{}", joined.err);
            let found = room.run(&["find", "Okello"]);
            assert!(found.err.contains("may still be coming"), "{}", found.err);
            let draft = br#"{"family":"Wanjiru"}"#;
            let registered = room.run_with(&["record", "patient"], draft);
            assert!(registered.err.contains("once all are"), "{}", registered.err);
        }
        line.mend();
        if joined.code == Some(0) {
            let done = room.json(&["sync"]);
            assert!(done.get("coming").is_none(), "{done}");
            let found = room.run(&["find", "Okello"]);
            assert!(found.code == Some(0) && !found.err.contains("coming"), "{}", found.err);
            assert_eq!(list(&room.chart(&patient), "/chart/allergies").len(), 1);
        }
    }
    assert!(said > 0, "no joining was cut while the record came");
}
