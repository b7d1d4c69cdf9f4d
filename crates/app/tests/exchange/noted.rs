//! What goes wrong in an exchange is noted, whoever asked for it, and told when it is over.

use super::{
    Station, allergy, call, chart, hostile, refused, register, server, server::Server, synced, two,
};
use api::{ErrorCode, Event, SyncPhase, Topic};
use app::App;
use clinical::{PatientId, uuid_v7};
use store::NamedRow;

fn failed(app: &App<Station>) -> Option<ErrorCode> {
    match call(app, api::GetSyncState {}).phase {
        SyncPhase::Failed(error) => Some(error.code),
        _ => None,
    }
}

#[test]
fn an_exchange_that_the_store_ends_is_noted_as_failed() {
    let server = Server::default();
    let ([station_a, _b], [a, _]) = two(&server);
    synced(&a);
    drop(a);
    let (_, store) = hostile::open(&station_a);
    let keys = "sync/device-keys".to_owned();
    store.put_named(&[NamedRow { name: keys, bytes: b"no keys".to_vec() }]).unwrap();
    drop(store);
    let a = station_a.sign_in();
    assert_eq!(failed(&a), None, "it was not tried yet");
    let code = refused(&a, api::SyncNow {});
    assert_eq!(failed(&a), Some(code));
}

#[test]
fn an_exchange_that_panics_is_noted_as_failed_and_the_next_goes_on() {
    let server = Server::default();
    let (_stations, [a, _b]) = two(&server);
    synced(&a);
    // The way of these tests to any other place panics.
    let elsewhere = format!("https://elsewhere.test:8443#sha256:{}", server::PIN);
    call(&a, api::SetServer { server: elsewhere, keeper_lost: false });
    assert_eq!(refused(&a, api::SyncNow {}), ErrorCode::Internal);
    assert_eq!(failed(&a), Some(ErrorCode::Internal));
    call(&a, api::SetServer { server: super::address(), keeper_lost: false });
    synced(&a);
}

#[test]
fn an_exchange_tells_how_it_stands_once_when_it_is_over() {
    let server = Server::default();
    let ([station_a, _b], [a, _]) = two(&server);
    synced(&a);
    station_a.desk.events.lock().unwrap().clear();
    synced(&a);
    let told = station_a.desk.events.lock().unwrap();
    let of_sync = |event: &&Event| matches!(event, Event::Changed { topics, .. } if topics.contains(&Topic::Sync));
    assert_eq!(told.iter().filter(of_sync).count(), 1, "{told:?}");
}

#[test]
fn a_chart_whose_tasks_cannot_be_written_is_told_and_holds_nothing_up() {
    let server = Server::default();
    let ([_, station_b], [a, b]) = two(&server);
    synced(&b);
    drop(b);
    // One that was merged and is gone, as where a copy was put back in part.
    let nobody = PatientId::from_uuid(uuid_v7(9, [9; 10]));
    let row = NamedRow { name: "sync/unjudged".into(), bytes: nobody.uuid().as_bytes().to_vec() };
    let (_, store) = hostile::open(&station_b);
    store.put_named(std::slice::from_ref(&row)).unwrap();
    drop(store);
    let b = station_b.sign_in();
    let patient = register(&a, "Okello");
    allergy(&a, patient, "Penicillin");
    call(&a, api::RecordMedication { patient, draft: super::medication("Metformin", "500", "1") });
    synced(&a);
    for _ in 0..2 {
        let SyncPhase::Failed(error) = call(&b, api::SyncNow {}).phase else { panic!() };
        assert_eq!(error.code, ErrorCode::Internal);
        assert!(error.detail.contains("tasks of a chart"), "{error}");
    }
    assert_eq!(chart(&b, patient).allergies.len(), 1);
    drop(b);
    let (_, store) = hostile::open(&station_b);
    assert_eq!(store.named(&row.name).unwrap(), Some(row.bytes), "it is not forgotten");
}

#[test]
fn an_exchange_that_carries_something_tells_how_far_it_has_come() {
    let server = Server::default();
    let ([station_a, _b], [a, b]) = two(&server);
    synced(&a);
    let patient = register(&b, "Okello");
    allergy(&b, patient, "Latex");
    synced(&b);
    allergy(&a, register(&a, "Wanjiru"), "Penicillin");
    station_a.desk.events.lock().unwrap().clear();
    let view = synced(&a);
    assert_eq!(view.progress, None, "it is over");
    let told = station_a.desk.events.lock().unwrap();
    let progress = |event: &Event| match event {
        Event::Exchanging(progress) => Some(*progress),
        Event::Changed { .. }
        | Event::ExchangeAsked
        | Event::Rebuilding { .. }
        | Event::Carrying { .. } => None,
    };
    let last = told.iter().rev().find_map(progress).unwrap();
    assert_eq!((last.sent, last.received >= view.received), (view.sent, true));
    assert!(last.sent_bytes > 200 && last.received_bytes > 200 && last.to_receive == 0, "{last:?}");
    drop(told);
    station_a.desk.events.lock().unwrap().clear();
    synced(&a);
    let told = station_a.desk.events.lock().unwrap();
    let is_told = |event: &Event| matches!(event, Event::Exchanging(now) if now.sent > 0);
    assert!(!told.iter().any(is_told), "an exchange at rest sends nothing");
}

/// What one recorded is told of where it goes: neither its names nor its keys come back.
#[test]
fn what_was_recorded_goes_out_with_a_greeting_and_a_push() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    synced(&a);
    synced(&b);
    synced(&a);
    let requests = |app: &App<Station>| {
        let before = server.requests();
        synced(app);
        server.requests() - before
    };
    assert_eq!(requests(&a), 1, "at rest one greets");
    allergy(&a, patient, "Latex");
    assert_eq!(requests(&a), 2);
    // A chart that is new has a key that is new.
    allergy(&a, register(&a, "Wanjiru"), "Penicillin");
    assert_eq!(requests(&a), 2);
    assert_eq!(requests(&a), 1, "and that is all");
    synced(&b);
    assert_eq!(chart(&a, patient), chart(&b, patient));
}
