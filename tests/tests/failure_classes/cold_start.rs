//! Class 8. A hundred CHT users who start together take 25 minutes. Here the laptops of ten wards
//! were set up from one image each before the record was made, and fetch it at the same moment.

use std::sync::Barrier;
use std::thread;
use tests::scene::Scene;

use crate::station::Station;

/// As many as a minute lets join from one address.
const WARDS: usize = 10;
const COMPUTERS: usize = 100;
const CHARTS: usize = 6;

#[test]
fn a_hundred_computers_start_cold_together() {
    let scene = Scene::new("class-cold-start");
    let server = scene.server();
    let a = Station::found(&scene, "Front desk", server.address());
    let image = |ward: usize| scene.folder().join(format!("image-{ward}"));
    for ward in 0..WARDS {
        let mut first = a.joined(&scene, &format!("Ward {ward}"));
        first.synced();
        first.copy_to(&image(ward));
    }
    let patients: Vec<_> = (0..CHARTS)
        .map(|n| {
            let patient = a.register(&format!("Okello{n}"));
            a.allergy(patient, &format!("substance {n}"));
            patient
        })
        .collect();
    a.synced();
    let set_up = |n: usize| {
        let store = scene.folder().join(format!("cold/{n}"));
        Station::of_copy(&format!("Laptop {n}"), store, &image(n % WARDS))
    };
    let all: Vec<Station> = (0..COMPUTERS).map(set_up).collect();
    let together = Barrier::new(COMPUTERS);
    let slowest = thread::scope(|scope| {
        let begin = |station| {
            let together = &together;
            scope.spawn(move || start(station, together))
        };
        let started: Vec<_> = all.iter().map(begin).collect();
        started.into_iter().map(|one| one.join().expect("it started")).max()
    });
    println!("{COMPUTERS} computers, {CHARTS} charts: {slowest:?} ms");
    for station in &all {
        for (n, patient) in patients.iter().enumerate() {
            assert_eq!(station.substances(*patient), [format!("substance {n}")].into());
        }
    }
}

/// Fetches the record with all the others; how long it took, in milliseconds.
fn start(station: &Station, together: &Barrier) -> u128 {
    together.wait();
    let begun = std::time::Instant::now();
    let view = station.synced();
    assert!(view.alarms.is_empty() && view.received > 0, "{view:?}");
    begun.elapsed().as_millis()
}
