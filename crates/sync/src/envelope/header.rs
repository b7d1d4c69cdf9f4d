//! The clear part of an envelope. Its bytes are the AEAD's additional data.
//!
//! Do not change the layout of a version that was released: what is sealed under it must be
//! readable for ever.

use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::have::Lane;
use crate::ids::{ClinicId, DeviceId, DocTag, EnvelopeId, Salt};
use crate::limits::{PADDED_BYTES_MAX, TAG_BYTES};

/// The first byte of a header this build writes.
pub const HEADER_VERSION: u8 = 1;
/// Length of a header, in bytes.
pub const HEADER_BYTES: usize = 150;

/// What an envelope holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Consecutive changes of one document.
    Change,
    /// What covers a log up to a place, so that a new device may begin there.
    Snapshot,
    /// Of many documents: each whole with its history, or changes of each.
    Pack,
    /// Reserved: membership travels as clear entries of its own.
    Membership,
    /// What its device saw of a server's log.
    Checkpoint,
    /// A second device's word that a [`Kind::Snapshot`] is true.
    Countersign,
    /// A reference to a blob.
    BlobRef,
    /// What its device tells the others.
    Notice,
}

impl Kind {
    const ALL: [Self; 8] = [
        Self::Change,
        Self::Snapshot,
        Self::Pack,
        Self::Membership,
        Self::Checkpoint,
        Self::Countersign,
        Self::BlobRef,
        Self::Notice,
    ];

    /// Its byte in a header.
    pub const fn code(self) -> u8 {
        match self {
            Self::Change => 1,
            Self::Snapshot => 2,
            Self::Pack => 3,
            Self::Membership => 4,
            Self::Checkpoint => 5,
            Self::Countersign => 6,
            Self::BlobRef => 7,
            Self::Notice => 8,
        }
    }

    /// The kind of a byte.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Who sealed what, where it stands in that device's sequence, and how it was sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The clinic it belongs to.
    pub clinic: ClinicId,
    /// What it holds.
    pub kind: Kind,
    /// Which document, opaquely.
    pub doc_tag: DocTag,
    /// The device that sealed it.
    pub device: DeviceId,
    /// The device's sequence it stands in; another is opened after a restore.
    pub generation: u32,
    /// Its place in that sequence, from 1.
    pub counter: u64,
    /// The id of the one before; [`EnvelopeId::NONE`] at counter 1.
    pub prev_id: EnvelopeId,
    /// The epoch whose key wraps the document key.
    pub key_epoch: u32,
    /// From which the envelope's own key and nonce are derived.
    pub salt: Salt,
    /// Length of the padded plaintext, in bytes.
    pub padded_len: u32,
}

impl Header {
    /// The sequence it stands in.
    pub const fn lane(&self) -> Lane {
        Lane { device: self.device, generation: self.generation }
    }

    /// Length of what is sealed under it, in bytes: the padded plaintext and the AEAD's tag.
    ///
    /// # Errors
    /// [`DecodeError::TooLong`].
    pub(crate) fn ciphertext_bytes(&self) -> Result<usize, DecodeError> {
        let padded_len = usize::try_from(self.padded_len).unwrap_or(usize::MAX);
        if padded_len > PADDED_BYTES_MAX {
            return Err(DecodeError::TooLong { what: "envelope", max: PADDED_BYTES_MAX });
        }
        Ok(padded_len.saturating_add(TAG_BYTES))
    }

    /// The header, where it keeps the rules of every header.
    ///
    /// # Errors
    /// [`DecodeError`].
    pub(crate) fn checked(self) -> Result<Self, DecodeError> {
        self.ciphertext_bytes()?;
        if self.generation == 0 || self.counter == 0 {
            return Err(DecodeError::NotCanonical("envelope position"));
        }
        if (self.counter == 1) != (self.prev_id == EnvelopeId::NONE) {
            return Err(DecodeError::NotCanonical("envelope predecessor"));
        }
        Ok(self)
    }

    /// Its canonical bytes: the AEAD's additional data.
    pub fn aad(&self) -> Vec<u8> {
        self.to_bytes()
    }
}

impl Canonical for Kind {
    fn encode(&self, out: &mut Writer) {
        out.u8(self.code());
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let tag = input.u8()?;
        Self::from_code(tag).ok_or(DecodeError::Tag { what: "envelope kind", tag })
    }
}

impl Canonical for Header {
    fn encode(&self, out: &mut Writer) {
        out.u8(HEADER_VERSION);
        self.clinic.encode(out);
        self.kind.encode(out);
        self.doc_tag.encode(out);
        self.device.encode(out);
        out.u32(self.generation);
        out.u64(self.counter);
        self.prev_id.encode(out);
        out.u32(self.key_epoch);
        self.salt.encode(out);
        out.u32(self.padded_len);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let version = input.u8()?;
        if version != HEADER_VERSION {
            return Err(DecodeError::Version { what: "envelope", version });
        }
        Self {
            clinic: ClinicId::decode(input)?,
            kind: Kind::decode(input)?,
            doc_tag: DocTag::decode(input)?,
            device: DeviceId::decode(input)?,
            generation: input.u32()?,
            counter: input.u64()?,
            prev_id: EnvelopeId::decode(input)?,
            key_epoch: input.u32()?,
            salt: Salt::decode(input)?,
            padded_len: input.u32()?,
        }
        .checked()
    }
}
