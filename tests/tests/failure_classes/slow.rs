//! Class 14. On a line of 23 kbit/s that loses a third of what is sent and breaks again and again,
//! what has arrived does not go over it once more. A message (a push, a page) arrives whole or not at
//! all: a line has to hold as long as the largest takes.
//!
//! Where root and TUN are at hand the line is laid (`tests::line`): packets of the kernel's own TCP are
//! lost between two network namespaces, by this process in place of `tc netem`, which a kernel may lack.
//! Elsewhere bytes go through a proxy that is as narrow, and late where a packet would have been lost.

use std::time::Duration;
use tests::programs::skipped;
use tests::scene::Scene;

use crate::line::{End, Line, Narrow};
use crate::station::{Station, settle};

/// 23 kbit/s.
const BYTES_PER_S: u32 = 2_875;
const NARROW: Narrow =
    Narrow { bytes_per_s: BYTES_PER_S, lost: 300, round_trip: Duration::from_millis(60) };

/// Times the line breaks, at most.
const BREAKS_MAX: u32 = 12;

#[test]
fn a_line_that_loses_a_third_goes_on_where_it_stopped() {
    #[cfg(target_os = "linux")]
    if let Some(line) = tests::line::Line::lay(tests::line::Quality::GOOD) {
        return laid::loses_a_third(&line);
    }
    skipped("a line can only be laid by root, with `ip` and TUN: a proxy stood for it");
    through_a_proxy();
}

fn through_a_proxy() {
    let scene = Scene::new("class-slow");
    let server = scene.server();
    let [a, b] = Station::two(&scene, server.address());
    let c = a.joined(&scene, "Ward");
    for on in [&a, &b, &c] {
        on.synced();
    }
    let patients: Vec<_> = (0..12).map(|n| a.register(&format!("Okello{n}"))).collect();
    a.synced();
    // Each has something to send too.
    let own: Vec<_> = [&b, &c].into_iter().map(|on| on.register("Achieng")).collect();
    // What it takes on a line without fault.
    let line = Line::to(server.address());
    c.call(api::SetServer { server: line.address(server.address()) });
    line.mend();
    c.synced();
    let whole = line.mend();

    let line = Line::to(server.address());
    b.call(api::SetServer { server: line.address(server.address()) });
    line.narrow(NARROW);
    let (mut carried, mut breaks) = (0, 0);
    loop {
        line.end_after(whole * 17 / 20, End::Cut);
        let view = b.sync();
        let cut = line.is_reached();
        carried += line.mend();
        if view.phase == api::SyncPhase::Idle {
            break;
        }
        assert!(cut, "it failed by itself: {view:?}");
        breaks += 1;
        assert!(breaks < BREAKS_MAX, "it never ends: {carried} bytes for {whole}");
    }
    println!("{whole} bytes on a good line, {carried} over {breaks} breaks");
    assert!(breaks > 0, "the line never broke: {whole} bytes");
    // Each try shakes hands anew, and one message that was cut goes over the line once more.
    assert!(carried < whole * 5 / 2, "{carried} for {whole}");
    settle([&a, &b]);
    for patient in patients.into_iter().chain([own[0]]) {
        assert_eq!(a.chart(patient), b.chart(patient));
    }
}

/// With packets that are lost.
#[cfg(target_os = "linux")]
mod laid {
    use serde_json::json;
    use std::process::Stdio;
    use std::time::{Duration, Instant};
    use tests::computer::{Computer, number, text};
    use tests::line::{Line, NEAR, Quality};
    use tests::process::{Running, patience};
    use tests::scene::Scene;

    use super::BREAKS_MAX;

    /// 23 kbit/s, and of the packets of each way a third lost, with what says that they came.
    const THIRD: Quality =
        Quality { bits_a_second: 23_000, delay: Duration::from_millis(30), lost_of_1000: 300 };

    pub(super) fn loses_a_third(line: &Line) {
        let scene = Scene::new("class-slow");
        let server = scene.server_through(&line.near(), &format!("{NEAR}:0"));
        let a = Computer::of(&scene, "Front desk").through(line.far());
        a.found_clinic(Some(server.address()));
        let [b, c] = ["Ward", "Room 2"].map(|name| {
            let computer = Computer::of(&scene, name).through(line.far());
            computer.join(&text(&a.json(&["device", "code"]), "/code"));
            computer
        });
        for on in [&a, &b, &c] {
            on.json(&["sync"]);
        }
        let patients: Vec<_> =
            (0..3).map(|n| a.register(&json!({ "family": format!("Okello{n}") }))).collect();
        a.json(&["sync"]);
        // Each has something to send too.
        let own = [&b, &c].map(|on| on.register(&json!({ "family": "Achieng" })));
        // What it takes on a line without fault.
        let before = carried(line);
        c.json(&["sync"]);
        let whole = carried(line) - before;

        line.become_like(THIRD);
        let (before, lost, begun) = (carried(line), line.lost(), Instant::now());
        let mut breaks = 0;
        while !is_synced(line, &b, whole * 17 / 20) {
            breaks += 1;
            assert!(breaks < BREAKS_MAX, "it never ends: {} for {whole}", carried(line) - before);
        }
        let (all, lost) = (carried(line) - before, line.lost() - lost);
        let took_s = begun.elapsed().as_secs();
        println!(
            "{whole} bytes on a good line; {all}, {lost} lost packets, {breaks} breaks, {took_s} s"
        );
        assert!(breaks > 0 && lost > 0, "the line was without fault");
        // Each try shakes hands anew, and one message that was cut goes over the line once more.
        assert!(all < whole * 5 / 2, "{all} for {whole}");
        line.become_like(Quality::GOOD);
        for on in [&b, &a] {
            let view = on.json(&["sync"]);
            assert_eq!((number(&view, "/toSend"), number(&view, "/quarantined")), (0, 0), "{view}");
        }
        for patient in patients.iter().chain([&own[0]]) {
            assert_eq!(a.chart(patient)["chart"], b.chart(patient)["chart"]);
        }
    }

    /// What was given to the line to carry, each byte once.
    fn carried(line: &Line) -> u64 {
        let (there, back) = line.sent();
        there + back
    }

    /// Syncs, and is ended once so much has gone over the line; whether it came to its end before.
    fn is_synced(line: &Line, on: &Computer, until: u64) -> bool {
        let before = carried(line);
        let mut command = on.command();
        command.args(["--json", "sync"]).stdout(Stdio::null()).stderr(Stdio::null());
        let mut syncs = Running::start("fieldchart sync", &mut command);
        let begun = Instant::now();
        loop {
            if let Some(status) = syncs.child().try_wait().expect("it can be asked") {
                return status.success();
            }
            if carried(line) - before >= until {
                syncs.kill();
                return false;
            }
            assert!(begun.elapsed() < 6 * patience(), "it neither ends nor goes on");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}
