//! What is told of the line to the server, and that whoever sees an exchange may stop it.

use super::{App, Asks, Station, call, register, server::Server, synced, two};
use crate::support::random::Random;
use api::{ErrorCode, SyncPhase, SyncView, WhichDraft};
use clinical::NoteSectionCode;
use std::sync::Arc;

/// Of which not all fit one page.
const PATIENTS: usize = 12;

/// The people of the clinic that are found here.
fn found(app: &App<Station>) -> usize {
    call(app, api::FindPatients { query: "Amina".into(), limit: 99 }).len()
}

/// Exchanges, and is stopped after the clock was asked so often.
fn stopped_after(station: &Station, app: &Arc<App<Station>>, asks: usize) -> SyncView {
    for _ in 0..asks {
        station.before(Asks::Clock, || {});
    }
    let stops = Arc::clone(app);
    station.before(Asks::Clock, move || call(&*stops, api::StopSync {}));
    call(&**app, api::SyncNow {})
}

#[test]
fn an_exchange_that_is_stopped_keeps_what_came_and_is_gone_on_with() {
    let server = Server::default();
    let ([_, at_b], [a, b]) = two(&server);
    for n in 0..PATIENTS {
        register(&a, &format!("Okello {n}"));
        synced(&a);
    }
    server.give_small_pages(600);
    let b = Arc::new(b);
    let mut asks = 1;
    let view = loop {
        let view = stopped_after(&at_b, &b, asks);
        at_b.between.lock().unwrap().clear();
        let is_in_the_midst = (1..PATIENTS).contains(&found(&b));
        assert!(is_in_the_midst || found(&b) == 0, "it was never stopped in the midst");
        if is_in_the_midst {
            break view;
        }
        asks += 1;
    };
    let SyncPhase::Failed(error) = &view.phase else { panic!("{view:?}") };
    assert_eq!(error.code, ErrorCode::Stopped);
    assert_eq!(view.progress, None, "nothing goes on any more");
    let unread = view.unread;
    assert!(unread > 0, "what has not come is told");
    // One that is stopped before it asked for anything is stopped too, and the next is not.
    let requests = server.requests();
    let stops = Arc::clone(&b);
    at_b.before(Asks::Server, move || call(&*stops, api::StopSync {}));
    let view = call(&*b, api::SyncNow {});
    assert!(matches!(&view.phase, SyncPhase::Failed(error) if error.code == ErrorCode::Stopped));
    assert_eq!((server.requests(), view.unread), (requests, unread));
    assert_eq!(synced(&b).unread, 0);
    assert_eq!(found(&b), PATIENTS);
    // Who stops where nothing goes on stops nothing.
    call(&*b, api::StopSync {});
    synced(&b);
}

#[test]
fn where_the_server_keeps_the_clinic_is_told_as_it_says_last() {
    let server = Server::default();
    let (_, [a, _b]) = two(&server);
    let told = || call(&a, api::GetSyncState {}).region;
    assert_eq!(told(), None);
    for said in [Some("eu-1"), Some("ke-2"), None, Some("eu-1")] {
        server.be_in(said);
        synced(&a);
        assert_eq!(told().as_deref(), said);
    }
    call(
        &a,
        api::SetServer {
            server: call(&a, api::GetSyncState {}).server.unwrap(),
            keeper_lost: false,
        },
    );
    assert_eq!(told(), None, "another may keep it elsewhere");
}

#[test]
fn how_fast_the_line_is_is_told_once_enough_went_over_it() {
    let server = Server::default();
    let (_, [a, b]) = two(&server);
    assert_eq!(call(&a, api::GetSyncState {}).line_speed, None, "too little to tell");
    let patient = register(&a, "Okello");
    let draft = call(&a, api::OpenDraft { patient, which: WhichDraft::New }).id;
    // What no compression makes small.
    let mut random = Random::new(7);
    let text: String =
        (0..60_000).map(|_| char::from(b"abcdefghijklmnopqrstuvwxyz"[random.below(26)])).collect();
    let section = NoteSectionCode::Plan;
    call(&a, api::SaveDraft { draft, section, text, settled: true });
    synced(&a);
    synced(&b);
    for app in [&a, &b] {
        assert!(call(app, api::GetSyncState {}).line_speed.is_some_and(|speed| speed > 0));
    }
}
