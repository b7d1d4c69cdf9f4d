//! Class 14. On a line of 23 kbit/s that loses a third of what is sent and breaks again and again,
//! what has arrived does not go over it once more. A message (a push, a page) arrives whole or not at
//! all: a line has to hold as long as the largest takes.
//!
//! Bytes go through a proxy that is as narrow, and late where a packet would have been lost. Where packets
//! are really lost, three in ten of each way on a line of the same width laid between two network
//! namespaces, nobody cuts it: `bad_line::a_line_that_loses_a_third_ends_with_everything_there_and_nothing_sent_again`.

use std::time::Duration;
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
    c.call(api::SetServer { server: line.address(server.address()), keeper_lost: false });
    line.mend();
    c.synced();
    let whole = line.mend();

    let line = Line::to(server.address());
    b.call(api::SetServer { server: line.address(server.address()), keeper_lost: false });
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
