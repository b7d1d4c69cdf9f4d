//! The line is cut after any byte of a session, with real processes on both ends: the next session
//! goes on, and nothing is lost or comes twice.
#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use serde_json::json;
use std::collections::BTreeSet;
use tests::computer::{Computer, list, number, text};
use tests::scene::Scene;

use crate::line::{End, Line};

/// Cuts of one computer; two are cut side by side. A long run does so many times more.
fn cuts() -> u32 {
    let times = std::env::var("FIELDCHART_SOAK").ok().and_then(|times| times.parse::<u32>().ok());
    100 * times.map_or(1, |times| times.min(20))
}

#[test]
fn a_session_cut_after_any_byte_goes_on_with_the_next_soak() {
    let seeds = [11, 97].map(|seed| std::thread::spawn(move || cut_again_and_again(seed)));
    let cut: u32 = seeds.map(|one| one.join().unwrap()).iter().sum();
    println!("soak: {cut} sessions cut after a byte");
    assert!(cut * 2 > cuts(), "{cut} of {} were in the midst of a session", 2 * cuts());
}

/// How many of the cuts came before the end of a session.
fn cut_again_and_again(first_seed: u32) -> u32 {
    println!("seed {first_seed}");
    let scene = Scene::new(&format!("cut-anywhere-{first_seed}"));
    let server = scene.server();
    let line = Line::to(server.address());
    let a = Computer::of(&scene, "Front desk");
    a.found_clinic(Some(&line.address(server.address())));
    let b = Computer::of(&scene, "Ward");
    b.join(&text(&a.json(&["device", "code"]), "/code"));
    b.json(&["sync", "--server", server.address()]);
    let patient = a.register(&json!({ "family": "Okello" }));
    a.json(&["sync"]);
    let (mut seed, mut cut, mut whole) = (first_seed, 0, 0);
    let mut all = BTreeSet::new();
    let mut record = |on: &Computer, substance: String| {
        on.record("allergy", Some(&patient), &json!({ "substance": substance }));
        all.insert(substance);
    };
    b.json(&["sync"]);
    for round in 0..cuts() {
        if round % 4 == 0 {
            record(&a, format!("first {round}"));
            record(&b, format!("second {round}"));
            b.json(&["sync"]);
        }
        if round % 20 == 0 {
            // A whole session with as much to say tells how long one is.
            line.mend();
            a.json(&["sync"]);
            whole = line.mend();
            record(&a, format!("more {round}"));
        }
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let after = usize::try_from(seed >> 8).unwrap() % whole;
        line.end_after(after, End::Cut);
        let answer = a.run(&["--json", "sync"]);
        let was_cut = answer.code != Some(0);
        if was_cut {
            let code = answer.refusal("a line that was cut");
            let codes = ["unreachable", "server-misbehaves"];
            assert!(codes.contains(&code.as_str()), "seed {first_seed}, after {after}: {answer:?}");
        }
        cut += u32::from(was_cut);
        line.mend();
    }
    for on in [&a, &b, &a] {
        let view = on.json(&["sync"]);
        assert_eq!((number(&view, "/toSend"), number(&view, "/quarantined")), (0, 0), "{view}");
        assert!(list(&view, "/alarms").is_empty(), "seed {first_seed}: {view}");
    }
    for on in [&a, &b] {
        let allergies = list(&on.chart(&patient), "/chart/allergies");
        assert_eq!(allergies.len(), all.len(), "seed {first_seed}: none lost, none twice");
        on.must_be_sound();
    }
    cut
}
