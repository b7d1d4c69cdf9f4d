//! A slow line: how far an exchange is and how fast the line is are shown, and it can be stopped.

use std::time::Duration;

use tests::bulky;
use tests::computer::{Computer, PASSWORD, text};
use tests::scene::Scene;
use tests::window::Scheme;

use crate::line::{Line, Narrow};
use crate::{acts, sight};

/// So many charts of some 16 KiB take a while at 60 kB a second.
const PEOPLE: usize = 240;

#[test]
fn an_exchange_on_a_slow_line_is_seen_and_stopped_and_gone_on_with() {
    let scene = Scene::new("slow-line");
    let server = scene.server();
    let line = Line::to(server.address());
    let there = Computer::of(&scene, "Front desk");
    there.found_clinic(Some(&line.address(server.address())));
    let here = Computer::of(&scene, "Ward");
    here.join(&text(&there.json(&["device", "code"]), "/code"));
    for computer in [&there, &here] {
        computer.json(&["sync"]);
    }
    let file = scene.folder().join("people.ndjson");
    std::fs::write(&file, bulky::people(PEOPLE)).unwrap();
    there.json(&["import", &file.display().to_string()]);
    there.json(&["sync"]);
    let round_trip = Duration::from_millis(200);
    line.narrow(Narrow { bytes_per_s: 60_000, lost: 0, round_trip });

    let window = scene.open("Ward");
    acts::enter(&window, PASSWORD, "Lakeside");
    window.press("Sync");
    window.see_part("sync-page", "Batches received:");
    window.see_part("sync-page", "a second");
    window.picture("goes-on");
    window.press("Stop");
    window.see_part("sync-page", "Exchange stopped");
    window.see_part("sync-page", "What was sent and received is kept");
    window.see_part("sync-page", "still to come");
    window.must_be_accessible("stopped");
    for scheme in [Scheme::Light, Scheme::Dark] {
        window.picture_in(scheme, "stopped");
    }
    sight::nothing_is_cut_off(&window, "stopped");
    line.narrow(Narrow { bytes_per_s: 2_000_000, lost: 0, round_trip: Duration::ZERO });
    window.press("Sync now");
    window.see_part("sync-page", "Nothing going on");
    window.see_no("Exchange stopped");
    window.see_no("still to come");
    window.press("Patients");
    window.fill("Find a patient by name", &format!("Okello No{}", PEOPLE - 1));
    window.see(&format!("OKELLO, No{}", PEOPLE - 1));
}
