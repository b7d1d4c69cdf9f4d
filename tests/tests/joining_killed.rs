//! `kill -9` while a computer joins, from the first word with the server to the last of the first
//! exchange: the same code ends the joining and shows the recovery code.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use serde_json::{Value, json};
use std::process::Stdio;
use tests::{
    computer::{Computer, list, text},
    process::{Running, wait_for},
    scene::Scene,
};

use crate::line::{End, Line};

/// Joins and is killed where the way is barred; `false` when it came to its end before.
pub(crate) fn killed(line: &Line, computer: &Computer, code: &str) -> bool {
    let mut command = computer.command();
    command.args(["--json", "clinic", "join", "--code", code, "--device-name", "Room"]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut joins = Running::start("fieldchart", &mut command);
    let stopped = wait_for("the joining to be held up", || {
        let ended = joins.child().try_wait().unwrap().is_some();
        (ended || line.is_reached()).then_some(!ended)
    });
    joins.kill();
    stopped
}

#[test]
fn the_same_code_ends_a_joining_that_was_killed_at_any_point() {
    let scene = Scene::new("joining-killed");
    let server = scene.server();
    let line = Line::to(server.address());
    let first = Computer::of(&scene, "Front desk");
    first.found_clinic(Some(&line.address(server.address())));
    let patient = first.register(&json!({ "family": "Okello" }));
    first.record("allergy", Some(&patient), &json!({ "substance": "penicillin" }));
    first.json(&["sync"]);
    let code = || text(&first.json(&["device", "code"]), "/code");
    // How much goes to and fro while nothing holds it up.
    let whole = code();
    line.mend();
    Computer::of(&scene, "whole").join(&whole);
    let all = line.mend();
    let mut stopped = Vec::new();
    for sixth in 0..6 {
        let victim = Computer::of(&scene, &format!("room-{sixth}"));
        let code = code();
        line.end_after(all * sixth / 6, End::Hold);
        stopped.push(killed(&line, &victim, &code));
        line.mend();
        let joined: Value = victim.join(&code);
        assert!(text(&joined, "/recoveryCode").len() > 30, "{sixth}: {joined}");
        assert!(!list(&victim.chart(&patient), "/chart/allergies").is_empty(), "{sixth}");
        victim.must_be_sound();
        // Somebody has signed in since: the joining is over, and the code no way back to it.
        let again = ["clinic", "join", "--code", &code, "--device-name", "Room"];
        assert_eq!(victim.refused(&again), "already-exists", "{sixth}");
    }
    assert!(stopped.iter().filter(|stopped| **stopped).count() >= 5, "{stopped:?}");
    first.json(&["sync"]);
    let devices = first.json(&["device", "list"]);
    assert_eq!(list(&devices, "").len(), 8, "each joined once: {devices}");
}
