//! A clinic that lived without a server gets its first one, with real processes: the list of computers
//! stays one, and who was told of no server hears of it in the record.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use crate::{admission::Talk, line::Line, neighbours::Hub};
use serde_json::{Value, json};
use tests::{
    computer::{Computer, list, text},
    scene::Scene,
};

/// Another computer joins at one that keeps the list.
pub(crate) fn let_in(scene: &Scene, keeper: &Computer, name: &str) -> Computer {
    let newcomer = Computer::of(scene, name);
    let mut talk = Talk::begin(keeper, &["device", "code", "--listen", "127.0.0.1:0"]);
    newcomer.join(&text(&talk.next(), "/code"));
    assert_eq!(talk.end().code, Some(0), "{name}");
    newcomer
}

/// Each exchanges with one that serves, over the local network.
pub(crate) fn meet(at: &Computer, others: &[&Computer]) {
    let mut hub = Hub::start(at, &[]);
    for computer in others {
        computer.json(&["sync", "--peer", &hub.address]);
    }
    hub.running.kill();
}

fn status(computer: &Computer) -> Value {
    computer.json(&["sync", "--status"])
}

/// Exchanges with its server, until nothing more comes of it.
fn synced(computer: &Computer) -> Value {
    computer.json(&["sync"]);
    let state = computer.json(&["sync"]);
    assert_eq!(state["phase"]["kind"], json!("idle"), "{state}");
    state
}

/// All have the same computers and the same chart, and nothing alarms.
fn are_one(computers: &[&Computer], devices: usize, patient: &str) {
    for computer in computers {
        let state = synced(computer);
        assert_eq!((&state["listAt"], &state["alarms"]), (&Value::Null, &json!([])), "{state}");
        assert_eq!(list(&computer.json(&["device", "list"]), "").len(), devices);
        assert!(!list(&computer.chart(patient), "/chart/allergies").is_empty());
        computer.must_be_sound();
    }
}

fn allergy(on: &Computer, patient: &str) {
    on.record("allergy", Some(patient), &json!({ "substance": "penicillin" }));
}

#[test]
fn the_first_server_is_set_where_the_list_is_kept_and_the_others_hear_of_it() {
    let scene = Scene::new("first-server");
    let a = Computer::founded(&scene, "Front desk");
    let patient = a.register(&json!({ "family": "Okello" }));
    let b = let_in(&scene, &a, "Room 2");
    let server = scene.server();
    // The same server, reached by another address.
    let line = Line::to(server.address());
    let by_line = line.address(server.address());
    assert_eq!(status(&b)["listAt"], json!("Front desk"));
    assert_eq!(status(&a)["listAt"], Value::Null);

    // Another computer would leave out who is let in meanwhile: nothing comes to the server from it.
    let told = b.run(&["--json", "sync", "--server", &by_line]).error("the list is kept elsewhere");
    assert_eq!(text(&told, "/code"), "server-elsewhere", "{told}");
    assert!(text(&told, "/detail").contains("Front desk"), "{told}");
    assert_eq!(b.refused(&["sync"]), "server-elsewhere");
    assert_eq!(b.refused(&["device", "code"]), "server-elsewhere");
    allergy(&b, &patient);
    let c = let_in(&scene, &a, "Ward");

    // One that was mistyped was never met: nobody hears of it, and it is mended where it was typed.
    let nowhere = by_line.replace("127.0.0.1", "127.0.0.2");
    assert_eq!(a.refused(&["sync", "--server", &nowhere]), "unreachable");
    meet(&a, &[&c]);
    assert_eq!(status(&c)["server"], Value::Null);

    // Set where the list is kept, it has all of them; nobody else is told an address. What was set where
    // it was held back gives way to it.
    a.json(&["sync", "--server", server.address()]);
    meet(&a, &[&b, &c]);
    for computer in [&b, &c] {
        assert_eq!(status(computer)["server"], status(&a)["server"]);
        synced(computer);
    }
    are_one(&[&a, &b, &c], 3, &patient);

    // An address of its own is that computer's alone.
    b.json(&["sync", "--server", &by_line]);
    a.json(&["sync"]);
    are_one(&[&a, &b, &c], 3, &patient);
    let of = |computer: &Computer| status(computer)["server"].clone();
    assert_eq!((of(&b), of(&c)), (json!(by_line), of(&a)));

    // From there on any computer lets others in, by the server.
    let code = text(&c.json(&["device", "code"]), "/code");
    let d = Computer::of(&scene, "Laboratory");
    d.join(&code);
    are_one(&[&a, &b, &c, &d], 4, &patient);
}

#[test]
fn where_the_keeper_is_lost_another_computer_says_so_and_one_that_comes_back_is_taken_in() {
    let scene = Scene::new("first-server-keeper-lost");
    let a = Computer::founded(&scene, "Front desk");
    let patient = a.register(&json!({ "family": "Okello" }));
    let b = let_in(&scene, &a, "Room 2");
    let server = scene.server();
    // Said to be lost, it lets somebody in after all.
    b.json(&["sync", "--server", server.address(), "--keeper-lost"]);
    let c = let_in(&scene, &a, "Ward");
    allergy(&c, &patient);
    let code = text(&b.json(&["device", "code"]), "/code");
    let d = Computer::of(&scene, "Laboratory");
    d.join(&code);

    // Two lists by now: each computer that meets the server says whom it lacks.
    a.json(&["sync", "--server", server.address()]);
    meet(&a, &[&c]);
    for computer in [&c, &b, &d, &a] {
        computer.json(&["sync"]);
    }
    for computer in [&a, &b, &c, &d] {
        synced(computer);
        assert_eq!(list(&computer.json(&["device", "list"]), "").len(), 4);
        assert!(!list(&computer.chart(&patient), "/chart/allergies").is_empty());
        computer.must_be_sound();
    }
}

/// What one computer brings to a new server is the work of all: of its own each takes nobody's word that
/// it is there, tells so, and says it once more in its next exchange.
#[test]
fn who_goes_over_to_a_new_server_says_its_own_once_more() {
    let scene = Scene::new("new-server");
    let first = scene.server();
    let a = Computer::founded(&scene, "Front desk");
    a.json(&["sync", "--server", first.address()]);
    let patient = a.register(&json!({ "family": "Okello" }));
    let b = Computer::of(&scene, "Room 2");
    b.join(&text(&a.json(&["device", "code"]), "/code"));
    for _ in 0..2 {
        allergy(&b, &patient);
        synced(&b);
    }
    synced(&a);
    drop(first);
    let second = scene.another_server();
    let lacks = |state: &Value| {
        let holders = list(state, "/holders");
        let server = holders.iter().find(|it| it["who"]["kind"] == "server").expect("the server");
        server["lacks"].clone()
    };
    let brought = a.json(&["sync", "--server", second.address()]);
    assert_eq!(lacks(&brought), json!(0), "{brought}");
    let told = b.json(&["sync", "--server", second.address()]);
    assert_ne!(lacks(&told), json!(0), "{told}");
    let told = b.json(&["sync"]);
    assert_eq!(lacks(&told), json!(0), "{told}");
    are_one(&[&a, &b], 2, &patient);
}
