//! The keys of a clinic from its first day: a device joins by a code, reads and writes, is revoked.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use vault::document_key::epoch_of_wrapped;
use vault::enrolment::{EnrolmentCode, InviteSecret};
use vault::invitation::Invitation;
use vault::random::{FixedEntropy, make_array};
use vault::seal::{self, OpenError, SealContext, SealError};
use vault::{ClinicKeys, DeviceKeys, DocumentKey, EpochKey, Sensitive, UserKeys};

const CLINIC: [u8; 16] = [1; 16];
const CHART: [u8; 16] = [7; 16];
const HEADER: &[u8] = b"the header as it is sent";

/// What a server is given: a wrapped key, an envelope's salt and ciphertext.
struct Sent {
    wrapped: Vec<u8>,
    salt: [u8; 32],
    ciphertext: Vec<u8>,
}

fn send(keys: &ClinicKeys, document: &DocumentKey, text: &str, entropy: &mut FixedEntropy) -> Sent {
    let doc_tag = keys.doc_tag_key().derive_doc_tag("chart", &CHART);
    let (epoch, epoch_key) = keys.current().unwrap();
    let wrapped = document.wrap(epoch_key, &CLINIC, &doc_tag, entropy);
    let salt = make_array(entropy);
    let context = SealContext { clinic: CLINIC, doc_tag, epoch, salt };
    let ciphertext =
        seal::prepare(text.as_bytes()).unwrap().seal(document, &context, HEADER).unwrap();
    Sent { wrapped, salt, ciphertext }
}

fn receive(keys: &ClinicKeys, sent: &Sent) -> Option<String> {
    let doc_tag = keys.doc_tag_key().derive_doc_tag("chart", &CHART);
    let epoch = epoch_of_wrapped(&sent.wrapped).ok()?;
    let document =
        DocumentKey::unwrap(&sent.wrapped, keys.epoch(epoch)?, &CLINIC, &doc_tag).ok()?;
    let context = SealContext { clinic: CLINIC, doc_tag, epoch, salt: sent.salt };
    let plain = seal::open(&document, &context, HEADER, &sent.ciphertext, 1 << 20).ok()?;
    String::from_utf8(plain.expose().clone()).ok()
}

/// Invites a device; answers the code to be typed and the blob the server keeps.
fn invite(keys: &ClinicKeys, entropy: &mut FixedEntropy) -> (String, Vec<u8>) {
    let invitation = Invitation {
        clinic: CLINIC,
        clinic_name: "Hoa Sen".to_owned(),
        founding_key: [2; 32],
        user: [3; 16],
        user_name: "lan".to_owned(),
        invite_keys: UserKeys::make(entropy),
        clinic_keys: keys.clone(),
        extra: Sensitive::new(Vec::new()),
    };
    let secret = InviteSecret::make(entropy);
    let blob = secret.seal(invitation.to_bytes().unwrap().expose(), entropy);
    let code = EnrolmentCode::new("https://sync.example", [9; 32], secret).unwrap();
    (code.to_text().expose().clone(), blob)
}

#[test]
fn a_device_joins_reads_and_is_revoked() {
    let mut entropy = FixedEntropy::new(1);
    let mut founder = ClinicKeys::make(&mut entropy);
    let document = DocumentKey::make(1, &mut entropy);
    let first = send(&founder, &document, "penicillin: anaphylaxis", &mut entropy);

    let (typed, blob) = invite(&founder, &mut entropy);
    let code = EnrolmentCode::parse(&typed.to_lowercase()).unwrap();
    let joined = Invitation::from_bytes(code.secret.open(&blob).unwrap().expose()).unwrap();
    let revoked = joined.clinic_keys.clone();
    let mut joined = joined.clinic_keys;
    assert_eq!(receive(&joined, &first).as_deref(), Some("penicillin: anaphylaxis"));
    let answer = send(&joined, &document, "tolerates cefuroxime", &mut entropy);
    assert_eq!(receive(&founder, &answer).as_deref(), Some("tolerates cefuroxime"));

    // A third device is revoked: the new epoch's key is sealed to the one that stays.
    let stays = DeviceKeys::make(&mut entropy);
    let leaves = DeviceKeys::make(&mut entropy);
    let epoch_key = EpochKey::make(&mut entropy);
    let sealed = epoch_key.seal_to(&stays.public().hpke_key, &CLINIC, 2, &mut entropy).unwrap();
    founder.add_epoch(2, epoch_key);
    assert!(EpochKey::open(&leaves, &CLINIC, 2, &sealed).is_err());
    joined.add_epoch(2, EpochKey::open(&stays, &CLINIC, 2, &sealed).unwrap());

    // The chart goes on under a new key, closed to the one that left; what it had, it still reads.
    let later = DocumentKey::make(2, &mut entropy);
    let news = send(&founder, &later, "warfarin 5 mg", &mut entropy);
    assert_eq!(receive(&joined, &news).as_deref(), Some("warfarin 5 mg"));
    assert_eq!(receive(&revoked, &news), None);
    assert_eq!(receive(&revoked, &first).as_deref(), Some("penicillin: anaphylaxis"));
}

#[test]
fn a_document_key_kept_by_who_left_opens_nothing_sealed_since() {
    let mut entropy = FixedEntropy::new(2);
    let mut keys = ClinicKeys::make(&mut entropy);
    let kept = DocumentKey::make(1, &mut entropy);
    keys.add_epoch(2, EpochKey::make(&mut entropy));
    let doc_tag = keys.doc_tag_key().derive_doc_tag("chart", &CHART);
    let context = SealContext { clinic: CLINIC, doc_tag, epoch: 2, salt: [5; 32] };
    let refused = seal::prepare(b"after").unwrap().seal(&kept, &context, HEADER);
    assert_eq!(refused, Err(SealError::WrongEpoch { key: 1, header: 2 }));

    let after = send(&keys, &DocumentKey::make(2, &mut entropy), "after", &mut entropy);
    assert_eq!(receive(&keys, &after).as_deref(), Some("after"));
    let context = SealContext { salt: after.salt, ..context };
    for epoch in [1, 2] {
        let key = DocumentKey::from_bytes(epoch, Sensitive::new(*kept.expose()));
        let opened = seal::open(&key, &context, HEADER, &after.ciphertext, 1 << 20);
        assert_eq!(opened.unwrap_err(), OpenError::NotAuthentic);
    }
}
