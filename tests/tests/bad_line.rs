//! A line of 64 kbit/s with 600 ms to and fro that loses one packet in twenty, made by the kernel:
//! server and computer in a network namespace of their own. Where `ip` and `tc` are missing or we may
//! not use them, this is told as skipped.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use serde_json::json;
use std::process::{Command, Stdio};
use tests::computer::{Answer, Computer, list, number, text};
use tests::programs;
use tests::scene::Scene;

/// A network of one computer with a bad line to itself; it goes when it goes.
struct Net(String);

impl Net {
    fn make() -> Option<Self> {
        let net = Self(format!("fieldchart-{}", std::process::id()));
        let name = net.0.as_str();
        let netem = "delay 300ms loss 5% rate 64kbit";
        let steps = [
            format!("ip netns add {name}"),
            format!("ip -n {name} link set lo mtu 1500 up"),
            format!("tc -n {name} qdisc add dev lo root netem {netem}"),
        ];
        let made = steps.iter().all(|step| {
            let mut words = step.split(' ');
            let mut command = Command::new(words.next().unwrap());
            let output = command.args(words).stdout(Stdio::null()).stderr(Stdio::null()).status();
            output.is_ok_and(|status| status.success())
        });
        if !made {
            println!("skipped: a bad line can only be made by root, with ip and tc");
        }
        made.then_some(net)
    }

    fn words(&self) -> Vec<String> {
        ["ip", "netns", "exec", &self.0].map(str::to_owned).to_vec()
    }

    /// Runs a command of a computer in it.
    fn run(&self, on: &Computer, command: &[&str]) -> Answer {
        let mut program = Command::new("ip");
        program.args(self.words().iter().skip(1)).arg(programs::cli());
        let mut program = on.wrapped(program);
        Answer::of(program.args(command).stdin(Stdio::null()).output().unwrap())
    }
}

impl Drop for Net {
    fn drop(&mut self) {
        drop(Command::new("ip").args(["netns", "del", &self.0]).stderr(Stdio::null()).status());
    }
}

/// Sessions of a plain run; a long run has so many times more, up to fifty.
fn sessions() -> u32 {
    let times = std::env::var("FIELDCHART_SOAK").ok().and_then(|times| times.parse::<u32>().ok());
    times.map_or(1, |times| times.min(50))
}

#[test]
fn a_line_of_64_kbit_that_loses_packets_carries_the_record_soak() {
    let Some(net) = Net::make() else { return };
    let scene = Scene::new("bad-line");
    let server = scene.server();
    let a = Computer::of(&scene, "Front desk");
    a.found_clinic(Some(server.address()));
    let b = Computer::of(&scene, "Ward");
    b.join(&text(&a.json(&["device", "code"]), "/code"));
    let patient = a.register(&json!({ "family": "Okello" }));
    for on in [&a, &b] {
        on.json(&["sync"]);
    }
    let stopped = server.stop();
    let Ok(server) = stopped.try_start_through(&net.words()) else { panic!("no server there") };
    let begun = std::time::Instant::now();
    let mut tries = 0;
    for round in 0..sessions() {
        for (on, name) in [(&a, "first"), (&b, "second")] {
            let substance = format!("{name} {round}");
            on.record("allergy", Some(&patient), &json!({ "substance": substance }));
            loop {
                tries += 1;
                let answer = net.run(on, &["--json", "sync"]);
                if answer.code == Some(0) {
                    break;
                }
                let code = answer.refusal("a bad line");
                assert!(["unreachable", "server-silent"].contains(&code.as_str()), "{answer:?}");
                assert!(tries < 10 + 4 * round, "it never ends: {answer:?}");
            }
        }
    }
    println!("soak: {tries} tries on a bad line, {} s", begun.elapsed().as_secs());
    let _server = server.stop().start_again();
    for on in [&a, &b, &a] {
        let view = on.json(&["sync"]);
        assert_eq!((number(&view, "/toSend"), number(&view, "/quarantined")), (0, 0), "{view}");
    }
    let allergies = |on: &Computer| list(&on.chart(&patient), "/chart/allergies");
    assert_eq!(allergies(&a), allergies(&b));
    assert_eq!(allergies(&a).len(), usize::try_from(2 * sessions()).unwrap());
}
