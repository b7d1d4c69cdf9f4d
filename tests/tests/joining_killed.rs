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
use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    process::Stdio,
    sync::{Arc, Condvar, Mutex},
    thread,
};
use tests::{
    computer::{Computer, list, text},
    process::{Running, wait_for},
    scene::Scene,
};

/// A way to a server on which what comes back can be held up after so many bytes.
#[derive(Clone)]
struct Toll {
    address: SocketAddr,
    shared: Arc<(Mutex<Bar>, Condvar)>,
}

/// Where the way is barred.
#[derive(Clone, Copy)]
struct Bar {
    passed: usize,
    after: usize,
    holds: bool,
}

impl Toll {
    fn to(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let bar = Bar { passed: 0, after: usize::MAX, holds: false };
        let toll = Self { address, shared: Arc::new((Mutex::new(bar), Condvar::new())) };
        let (way, server) = (toll.clone(), server.to_owned());
        thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                let Ok(far) = TcpStream::connect(&server) else { continue };
                let ends = (near.try_clone().unwrap(), far.try_clone().unwrap());
                thread::spawn(move || carry(ends.0, ends.1, |_| {}));
                let way = way.clone();
                thread::spawn(move || carry(far, near, |bytes| way.pass(bytes)));
            }
        });
        toll
    }

    /// Lets bytes through, or waits until the bar is lifted.
    fn pass(&self, bytes: usize) {
        let (bar, lifted) = &*self.shared;
        let mut bar = bar.lock().unwrap();
        bar.passed += bytes;
        while bar.passed > bar.after {
            bar.holds = true;
            bar = lifted.wait(bar).unwrap();
        }
    }

    /// Bars the way after so many bytes from now on.
    fn bar(&self, after: usize) {
        *self.shared.0.lock().unwrap() = Bar { passed: 0, after, holds: false };
    }

    /// Lifts the bar; answers how many bytes had come.
    fn lift(&self) -> usize {
        let passed = std::mem::replace(
            &mut *self.shared.0.lock().unwrap(),
            Bar { passed: 0, after: usize::MAX, holds: false },
        );
        self.shared.1.notify_all();
        passed.passed
    }

    fn holds(&self) -> bool {
        self.shared.0.lock().unwrap().holds
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, pass: impl Fn(usize)) {
    let mut some = [0; 512];
    while let Ok(count @ 1..) = from.read(&mut some) {
        pass(count);
        if to.write_all(some.get(..count).unwrap_or_default()).is_err() {
            break;
        }
    }
    drop(to.shutdown(Shutdown::Both));
}

/// Joins and is killed where the way is barred; `false` when it came to its end before.
fn killed(toll: &Toll, computer: &Computer, code: &str) -> bool {
    let mut command = computer.command();
    command.args(["--json", "clinic", "join", "--code", code, "--device-name", "Room"]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut joins = Running::start("fieldchart", &mut command);
    let stopped = wait_for("the joining to be held up", || {
        let ended = joins.child().try_wait().unwrap().is_some();
        (ended || toll.holds()).then_some(!ended)
    });
    joins.kill();
    stopped
}

#[test]
fn the_same_code_ends_a_joining_that_was_killed_at_any_point() {
    let scene = Scene::new("joining-killed");
    let server = scene.server();
    let (url, pin) = server.address().split_once('#').unwrap();
    let toll = Toll::to(url.trim_start_matches("https://"));
    let first = Computer::of(&scene, "Front desk");
    first.found_clinic(Some(&format!("https://{}#{pin}", toll.address)));
    let patient = first.register(&json!({ "family": "Okello" }));
    first.record("allergy", Some(&patient), &json!({ "substance": "penicillin" }));
    first.json(&["sync"]);
    let code = || text(&first.json(&["device", "code"]), "/code");
    // How much comes back while nothing holds it up.
    let whole = code();
    toll.bar(usize::MAX);
    Computer::of(&scene, "whole").join(&whole);
    let all = toll.lift();
    let mut stopped = Vec::new();
    for sixth in 0..6 {
        let victim = Computer::of(&scene, &format!("room-{sixth}"));
        let code = code();
        toll.bar(all * sixth / 6);
        stopped.push(killed(&toll, &victim, &code));
        toll.lift();
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
