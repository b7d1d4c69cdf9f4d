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
use crate::limits::TAG_BYTES;
use crate::signing::{Domain, Signer, sign, verify};

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
        verify(key, Domain::Envelope, self.id.as_bytes(), &self.signature)
    }

    /// Length of the whole encoding, in bytes.
    pub const fn encoded_len(&self) -> usize {
        HEADER_BYTES + self.ciphertext.len() + 64
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
        let padded_len = usize::try_from(header.padded_len).unwrap_or(usize::MAX);
        let ciphertext = input.raw(padded_len.saturating_add(TAG_BYTES))?.to_vec();
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
mod tests;
