//! Every serialised form: byte for byte as it was released, read back, and safe against bytes
//! that are not one.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "this is a test"
)]

pub(crate) mod samples;

use proptest::prelude::*;
use samples::samples;
use sync::codec::Canonical;
use sync::cursor::{Cursor, Mark};
use sync::envelope::{Envelope, Header, Kind};
use sync::fixtures::key;
use sync::have::{Have, Lane, Position};
use sync::ids::{Chain, ClinicId, DeviceId, DocTag, EnvelopeId, LogEpoch, Salt};
use sync::limits::FRAME_BYTES_MAX;
use sync::payload::{DocumentName, Payload};
use sync::wire::{
    Frame, Item, PullPage, PushRequest, Refusal, RefusalCode, WrappedKey, read_reply,
};

/// What is written today is what was written at the release, and is read to the same value.
#[test]
fn forms_are_as_released() {
    for sample in samples() {
        let hex: Vec<_> = sample.bytes.chunks(32).map(to_hex).collect();
        insta::assert_snapshot!(sample.name.as_str(), hex.join("\n"));
        assert_eq!(sample.again(&sample.bytes), Some(sample.bytes.clone()), "{}", sample.name);
    }
}

#[test]
fn no_prefix_of_a_form_is_one() {
    for sample in samples() {
        for cut in 0..sample.bytes.len() {
            assert_eq!(sample.again(&sample.bytes[..cut]), None, "{} cut at {cut}", sample.name);
        }
        let longer = [&sample.bytes[..], &[0]].concat();
        assert_eq!(sample.again(&longer), None, "{} with a byte more", sample.name);
    }
}

#[test]
fn a_reply_is_what_was_asked_for_or_a_refusal() {
    let refusal = Refusal::of(RefusalCode::Busy);
    assert_eq!(read_reply::<PullPage>(&refusal.to_frame()), Ok(Err(refusal)));
    let push = PushRequest { clinic: ClinicId([1; 16]), keys: Vec::new(), envelopes: Vec::new() };
    assert!(read_reply::<PullPage>(&push.to_frame()).is_err());
    assert_eq!(read_reply::<PushRequest>(&push.to_frame()), Ok(Ok(push)));
    assert!(read_reply::<PullPage>(&vec![1; FRAME_BYTES_MAX + 1]).is_err());
}

#[test]
fn a_refusal_of_a_newer_server_is_read_as_one_that_may_be_asked_again() {
    let known = Refusal { code: RefusalCode::Full, retry_after_s: 7 };
    let mut bytes = known.to_frame();
    assert_eq!(read_reply::<PullPage>(&bytes), Ok(Err(known)));
    let place = bytes.iter().rposition(|byte| *byte == RefusalCode::Full.code()).unwrap();
    for newer in [0, 15, 255] {
        bytes[place] = newer;
        let read = Refusal { code: RefusalCode::Unavailable, ..known };
        assert_eq!(read_reply::<PullPage>(&bytes), Ok(Err(read)), "{newer}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    /// Bytes near a form are refused or are the one encoding of some value; nothing panics.
    #[test]
    fn bytes_near_a_form_are_refused_or_canonical(
        which: prop::sample::Index,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..4),
    ) {
        let all = samples();
        let sample = &all[which.index(all.len())];
        let mut bytes = sample.bytes.clone();
        for (place, value, how) in damage {
            let place = place.index(bytes.len().max(1)).min(bytes.len().saturating_sub(1));
            match how {
                0 if !bytes.is_empty() => bytes[place] = value,
                1 => bytes.insert(place, value),
                _ => bytes.truncate(place),
            }
        }
        if let Some(again) = sample.again(&bytes) {
            prop_assert_eq!(again, bytes, "{}", sample.name);
        }
    }

    #[test]
    fn any_bytes_are_refused_or_canonical(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for sample in samples() {
            if let Some(again) = sample.again(&bytes) {
                prop_assert_eq!(again, bytes.clone(), "{}", sample.name);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn envelopes_round_trip(envelope in envelope()) {
        prop_assert_eq!(Envelope::from_bytes(&envelope.to_bytes()).unwrap(), envelope);
    }

    #[test]
    fn vectors_round_trip(have in have()) {
        prop_assert_eq!(Have::from_bytes(&have.to_bytes()).unwrap(), have);
    }

    #[test]
    fn payloads_round_trip(
        kind in "[a-z-]{1,32}",
        id: [u8; 16],
        changes in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 1..64),
    ) {
        let document = DocumentName::new(&kind, id).unwrap();
        let payload = Payload::Changes { document, changes };
        prop_assert_eq!(Payload::open(Kind::Change, &payload.to_bytes()).unwrap(), payload);
    }

    #[test]
    fn pages_round_trip(
        envelopes in prop::collection::vec(envelope(), 0..5),
        skip in have(),
        seq: u64,
        chain: [u8; 32],
    ) {
        let start = Mark { seq, chain: Chain(chain) };
        let items: Vec<_> = envelopes.iter().map(|e| Item::for_reader(e, &skip)).collect();
        // None of these follows another.
        let lengths: usize = items.iter().map(Item::encoded_len).sum();
        let page = PullPage {
            log_epoch: LogEpoch([1; 16]),
            start,
            end: items.iter().fold(start, |mark, item| mark.then(item.id())),
            items,
            head: seq,
            keys_head: seq,
            members: sync::membership::MembersHead::EMPTY,
        };
        let frame = page.to_frame();
        prop_assert_eq!(&PullPage::from_frame(&frame).unwrap(), &page);
        let empty = PullPage { items: Vec::new(), ..page };
        prop_assert_eq!(frame.len() - empty.to_frame().len(), lengths);
    }

    #[test]
    fn pushes_round_trip(
        envelopes in prop::collection::vec(envelope(), 0..5),
        wrapped in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..256), 0..5),
    ) {
        let keys: Vec<_> =
            wrapped.into_iter().map(|w| WrappedKey { doc_tag: DocTag([3; 32]), wrapped: w }).collect();
        let push = PushRequest { clinic: ClinicId([1; 16]), keys, envelopes };
        prop_assert_eq!(PushRequest::from_frame(&push.to_frame()).unwrap(), push);
    }

    #[test]
    fn cursors_round_trip(log_epoch: [u8; 16], seq: u64, chain: [u8; 32]) {
        let mark = Mark { seq, chain: Chain(chain) };
        let cursor = Cursor { log_epoch: LogEpoch(log_epoch), mark };
        prop_assert_eq!(Cursor::from_bytes(&cursor.to_bytes()).unwrap(), cursor);
    }
}

prop_compose! {
    fn envelope()(
        ids: ([u8; 16], [u8; 16], [u8; 32], [u8; 32], [u8; 32]),
        generation in 1..u32::MAX,
        counter in 1..50_u64,
        key_epoch: u32,
        kind in 1..=7_u8,
        body in prop::collection::vec(any::<u8>(), 16..300),
    ) -> Envelope {
        let prev_id = if counter == 1 { EnvelopeId::NONE } else { EnvelopeId(ids.4) };
        let header = Header {
            clinic: ClinicId(ids.0),
            kind: Kind::from_code(kind).unwrap(),
            doc_tag: DocTag(ids.2),
            device: DeviceId(ids.1),
            generation,
            counter,
            prev_id,
            key_epoch,
            salt: Salt(ids.3),
            padded_len: body.len() as u32 - 16,
        };
        Envelope::sign(header, body, &key(1))
    }
}

prop_compose! {
    fn have()(
        lanes in prop::collection::vec((any::<[u8; 16]>(), 1..9_u32, 1..u64::MAX, any::<[u8; 32]>()), 0..20),
    ) -> Have {
        lanes
            .into_iter()
            .map(|(device, generation, counter, id)| {
                let lane = Lane { device: DeviceId(device), generation };
                (lane, Position { counter, id: EnvelopeId(id) })
            })
            .collect()
    }
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
