//! Keys that are none: anybody can make up any number of them.

use super::{allergy, chart, register, server::Server, synced, two};
use api::BundleEnded;
use std::fs::File;
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
