//! Computers tell each other what they saw of the server's log, and find out a server that shows
//! them different histories.

use super::{allergy, call, register, server::Server, synced, two};
use api::AlarmKind;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

#[test]
fn a_checkpoint_goes_out_once_a_day_and_an_idle_day_sends_nothing() {
    let server = Server::default();
    let (stations, [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    for app in [&a, &b, &a, &b] {
        assert_eq!(synced(app).alarms, []);
    }
    assert_eq!(server.checkpoints(), 0, "nobody waited a day");
    for days in 1..=5 {
        stations.iter().for_each(|station| station.desk.later(DAY_MS));
        server.later(DAY_MS);
        for app in [&a, &b, &a, &b] {
            assert_eq!(synced(app).alarms, [], "day {days}");
        }
        assert_eq!(server.checkpoints(), 2, "day {days}: each told once, and nobody answered");
    }
    allergy(&a, patient, "Latex");
    stations.iter().for_each(|station| station.desk.later(DAY_MS));
    server.later(DAY_MS);
    for app in [&a, &b, &a, &b] {
        synced(app);
    }
    assert_eq!(server.checkpoints(), 4);
    let before = server.requests();
    assert_eq!((synced(&a).sent, server.requests() - before), (0, 1), "idle is one HELLO");
    assert!(a.check().unwrap().sound && b.check().unwrap().sound);
}

#[test]
fn a_server_that_shows_two_histories_is_found_out_by_name() {
    let server = Server::default();
    let (stations, [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    for app in [&a, &b, &a, &b] {
        synced(app);
    }
    let next_day = || {
        stations.iter().for_each(|station| station.desk.later(DAY_MS));
        server.later(DAY_MS);
    };
    next_day();
    for app in [&a, &b, &a, &b] {
        synced(app);
    }
    assert_eq!(server.checkpoints(), 2);
    // From here on the server keeps another history for B.
    let shown_to_b = server.state();
    allergy(&a, patient, "Penicillin");
    synced(&a);
    let shown_to_a = server.state();
    server.stand(shown_to_b);
    allergy(&b, patient, "Latex");
    synced(&b);
    next_day();
    synced(&b);
    assert_eq!(server.checkpoints(), 3);
    // What B sends it passes on to A: A sees that B saw something else.
    let sent_by_b = server.held();
    server.stand(shown_to_a);
    server.pass_on(&sent_by_b);
    let view = call(&a, api::SyncNow {});
    let [raised] = view.alarms.as_slice() else { panic!("{view:?}") };
    let AlarmKind::HistoriesDiffer { name, .. } = &raised.alarm else { panic!("{raised:?}") };
    assert_eq!(name.as_deref(), Some("Consulting room 2"));
    assert!(raised.detail.contains("“Consulting room 2” another history"), "{raised:?}");
    assert_eq!(call(&a, api::OpenChart { patient }).chart.allergies.len(), 2, "nothing is lost");
}
