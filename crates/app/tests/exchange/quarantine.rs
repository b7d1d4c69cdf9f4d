//! What was set aside is listed, and what only waits is told apart.

use super::{allergy, call, hostile, register, server::Server, synced, two};
use api::{ErrorCode, QuarantineAwaits, QuarantineReason};
use app::App;
use clinical::{Instant, Role};
use store::{NamedRow, QuarantineRow, Receipt};

#[test]
fn what_was_set_aside_is_listed_for_who_looks_after_the_computers() {
    let server = Server::default();
    let ([station_a, _b], [a, b]) = two(&server);
    let patient = register(&a, "Zzyzxworth");
    synced(&a);
    assert_eq!(call(&b, api::ListQuarantine { limit: 10 }), api::QuarantineView::default());
    drop(a);
    hostile::push_change(&station_a, &server, patient, b"no change at all".to_vec());
    let view = call(&b, api::SyncNow {});
    assert_eq!((view.quarantined, view.quarantined_waiting), (1, 0));
    let listed = call(&b, api::ListQuarantine { limit: 10 });
    let [item] = listed.items.as_slice() else { panic!("{listed:?}") };
    assert_eq!(item.name.as_deref(), Some("Front desk"));
    assert_eq!(
        (item.reason, item.awaits, listed.more),
        (QuarantineReason::NotMerged, QuarantineAwaits::Nothing, 0)
    );
    assert!(item.envelope.len() == 64 && item.bytes > 200, "{item:?}");
    let none = call(&b, api::ListQuarantine { limit: 0 });
    assert_eq!((none.items.len(), none.more), (0, 1));
    // Whose chart it is of is for who reads charts, and in the audit.
    let [of] = item.of.as_slice() else { panic!("{item:?}") };
    assert_eq!(of.patient, patient);
    assert_eq!(of.identity.as_ref().unwrap().name[0].family, "Zzyzxworth");
    let of = api::ReadAudit { patient: Some(patient), from: api::AuditFrom::Newest, limit: 20 };
    let rows = call(&b, of).rows;
    assert!(rows.iter().any(|row| row.resource == "list-quarantine"), "{rows:?}");
}

#[test]
fn what_waits_for_keys_comes_in_by_itself_and_is_told_apart() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    allergy(&a, patient, "Penicillin");
    server.hold_keys(true);
    synced(&a);
    let view = call(&b, api::SyncNow {});
    assert!(view.quarantined > 0, "{view:?}");
    assert_eq!(view.quarantined_waiting, view.quarantined);
    let listed = call(&b, api::ListQuarantine { limit: 10 });
    let most = usize::try_from(view.quarantined.min(10)).unwrap();
    assert_eq!(listed.items.len(), most, "what is counted is listed");
    assert!(!listed.items.is_empty());
    for item in &listed.items {
        assert_eq!((item.reason, item.awaits), (QuarantineReason::NoKey, QuarantineAwaits::Keys));
    }
    server.hold_keys(false);
    synced(&b);
    assert_eq!(call(&b, api::OpenChart { patient }).chart.allergies.len(), 1);
}

#[test]
fn a_death_between_the_keys_and_the_look_at_what_waited_for_them_loses_nothing() {
    let server = Server::default();
    let (stations, [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    allergy(&a, patient, "Penicillin");
    server.hold_keys(true);
    synced(&a);
    assert!(call(&b, api::SyncNow {}).quarantined > 0);
    drop((a, b));
    // The keys are stored with the note that something waits for them, and nothing was looked at.
    let [given, stored] = stations.each_ref().map(|station| hostile::open(station).1);
    let mut rows = given.named_with_prefix("sync/key/").unwrap();
    rows.push(NamedRow { name: "sync/check-again".into(), bytes: Vec::new() });
    stored.put_named(&rows).unwrap();
    drop((given, stored));
    let b = stations[1].sign_in();
    synced(&b);
    assert_eq!(call(&b, api::OpenChart { patient }).chart.allergies.len(), 1);
    drop(b);
    let stored = hostile::open(&stations[1]).1;
    assert_eq!(stored.named("sync/check-again").unwrap(), None);
}

#[test]
fn reception_is_told_how_many_and_no_more() {
    let server = Server::default();
    let ([station_a, _b], [a, _]) = two(&server);
    let add = api::AddPerson {
        user_name: "rita".into(),
        name: "Rita".into(),
        role: Role::Reception,
        password: crate::support::PASSWORD.into(),
    };
    call(&a, add);
    let aside = |n: u8| QuarantineRow {
        envelope: [n; 32],
        device: [1; 16],
        tag: [0; 32],
        at: Instant::from_unix_ms(4),
        reason: "not-opened".into(),
        bytes: vec![1, 2, 3],
    };
    drop(a);
    let (_, store) = hostile::open(&station_a);
    let quarantine = (0..3).map(aside).collect();
    store.receive(&Receipt { quarantine, ..Receipt::default() }).unwrap();
    drop(store);
    let a = App::new(station_a);
    let (user_name, password) = ("rita".into(), crate::support::PASSWORD.into());
    call(&a, api::SignIn { user_name, password });
    let refused = super::refused(&a, api::ListQuarantine { limit: 10 });
    assert_eq!(refused, ErrorCode::NotPermitted);
    assert_eq!(call(&a, api::GetSyncState {}).quarantined, 3);
}
