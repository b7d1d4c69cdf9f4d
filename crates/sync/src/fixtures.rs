//! Keys, ids and envelopes for tests, here and in the crates that implement the log.
#![allow(clippy::indexing_slicing, reason = "these are test values, compiled only where tests are")]

use ed25519_dalek::{Signer as _, SigningKey};
use sha2::{Digest as _, Sha256};

use crate::envelope::{Envelope, Header, Kind};
use crate::ids::{ClinicId, DeviceId, DocTag, EnvelopeId, Salt};
use crate::limits::TAG_BYTES;
use crate::signing::Signer;
use crate::wire::WrappedKey;

/// A key pair of a test.
#[derive(Clone, Debug)]
pub struct TestKey(SigningKey);

impl Signer for TestKey {
    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }

    fn public_key(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }
}

/// The key pair of seed `seed`.
pub fn key(seed: u8) -> TestKey {
    TestKey(SigningKey::from_bytes(&[seed; 32]))
}

/// The clinic of number `number`.
pub const fn clinic(number: u8) -> ClinicId {
    ClinicId([number; 16])
}

/// The device of number `number`; its key is [`key`] of the same number.
pub const fn device(number: u8) -> DeviceId {
    DeviceId([number; 16])
}

/// A key of a document in the form of one that is wrapped under the key of `epoch`.
pub fn wrapped_key(doc_tag: DocTag, epoch: u32, content: u16) -> WrappedKey {
    let content = [content.to_be_bytes(); 40].concat();
    WrappedKey { doc_tag, wrapped: [&[1], &epoch.to_be_bytes()[..], &content].concat() }
}

/// An envelope of device `number` with a body of `body_len` bytes that depends on `salt`.
pub fn envelope(
    number: u8,
    generation: u32,
    counter: u64,
    prev_id: EnvelopeId,
    (salt, body_len): (u8, usize),
) -> Envelope {
    let header = Header {
        clinic: clinic(1),
        kind: Kind::Change,
        doc_tag: DocTag([7; 32]),
        device: device(number),
        generation,
        counter,
        prev_id,
        key_epoch: 1,
        salt: Salt([salt; 32]),
        padded_len: u32::try_from(body_len).unwrap_or(u32::MAX),
    };
    Envelope::sign(header, vec![salt; body_len + TAG_BYTES], &key(number))
}

/// `count` consecutive envelopes of one device and generation, from counter 1.
pub fn run(number: u8, generation: u32, count: u64) -> Vec<Envelope> {
    let mut prev_id = EnvelopeId::NONE;
    (1..=count)
        .map(|counter| {
            let salt = Sha256::digest(counter.to_be_bytes());
            let next = envelope(number, generation, counter, prev_id, (salt[0], 24));
            prev_id = next.id();
            next
        })
        .collect()
}
