//! A sealed batch of one document's history by one device: immutable wherever it goes.
//!
//! On the wire: the header of [`HEADER_BYTES`], the ciphertext (`padded_len` + 16 bytes), the
//! signature of 64 bytes. The id names header and ciphertext, the signature signs the id: a copy
//! that is signed again is the same envelope and no fork.

mod header;

pub use header::{HEADER_BYTES, HEADER_VERSION, Header, Kind};

use sha2::{Digest as _, Sha256};

use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::have::Position;
use crate::ids::{EnvelopeId, Signature, VerifyKey};
use crate::signing::{Domain, Signer, Together, Verifier, sign};

/// A header, what is sealed under it, and its device's signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    header: Header,
    ciphertext: Vec<u8>,
    signature: Signature,
    id: EnvelopeId,
}

impl Envelope {
    /// Signs what the host has sealed with `header` as authenticated data.
    pub fn sign(header: Header, ciphertext: Vec<u8>, signer: &dyn Signer) -> Self {
        let id = id_of(&header, &ciphertext);
        let signature = sign(signer, Domain::Envelope, id.as_bytes());
        Self { header, ciphertext, signature, id }
    }

    /// Puts an envelope together from its stored parts; nothing is verified.
    pub fn from_parts(header: Header, ciphertext: Vec<u8>, signature: Signature) -> Self {
        let id = id_of(&header, &ciphertext);
        Self { header, ciphertext, signature, id }
    }

    /// What is told in clear.
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// What is sealed, the AEAD tag last.
    pub fn ciphertext(&self) -> &[u8] {
        &self.ciphertext
    }

    /// The device's signature of the id.
    pub const fn signature(&self) -> &Signature {
        &self.signature
    }

    /// `SHA-256(header ‖ ciphertext)`.
    pub const fn id(&self) -> EnvelopeId {
        self.id
    }

    /// Counter and id, as a HAVE vector tells them.
    pub const fn position(&self) -> Position {
        Position { counter: self.header.counter, id: self.id }
    }

    /// Whether `key` signed this envelope.
    pub fn is_signed_by(&self, key: &VerifyKey) -> bool {
        self.is_verified_by(&Verifier::of(key))
    }

    /// The same for a key that was made ready.
    pub fn is_verified_by(&self, key: &Verifier) -> bool {
        key.verify(Domain::Envelope, self.id.as_bytes(), &self.signature)
    }

    /// Puts its signature to those that are checked at once.
    pub fn check_with(&self, together: &mut Together, key: &VerifyKey) {
        together.add(key, Domain::Envelope, self.id.as_bytes(), &self.signature);
    }

    /// Length of the whole encoding, in bytes.
    pub const fn encoded_len(&self) -> usize {
        Self::len_of(self.ciphertext.len())
    }

    /// Length of the encoding of one with a ciphertext so long, in bytes.
    pub const fn len_of(ciphertext_bytes: usize) -> usize {
        HEADER_BYTES + ciphertext_bytes + 64
    }
}

impl Canonical for Envelope {
    fn encode(&self, out: &mut Writer) {
        self.header.encode(out);
        out.raw(&self.ciphertext);
        self.signature.encode(out);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let header = Header::decode(input)?;
        let ciphertext = input.raw(header.ciphertext_bytes()?)?.to_vec();
        let signature = Signature::decode(input)?;
        Ok(Self::from_parts(header, ciphertext, signature))
    }
}

fn id_of(header: &Header, ciphertext: &[u8]) -> EnvelopeId {
    let mut hash = Sha256::new();
    hash.update(header.to_bytes());
    hash.update(ciphertext);
    EnvelopeId(hash.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{envelope, key};

    fn sealed() -> Envelope {
        envelope(1, 1, 2, EnvelopeId([9; 32]), (3, 24))
    }

    fn public(seed: u8) -> VerifyKey {
        VerifyKey(key(seed).public_key())
    }

    #[test]
    fn every_bit_counts() {
        let bytes = sealed().to_bytes();
        for place in 0..bytes.len() {
            for bit in 0..8 {
                let mut bad = bytes.clone();
                bad[place] ^= 1 << bit;
                let accepted = Envelope::from_bytes(&bad).is_ok_and(|e| e.is_signed_by(&public(1)));
                assert!(!accepted, "byte {place}, bit {bit}");
            }
        }
    }

    #[test]
    fn no_prefix_and_no_longer_one_is_an_envelope() {
        let bytes = sealed().to_bytes();
        assert_eq!(bytes.len(), sealed().encoded_len());
        for cut in 0..bytes.len() {
            assert_eq!(Envelope::from_bytes(&bytes[..cut]), Err(DecodeError::Short), "{cut}");
        }
        let longer = [&bytes[..], &[0]].concat();
        assert_eq!(Envelope::from_bytes(&longer), Err(DecodeError::Trailing(1)));
    }

    #[test]
    fn signing_again_makes_no_other_envelope() {
        let first = sealed();
        let again = Envelope::sign(first.header().clone(), first.ciphertext().to_vec(), &key(2));
        assert_eq!(again.id(), first.id());
        assert!(!again.is_signed_by(&public(1)) && again.is_signed_by(&public(2)));
    }

    #[test]
    fn a_header_keeps_its_rules() {
        let check = |change: fn(&mut Header), expected: DecodeError| {
            let mut header = sealed().header().clone();
            change(&mut header);
            assert_eq!(Header::from_bytes(&header.to_bytes()), Err(expected));
        };
        let position = DecodeError::NotCanonical("envelope position");
        check(|h| h.counter = 0, position);
        check(|h| h.generation = 0, position);
        let predecessor = DecodeError::NotCanonical("envelope predecessor");
        check(|h| h.counter = 1, predecessor);
        check(|h| h.prev_id = EnvelopeId::NONE, predecessor);
        let max = crate::limits::PADDED_BYTES_MAX;
        check(|h| h.padded_len = u32::MAX, DecodeError::TooLong { what: "envelope", max });
    }

    #[test]
    fn a_header_has_the_length_it_says() {
        assert_eq!(sealed().header().aad().len(), HEADER_BYTES);
    }
}
