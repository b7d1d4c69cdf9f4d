//! A computer of the clinic that begins one run of numbers after the other.

use super::{Server, allergy, hostile, register, synced, two};
use crate::support::call;
use sync::{
    envelope::{Envelope, Header, Kind},
    ids::{DocTag, EnvelopeId, Salt, VerifyKey},
    limits::{OWN_GENERATIONS_MAX, PUSH_ENVELOPES_MAX, TAG_BYTES},
    membership::MembersHead,
    signing::Signer as _,
    wire::{
        Frame as _, HelloReply, HelloRequest, LogVerdict, PushReply, PushRequest, Refused, Verdict,
        path,
    },
};

#[test]
fn a_computer_that_is_given_lanes_without_end_can_still_say_what_it_holds() {
    let server = Server::default();
    let (stations, [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    synced(&a);
    drop(b);
    let (clinic, device, hand) = hostile::hand(&stations[1]);
    let key = VerifyKey(hand.public_key());
    let first = |generation| {
        let header = Header {
            clinic,
            kind: Kind::Change,
            doc_tag: DocTag([7; 32]),
            device,
            generation,
            counter: 1,
            prev_id: EnvelopeId::NONE,
            key_epoch: 1,
            salt: Salt([7; 32]),
            padded_len: 24,
        };
        Envelope::sign(header, vec![7; 24 + TAG_BYTES], &hand)
    };
    let many = u32::try_from(OWN_GENERATIONS_MAX).unwrap() + 9;
    let envelopes: Vec<_> = (1000..1000 + many).map(first).collect();
    let mut verdicts = Vec::new();
    for some in envelopes.chunks(PUSH_ENVELOPES_MAX) {
        let push = PushRequest { clinic, keys: Vec::new(), envelopes: some.to_vec() };
        let reply = a.answer(&key, path::PUSH, &push.to_frame()).unwrap();
        verdicts.extend(PushReply::from_frame(&reply).unwrap().verdicts);
    }
    let too_many = Verdict::Refused(Refused::TooManyForks);
    let taken = verdicts.iter().take_while(|verdict| verdict.seq().is_some()).count();
    assert!(taken <= OWN_GENERATIONS_MAX && taken > OWN_GENERATIONS_MAX / 2, "{taken}");
    assert!(verdicts[taken..].iter().all(|verdict| *verdict == too_many));
    // What it holds can be named, and it goes on with its own work.
    let members = MembersHead::EMPTY;
    let hello = HelloRequest { clinic, device, cursor: None, own: None, members };
    let reply = a.answer(&key, path::HELLO, &hello.to_frame()).unwrap();
    let LogVerdict::Other { have, .. } = HelloReply::from_frame(&reply).unwrap().log else {
        panic!("it was not asked for the rest of a log");
    };
    assert_eq!(have.of_device(device).iter().count(), OWN_GENERATIONS_MAX);
    allergy(&a, patient, "Penicillin");
    let view = call(&a, api::SyncNow {});
    assert_eq!((&view.phase, view.to_send), (&api::SyncPhase::Idle, 0), "{view:?}");
    assert_eq!(view.quarantined, u64::try_from(taken).unwrap(), "{view:?}");
}
