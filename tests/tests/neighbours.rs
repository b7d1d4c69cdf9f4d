//! Computers that exchange over the local network, with real processes and no server.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use insta::assert_snapshot;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use tests::computer::{Computer, number, text};
use tests::golden::Golden;
use tests::process::{Running, wait_for};
use tests::scene::Scene;

/// A computer that serves the others, and where.
pub(crate) struct Hub {
    pub(crate) running: Running,
    pub(crate) address: String,
}

impl Hub {
    pub(crate) fn start(computer: &Computer, peers: &[&str]) -> Self {
        Self::start_at(computer, "127.0.0.1:0", peers)
    }

    pub(crate) fn start_at(computer: &Computer, listen: &str, peers: &[&str]) -> Self {
        let mut command = computer.command();
        command.args(["--json", "serve", "--listen", listen]).stdout(Stdio::piped());
        for peer in peers {
            command.args(["--peer", peer]);
        }
        let mut running = Running::start("fieldchart serve", &mut command);
        let out = running.child().stdout.take().expect("its output");
        let mut lines = BufReader::new(out).lines();
        let address = wait_for("where it serves", || {
            let line = lines.next().expect("it says where it serves").expect("text");
            let said: Value = serde_json::from_str(&line).ok()?;
            Some(text(&said, "/address"))
        });
        Self { running, address }
    }
}

/// Three computers of one clinic that met the server once; it is gone for good.
pub(crate) fn three(scene: &Scene) -> [Computer; 3] {
    let server = scene.server();
    let a = Computer::of(scene, "Front desk");
    a.found_clinic(Some(server.address()));
    let join = |name: &str| {
        let code = text(&a.json(&["device", "code"]), "/code");
        let computer = Computer::of(scene, name);
        computer.join(&code);
        computer
    };
    let (b, c) = (join("Consulting room 2"), join("Ward"));
    for computer in [&a, &b, &c] {
        computer.json(&["sync"]);
    }
    drop(server.stop());
    [a, b, c]
}

fn register(on: &Computer, family: &str) -> String {
    on.register(&json!({ "family": family, "given": "Grace", "birthDate": "1980-03-14" }))
}

#[test]
fn computers_exchange_with_one_that_serves_and_no_server() {
    let scene = Scene::new("neighbours");
    let [a, b, c] = three(&scene);
    let (grace, rose) = (register(&a, "Okello"), register(&b, "Auma"));
    let mut hub = Hub::start(&c, &[]);
    let met = a.json(&["sync", "--peer", &hub.address]);
    assert_snapshot!("sync-peer", Golden::new().json(&met));
    assert!(number(&met, "/sent") > 0, "{met}");
    b.json(&["sync", "--peer", &hub.address]);
    a.json(&["sync", "--peer", &hub.address]);
    hub.running.must_run();
    hub.running.kill();
    for computer in [&a, &b, &c] {
        assert_eq!(computer.chart(&grace)["chart"], a.chart(&grace)["chart"]);
        assert_eq!(computer.chart(&rose)["chart"], b.chart(&rose)["chart"]);
        let state = computer.json(&["sync", "--status"]);
        assert_eq!(state["alarms"], json!([]));
        assert_eq!(text(&state, "/lastWith/kind"), "computer", "{state}");
        computer.must_be_sound();
    }
    assert_eq!(a.refused(&["sync", "--peer", &hub.address]), "unreachable");
}

#[test]
fn who_is_of_another_clinic_is_not_served() {
    let scene = Scene::new("strangers");
    let a = Computer::founded(&scene, "Front desk");
    let stranger = Computer::founded(&scene, "Elsewhere");
    let mut hub = Hub::start(&a, &[]);
    assert_eq!(stranger.refused(&["sync", "--peer", &hub.address]), "server-not-trusted");
    hub.running.must_run();
    hub.running.kill();
}

#[test]
fn a_hub_that_is_killed_again_and_again_loses_nothing_that_was_acknowledged() {
    let scene = Scene::new("hub-killed");
    let [a, b, c] = three(&scene);
    let mut patients = Vec::new();
    for round in 0..6 {
        let mut hub = Hub::start(&c, &[]);
        patients.push(register(&a, &format!("Okello{round}")));
        a.json(&["sync", "--peer", &hub.address]);
        hub.running.kill();
    }
    let mut hub = Hub::start(&c, &[]);
    b.json(&["sync", "--peer", &hub.address]);
    hub.running.kill();
    for patient in &patients {
        assert_eq!(b.chart(patient)["chart"], a.chart(patient)["chart"]);
    }
    c.must_be_sound();
}
