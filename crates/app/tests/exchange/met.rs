//! How it stands with the other computers of the clinic is noted, whoever called whom, and told where
//! a server is set and where none is.

use super::{
    Station, address, allergy, hostile, join,
    peers::{Lan, meet, three_stations},
    register,
    server::Server,
    synced,
};
use crate::support::{call, create};
use api::{ErrorCode, Event, Holder, HolderView, Origin, SyncNow, SyncPhase, SyncView};
use app::App;
use std::sync::Arc;
use store::NamedRow;

const MINUTE_MS: i64 = 60 * 1000;

/// A clinic's first computer that was told of a server, which the record does not name.
pub(super) fn told_of_a_server(station: &Station) -> App<Station> {
    create(&App::new(station.clone()), None);
    let (_, store) = hostile::open(station);
    let (name, bytes) = ("sync/server".to_owned(), address().into_bytes());
    store.put_named(&[NamedRow { name, bytes }]).unwrap();
    drop(store);
    station.sign_in()
}

/// Two computers of a clinic that has no server by now; they answer at `a` and `b`.
fn without_a_server() -> (Lan, [Station; 2], [Arc<App<Station>>; 2]) {
    let (server, lan) = (Server::default(), Lan::default());
    let station = || Station { lan: lan.clone(), ..Station::new(&server) };
    let stations = [station(), station()];
    let a = told_of_a_server(&stations[0]);
    let b = join(&stations[1], call(&a, api::MakeDeviceCode {}).code);
    synced(&a);
    synced(&b);
    let keys = server.device_keys();
    drop((a, b));
    let apps = stations.each_ref().map(|station| {
        let (_, store) = hostile::open(station);
        store.remove_named("sync/server").unwrap();
        drop(store);
        Arc::new(station.sign_in())
    });
    for ((name, app), key) in ["a", "b"].into_iter().zip(&apps).zip(keys) {
        lan.serve(name, app, key);
    }
    (lan, stations, apps)
}

fn state(app: &App<Station>) -> SyncView {
    call(app, api::GetSyncState {})
}

fn name(who: Option<&Holder>) -> &str {
    match who {
        Some(Holder::Computer { name, .. }) => name.as_deref().unwrap_or("a computer"),
        Some(Holder::Server) => "the server",
        None => "nobody",
    }
}

/// Who has everything, as far as that was seen.
fn whole(view: &SyncView) -> &str {
    name(view.has_everything().map(|(who, _)| who))
}

fn computer(view: &SyncView) -> &HolderView {
    view.holders.iter().find(|holder| holder.who != Holder::Server).unwrap()
}

fn failed(view: &SyncView) -> Option<ErrorCode> {
    match &view.phase {
        SyncPhase::Failed(error) => Some(error.code),
        _ => None,
    }
}

#[test]
fn a_clinic_without_a_server_is_told_how_it_stands_by_the_local_network() {
    let (_lan, [station_a, _], [a, b]) = without_a_server();
    let view = state(&a);
    assert!(view.server.is_none() && view.is_by_lan_alone(), "{view:?}");
    assert_eq!((view.last_success, name(view.last_with.as_ref())), (None, "nobody"));
    a.called_around(false);
    assert_eq!(failed(&state(&a)), Some(ErrorCode::Unreachable), "nobody answers");
    let patient = register(&a, "Okello");
    assert!(state(&a).to_send > 0);
    meet(&a, "b");
    meet(&a, "b");
    let view = state(&a);
    assert_eq!((&view.phase, view.to_send), (&SyncPhase::Idle, 0), "{view:?}");
    assert_eq!(name(view.last_with.as_ref()), "Consulting room 2");
    assert_eq!(whole(&view), "Consulting room 2");
    assert_eq!(view.last_success, computer(&view).met.at);
    let met = view.last_success.unwrap();
    // It was met a while ago, and answers no more.
    allergy(&a, patient, "Penicillin");
    station_a.desk.later(30 * MINUTE_MS);
    assert_eq!(failed(&state(&a)), Some(ErrorCode::Unreachable));
    let view = state(&a);
    assert_eq!((view.to_send, view.last_success), (1, Some(met)));
    assert_eq!(whole(&view), "nobody");
    drop(b);
}

#[test]
fn who_is_only_ever_called_knows_what_the_others_have() {
    let (_lan, _stations, [a, b]) = without_a_server();
    let patient = register(&b, "Okello");
    let (_, received) = meet(&a, "b");
    assert!(received > 0);
    let view = state(&b);
    assert_eq!(name(view.last_with.as_ref()), "Front desk", "{view:?}");
    assert_eq!((view.sent, view.phase), (received, SyncPhase::Idle));
    // The next time it says how far it has read.
    meet(&a, "b");
    let view = state(&b);
    assert_eq!((view.to_send, whole(&view)), (0, "Front desk"), "{view:?}");
    allergy(&b, patient, "Penicillin");
    assert_eq!(state(&b).to_send, 1);
    meet(&a, "b");
    assert_eq!(state(&b).to_send, 1, "it was given and not yet said to be kept");
    meet(&a, "b");
    assert_eq!((state(&b).to_send, computer(&state(&b)).lacks), (0, 0));
    assert!(b.check().unwrap().sound);
}

#[test]
fn meetings_at_rest_are_noted_now_and_then_alone() {
    let (_lan, [station_a, station_b], [a, b]) = without_a_server();
    register(&a, "Okello");
    for _ in 0..3 {
        meet(&a, "b");
    }
    let at = |app: &App<Station>| computer(&state(app)).met.at.unwrap();
    let (of_a, of_b) = (at(&a), at(&b));
    station_b.desk.events.lock().unwrap().clear();
    assert_eq!(meet(&a, "b"), (0, 0));
    assert_eq!((at(&a), at(&b)), (of_a, of_b));
    let told = station_b.desk.events.lock().unwrap().len();
    assert_eq!(told, 0, "nothing on the screen of the one that was called is asked for again");
    station_a.desk.later(2 * MINUTE_MS);
    station_b.desk.later(2 * MINUTE_MS);
    meet(&a, "b");
    assert!(at(&a) > of_a && at(&b) > of_b);
    assert!(!station_b.desk.events.lock().unwrap().is_empty());
}

#[test]
fn an_exchange_with_a_computer_that_fails_is_noted_with_it() {
    let (lan, _stations, [a, _b]) = without_a_server();
    meet(&a, "b");
    let before = computer(&state(&a)).met.clone();
    assert_eq!(before.failed, None);
    lan.break_exchanges("b");
    a.meet_peer("b").unwrap_err();
    let after = computer(&state(&a)).met.clone();
    assert_eq!(after.failed.map(|error| error.code), Some(ErrorCode::Unreachable));
    assert_eq!(after.at, before.at, "the last that went through stays");
    assert_eq!(failed(&state(&a)), Some(ErrorCode::Unreachable));
}

#[test]
fn a_server_that_is_away_is_told_beside_who_has_everything() {
    let (server, _lan, stations, [a, b, _c]) = three_stations();
    let reached = state(&a).server_reached();
    assert!(reached.is_some());
    assert_eq!(name(state(&a).last_with.as_ref()), "the server");
    stations[0].desk.later(90 * 24 * 60 * MINUTE_MS);
    let patient = register(&a, "Okello");
    meet(&a, "b");
    meet(&a, "b");
    let view = call(&*a, SyncNow {});
    assert_eq!(failed(&view), Some(ErrorCode::Unreachable));
    assert!(view.to_send > 0, "the server's are still to be sent");
    assert_eq!(whole(&view), "Consulting room 2");
    assert_eq!(
        (view.server_reached(), name(view.last_with.as_ref())),
        (reached, "Consulting room 2")
    );
    assert!(view.last_success > reached);
    allergy(&a, patient, "Latex");
    assert_eq!(whole(&state(&a)), "nobody");
    server.set_away(false);
    let view = synced(&a);
    assert_eq!(name(view.last_with.as_ref()), "the server");
    drop(b);
}

#[test]
fn who_asks_to_sync_has_the_others_called_at_once() {
    let (_lan, [station_a, _], [a, _b]) = without_a_server();
    let asked = |origin: Origin| {
        station_a.desk.events.lock().unwrap().clear();
        a.call(SyncNow {}, origin).unwrap();
        let told = station_a.desk.events.lock().unwrap();
        told.iter().filter(|event| **event == Event::ExchangeAsked).count()
    };
    assert_eq!(asked(Origin::Window("main".into())), 1);
    assert_eq!(asked(Origin::Sync), 0, "unasked they are called anyway");
    call(&*a, api::SetLan { on: false });
    assert_eq!(asked(Origin::Window("main".into())), 0);
    let view = state(&a);
    assert_eq!(view.phase, SyncPhase::Alone, "switched off it meets nobody");
}

#[test]
fn a_clinic_of_one_computer_is_alone() {
    let app = App::new(Station::new(&Server::default()));
    create(&app, None);
    register(&app, "Okello");
    app.called_around(false);
    let view = state(&app);
    assert_eq!(view.phase, SyncPhase::Alone);
    assert!(view.to_send > 0 && view.holders.is_empty(), "{view:?}");
}
