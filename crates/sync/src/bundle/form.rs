//! The first and the last frame of a bundle.

use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::have::Have;
use crate::ids::{ClinicId, DeviceId, Signature, VerifyKey};
use crate::membership::MembersHead;
use crate::signing::{Domain, Signer, sign, verify};

/// Who wrote a bundle, when, and what it held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleHead {
    /// The clinic.
    pub clinic: ClinicId,
    /// The device that wrote it.
    pub device: DeviceId,
    /// When, in milliseconds since the Unix epoch, by the device's clock.
    pub made_at_ms: i64,
    /// The device's membership log.
    pub members: MembersHead,
    /// What the device held; all of it, or what one reader was known to lack, follows.
    pub have: Have,
}

/// The end of a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BundleEnd {
    /// How many envelopes came before.
    pub envelopes: u64,
    /// SHA-256 of everything before the length of this frame.
    pub digest: [u8; 32],
    /// By the head's device, over both.
    pub signature: Signature,
}

impl BundleEnd {
    /// Ends a bundle.
    pub fn sign(envelopes: u64, digest: [u8; 32], signer: &dyn Signer) -> Self {
        let signature = sign(signer, Domain::Bundle, &message(envelopes, digest));
        Self { envelopes, digest, signature }
    }

    /// Whether the device with this key wrote the bundle so.
    pub fn is_signed_by(&self, key: &VerifyKey) -> bool {
        verify(key, Domain::Bundle, &message(self.envelopes, self.digest), &self.signature)
    }
}

fn message(envelopes: u64, digest: [u8; 32]) -> Vec<u8> {
    [&envelopes.to_be_bytes()[..], &digest[..]].concat()
}

impl Canonical for BundleHead {
    fn encode(&self, out: &mut Writer) {
        self.clinic.encode(out);
        self.device.encode(out);
        out.i64(self.made_at_ms);
        self.members.encode(out);
        self.have.encode(out);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            clinic: ClinicId::decode(input)?,
            device: DeviceId::decode(input)?,
            made_at_ms: input.i64()?,
            members: MembersHead::decode(input)?,
            have: Have::decode(input)?,
        })
    }
}

impl Canonical for BundleEnd {
    fn encode(&self, out: &mut Writer) {
        out.u64(self.envelopes);
        out.raw(&self.digest);
        self.signature.encode(out);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let envelopes = input.u64()?;
        let digest = input.array()?;
        Ok(Self { envelopes, digest, signature: Signature::decode(input)? })
    }
}
