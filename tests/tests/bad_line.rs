//! A line of 64 kbit/s with 600 ms to and fro that loses one packet in twenty, laid by hand
//! (`tests::line`) in place of `tc netem`. Where it cannot be laid this is told as skipped.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use serde_json::json;
use tests::computer::{Computer, list, number, text};
use tests::line::{Line, NEAR, Quality};
use tests::programs::skipped;
use tests::scene::Scene;

/// Sessions of a plain run; a long run has so many times more, up to fifty.
fn sessions() -> u32 {
    let times = std::env::var("FIELDCHART_SOAK").ok().and_then(|times| times.parse::<u32>().ok());
    times.map_or(1, |times| times.min(50))
}

#[test]
fn a_line_of_64_kbit_that_loses_packets_carries_the_record_soak() {
    let Some(line) = Line::lay(Quality::GOOD) else {
        skipped("a bad line can only be laid by root, with `ip` and TUN");
        return;
    };
    let scene = Scene::new("bad-line");
    let server = scene.server_through(&line.near(), &format!("{NEAR}:0"));
    let a = Computer::of(&scene, "Front desk").through(line.far());
    a.found_clinic(Some(server.address()));
    let b = Computer::of(&scene, "Ward").through(line.far());
    b.join(&text(&a.json(&["device", "code"]), "/code"));
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
            loop {
                tries += 1;
                let answer = on.run(&["--json", "sync"]);
                if answer.code == Some(0) {
                    break;
                }
                let code = answer.refusal("a bad line");
                assert!(["unreachable", "server-silent"].contains(&code.as_str()), "{answer:?}");
                assert!(tries < 10 + 4 * round, "it never ends: {answer:?}");
            }
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
