//! Computers that were told no address find each other on the local network, with real programs and no
//! server: two network namespaces with a cable between them, and what the programs say there by mDNS.
//! Where such a network cannot be laid this is told as skipped.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use serde_json::{Value, json};
use tests::{
    computer::{Computer, list, number, text},
    network::Network,
    process::wait_for,
    programs::skipped,
    scene::Scene,
};

use crate::{
    first_server::{let_in, meet},
    neighbours::Hub,
};

/// A network, unless none can be laid here.
fn network(name: &str) -> Option<Network> {
    let network = Network::lay(name);
    if network.is_none() {
        skipped("a local network can only be laid by root, with `ip` and veth");
    }
    network
}

#[test]
fn two_programs_that_serve_find_each_other() {
    let Some(network) = network("serve") else { return };
    let scene = Scene::new("found-serving");
    let a = Computer::founded(&scene, "Front desk");
    let [b, c] = ["Room 2", "Ward"].map(|name| let_in(&scene, &a, name));
    meet(&a, &[&b, &c]);
    let patient = a.register(&json!({ "family": "Okello" }));

    let [here, there] = network.ends();
    let mut first = Hub::start_at(&a.through(here.words()), &here.listen(), &[]);
    let mut second = Hub::start_at(&b.through(there.words()), &there.listen(), &[]);
    // A third looks at the second alone, for whose store its own program has.
    let looks = c.through(there.words());
    wait_for("what the first recorded, at the second", || {
        let met = looks.json(&["sync", "--peer", &second.address]);
        let has_it = || !list(&looks.json(&["find", "Okello"]), "").is_empty();
        (number(&met, "/received") > 0 && has_it()).then_some(())
    });
    for hub in [&mut first, &mut second] {
        hub.running.must_run();
        hub.running.kill();
    }
    assert_eq!(b.chart(&patient)["chart"], a.chart(&patient)["chart"]);
    for computer in [&a, &b] {
        computer.must_be_sound();
    }
}

#[test]
fn a_program_that_syncs_once_finds_one_that_serves() {
    let Some(network) = network("once") else { return };
    let scene = Scene::new("found-once");
    let a = Computer::founded(&scene, "Front desk");
    let b = let_in(&scene, &a, "Room 2");
    let patient = b.register(&json!({ "family": "Auma" }));

    let [here, there] = network.ends();
    let mut serves = Hub::start_at(&a.through(here.words()), &here.listen(), &[]);
    let visits = b.through(there.words());
    let sync = |lan: &str| -> Value {
        let mut command = visits.command();
        let out = command.env("FIELDCHART_LAN", lan).args(["--json", "sync"]).output().unwrap();
        let out = String::from_utf8(out.stdout).unwrap();
        serde_json::from_str(out.lines().next().expect("how it stands")).unwrap()
    };
    // Who keeps to this computer looks for nobody.
    assert_eq!(number(&sync("127.0.0.1:0"), "/toSend"), 1);
    let is_sent = |view: &Value| number(view, "/toSend") == 0;
    let met = wait_for("another to be found", || Some(sync("")).filter(is_sent));
    assert_eq!(text(&met, "/lastWith/kind"), "computer", "{met}");
    serves.running.must_run();
    serves.running.kill();
    assert_eq!(a.chart(&patient)["chart"], b.chart(&patient)["chart"]);
    for computer in [&a, &b] {
        computer.must_be_sound();
    }
}
