//! What is pushed, and which keys go with it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "this is a test")]

use sync::envelope::{Envelope, Header};
use sync::fixtures::{clinic, device, envelope, key, run, wrapped_key};
use sync::ids::{Commitment, DocTag, EntryHash, EnvelopeId, HpkeKey, LogEpoch, VerifyKey};
use sync::limits::{FRAME_BYTES_MAX, PADDED_BYTES_MAX, PUSH_KEYS_MAX, WRAPPED_KEY_BYTES_MAX};
use sync::log::memory::MemoryLog;
use sync::log::{EnvelopeLog as _, KeyTable as _};
use sync::membership::{Entry, EntryBody, Found, Members, SignedEntry};
use sync::serve;
use sync::session::Outgoing;
use sync::wire::{Frame as _, PushRequest, RefusalCode, Verdict, WrappedKey};

/// The document of the envelopes.
const DOCUMENT: DocTag = DocTag([7; 32]);

/// A clinic in its first epoch.
fn members() -> Members {
    let found = Found {
        device: device(1),
        hpke_key: HpkeKey([1; 32]),
        sealed_name: Vec::new(),
        commitment: Commitment([1; 32]),
    };
    let (prev, author) = (EntryHash([0; 32]), VerifyKey([0; 32]));
    let body = EntryBody::Found(found);
    let entry = Entry { clinic: clinic(1), index: 0, prev, at_ms: 0, author, body };
    Members::found(&SignedEntry::sign(entry, &key(1))).unwrap()
}

#[test]
fn a_key_of_an_epoch_that_has_not_begun_is_taken_from_nobody() {
    let log = MemoryLog::default();
    log.open_clinic(clinic(1), LogEpoch([1; 16]));
    let push = |keys: &[WrappedKey]| {
        let request =
            PushRequest { clinic: clinic(1), keys: keys.to_vec(), envelopes: run(1, 1, 2) };
        serve::push(&log, &members(), device(1), &request).unwrap()
    };
    let good = wrapped_key(DOCUMENT, 1, 1);
    let wrapped_later = [&[2, 0, 0, 0, 1, 0, 0, 0, 2][..], &[9; 80]].concat();
    for bad in [
        wrapped_key(DOCUMENT, 2, 1),
        wrapped_key(DOCUMENT, u32::MAX, 1),
        WrappedKey { doc_tag: DOCUMENT, wrapped: wrapped_later },
        WrappedKey { doc_tag: DOCUMENT, wrapped: vec![1, 0, 0, 0] },
        WrappedKey { doc_tag: DOCUMENT, wrapped: Vec::new() },
    ] {
        let refused = push(&[good.clone(), bad.clone()]).unwrap_err();
        assert_eq!(refused.code, RefusalCode::Malformed, "{bad:?}");
        assert_eq!(log.floor(clinic(1)).unwrap().head.seq, 0, "as a whole: {bad:?}");
        assert_eq!(log.keys(clinic(1), 0, 9).unwrap().keys, []);
    }
    let stored = push(std::slice::from_ref(&good)).unwrap().verdicts;
    assert_eq!(stored, [Verdict::Stored { seq: 1 }, Verdict::Stored { seq: 2 }]);
    assert_eq!(log.keys(clinic(1), 0, 9).unwrap().keys, [good]);
}

#[test]
fn an_envelope_goes_with_the_keys_that_may_open_it() {
    let later = WrappedKey {
        doc_tag: DOCUMENT,
        wrapped: [&[2, 0, 0, 0, 0, 0, 0, 0, 9][..], &[9; 80]].concat(),
    };
    let short = WrappedKey { doc_tag: DOCUMENT, wrapped: vec![1] };
    let (own, other) = (wrapped_key(DOCUMENT, 1, 1), wrapped_key(DOCUMENT, 1, 2));
    let keys = vec![
        wrapped_key(DOCUMENT, 0, 1),
        own.clone(),
        other.clone(),
        wrapped_key(DocTag([8; 32]), 1, 1),
        short,
        later.clone(),
    ];
    let push = serve::lane(clinic(1), Outgoing { envelopes: run(1, 1, 3), keys });
    assert_eq!((push.keys, push.envelopes), (vec![own, other, later], run(1, 1, 3)));
}

/// Envelopes of which none follows another have nothing left out.
#[test]
fn a_push_is_no_larger_than_a_frame_whatever_follows_what() {
    let of_epoch = |envelope: &Envelope, key_epoch| {
        let header = Header { key_epoch, ..envelope.header().clone() };
        let (sealed, signature) = (envelope.ciphertext().to_vec(), *envelope.signature());
        Envelope::from_parts(header, sealed, signature)
    };
    for body in [24, 700, 777, 778, 779, 790, 800, 900] {
        let one = envelope(1, 1, 2, EnvelopeId([7; 32]), (1, body));
        let mixed: Vec<_> = (0..1100).map(|n| of_epoch(&one, n % 2 + 1)).collect();
        let outgoing = Outgoing { envelopes: mixed, keys: Vec::new() };
        let push = serve::lane(clinic(1), outgoing);
        assert!(push.envelopes.len() > 900, "{body}: {}", push.envelopes.len());
        assert!(push.to_frame().len() <= FRAME_BYTES_MAX, "{body}: {}", push.to_frame().len());
    }
}

/// A device that makes keys without end keeps no other from pushing: the first go along.
#[test]
fn a_push_is_no_larger_than_a_frame_however_many_keys_there_are() {
    let large = |content: u16| {
        let mut key = wrapped_key(DOCUMENT, 1, content);
        key.wrapped.resize(WRAPPED_KEY_BYTES_MAX, 0);
        key
    };
    let keys: Vec<_> = (0..3000).map(large).collect();
    for len in [24, PADDED_BYTES_MAX] {
        let sent = envelope(1, 1, 1, EnvelopeId::NONE, (1, len));
        let outgoing = Outgoing { envelopes: vec![sent.clone()], keys: keys.clone() };
        let push = serve::lane(clinic(1), outgoing);
        assert_eq!(push.envelopes, [sent]);
        assert!(push.keys.contains(&keys[0]) && push.keys.len() <= PUSH_KEYS_MAX);
        assert!(push.to_frame().len() <= FRAME_BYTES_MAX);
        assert_eq!(PushRequest::from_frame(&push.to_frame()).unwrap(), push);
    }
}
