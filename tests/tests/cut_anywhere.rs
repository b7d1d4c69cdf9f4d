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
use std::time::Instant;
use tests::computer::{Computer, list, number, text};
use tests::scene::Scene;

use crate::line::{End, Line};

/// Sessions of one computer that are cut in their midst; two are cut side by side. A long run does so
/// many times more.
fn cuts() -> u32 {
    let times = std::env::var("FIELDCHART_SOAK").ok().and_then(|times| times.parse::<u32>().ok());
    100 * times.map_or(1, |times| times.min(20))
}

/// Sessions that are begun for it, at most: some come to their end before the byte.
fn tries() -> u32 {
    2 * cuts()
}

#[test]
fn a_session_cut_after_any_byte_goes_on_with_the_next_soak() {
    let begun = Instant::now();
    let seeds = [11, 97].map(|seed| std::thread::spawn(move || cut_again_and_again(seed)));
    let tried: u32 = seeds.map(|one| one.join().unwrap()).iter().sum();
    let cut = 2 * cuts();
    println!("soak: {cut} sessions cut after a byte, of {tried}, {} s", begun.elapsed().as_secs());
}

/// Cuts as many sessions as there are to be; answers how many were begun for it.
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
    b.json(&["sync"]);
    let mut all = BTreeSet::new();
    let mut record = |on: &Computer, substance: String| {
        on.record("allergy", Some(&patient), &json!({ "substance": substance }));
        all.insert(substance);
    };
    let (mut seed, mut cut, mut tried) = (first_seed, 0, 0);
    // How long a session is that has as much to say as the next one.
    let (mut whole, mut length) = (0, 0);
    while cut < cuts() {
        if tried % 4 == 0 {
            record(&a, format!("first {tried}"));
            record(&b, format!("second {tried}"));
            b.json(&["sync"]);
            length = whole;
        }
        if tried % 20 == 0 {
            line.mend();
            a.json(&["sync"]);
            whole = line.mend();
            length = whole;
            record(&a, format!("more {tried}"));
        }
        tried += 1;
        assert!(tried <= tries(), "seed {first_seed}: {cut} cut of {tried}");
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let after = usize::try_from(seed >> 8).unwrap() % length;
        line.end_after(after, End::Cut);
        let answer = a.run(&["--json", "sync"]);
        let reached = line.is_reached();
        let passed = line.mend();
        // After the last answer two ends have nothing more to say but farewell.
        if answer.code != Some(0) {
            assert!(reached, "seed {first_seed}, after {after}: {answer:?}");
            let code = answer.refusal("a line that was cut");
            let codes = ["unreachable", "server-misbehaves"];
            assert!(codes.contains(&code.as_str()), "seed {first_seed}, after {after}: {answer:?}");
            cut += 1;
        } else {
            // Nothing is left to say: the next one is no longer than that.
            length = passed;
        }
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
    tried
}
