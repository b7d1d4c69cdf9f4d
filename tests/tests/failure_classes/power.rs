//! Class 6. Before each write, flush, cut, renaming and removing of a file in turn a computer that
//! records, one that syncs, and the server are stopped: the process is killed by `strace` as it asks for
//! it. A kill is less than a power cut: the kernel lives on, and keeps what was written and not flushed.
//! What is left where the power itself goes is [`replay`]'s.
//!
//! On Linux `strace` is there: `cargo xtask` installs it. Where it may not look on, as in a container
//! without the right to trace, `FIELDCHART_NO_STRACE=1` tells these tests as skipped; without it they
//! fail.

mod replay;

use serde_json::{Value, json};
use std::env;
use std::process::{Command, Output, Stdio};
use std::time::Instant;
use tests::computer::{Answer, Computer, list, number, text};
use tests::programs::{self, skipped};
use tests::scene::Scene;
use tests::server::SyncServer;

use crate::station::Station;

/// What a process asks the system for that a power cut can come before. What a processor's system does
/// not know by a name it knows by another.
const CALLS: [&str; 9] = [
    "pwrite64",
    "write",
    "fdatasync",
    "fsync",
    "ftruncate",
    "?rename",
    "renameat2",
    "?unlink",
    "unlinkat",
];

/// The words that start a program and kill it as it makes the `nth` of such calls.
fn cut_before(call: &str, nth: usize) -> Vec<String> {
    let trace = format!("trace={call}");
    let inject = format!("inject={call}:signal=KILL:when={nth}");
    let words = ["strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", &trace, "-e", &inject];
    words.map(str::to_owned).to_vec()
}

fn may_look_on() -> bool {
    let tried = Command::new("strace").args(["-f", "-qq", "-o", "/dev/null", "true"]).output();
    let may = tried.is_ok_and(|output| output.status.success());
    if !may {
        let is_known = !cfg!(target_os = "linux") || env::var_os("FIELDCHART_NO_STRACE").is_some();
        let why = "there is no `strace`, or it may not look on: no write was cut";
        assert!(is_known, "{why}; FIELDCHART_NO_STRACE=1 says that this is so here");
        skipped(why);
    }
    may
}

/// Runs a command of a computer through `words`.
fn run(on: &Computer, words: &[String], command: &[&str], input: &str) -> Output {
    let mut program = Command::new(&words[0]);
    program.args(&words[1..]).arg(programs::cli());
    let mut program = on.wrapped(program);
    program.args(command).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = program.spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    // It may be gone before it reads.
    drop(std::io::Write::write_all(&mut pipe, input.as_bytes()));
    drop(pipe);
    child.wait_with_output().unwrap()
}

/// Cuts the power before each call in turn, until the program comes to its end; how often.
fn at_every_call(mut cut: impl FnMut(&[String]) -> bool) -> usize {
    let mut cuts = 0;
    for call in CALLS {
        let mut nth = 1;
        while cut(&cut_before(call, nth)) {
            (cuts, nth) = (cuts + 1, nth + 1);
            assert!(nth < 400, "{call} without end");
        }
    }
    cuts
}

#[test]
fn a_cut_before_any_write_loses_nothing_acknowledged() {
    if !may_look_on() {
        return;
    }
    let scene = Scene::new("class-power");
    let server = scene.server();
    let a = Computer::of(&scene, "Front desk");
    a.found_clinic(Some(server.address()));
    let patient = a.register(&json!({ "family": "Okello" }));
    let begun = Instant::now();
    let mut acknowledged = Vec::new();
    let mut n = 0;
    let recording = at_every_call(|words| {
        n += 1;
        let draft = json!({ "substance": format!("substance {n}") }).to_string();
        let command = ["--json", "record", "allergy", "--patient", &patient];
        let output = run(&a, words, &command, &draft);
        let answer = Answer::of(output);
        // What was told before the cut counts.
        if let Ok(told) = serde_json::from_str::<Value>(&answer.out) {
            acknowledged.push(text(&told, "/entries/0/id"));
        }
        answer.code.is_none()
    });
    println!("{recording} cuts while recording, {} ms", begun.elapsed().as_millis());
    a.must_be_sound();
    let kept = a.chart(&patient).to_string();
    let lost: Vec<_> = acknowledged.iter().filter(|id| !kept.contains(*id)).collect();
    assert!(lost.is_empty() && acknowledged.len() >= CALLS.len(), "{lost:?} of {acknowledged:?}");

    let begun = Instant::now();
    let syncing = at_every_call(|words| {
        n += 1;
        a.record("allergy", Some(&patient), &json!({ "substance": format!("substance {n}") }));
        run(&a, words, &["--json", "sync"], "").status.code().is_none()
    });
    println!("{syncing} cuts while syncing, {} ms", begun.elapsed().as_millis());
    assert!(recording > 10 && syncing > 20, "{recording} {syncing}: where were the writes?");
    let view = a.json(&["sync"]);
    assert_eq!((number(&view, "/toSend"), number(&view, "/quarantined")), (0, 0), "{view}");
    a.must_be_sound();
    let b = Computer::of(&scene, "Ward");
    b.join(&text(&a.json(&["device", "code"]), "/code"));
    assert_eq!(b.chart(&patient)["chart"], a.chart(&patient)["chart"]);
    assert!(list(&b.chart(&patient), "/chart/allergies").len() > syncing);
}

#[test]
fn a_cut_before_any_write_of_the_server_loses_nothing_it_acknowledged() {
    if !may_look_on() {
        return;
    }
    let scene = Scene::new("class-power-server");
    let server = scene.server();
    let a = Station::found(&scene, "Front desk", server.address());
    let patient = a.register("Okello");
    a.synced();
    let mut stopped = Some(server.stop());
    let mut n = 0;
    let cuts = at_every_call(|words| {
        n += 1;
        let substance = format!("substance {n}");
        a.allergy(patient, &substance);
        match stopped.take().unwrap().try_start_through(words) {
            Ok(server) => {
                let failed = a.sync().phase != api::SyncPhase::Idle;
                stopped = Some(server.stop());
                failed
            }
            Err(down) => {
                stopped = Some(down);
                true
            }
        }
    });
    println!("{cuts} cuts of the server");
    assert!(cuts > 10, "{cuts}: where were the writes?");
    let server: SyncServer = stopped.take().unwrap().start_again();
    assert!(a.synced().alarms.is_empty(), "it went back on nothing it had said");
    let b = a.joined(&scene, "Ward");
    assert_eq!(b.chart(patient), a.chart(patient));
    assert_eq!(b.substances(patient).len(), n);
    drop(server);
}
