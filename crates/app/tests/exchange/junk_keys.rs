//! Keys that are none: anybody can make up any number of them. And keys that are kept back.

use super::{allergy, call, chart, hostile, register, server::Server, synced, two};
use api::{AlarmKind, BundleEnded};
use app::NewBundle;
use std::{collections::BTreeSet, fs::File};
use sync::{
    bundle::{BundleHead, BundleWriter},
    have::Have,
    limits::PUSH_KEYS_MAX,
    membership::MembersHead,
    session::Outgoing,
    wire::WrappedKey,
};

/// So many times as many keys as one message takes.
const MESSAGES: usize = 2;

#[test]
fn keys_that_open_nothing_cut_nobody_off() {
    let server = Server::default();
    let (stations, [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    allergy(&a, patient, "Latex");
    synced(&a);
    synced(&b);
    let keys = server.held().1;
    // A file that anybody can write who has seen one: of each document so many keys.
    let (envelopes, _) = server.held();
    let head = BundleHead {
        clinic: server.clinic(),
        device: envelopes[0].header().device,
        made_at_ms: 7,
        members: MembersHead::EMPTY,
        have: Have::new(),
    };
    let path = stations[0].desk.path().join("found.fcbundle");
    let mut writer = BundleWriter::begin(File::create(&path).unwrap(), &head).unwrap();
    for envelope in envelopes {
        for message in 0..MESSAGES {
            let doc_tag = envelope.header().doc_tag;
            let made_up = |n: usize| {
                let mut wrapped = vec![0; 85];
                // As if they were of the newest epoch: a form, an epoch, a salt.
                wrapped[..5].copy_from_slice(&[1, 0, 0, 0, 1]);
                wrapped[5..13].copy_from_slice(&(n + message * PUSH_KEYS_MAX).to_be_bytes());
                WrappedKey { doc_tag, wrapped }
            };
            let keys = (0..PUSH_KEYS_MAX).map(made_up).collect();
            writer.envelopes(Outgoing { envelopes: vec![envelope.clone()], keys }).unwrap();
        }
    }
    drop(writer);
    let taken = a.read_bundle(&path, |_, _| {}).unwrap();
    assert!(matches!(taken.ended, BundleEnded::CutOff), "{taken:?}");

    allergy(&a, patient, "Nuts");
    assert_eq!(synced(&a).alarms, []);
    assert_eq!(synced(&b).alarms, []);
    assert_eq!(chart(&b, patient).allergies.len(), 2);
    // Nor does the server hear of them.
    assert_eq!(server.held().1, keys);
}

/// Two computers wrote a chart before either had heard of the other's key: that one of the two is here
/// says nothing of the other.
#[test]
fn a_key_that_is_kept_back_is_waited_for_where_another_of_the_chart_is_here() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    synced(&a);
    call(&a, api::RotateKeys {});
    synced(&b);
    // Each seals under a key of its own.
    allergy(&b, patient, "Latex");
    let folder = tempfile::tempdir().unwrap();
    let new = NewBundle { out: folder.path().join("1.fcbundle"), only_for: None };
    b.write_bundle(&new, |_, _| {}).unwrap();
    allergy(&a, patient, "Penicillin");
    synced(&a);
    let (before, keys) = (server.state(), server.held().1);
    synced(&b);
    let (envelopes, all) = server.held();
    let kept_back: Vec<_> = all.into_iter().filter(|key| !keys.contains(key)).collect();
    assert!(!kept_back.is_empty());

    server.stand(before);
    server.pass_on(&(envelopes, Vec::new()));
    let view = call(&a, api::SyncNow {});
    assert!(view.quarantined > 0 && view.quarantined_waiting == view.quarantined, "{view:?}");
    assert!(view.alarms.iter().any(|it| it.alarm == AlarmKind::KeysWithheld), "{view:?}");
    assert_eq!(chart(&a, patient).allergies.len(), 1);
    server.pass_on(&(Vec::new(), kept_back));
    assert_eq!(synced(&a).alarms, []);
    assert_eq!(chart(&a, patient).allergies.len(), 2);
    assert_eq!(chart(&a, patient), chart(&b, patient));
}

/// One whose key nobody gives stands for any number of exchanges.
#[test]
fn one_batch_without_a_key_does_not_have_all_keys_read_with_every_exchange() {
    let server = Server::default();
    let (stations, [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    synced(&a);
    call(&a, api::RotateKeys {});
    synced(&b);
    let before = server.state();
    allergy(&b, patient, "Latex");
    synced(&b);
    let envelopes = server.held().0;
    server.stand(before);
    server.pass_on(&(envelopes, Vec::new()));
    let asked = || {
        let before = server.requests();
        let view = call(&a, api::SyncNow {});
        assert!(view.quarantined_waiting > 0, "{view:?}");
        server.requests() - before
    };
    asked();
    let looking = asked();
    let idle = asked();
    assert_eq!((idle, asked()), (looking - 1, idle), "it was looked for once");
    stations[0].desk.later(60 * 60 * 1000);
    assert_eq!((asked(), asked()), (looking, idle), "and is again after a while");
}

/// A computer of the clinic makes keys that open, as many as it likes: whoever passed all of them on
/// would have no place left at the server for the one that counts.
#[test]
fn of_keys_without_end_those_go_along_that_open_what_goes() {
    let server = Server::default();
    let ([station_a, _station_b], [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    allergy(&a, patient, "Latex");
    synced(&a);
    let before = server.state();
    let (envelopes, keys) = server.held();
    drop(a);
    let tags: BTreeSet<_> = envelopes.iter().map(|it| it.header().doc_tag).collect();
    let made = tags.iter().flat_map(|tag| hostile::make_keys(&station_a, *tag, 20)).collect();
    server.pass_on(&(Vec::new(), made));
    synced(&b);
    server.stand(before);
    allergy(&b, patient, "Nuts");
    synced(&b);
    let (all, along) = server.held();
    let sent = all.len() - envelopes.len();
    let new = along.iter().filter(|key| !keys.contains(key)).count();
    assert!(sent > 0 && new <= sent, "{new} keys with {sent} envelopes");
    let a = station_a.sign_in();
    synced(&a);
    assert_eq!(chart(&a, patient).allergies.len(), 2);
}
