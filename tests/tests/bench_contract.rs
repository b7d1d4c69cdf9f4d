//! The measurement of sync, small: the two programs keep the contract of the measuring program.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tests::process::Running;
use tests::programs;
use tests::scene::Scene;

const CHARTS: &str = "6";
const EDITED: &str = "3";

struct Server {
    _running: Running,
    address: String,
}

impl Server {
    fn start(folder: &Path) -> Self {
        let mut command = Command::new(programs::sync_server());
        command.arg("bench-serve").arg(folder).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut running = Running::start("fieldchart-sync bench-serve", &mut command);
        let out = running.child().stdout.take().expect("its output");
        let line = BufReader::new(out).lines().next().expect("it says its port").expect("text");
        let said: Value = serde_json::from_str(&line).expect("JSON");
        let port = said["port"].as_u64().expect("a port");
        Self { _running: running, address: format!("127.0.0.1:{port}") }
    }
}

fn step(step: &str, folder: &Path, server: &Server) -> Output {
    let mut command = Command::new(programs::cli());
    command.arg("bench-sync").arg(step).arg(folder).args([&server.address, CHARTS, EDITED]);
    // As cheap as a password may be.
    command.env("FIELDCHART_STRETCHING", "floor");
    command.output().expect("the program runs")
}

fn must_hold(name: &str, folder: &Path, server: &Server) -> Value {
    let done = step(name, folder, server);
    let errors = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{name}: {errors}");
    let lines = String::from_utf8(done.stdout).expect("text");
    assert_eq!(lines.lines().count(), 1, "{name}: {lines}");
    let said: Value = serde_json::from_str(&lines).expect("JSON");
    assert_eq!(said["ok"], true, "{name}: {said}");
    assert!(said["wall_s"].as_f64().is_some_and(|seconds| seconds > 0.0), "{name}: {said}");
    if cfg!(target_os = "linux") {
        assert!(said["cpu_s"].as_f64().is_some_and(|seconds| seconds > 0.0), "{name}: {said}");
        assert!(said["peak_mib"].as_u64().is_some_and(|mib| mib > 0), "{name}: {said}");
    }
    said
}

#[test]
fn the_five_steps_go_through_and_every_field_arrives() {
    let scene = Scene::new("bench-contract");
    let [server, a, b] = ["server", "a", "b"].map(|name| scene.folder().join(name));
    for folder in [&server, &a, &b] {
        fs::create_dir(folder).unwrap();
    }
    let server = Server::start(&server);
    must_hold("seed", &a, &server);
    must_hold("bootstrap", &b, &server);
    let idle = must_hold("idle", &b, &server);
    let note = idle["note"].as_str().expect("what was counted");
    let bytes = note
        .strip_prefix("hello bodies ")
        .and_then(|rest| rest.strip_suffix(" bytes, round trips 4"));
    assert!(bytes.is_some_and(|bytes| (1..300).contains(&bytes.parse().unwrap())), "{note}");
    // Before they were sent, what is looked for is not there: the step says so.
    let early = step("pull", &b, &server);
    let said: Value = serde_json::from_slice(&early.stdout).expect("JSON");
    assert_eq!(said["ok"], false, "{said}");
    must_hold("edit-push", &a, &server);
    must_hold("pull", &b, &server);
}
