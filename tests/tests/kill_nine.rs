//! `kill -9` at any moment of a commit: what was acknowledged is there, and the store is sound.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};
use tests::computer::{Computer, text};
use tests::process::wait_for;
use tests::scene::Scene;

/// Rounds of one store; two stores are killed side by side. A long run does so many times more.
fn rounds() -> u32 {
    let times = std::env::var("FIELDCHART_SOAK").ok().and_then(|times| times.parse::<u32>().ok());
    100 * times.unwrap_or(1)
}

/// What came of the rounds.
#[derive(Debug, Default)]
struct Tally {
    /// Ids that were told before the process died.
    acknowledged: Vec<String>,
    /// Rounds in which it died before.
    cut: u32,
}

#[test]
fn what_was_acknowledged_outlives_kill_nine_soak() {
    let stores = ["one", "two"].map(|name| std::thread::spawn(move || kill_again_and_again(name)));
    let tallies = stores.map(|store| store.join().unwrap());
    let acknowledged: usize = tallies.iter().map(|tally| tally.acknowledged.len()).sum();
    let cut: u32 = tallies.iter().map(|tally| tally.cut).sum();
    println!("soak: {acknowledged} killed after the acknowledgement of a record, {cut} before");
    // Both sides of the moment were met, or this was no test of it.
    assert!(acknowledged > 20 && cut > 20, "{acknowledged} after, {cut} before");
}

fn kill_again_and_again(name: &str) -> Tally {
    let scene = Scene::new(&format!("kill-nine-{name}"));
    let a = Computer::founded(&scene, name);
    let patient = a.register(&json!({ "family": "Okello" }));
    let mut tally = Tally::default();
    let mut typical = Duration::from_millis(60);
    let mut seed: u32 = if name == "one" { 11 } else { 97 };
    for round in 0..rounds() {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        // From before the commit to after the program's orderly end.
        let moment = typical.mul_f64(f64::from(seed >> 8) / f64::from(1 << 24) * 1.5);
        let (kind, draft) = entry(round);
        let patient = (kind != "patient").then_some(patient.as_str());
        let mut victim = start(&a, kind, patient);
        let told = tell(&mut victim, &draft, moment);
        match told {
            Some((id, took)) => {
                tally.acknowledged.push(id);
                typical = (typical * 7 + took) / 8;
            }
            // However slow the machine is, the moment draws near.
            None => {
                tally.cut += 1;
                typical = typical.mul_f64(1.08);
            }
        }
        if round % 50 == 49 {
            must_hold(&scene, &a, &tally, round);
        }
    }
    tally
}

/// What is recorded in a round: each kind in turn.
fn entry(round: u32) -> (&'static str, Value) {
    match round % 5 {
        0 => ("patient", json!({ "family": format!("Round{round}") })),
        1 => ("allergy", json!({ "substance": format!("substance {round}") })),
        2 => ("medication", json!({ "medication": format!("medicine {round}") })),
        3 => ("vitals", json!({ "values": { "heartRate": "70" } })),
        _ => ("condition", json!({ "problem": format!("problem {round}") })),
    }
}

/// Starts the program that will be killed, and waits until it has the store open.
fn start(a: &Computer, kind: &str, patient: Option<&str>) -> Child {
    let mut command = a.command();
    command.args(["--json", "record", kind]);
    command.args(patient.into_iter().flat_map(|patient| ["--patient", patient]));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let files = format!("/proc/{}/fd", child.id());
    wait_for("the program to open the store", || {
        assert_eq!(child.try_wait().unwrap(), None, "it ended by itself");
        holds_open(Path::new(&files), "fieldchart.db").then_some(())
    });
    child
}

fn holds_open(files: &Path, name: &str) -> bool {
    let mut files = fs::read_dir(files).into_iter().flatten().filter_map(Result::ok);
    files.any(|file| fs::read_link(file.path()).is_ok_and(|to| to.ends_with(name)))
}

/// Gives the program its input and kills it after `moment`: what it told before, and how soon.
fn tell(child: &mut Child, draft: &Value, moment: Duration) -> Option<(String, Duration)> {
    let out = BufReader::new(child.stdout.take().unwrap());
    let mut input = child.stdin.take().unwrap();
    let begun = Instant::now();
    input.write_all(draft.to_string().as_bytes()).unwrap();
    drop(input);
    let reading = std::thread::spawn(move || {
        let line = out.lines().map_while(Result::ok).next()?;
        Some((line, begun.elapsed()))
    });
    std::thread::sleep(moment);
    // It may have ended well before.
    drop(child.kill());
    child.wait().unwrap();
    let (line, took) = reading.join().unwrap()?;
    // A line that was cut is no acknowledgement.
    let reply: Value = serde_json::from_str(&line).ok()?;
    let at = if reply.get("patient").is_some() { "/patient" } else { "/entries/0/id" };
    Some((text(&reply, at), took))
}

/// Everything acknowledged is in the record, and the store is sound.
fn must_hold(scene: &Scene, a: &Computer, tally: &Tally, round: u32) {
    a.must_be_sound();
    let out = scene.folder().join(format!("out-{round}"));
    a.json(&["export", "--format", "ndjson", "--all", "--out", out.to_str().unwrap()]);
    let files = fs::read_dir(&out).unwrap().map(|file| file.unwrap().path());
    let record: String = files.map(|file| fs::read_to_string(file).unwrap()).collect();
    let lost = tally.acknowledged.iter().filter(|id| !record.contains(&format!("\"id\":\"{id}\"")));
    let lost: Vec<&String> = lost.collect();
    assert!(lost.is_empty(), "round {round}: acknowledged and lost: {lost:?}");
    fs::remove_dir_all(out).unwrap();
}
