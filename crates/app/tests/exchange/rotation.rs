//! A new key without removing anybody.

use super::{Server, Station, allergy, chart, join, register, synced, two};
use crate::support::call;
use std::collections::BTreeSet;

/// The epochs under which the server's envelopes are sealed.
fn epochs(server: &Server) -> BTreeSet<u32> {
    server.held().0.iter().map(|envelope| envelope.header().key_epoch).collect()
}

#[test]
fn a_new_key_seals_what_comes_and_what_was_sealed_stays_readable() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    synced(&a);
    assert_eq!(epochs(&server), BTreeSet::from([1]));
    // B is away, and works.
    let code = call(&a, api::MakeDeviceCode {}).code;
    assert_eq!(call(&a, api::RotateKeys {}).epoch, 2);
    allergy(&a, patient, "Penicillin");
    synced(&a);
    assert_eq!(epochs(&server), BTreeSet::from([1, 2]));
    let under_1 = server.held().0.iter().filter(|e| e.header().key_epoch == 1).count();
    let other = register(&b, "Achieng");
    synced(&b);
    assert_eq!(chart(&b, patient).allergies.len(), 1, "who was away reads both");
    synced(&a);
    assert!(chart(&a, other).patient.is_some());
    let now_under_1 = server.held().0.iter().filter(|e| e.header().key_epoch == 1).count();
    assert_eq!(now_under_1, under_1, "what it had not sealed yet is sealed under the new key");
    // A code from before does not hold the new key; a new one does, and the old ones.
    let late = app::App::new(Station::new(&server));
    let device_name = "Room 3".into();
    let password = crate::support::PASSWORD.into();
    let dead = crate::support::refused(&late, api::JoinClinic { code, device_name, password });
    assert_eq!(dead, api::ErrorCode::BadCode);
    let code = call(&b, api::MakeDeviceCode {}).code;
    let c = join(&Station::new(&server), code);
    assert_eq!(chart(&c, patient), chart(&a, patient));
    assert_eq!(synced(&c).alarms, []);
    assert!(a.check().unwrap().sound && b.check().unwrap().sound);
}

/// A server shows one computer the list as it was, and all that was sealed since.
#[test]
fn who_is_kept_from_a_new_key_waits_for_it_and_takes_it_from_anyone() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    synced(&a);
    synced(&b);
    let before = server.state();
    call(&a, api::RotateKeys {});
    allergy(&a, patient, "Penicillin");
    synced(&a);
    let sealed = server.held();
    server.stand(before);
    server.pass_on(&sealed);
    let view = call(&b, api::SyncNow {});
    assert!(view.phase == api::SyncPhase::Idle && view.quarantined > 0, "{view:?}");
    assert!(view.quarantined == view.quarantined_waiting, "it comes in by itself: {view:?}");
    assert!(chart(&b, patient).allergies.is_empty());
    let folder = tempfile::tempdir().unwrap();
    let new = app::NewBundle { out: folder.path().join("1.fcbundle"), only_for: None };
    a.write_bundle(&new, |_, _| {}).unwrap();
    b.read_bundle(&new.out, |_, _| {}).unwrap();
    assert_eq!(chart(&b, patient), chart(&a, patient));
    // The list goes on to the server that kept it back, and the next is sealed under the new key.
    register(&b, "Achieng");
    synced(&b);
    assert_eq!(epochs(&server), BTreeSet::from([1, 2]));
    synced(&a);
}
