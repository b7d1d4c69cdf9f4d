//! A new key without removing anybody.

use super::{Server, Station, allergy, chart, join, register, synced, two};
use crate::support::call;
use std::collections::BTreeSet;
use sync::wire::WrappedKey;

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

#[test]
fn a_chart_that_is_written_in_ever_new_epochs_is_read_by_everybody() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    for epoch in 2..=18 {
        assert_eq!(call(&a, api::RotateKeys {}).epoch, epoch);
        allergy(&a, patient, &format!("Substance {epoch}"));
        assert_eq!(synced(&a).alarms, []);
    }
    assert_eq!(epochs(&server), (1..=18).collect());
    let view = synced(&b);
    assert_eq!((view.alarms, view.quarantined), (Vec::new(), 0));
    assert_eq!(chart(&b, patient).allergies.len(), 17);
    assert_eq!(chart(&b, patient), chart(&a, patient));
    // Who joins now reads all of it too.
    let c = join(&Station::new(&server), call(&a, api::MakeDeviceCode {}).code);
    assert_eq!(synced(&c).quarantined, 0);
    assert_eq!(chart(&c, patient), chart(&a, patient));
}

/// Whoever answers refuses a push with a key of an epoch that has not begun: a computer that was given
/// one leaves it out.
#[test]
fn made_up_keys_of_a_chart_keep_nobody_from_writing_it() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    synced(&a);
    let made_up = server.held().1.into_iter().flat_map(|key| {
        let future = [&[1], &99_u32.to_be_bytes()[..], &key.wrapped[5..]].concat();
        let later = [&[2, 0, 0, 0, 1], &u32::MAX.to_be_bytes()[..], &key.wrapped[5..]].concat();
        let wrapped = [future, later, vec![1], Vec::new()].into_iter();
        wrapped.map(move |wrapped| WrappedKey { doc_tag: key.doc_tag, wrapped })
    });
    server.pass_on(&(Vec::new(), made_up.collect()));
    assert_eq!(synced(&b).alarms, []);
    allergy(&b, patient, "Penicillin");
    assert_eq!(synced(&b).alarms, []);
    call(&b, api::RotateKeys {});
    allergy(&b, patient, "Latex");
    assert_eq!(synced(&b).alarms, []);
    assert_eq!(synced(&a).alarms, []);
    assert_eq!(chart(&a, patient).allergies.len(), 2);
}

/// The server's limits go by what stands in the clear of a wrapped key.
#[test]
fn who_cannot_open_a_key_reads_the_epoch_that_it_is_wrapped_under() {
    let entropy = &mut vault::random::FixedEntropy::new(7);
    let clinic_keys = vault::ClinicKeys::make(entropy);
    let (_, under) = clinic_keys.current().unwrap();
    let key = vault::DocumentKey::make(0x0102_0304, entropy);
    let doc_tag = sync::ids::DocTag([7; 32]);
    let own = key.wrap(under, &[1; 16], &doc_tag.0, entropy);
    let later = key.wrap_later((0x0506_0708, under), &[1; 16], &doc_tag.0);
    for (wrapped, epoch) in [(own, 0x0102_0304), (later, 0x0506_0708)] {
        assert_eq!(vault::document_key::epoch_of_wrapped(&wrapped), Ok(epoch));
        assert_eq!(WrappedKey { doc_tag, wrapped }.epoch(), Some(epoch));
    }
}
