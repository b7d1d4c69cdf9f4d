//! Where what is written in a chart is said to be: never further than it was seen to come.

use super::{
    Station, address, allergy, call, clinic, join, peers::three, register, server::Server, synced,
    two,
};
use api::{Holder, WhereaboutsView};
use app::App;
use clinical::{EntryKind, EntryRef, PatientId};

fn whereabouts(app: &App<Station>, patient: PatientId) -> WhereaboutsView {
    call(app, api::GetWhereabouts { patient })
}

/// Who holds the chart's last allergy, by name, as the window asks.
fn allergy_at(app: &App<Station>, patient: PatientId) -> Vec<String> {
    let chart = super::chart(app, patient);
    let last = chart.allergies.iter().map(|it| it.id.uuid()).max().unwrap();
    let entry = EntryRef::new(EntryKind::Allergy, last);
    let writer = chart.stamp_of(entry).map(|stamp| stamp.device);
    names(whereabouts(app, patient).holders_of(entry, writer))
}

fn names(holders: &[Holder]) -> Vec<String> {
    let name = |holder: &Holder| match holder {
        Holder::Server => "server".to_owned(),
        Holder::Computer { name, .. } => name.clone().unwrap_or_default(),
    };
    holders.iter().map(name).collect()
}

const NOWHERE: [&str; 0] = [];

#[test]
fn an_entry_is_on_the_server_once_the_server_says_so_and_not_before() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    let view = whereabouts(&a, patient);
    assert!(view.elsewhere && view.own.is_empty() && view.recent.is_empty(), "{view:?}");
    synced(&a);
    assert_eq!(names(&whereabouts(&a, patient).own), ["server"]);
    allergy(&a, patient, "Penicillin");
    assert_eq!(allergy_at(&a, patient), NOWHERE);
    assert_eq!(names(&whereabouts(&a, patient).own), ["server"], "the rest is where it was");
    server.set_away(true);
    call(&a, api::SyncNow {});
    assert_eq!(allergy_at(&a, patient), NOWHERE);
    server.set_away(false);
    synced(&a);
    assert_eq!(allergy_at(&a, patient), ["server"]);
    assert!(whereabouts(&a, patient).recent.is_empty());
    // What came from another is on that one, and on the server it came by.
    synced(&b);
    assert_eq!(allergy_at(&b, patient), ["server", "Front desk"]);
    assert!(whereabouts(&b, patient).recent.is_empty());
}

#[test]
fn an_entry_that_is_written_again_is_here_alone_again() {
    let server = Server::default();
    let (_stations, [a, _b]) = two(&server);
    let patient = register(&a, "Okello");
    allergy(&a, patient, "Penicillin");
    synced(&a);
    let entry = EntryRef::new(EntryKind::Allergy, super::chart(&a, patient).allergies[0].id.uuid());
    let undo = api::WithdrawEntry { patient, entry, reason: "x".into(), seen: None };
    call(&a, undo);
    assert_eq!(allergy_at(&a, patient), NOWHERE);
    synced(&a);
    assert_eq!(allergy_at(&a, patient), ["server"]);
}

#[test]
fn what_another_computer_took_in_is_there_and_not_on_the_server() {
    let (server, [a, b, _c]) = three();
    let patient = register(&a, "Okello");
    a.meet_peer("b").unwrap();
    assert_eq!(names(&whereabouts(&a, patient).own), ["Consulting room 2"]);
    allergy(&a, patient, "Penicillin");
    assert_eq!(allergy_at(&a, patient), NOWHERE);
    a.meet_peer("b").unwrap();
    assert_eq!(allergy_at(&a, patient), ["Consulting room 2"]);
    assert_eq!(allergy_at(&b, patient), ["Front desk"]);
    // The server has it once whoever comes by it first has pushed it on.
    server.set_away(false);
    synced(&b);
    assert_eq!(allergy_at(&b, patient), ["server", "Front desk"]);
    assert_eq!(allergy_at(&a, patient), ["Consulting room 2"], "it has not heard of that");
    synced(&a);
    assert_eq!(allergy_at(&a, patient)[0], "server");
}

#[test]
fn what_a_server_lost_is_not_said_to_be_there_until_it_has_it_again() {
    let server = Server::default();
    let (_stations, [a, _b]) = two(&server);
    let patient = register(&a, "Okello");
    allergy(&a, patient, "Penicillin");
    synced(&a);
    assert_eq!(allergy_at(&a, patient), ["server"]);
    let new = format!("{}#{}", address().split_once('#').unwrap().0, "sha256:");
    let new = format!("{new}{}", "0".repeat(64));
    call(&a, api::SetServer { server: new, keeper_lost: false });
    assert_eq!(allergy_at(&a, patient), NOWHERE, "another server was told nothing yet");
    call(&a, api::SetServer { server: address(), keeper_lost: false });
    assert_eq!(allergy_at(&a, patient), ["server"]);
}

#[test]
fn a_computer_alone_has_nowhere_else() {
    let station = Station::new(&Server::default());
    let app = App::new(station);
    crate::support::create(&app, None);
    let patient = register(&app, "Okello");
    let view = whereabouts(&app, patient);
    assert!(!view.elsewhere && view.own.is_empty() && view.others.is_empty(), "{view:?}");
}

#[test]
fn what_a_newcomer_brought_is_told_like_anybodys() {
    let server = Server::default();
    let a = clinic(&Station::new(&server));
    let patient = register(&a, "Okello");
    synced(&a);
    let b = join(&Station::new(&server), call(&a, api::MakeDeviceCode {}).code);
    synced(&b);
    allergy(&b, patient, "Latex");
    assert_eq!(allergy_at(&b, patient), NOWHERE);
    synced(&b);
    assert_eq!(allergy_at(&b, patient), ["server"]);
}
