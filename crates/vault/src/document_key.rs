//! The key of one document in one epoch, and its wrapping under the epoch's key.
//!
//! A revoked device keeps the document keys it was given. So a document that goes on in a new
//! epoch goes on under a new key: a key knows its epoch, is wrapped under that epoch's key alone,
//! and seals nothing of another epoch. Two devices that begin an epoch apart may make a key each;
//! whoever opens an envelope tries the keys of its document and epoch.
//!
//! Wrapped keys live in a table outside the log: one chart can be erased by deleting the wrapped key
//! everywhere.
//!
//! A wrapped key is `version (1) ‖ epoch (4) ‖ salt (32) ‖ AES-256-GCM ciphertext (48)`. Where two
//! lists of computers grew apart, an epoch may have two keys, each known to some: then a document key
//! is wrapped once more, under the key of a later epoch that all have, as
//! `version 2 ‖ epoch (4) ‖ epoch of the wrapping key (4) ‖ salt (32) ‖ ciphertext (48)`. Whoever keeps
//! wrapped keys without opening any counts them by the epoch of the wrapping key, and takes one of an
//! unknown version for one like the first: another version must have an epoch there.

use crate::Sensitive;
use crate::cipher::{OneTimeKey, TAG_BYTES};
use crate::codec::{Reader, Writer};
use crate::epoch::{EpochKey, EpochNumber};
use crate::kdf::hmac_of;
use crate::random::{Entropy, make_array, make_secret};

const VERSION: u8 = 1;
/// Wrapped under the key of a later epoch.
const LATER: u8 = 2;
const DOMAIN: &[u8] = b"fieldchart document key v1";
const LATER_DOMAIN: &[u8] = b"fieldchart document key v2";
const LATER_SALT_DOMAIN: &[u8] = b"fieldchart document key v2 salt";
/// Length of a wrapped document key, in bytes.
pub const WRAPPED_BYTES: usize = 1 + 4 + 32 + 32 + TAG_BYTES;

/// The key from which all envelopes of one document in one epoch derive theirs.
#[derive(Debug, Clone)]
pub struct DocumentKey {
    epoch: EpochNumber,
    key: Sensitive<[u8; 32]>,
}

/// Why a wrapped document key could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnwrapError {
    /// Wrapped by a newer version of the program.
    #[error("a document key was wrapped by a newer version of Fieldchart (format {0})")]
    NewerFormat(u8),
    /// Damaged, or wrapped for another document, clinic or epoch.
    #[error("a document key is damaged or was wrapped under another key")]
    NotOpened,
}

impl DocumentKey {
    /// Makes the key of a document in `epoch`, which is the newest one.
    pub fn make(epoch: EpochNumber, entropy: &mut dyn Entropy) -> Self {
        Self { epoch, key: make_secret(entropy) }
    }

    /// Takes a key that was kept with its epoch.
    pub fn from_bytes(epoch: EpochNumber, key: Sensitive<[u8; 32]>) -> Self {
        Self { epoch, key }
    }

    /// The epoch whose envelopes this key seals and opens.
    pub fn epoch(&self) -> EpochNumber {
        self.epoch
    }

    /// The 32 raw bytes.
    pub fn expose(&self) -> &[u8; 32] {
        self.key.expose()
    }

    /// Wraps the key under the key of its epoch, bound to clinic and document.
    pub fn wrap(
        &self,
        under: &EpochKey,
        clinic: &[u8; 16],
        doc_tag: &[u8; 32],
        entropy: &mut dyn Entropy,
    ) -> Vec<u8> {
        let salt: [u8; 32] = make_array(entropy);
        let context = Context { epoch: self.epoch, under: None, clinic, doc_tag };
        let mut writer = Writer::with_capacity(WRAPPED_BYTES);
        writer.u8(VERSION).u32(self.epoch).raw(&salt);
        // 32 bytes are far below what AES-GCM refuses; an empty tail would open for nobody.
        let sealed = context.key(under, &salt).seal(&context.aad(), self.key.expose());
        writer.raw(&sealed.unwrap_or_default());
        writer.finish()
    }

    /// Wraps the key under the key of a later epoch. Whoever does so makes the same bytes: the salt
    /// is derived from both keys, so that it is repeated for the same content alone.
    pub fn wrap_later(
        &self,
        (number, under): (EpochNumber, &EpochKey),
        clinic: &[u8; 16],
        doc_tag: &[u8; 32],
    ) -> Vec<u8> {
        let context = Context { epoch: self.epoch, under: Some(number), clinic, doc_tag };
        let content = [LATER_SALT_DOMAIN, &context.aad(), self.key.expose()];
        let salt = hmac_of(under.expose(), &content);
        let mut writer = Writer::with_capacity(WRAPPED_BYTES + 4);
        writer.u8(LATER).u32(self.epoch).u32(number).raw(&salt);
        let sealed = context.key(under, &salt).seal(&context.aad(), self.key.expose());
        writer.raw(&sealed.unwrap_or_default());
        writer.finish()
    }

    /// Opens a wrapped key with the key of the epoch that [`epoch_of_wrapped`] names.
    pub fn unwrap(
        wrapped: &[u8],
        under: &EpochKey,
        clinic: &[u8; 16],
        doc_tag: &[u8; 32],
    ) -> Result<Self, UnwrapError> {
        let Read { epoch, later, salt, sealed } = read(wrapped)?;
        let context = Context { epoch, under: later, clinic, doc_tag };
        let opened = context.key(under, &salt).open(&context.aad(), sealed);
        let opened = opened.ok_or(UnwrapError::NotOpened)?;
        let key = opened.expose().as_slice().try_into().or(Err(UnwrapError::NotOpened))?;
        Ok(Self { epoch, key: Sensitive::new(key) })
    }
}

/// Tells under which epoch's key a document key is wrapped.
pub fn epoch_of_wrapped(wrapped: &[u8]) -> Result<EpochNumber, UnwrapError> {
    read(wrapped).map(|read| read.later.unwrap_or(read.epoch))
}

/// The parts of a wrapped key.
struct Read<'a> {
    epoch: EpochNumber,
    /// The epoch of the wrapping key, where that is another.
    later: Option<EpochNumber>,
    salt: [u8; 32],
    sealed: &'a [u8],
}

fn read(wrapped: &[u8]) -> Result<Read<'_>, UnwrapError> {
    let mut reader = Reader::new(wrapped);
    let is_later = match reader.u8() {
        Some(VERSION) => false,
        Some(LATER) => true,
        Some(version) if version > LATER => return Err(UnwrapError::NewerFormat(version)),
        Some(_) | None => return Err(UnwrapError::NotOpened),
    };
    let epoch = reader.u32().ok_or(UnwrapError::NotOpened)?;
    let later = match is_later {
        true => Some(reader.u32().ok_or(UnwrapError::NotOpened)?),
        false => None,
    };
    let salt = reader.array().ok_or(UnwrapError::NotOpened)?;
    Ok(Read { epoch, later, salt, sealed: reader.rest() })
}

struct Context<'a> {
    epoch: EpochNumber,
    under: Option<EpochNumber>,
    clinic: &'a [u8; 16],
    doc_tag: &'a [u8; 32],
}

impl Context<'_> {
    fn key(&self, under: &EpochKey, salt: &[u8; 32]) -> OneTimeKey {
        let epoch = self.epoch.to_be_bytes();
        let Some(later) = self.under else {
            let info = [DOMAIN, self.clinic, self.doc_tag, &epoch];
            return OneTimeKey::derive(under.expose(), salt, &info);
        };
        let later = later.to_be_bytes();
        let info = [LATER_DOMAIN, self.clinic, self.doc_tag, &epoch, &later];
        OneTimeKey::derive(under.expose(), salt, &info)
    }

    fn aad(&self) -> Vec<u8> {
        let epoch = self.epoch.to_be_bytes();
        let Some(later) = self.under else {
            return [DOMAIN, &[VERSION], self.clinic.as_slice(), self.doc_tag, &epoch].concat();
        };
        let later = later.to_be_bytes();
        [LATER_DOMAIN, &[LATER], self.clinic.as_slice(), self.doc_tag, &epoch, &later].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::FixedEntropy;

    #[test]
    fn a_wrapped_key_opens_in_its_place_alone() {
        let mut entropy = FixedEntropy::new(1);
        let (epoch, other) = (EpochKey::make(&mut entropy), EpochKey::make(&mut entropy));
        let key = DocumentKey::make(5, &mut entropy);
        let wrapped = key.wrap(&epoch, &[1; 16], &[2; 32], &mut entropy);
        assert_eq!(wrapped.len(), WRAPPED_BYTES);
        assert_eq!(epoch_of_wrapped(&wrapped), Ok(5));
        let opened = DocumentKey::unwrap(&wrapped, &epoch, &[1; 16], &[2; 32]).unwrap();
        assert_eq!((opened.epoch(), opened.expose()), (5, key.expose()));
        for (under, clinic, tag) in
            [(&other, [1; 16], [2; 32]), (&epoch, [9; 16], [2; 32]), (&epoch, [1; 16], [9; 32])]
        {
            let opened = DocumentKey::unwrap(&wrapped, under, &clinic, &tag);
            assert_eq!(opened.unwrap_err(), UnwrapError::NotOpened);
        }
    }

    #[test]
    fn each_flipped_bit_and_each_cut_is_noticed() {
        let mut entropy = FixedEntropy::new(2);
        let epoch = EpochKey::make(&mut entropy);
        let wrapped =
            DocumentKey::make(1, &mut entropy).wrap(&epoch, &[1; 16], &[2; 32], &mut entropy);
        let open = |bytes: &[u8]| DocumentKey::unwrap(bytes, &epoch, &[1; 16], &[2; 32]).is_ok();
        assert!(open(&wrapped));
        for bit in 0..wrapped.len() * 8 {
            let mut bad = wrapped.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(!open(&bad), "bit {bit}");
        }
        for cut in 0..wrapped.len() {
            assert!(!open(&wrapped[..cut]), "cut at {cut}");
        }
        let newer = DocumentKey::unwrap(&[3], &epoch, &[1; 16], &[2; 32]);
        assert_eq!(newer.unwrap_err(), UnwrapError::NewerFormat(3));
    }

    #[test]
    fn a_key_wrapped_under_a_later_epoch_is_the_same_for_all_and_keeps_its_own() {
        let mut entropy = FixedEntropy::new(3);
        let (epoch, other) = (EpochKey::make(&mut entropy), EpochKey::make(&mut entropy));
        let key = DocumentKey::make(5, &mut entropy);
        let wrapped = key.wrap_later((7, &epoch), &[1; 16], &[2; 32]);
        assert_eq!(wrapped, key.wrap_later((7, &epoch), &[1; 16], &[2; 32]));
        assert_eq!(epoch_of_wrapped(&wrapped), Ok(7));
        let opened = DocumentKey::unwrap(&wrapped, &epoch, &[1; 16], &[2; 32]).unwrap();
        assert_eq!((opened.epoch(), opened.expose()), (5, key.expose()));
        assert!(DocumentKey::unwrap(&wrapped, &other, &[1; 16], &[2; 32]).is_err());
        assert!(DocumentKey::unwrap(&wrapped, &epoch, &[1; 16], &[3; 32]).is_err());
        for bit in 0..wrapped.len() * 8 {
            let mut bad = wrapped.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            let opened = DocumentKey::unwrap(&bad, &epoch, &[1; 16], &[2; 32]);
            assert!(opened.is_err(), "bit {bit}");
        }
    }
}
