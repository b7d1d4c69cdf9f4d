//! A clinic without any server lets computers in over the local network, with real processes.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use crate::{
    admission::{Dice, Talk},
    joining_killed::killed,
    line::{End, Line},
    neighbours::Hub,
};
use insta::assert_snapshot;
use serde_json::{Value, json};
use tests::{
    computer::{Answer, Computer, list, text},
    golden::Golden,
    scene::Scene,
};
use vault::enrolment::{EnrolmentCode, InviteSecret};

/// Where a computer listens while it lets somebody in.
const HERE: [&str; 2] = ["--listen", "127.0.0.1:0"];

/// A computer of a clinic that has no server, with a chart.
fn founded(scene: &Scene) -> (Computer, String) {
    let computer = Computer::founded(scene, "Front desk");
    let patient = computer.register(&json!({ "family": "Okello" }));
    computer.record("allergy", Some(&patient), &json!({ "substance": "penicillin" }));
    (computer, patient)
}

/// Makes a code, and goes on until somebody has joined.
fn lets_in(computer: &Computer) -> (Talk, String) {
    lets_in_at(computer, HERE)
}

fn lets_in_at(computer: &Computer, listen: [&str; 2]) -> (Talk, String) {
    let mut talk = Talk::begin(computer, &["device", "code", listen[0], listen[1]]);
    let code = text(&talk.next(), "/code");
    (talk, code)
}

/// The same code, leading elsewhere, or to another invitation.
fn like(
    code: &str,
    address: Option<&str>,
    secret: Option<InviteSecret>,
    pin: Option<u8>,
) -> String {
    let code = EnrolmentCode::parse(code).unwrap();
    let url = address.map_or(code.server_url, |address| format!("lan://{address}"));
    let pin = pin.map_or(code.spki_pin, |byte| [byte; 32]);
    let like = EnrolmentCode::new(&url, pin, secret.unwrap_or(code.secret)).unwrap();
    like.to_text().expose().clone()
}

fn address_in(code: &str) -> String {
    let url = EnrolmentCode::parse(code).unwrap().server_url;
    url.strip_prefix("lan://").expect("a computer's address").to_owned()
}

fn enter<'a>(room: &'a str, server: &'a str) -> [&'a str; 6] {
    ["clinic", "join", "--room", room, "--server", server]
}

fn devices(computer: &Computer) -> usize {
    list(&computer.json(&["device", "list"]), "").len()
}

#[test]
fn a_clinic_without_a_server_lets_a_second_computer_in_by_a_code_and_a_third_by_a_number() {
    let scene = Scene::new("let-in");
    let (a, patient) = founded(&scene);
    let [b, c] = ["Room 2", "Ward"].map(|name| Computer::of(&scene, name));

    let (mut lets_in, code) = lets_in(&a);
    let joined = b.join(&code);
    assert!(text(&joined, "/recoveryCode").len() > 30, "{joined}");
    let told = lets_in.next();
    assert_snapshot!("device-code-without-server", Golden::new().json(&told));
    assert_eq!(lets_in.end().code, Some(0));
    assert_eq!(b.chart(&patient)["chart"], a.chart(&patient)["chart"]);
    let state = b.json(&["sync", "--status"]);
    assert_eq!((&state["coming"], &state["server"]), (&Value::Null, &Value::Null), "{state}");

    let mut admits = Talk::begin(&a, &["device", "admit", HERE[0], HERE[1]]);
    let opened = admits.next();
    let (room, address) = (text(&opened, "/room"), text(&opened, "/server"));
    let mut joins = Talk::begin(&c, &enter(&room, &address));
    let (here, there) = (admits.number(), joins.number());
    assert_eq!(here, there);
    admits.answer(&there.replace(' ', ""));
    joins.answer("yes");
    assert_eq!(admits.next(), json!({ "admitted": true }));
    assert!(text(&joins.next(), "/recoveryCode").len() > 30);
    assert!(text(&admits.next(), "/joined").len() > 30);
    assert_eq!((admits.end().code, joins.end().code), (Some(0), Some(0)));
    assert_eq!(c.chart(&patient)["chart"], a.chart(&patient)["chart"]);

    // From then on each is a computer of the clinic like any other.
    let later = b.register(&json!({ "family": "Auma" }));
    let mut hub = Hub::start(&a, &[]);
    for computer in [&b, &c, &b] {
        computer.json(&["sync", "--peer", &hub.address]);
    }
    hub.running.kill();
    for computer in [&a, &b, &c] {
        assert_eq!(devices(computer), 3);
        assert_eq!(computer.chart(&later)["chart"], b.chart(&later)["chart"]);
        let state = computer.json(&["sync", "--status"]);
        assert_eq!(state["alarms"], json!([]));
        computer.must_be_sound();
    }
    // Who met another a moment ago and meets nobody now is told so.
    let mut sync = b.command();
    sync.env("FIELDCHART_LAN", HERE[1]).env("FIELDCHART_PEERS", &hub.address);
    let alone = Answer::of(sync.args(["--json", "sync"]).output().unwrap());
    assert_eq!(alone.refusal("nobody was met"), "unreachable");
    let view: Value = serde_json::from_str(alone.out.lines().next().unwrap()).unwrap();
    assert_eq!((&view["sent"], &view["received"]), (&json!(0), &json!(0)), "{view}");
    // The list of computers grows at one of them alone.
    let words = ["--json", "device", "code", HERE[0], HERE[1]];
    let told = b.run(&words).error("another than keeps the list");
    assert_eq!(text(&told, "/findings/0/code"), "list-elsewhere", "{told}");
    assert!(text(&told, "/detail").contains("Front desk"), "{told}");
}

#[test]
fn strangers_get_nothing_and_a_code_works_once() {
    let scene = Scene::new("let-in-strangers");
    let (a, _) = founded(&scene);
    let elsewhere = Computer::founded(&scene, "Elsewhere");
    let newcomer = Computer::of(&scene, "Room 2");
    let join = |code: &str| newcomer.refused(&["clinic", "join", "--code", code]);
    let room = vault::room_code::RoomCode::make(&mut Dice).to_string();
    let other = || InviteSecret::make(&mut Dice);

    // Nobody is let in: a computer that serves its own does not answer.
    let mut hub = Hub::start(&a, &[]);
    let address = hub.address.clone();
    assert_eq!(newcomer.refused(&enter(&room, &address)), "bad-code");
    assert_eq!(elsewhere.refused(&["sync", "--peer", &address]), "server-not-trusted");
    hub.running.kill();

    // Somebody is, and these are not it.
    let (lets_in, code) = lets_in_at(&a, ["--listen", &address]);
    assert_eq!(address_in(&code), address);
    assert_eq!(newcomer.refused(&enter(&room, &address)), "bad-code");
    assert_eq!(join(&like(&code, None, Some(other()), None)), "bad-code");
    assert_eq!(join(&like(&code, None, None, Some(7))), "server-not-trusted");
    assert_eq!(elsewhere.refused(&["sync", "--peer", &address]), "server-not-trusted");
    assert!(!newcomer.store().join("fieldchart.db").exists());

    // The code is good once, whoever answers there afterwards.
    newcomer.join(&code);
    assert_eq!(lets_in.end().code, Some(0));
    let late = Computer::of(&scene, "Room 3");
    let mut hub = Hub::start_at(&a, &address, &[]);
    assert_eq!(late.refused(&["clinic", "join", "--code", &code]), "bad-code");
    hub.running.kill();
    let (_lets_in, next) = lets_in_at(&a, ["--listen", &address]);
    assert_eq!(late.refused(&["clinic", "join", "--code", &code]), "bad-code");
    assert!(!late.store().join("fieldchart.db").exists());
    late.join(&next);
}

#[test]
fn numbers_that_differ_let_nobody_in_without_a_server_either() {
    let scene = Scene::new("let-in-differing");
    let (a, _) = founded(&scene);
    let newcomer = Computer::of(&scene, "Room 2");
    let mut admits = Talk::begin(&a, &["device", "admit", HERE[0], HERE[1]]);
    let opened = admits.next();
    let (room, address) = (text(&opened, "/room"), text(&opened, "/server"));
    let mut joins = Talk::begin(&newcomer, &enter(&room, &address));
    assert_eq!(admits.number(), joins.number());
    joins.answer("yes");
    admits.answer("000 0000");
    assert_eq!(admits.end().refusal("the clinic"), "numbers-differ");
    assert_eq!(joins.end().refusal("the newcomer"), "numbers-differ");
    assert_eq!(devices(&a), 1);
    assert!(!newcomer.store().join("fieldchart.db").exists());
}

#[test]
fn the_same_code_ends_a_joining_that_was_killed_at_any_point_without_a_server() {
    let scene = Scene::new("let-in-killed");
    let (a, patient) = founded(&scene);
    // How much goes to and fro while nothing holds it up.
    let (lets_in, code) = lets_in(&a);
    let address = address_in(&code);
    let line = Line::to(&format!("https://{address}#"));
    let by_line = line.address("#").trim_start_matches("https://").trim_end_matches('#').to_owned();
    let at = ["--listen", address.as_str()];
    line.mend();
    Computer::of(&scene, "whole").join(&like(&code, Some(&by_line), None, None));
    let all = line.mend();
    assert_eq!(lets_in.end().code, Some(0));
    let mut stopped = Vec::new();
    for sixth in 0..6 {
        let victim = Computer::of(&scene, &format!("room-{sixth}"));
        let (lets_in, code) = lets_in_at(&a, at);
        let code = like(&code, Some(&by_line), None, None);
        line.end_after(all * sixth / 6, End::Hold);
        stopped.push(killed(&line, &victim, &code));
        line.mend();
        let joined: Value = victim.join(&code);
        assert!(text(&joined, "/recoveryCode").len() > 30, "{sixth}: {joined}");
        assert_eq!(lets_in.end().code, Some(0), "{sixth}");
        assert!(!list(&victim.chart(&patient), "/chart/allergies").is_empty(), "{sixth}");
        victim.must_be_sound();
    }
    assert!(stopped.iter().filter(|stopped| **stopped).count() >= 5, "{stopped:?}");
    assert_eq!(devices(&a), 8, "each joined once");
}
