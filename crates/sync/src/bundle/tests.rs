//! A bundle is read as it was written, as far as it goes, and as nothing else.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "this is a test")]

use super::*;
use crate::envelope::{Envelope, Header};
use crate::fixtures::{clinic, device, key, run, wrapped_key};
use crate::have::{Have, Lane};
use crate::ids::{DocTag, VerifyKey};
use crate::membership::MembersHead;
use crate::session::Outgoing;
use crate::signing::Signer as _;
use crate::wire::WrappedKey;
use proptest::prelude::*;

fn head() -> BundleHead {
    let mut have = Have::new();
    for envelope in run(1, 1, 5) {
        have.set(Lane { device: device(1), generation: 1 }, envelope.position());
    }
    BundleHead {
        clinic: clinic(1),
        device: device(1),
        made_at_ms: 7,
        members: MembersHead::EMPTY,
        have,
    }
}

fn outgoing() -> Outgoing {
    let envelopes = run(1, 1, 5);
    let tag = |tag| WrappedKey { doc_tag: DocTag([tag; 32]), wrapped: vec![tag; 85] };
    let mut keys: Vec<_> = envelopes.iter().map(|e| e.header().doc_tag.0[0]).map(tag).collect();
    keys.sort();
    keys.dedup();
    Outgoing { envelopes, keys }
}

fn written() -> Vec<u8> {
    let mut writer = BundleWriter::begin(Vec::new(), &head()).unwrap();
    writer.envelopes(outgoing()).unwrap();
    let (envelopes, bytes) = writer.end(&key(1)).unwrap();
    assert_eq!(envelopes, 5);
    bytes
}

/// The envelopes read before the end or an error, and which.
fn read(bytes: &[u8]) -> (usize, Result<BundleEnd, BundleError>) {
    let mut reader = match BundleReader::begin(bytes) {
        Ok(reader) => reader,
        Err(error) => return (0, Err(error)),
    };
    let mut count = 0;
    loop {
        match reader.next_block() {
            Ok(Block::Members(_)) => {}
            Ok(Block::Envelopes { envelopes, .. }) => count += envelopes.len(),
            Ok(Block::End(end)) => return (count, Ok(end)),
            Err(error) => return (count, Err(error)),
        }
    }
}

#[test]
fn a_bundle_is_read_as_it_was_written() {
    let bytes = written();
    let mut reader = BundleReader::begin(&bytes[..]).unwrap();
    assert_eq!(reader.head(), &head());
    let Outgoing { envelopes, keys } = outgoing();
    assert_eq!(reader.next_block().unwrap(), Block::Envelopes { keys, envelopes });
    let Block::End(end) = reader.next_block().unwrap() else { panic!() };
    assert!(end.is_signed_by(&VerifyKey(key(1).public_key())));
    assert!(!end.is_signed_by(&VerifyKey(key(2).public_key())));
    assert_eq!(reader.bytes(), u64::try_from(bytes.len()).unwrap());
}

/// Charts of three epochs: in a message more keys than a reader takes.
#[test]
fn many_keys_take_more_messages_and_each_is_read() {
    let (mut envelopes, mut keys) = (Vec::new(), Vec::new());
    for number in 0..900_u16 {
        let tag = DocTag([&number.to_be_bytes()[..], &[7; 30]].concat().try_into().unwrap());
        envelopes.push(of_document(tag, u64::from(number) + 1));
        keys.extend((1..4).map(|epoch| wrapped_key(tag, epoch, number)));
    }
    let mut writer = BundleWriter::begin(Vec::new(), &head()).unwrap();
    writer.envelopes(Outgoing { envelopes: envelopes.clone(), keys: keys.clone() }).unwrap();
    let (_, bytes) = writer.end(&key(1)).unwrap();
    let mut reader = BundleReader::begin(&bytes[..]).unwrap();
    let (mut read, mut read_keys) = (Vec::new(), Vec::new());
    while let Block::Envelopes { keys, envelopes } = reader.next_block().unwrap() {
        read.extend(envelopes);
        read_keys.extend(keys);
    }
    assert!(read == envelopes, "{} of {}", read.len(), envelopes.len());
    assert!(read_keys == keys, "{} of {}", read_keys.len(), keys.len());
}

/// One of a document, by itself.
fn of_document(doc_tag: DocTag, counter: u64) -> Envelope {
    let [first, second] = &run(1, 1, 2)[..] else { panic!() };
    let after = if counter == 1 { first } else { second };
    let header = Header { doc_tag, counter, ..after.header().clone() };
    Envelope::sign(header, vec![1; 40], &key(1))
}

#[test]
fn a_bundle_cut_anywhere_gives_what_came_before_and_says_so() {
    let bytes = written();
    for cut in 0..bytes.len() {
        match read(&bytes[..cut]) {
            (_, Err(BundleError::NotABundle)) if cut < MAGIC.len() => {}
            (count, Err(BundleError::CutOff)) => assert!(count == 0 || count == 5),
            (_, other) => panic!("cut at {cut}: {other:?}"),
        }
    }
    let (count, longer) = read(&[&bytes[..], &[0]].concat());
    assert!(count == 5 && matches!(longer, Err(BundleError::Damaged(_))));
}

#[test]
fn no_bit_of_a_bundle_can_be_turned_unseen() {
    let bytes = written();
    let key = VerifyKey(key(1).public_key());
    for place in 0..bytes.len() {
        let mut spoilt = bytes.clone();
        spoilt[place] ^= 1;
        if let (_, Ok(end)) = read(&spoilt) {
            assert!(!end.is_signed_by(&key), "byte {place}");
        }
    }
}

#[test]
fn something_else_or_newer_is_told_by_name() {
    let check = |bytes: &[u8], expected: fn(&BundleError) -> bool| {
        let (_, outcome) = read(bytes);
        assert!(expected(&outcome.unwrap_err()));
    };
    check(b"", |e| matches!(e, BundleError::NotABundle));
    check(b"PK\x03\x04 a zip file", |e| matches!(e, BundleError::NotABundle));
    check(b"FCBNDL\0\x02 more", |e| matches!(e, BundleError::Newer(2)));
    let endless = [&MAGIC[..], &u32::MAX.to_be_bytes()].concat();
    check(&endless, |e| matches!(e, BundleError::Damaged(DecodeError::TooLong { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_spoilt_bundle_never_passes_for_the_written_one(
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..5),
    ) {
        let whole = written();
        let mut bytes = whole.clone();
        for (place, value, how) in damage {
            let place = place.index(bytes.len().max(1)).min(bytes.len().saturating_sub(1));
            match how {
                0 if !bytes.is_empty() => bytes[place] = value,
                1 => bytes.insert(place, value),
                _ => bytes.truncate(place),
            }
        }
        if let (_, Ok(end)) = read(&bytes) {
            let key = VerifyKey(key(1).public_key());
            prop_assert!(bytes == whole || !end.is_signed_by(&key));
        }
    }
}
