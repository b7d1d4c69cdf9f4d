//! Class 8. A hundred CHT users who start together take 25 minutes. Here a hundred laptops of ten wards
//! in two clinics, each with keys of its own, were set up before the record was made, and fetch it from
//! one server at the same moment.

use std::net::Ipv4Addr;
use std::sync::Barrier;
use std::thread;

use api::SyncPhase;
use clinical::PatientId;
use sync::limits::MESSAGE_BYTES_MIN;
use tests::bulky;
use tests::scene::Scene;

use crate::line::Line;
use crate::station::Station;

/// One has 64 codes a day, and so many computers that are new.
const CLINICS: u8 = 2;
/// Each ward has an address of its own, from which a minute lets ten join.
const WARDS_OF_A_CLINIC: u8 = 5;
const LAPTOPS_OF_A_WARD: usize = 10;
/// Charts of some 16 KiB each: more than a page holds that is the first to be asked for.
const CHARTS: usize = 10;
/// Exchanges until a laptop has everything, at most.
const TRIES: usize = 4;

/// A clinic, and how its wards reach the server.
struct Clinic {
    a: Station,
    laptops: Vec<Station>,
    patient: PatientId,
    lines: Vec<Line>,
}

#[test]
fn a_hundred_computers_start_cold_together() {
    let scene = Scene::new("class-cold-start");
    let server = scene.server();
    let clinics: Vec<Clinic> = thread::scope(|scope| {
        let set_up = |clinic| {
            let (scene, server) = (&scene, server.address());
            scope.spawn(move || set_up(scene, server, clinic))
        };
        let all: Vec<_> = (0..CLINICS).map(set_up).collect();
        all.into_iter().map(|one| one.join().expect("a clinic is set up")).collect()
    });
    let all: Vec<&Station> = clinics.iter().flat_map(|clinic| &clinic.laptops).collect();
    assert_eq!(all.len(), 100);
    let together = Barrier::new(all.len());
    let tries: Vec<usize> = thread::scope(|scope| {
        let begin = |station| {
            let together = &together;
            scope.spawn(move || start(station, together))
        };
        let started: Vec<_> = all.iter().map(|station| begin(*station)).collect();
        started.into_iter().map(|one| one.join().expect("it started")).collect()
    });
    let bytes: usize = clinics.iter().flat_map(|clinic| &clinic.lines).map(Line::mend).sum();
    let (each, most) = (bytes / all.len(), tries.iter().max());
    println!("{} computers, {CHARTS} charts: {each} bytes each, {most:?} tries", all.len());
    assert!(each > 2 * MESSAGE_BYTES_MIN, "{each}: it is more than a page");
    for Clinic { a, laptops, patient, .. } in &clinics {
        let chart = a.chart(*patient);
        for laptop in laptops {
            assert_eq!(laptop.chart(*patient), chart);
            let find = api::FindPatients { query: "okello".to_owned(), limit: 200 };
            assert_eq!(laptop.call(find).len(), CHARTS);
        }
    }
}

/// A clinic whose laptops are set up; then its record is made.
fn set_up(scene: &Scene, server: &str, clinic: u8) -> Clinic {
    let a = Station::found(scene, &format!("Front desk {clinic}"), server);
    let (mut laptops, mut lines) = (Vec::new(), Vec::new());
    for ward in 0..WARDS_OF_A_CLINIC {
        let number = clinic * WARDS_OF_A_CLINIC + ward;
        let line = Line::from(Ipv4Addr::new(127, 0, 0, 2 + number), server);
        // Where the code says the server is, it is for who joins by it.
        a.call(api::SetServer { server: line.address(server), keeper_lost: false });
        for n in 0..LAPTOPS_OF_A_WARD {
            laptops.push(Station::joined_by(scene, &format!("Laptop {number}-{n}"), a.code()));
        }
        lines.push(line);
    }
    a.call(api::SetServer { server: server.to_owned(), keeper_lost: false });
    let file = scene.folder().join(format!("people-{clinic}.ndjson"));
    std::fs::write(&file, bulky::people(CHARTS)).unwrap();
    a.app().import(std::slice::from_ref(&file), |_, _| {}).unwrap();
    let patient = a.register("Achieng");
    a.synced();
    let devices = a.call(api::ListDevices {});
    assert_eq!(devices.len(), laptops.len() + 1, "each has keys of its own");
    for line in &lines {
        line.mend();
    }
    Clinic { a, laptops, patient, lines }
}

/// Fetches the record with all the others; after how many tries.
fn start(station: &Station, together: &Barrier) -> usize {
    together.wait();
    let mut received = 0;
    for tried in 1..=TRIES {
        let view = station.sync();
        received += view.received;
        assert!(view.alarms.is_empty(), "{view:?}");
        if view.phase == SyncPhase::Idle && view.coming.is_none() {
            assert!(received > 0, "{view:?}");
            return tried;
        }
    }
    panic!("not whole after {TRIES} tries: {:?}", station.sync_state());
}
