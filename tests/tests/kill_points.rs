//! `kill -9` at the named points of a session, of the computer and of its server, with a copy put
//! back or a clone at work in the middle of it: no acknowledged edit is lost, and nobody is stuck.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use api::SyncPhase;
use clinical::PatientId;
use serde_json::json;
use std::collections::BTreeSet;
use std::process::Stdio;
use tests::computer::{Computer, number, text};
use tests::process::Running;
use tests::scene::Scene;

use crate::between::{Between, Going, Point, Through};
use crate::station::{Station, settle};

const fn point(name: &'static str, path: &'static str, going: Going, through: Through) -> Point {
    Point { name, path, going, through }
}

/// The points, in the order in which a session comes to them.
const POINTS: [Point; 12] = [
    point("before it proves who it is", "/v1/challenge", Going::There, Through::Nothing),
    point("before its token came", "/v1/token", Going::Back, Through::Nothing),
    point("after HELLO was sent", "/v1/hello", Going::There, Through::Whole),
    point("before the answer to HELLO", "/v1/hello", Going::Back, Through::Nothing),
    point("in the middle of PUSH", "/v1/push", Going::There, Through::Half),
    point(
        "after the server's commit, before its answer",
        "/v1/push",
        Going::Back,
        Through::Nothing,
    ),
    point("in the middle of the answer to PUSH", "/v1/push", Going::Back, Through::Half),
    point("as the answer to PUSH is taken in", "/v1/push", Going::Back, Through::Whole),
    point("after PULL was sent", "/v1/pull", Going::There, Through::Whole),
    point("before the page", "/v1/pull", Going::Back, Through::Nothing),
    point("in the middle of the page", "/v1/pull", Going::Back, Through::Half),
    point("as the page is taken in", "/v1/pull", Going::Back, Through::Whole),
];

/// Whether a point is one of signing in: a computer that has a token does not come there, and a server
/// that was started anew knows none.
fn is_of_signing_in(point: &Point) -> bool {
    ["/v1/challenge", "/v1/token"].contains(&point.path)
}

/// Rounds of each test; a long run does so many times more.
fn rounds() -> usize {
    let times = std::env::var("FIELDCHART_SOAK").ok().and_then(|times| times.parse::<usize>().ok());
    50 * times.map_or(1, |times| times.min(20))
}

/// The point of a round, and what of it was acknowledged before.
fn of_round(round: usize) -> (Point, String) {
    let point = POINTS.iter().cycle().nth(round).expect("there are points");
    (*point, format!("substance {round}"))
}

#[test]
fn a_computer_killed_at_any_point_of_a_session_loses_nothing_soak() {
    let scene = Scene::new("kill-points-computer");
    let mut server = scene.server();
    let between = Between::before(server.address(), &scene.folder().join("server"));
    let mut founder = Station::found(&scene, "Front desk", &between.address());
    let b = founder.joined(&scene, "Consulting room 2");
    b.call(api::SetServer { server: server.address().to_owned(), keeper_lost: false });
    let patient = founder.register("Okello");
    settle([&founder, &b]);
    founder.close();
    let a = Computer::of(&scene, "Front desk");
    let (mut all, mut reached, mut clones) = (BTreeSet::new(), 0, 0);
    for round in 0..rounds() {
        let (point, substance) = of_round(round);
        record(&a, patient, &substance, &mut all);
        let of_b = format!("{substance} of the other");
        b.allergy(patient, &of_b);
        all.insert(of_b);
        b.synced();
        let copy = scene.folder().join(format!("copy-{round}"));
        a.copy_to(&copy);
        if is_of_signing_in(&point) {
            server = server.stop().start_again();
        }
        between.stop_at(point, 0);
        reached += usize::from(killed(&between, &a));
        between.let_go();
        match round % 10 {
            // It goes on from the copy, as if it had never met the server.
            3 => a.put_back(&copy),
            // The copy goes on too, on another computer.
            7 => {
                clones += 1;
                let clone = Computer::new("Clone", &copy);
                record(&clone, patient, &format!("{substance} of a clone"), &mut all);
                up_to_date(&clone);
            }
            _ => {}
        }
        up_to_date(&a);
        if round % 10 == 9 {
            up_to_date(&a);
            b.sync();
            assert_eq!(b.substances(patient), all, "round {round}: {}", point.name);
            a.must_be_sound();
        }
        std::fs::remove_dir_all(copy).unwrap();
    }
    println!("soak: a computer killed at {reached} points of a session, {clones} clones beside it");
    assert!(reached * 10 >= rounds() * 9, "{reached}");
    let told = a.json(&["sync", "--status"])["alarms"].to_string();
    let names_it = |kind: &str| told.contains(kind);
    assert!(["restored", "forked", "copied"].into_iter().any(names_it), "{told}");
    founder.open();
    assert_eq!(founder.substances(patient), all);
    drop(server);
}

fn record(on: &Computer, patient: PatientId, substance: &str, all: &mut BTreeSet<String>) {
    on.record("allergy", Some(&patient.to_string()), &json!({ "substance": substance }));
    all.insert(substance.to_owned());
}

/// Syncs and is killed where everything stops; whether that was before its end.
fn killed(between: &Between, computer: &Computer) -> bool {
    let mut command = computer.command();
    command.args(["--json", "sync"]).stdout(Stdio::null()).stderr(Stdio::null());
    let mut syncs = Running::start("fieldchart sync", &mut command);
    let reached = between.reached(|| syncs.child().try_wait().unwrap().is_some());
    syncs.kill();
    reached
}

/// Nothing is stuck: all is sent, and nothing set aside.
fn up_to_date(computer: &Computer) {
    let view = computer.json(&["sync"]);
    let counts = (number(&view, "/toSend"), number(&view, "/quarantined"));
    assert_eq!((text(&view, "/phase/kind").as_str(), counts), ("idle", (0, 0)), "{view}");
}

#[test]
fn a_server_killed_at_any_point_of_a_session_loses_nothing_it_acknowledged_soak() {
    let scene = Scene::new("kill-points-server");
    let mut server = scene.server();
    let between = Between::before(server.address(), &scene.folder().join("server"));
    let a = Station::found(&scene, "Front desk", &between.address());
    let b = a.joined(&scene, "Consulting room 2");
    b.call(api::SetServer { server: server.address().to_owned(), keeper_lost: false });
    let patient = a.register("Okello");
    settle([&a, &b]);
    let (mut all, mut reached) = (BTreeSet::new(), 0);
    for round in 0..rounds() {
        let (point, substance) = of_round(round);
        for (on, substance) in [(&b, format!("{substance} of the other")), (&a, substance)] {
            on.allergy(patient, &substance);
            all.insert(substance);
        }
        b.synced();
        if is_of_signing_in(&point) {
            server = server.stop().start_again();
        }
        between.stop_at(point, 0);
        let (stopped, view) = std::thread::scope(|scope| {
            let syncs = scope.spawn(|| a.sync());
            reached += usize::from(between.reached(|| syncs.is_finished()));
            let stopped = server.stop();
            between.let_go();
            (stopped, syncs.join().unwrap())
        });
        assert_ne!(view.phase, SyncPhase::Running, "{}", point.name);
        server = stopped.start_again();
        let view = a.synced();
        assert!(view.alarms.is_empty(), "round {round}, {}: {view:?}", point.name);
        b.synced();
        assert_eq!(b.substances(patient), all, "round {round}: {}", point.name);
    }
    println!("soak: a server killed at {reached} points of a session");
    assert!(reached * 10 >= rounds() * 9, "{reached}");
    let c = a.joined(&scene, "Ward");
    for on in [&a, &b, &c] {
        assert_eq!(on.substances(patient), all);
        on.must_be_sound();
    }
    drop(server);
}
