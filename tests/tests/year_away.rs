//! A computer comes back after a year away with five hundred edits nobody has seen: meanwhile others
//! were let in and removed, so that the clinic is three key epochs on, and the log is long.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use std::collections::BTreeSet;
use tests::scene::Scene;

use crate::line::Line;
use crate::station::{DAY_MS, Station, settle};

const EDITS: i64 = 500;
const YEAR_MS: i64 = 365 * DAY_MS;
const EPOCHS: i64 = 3;

#[test]
fn five_hundred_edits_of_a_year_away_arrive_over_three_epochs() {
    a_year(&Scene::new("year-away"), false);
}

/// What the computer missed is covered by packs by the time it comes back, and lies apart.
#[test]
fn five_hundred_edits_of_a_year_away_arrive_where_the_log_was_compacted() {
    a_year(&Scene::new("year-away-compacted"), true);
}

fn a_year(scene: &Scene, compacted: bool) {
    let server = scene.server();
    let line = Line::to(server.address());
    let [mut a, away] = Station::two(scene, &line.address(server.address()));
    let patients: Vec<_> = (0..5).map(|n| a.register(&format!("Okello{n}"))).collect();
    settle([&a, &away]);
    let patient_of = |n: i64| patients[usize::try_from(n).unwrap() % patients.len()];
    let (mut all, mut of_others) = (BTreeSet::new(), 0);
    // The year, day by day; the clinic's first computer syncs at every tenth edit.
    for n in 0..EDITS {
        let ahead_ms = YEAR_MS / EDITS * n - YEAR_MS;
        for (on, name) in [(&a, "here"), (&away, "away")] {
            on.set_ahead(ahead_ms);
            let substance = format!("{name} {n}");
            on.allergy(patient_of(n), &substance);
            all.insert(substance);
        }
        if n % 10 == 9 {
            a.synced();
        }
        if n % (EDITS / EPOCHS) == EDITS / EPOCHS - 1 {
            a.set_ahead(0);
            let guest = a.joined(scene, &format!("Guest {n}"));
            guest.allergy(patient_of(n), &format!("guest {n}"));
            all.insert(format!("guest {n}"));
            guest.synced();
            a.synced();
            of_others += 1;
            let devices = a.call(api::ListDevices {});
            let guest = devices.iter().find(|device| device.name == format!("Guest {n}")).unwrap();
            a.call(api::RevokeDevice { device: guest.id });
            a.synced();
        }
    }
    assert_eq!(of_others, EPOCHS);
    [&a, &away].into_iter().for_each(|on| on.set_ahead(0));
    a.synced();
    let above = if compacted { compact(scene, &a) } else { 0 };
    let before = away.sync_state().to_send;
    assert!(before >= u64::try_from(EDITS).unwrap(), "{before}");
    let begun = std::time::Instant::now();
    line.came();
    let view = away.synced();
    let of_coming_back = line.came();
    println!(
        "back in {} ms: {} sent, {} received",
        begun.elapsed().as_millis(),
        view.sent,
        view.received
    );
    if compacted {
        assert!(view.received < above / 2, "{} came; {above} lie below the floor", view.received);
    }
    // What a guest recorded before it was removed is of the record.
    settle([&a, &away]);
    let of = |on: &Station| -> BTreeSet<String> {
        patients.iter().flat_map(|patient| on.substances(*patient)).collect()
    };
    for on in [&a, &away] {
        assert_eq!(of(on), all);
        on.must_be_sound();
    }
    for patient in &patients {
        assert_eq!(a.chart(*patient), away.chart(*patient));
    }
    // And on, under the newest epoch, also for who joins now.
    away.allergy(patients[0], "the next morning");
    settle([&away, &a]);
    line.came();
    let c = a.joined(scene, "Ward");
    let of_joining = line.came();
    println!("{of_coming_back} bytes came at coming back, {of_joining} at joining");
    assert!(!compacted || of_coming_back <= of_joining, "{of_coming_back} > {of_joining}");
    assert!(c.substances(patients[0]).contains("the next morning"));
    assert_eq!(of(&c).len(), all.len() + 1);
    a.close();
}

/// Puts a floor under the log by two computers, and has what lies below it kept apart because it is
/// old; answers how much that is.
fn compact(scene: &Scene, a: &Station) -> u64 {
    let second = a.joined(scene, "Office");
    settle([a, &second]);
    let made = a.app().make_floor().unwrap();
    second.synced();
    second.set_ahead(401 * DAY_MS);
    second.call(api::SyncNow {});
    made.above
}
