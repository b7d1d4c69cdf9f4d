//! Lines that lose packets, laid by hand (`tests::line`) in place of `tc netem`: one of 64 kbit/s with
//! 600 ms to and fro that loses one packet in twenty, and one of 23 kbit/s that loses three in ten.
//! Where they cannot be laid this is told as skipped.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use serde_json::json;
use std::time::Duration;
use tests::bulky;
use tests::computer::{Computer, list, number, text};
use tests::line::{Line, NEAR, Quality};
use tests::programs::skipped;
use tests::scene::Scene;
use tests::server::SyncServer;

/// Sessions of a plain run; a long run has so many times more, up to fifty.
fn sessions() -> u32 {
    let times = std::env::var("FIELDCHART_SOAK").ok().and_then(|times| times.parse::<u32>().ok());
    times.map_or(1, |times| times.min(50))
}

/// 23 kbit/s, and of the packets each way three in ten lost, with what says that others came.
const THIRD: Quality =
    Quality { bits_a_second: 23_000, delay: Duration::from_millis(30), lost_of_1000: 300 };
/// How often an exchange is tried on it at most: the program gives up where nothing moves for twelve
/// seconds, which is six losses of one packet and what acknowledges it, and begins anew later.
const TRIES_MAX: u32 = 8;

/// A line, unless none can be laid here.
fn lay() -> Option<Line> {
    let line = Line::lay(Quality::GOOD);
    if line.is_none() {
        skipped("a bad line can only be laid by root, with `ip` and TUN");
    }
    line
}

/// A server at one end of the line, and two computers of a clinic at the other.
fn clinic(scene: &Scene, line: &Line) -> (SyncServer, [Computer; 2]) {
    let server = scene.server_through(&line.near(), &format!("{NEAR}:0"));
    let a = Computer::of(scene, "Front desk").through(line.far());
    a.found_clinic(Some(server.address()));
    let b = Computer::of(scene, "Ward").through(line.far());
    b.join(&text(&a.json(&["device", "code"]), "/code"));
    (server, [a, b])
}

/// Syncs until it goes through; answers in how many tries.
fn sync(on: &Computer, tries_max: u32) -> u32 {
    for tries in 1..=tries_max {
        let answer = on.run(&["--json", "sync"]);
        if answer.code == Some(0) {
            return tries;
        }
        let code = answer.refusal("a bad line");
        assert!(["unreachable", "server-silent"].contains(&code.as_str()), "{answer:?}");
    }
    panic!("{tries_max} tries, and it never ends");
}

#[test]
fn a_line_of_64_kbit_that_loses_packets_carries_the_record_soak() {
    let Some(line) = lay() else { return };
    let scene = Scene::new("bad-line");
    let (_server, [a, b]) = clinic(&scene, &line);
    let patient = a.register(&json!({ "family": "Okello" }));
    for on in [&a, &b] {
        on.json(&["sync"]);
    }
    line.become_like(Quality::BAD);
    let (begun, before) = (std::time::Instant::now(), line.sent());
    let mut tries = 0;
    for round in 0..sessions() {
        for (on, name) in [(&a, "first"), (&b, "second")] {
            let substance = format!("{name} {round}");
            on.record("allergy", Some(&patient), &json!({ "substance": substance }));
            tries += sync(on, 10);
        }
    }
    let (after, lost) = (line.sent(), line.lost());
    assert!(after.0 > before.0 && after.1 > before.1, "nothing went over the line: {after:?}");
    println!(
        "soak: {tries} tries on a bad line, {lost} packets lost, {} s",
        begun.elapsed().as_secs()
    );
    line.become_like(Quality::GOOD);
    for on in [&a, &b, &a] {
        let view = on.json(&["sync"]);
        assert_eq!((number(&view, "/toSend"), number(&view, "/quarantined")), (0, 0), "{view}");
    }
    let allergies = |on: &Computer| list(&on.chart(&patient), "/chart/allergies");
    assert_eq!(allergies(&a), allergies(&b));
    assert_eq!(allergies(&a).len(), usize::try_from(2 * sessions()).unwrap());
}

/// Takes in somebody with a document of some 12 KiB, who is nobody that was before.
fn write(scene: &Scene, on: &Computer, nth: usize) {
    let all = bulky::people(nth + 1);
    let one: Vec<&str> = all.lines().skip(2 * nth).collect();
    let file = scene.folder().join(format!("{nth}.ndjson"));
    std::fs::write(&file, one.join("\n")).unwrap();
    on.json(&["import", file.to_str().unwrap()]);
}

/// How many bytes TCP was given to carry meanwhile, both ways, each counted once.
fn carried(line: &Line, exchange: impl FnOnce()) -> u64 {
    let all = |(there, back): (u64, u64)| there + back;
    let before = all(line.sent());
    exchange();
    all(line.sent()) - before
}

/// A computer sends some 12 KiB and fetches what another recorded, in one session that nobody cuts, and
/// where the program gives that up, in another. What goes over the line is for each try hardly more than
/// on a line without fault: a connection that was not made in time is made anew. And what was
/// acknowledged over it does not go again. It takes half a minute, most of it the kernel's pauses before it
/// sends a packet once more.
#[test]
fn a_line_that_loses_a_third_ends_with_everything_there_and_nothing_sent_again() {
    let Some(line) = lay() else { return };
    let scene = Scene::new("third-lost");
    let (_server, [a, b]) = clinic(&scene, &line);
    let both_write = |nth: usize| {
        a.register(&json!({ "family": "Okello", "given": "Grace" }));
        a.json(&["sync"]);
        write(&scene, &b, nth);
    };
    for on in [&a, &b] {
        on.json(&["sync"]);
    }
    both_write(0);
    let whole = carried(&line, || drop(b.json(&["sync"])));

    both_write(1);
    line.become_like(THIRD);
    let (lost, begun, mut tries) = (line.lost(), std::time::Instant::now(), 0);
    let bytes = carried(&line, || tries = sync(&b, TRIES_MAX));
    let (lost, took) = (line.lost() - lost, begun.elapsed().as_secs());
    println!(
        "{whole} bytes on a good line, {bytes} in {tries} tries with {lost} packets lost, {took} s"
    );
    line.become_like(Quality::GOOD);
    let again = carried(&line, || drop(b.json(&["sync"])));

    assert!(lost > 5, "{lost} packets lost");
    assert!(bytes < u64::from(tries) * whole * 3 / 2, "{bytes} for {whole} in {tries} tries");
    assert!(again < whole / 4, "{again} once more, of {whole}");
    let view = a.json(&["sync"]);
    for (on, view) in [(&a, &view), (&b, &b.json(&["sync", "--status"]))] {
        assert_eq!((number(view, "/toSend"), number(view, "/quarantined")), (0, 0), "{view}");
        let found = on.json(&["find", "Okello"]);
        assert_eq!(list(&found, "").len(), 4, "{found}");
        on.must_be_sound();
    }
}
