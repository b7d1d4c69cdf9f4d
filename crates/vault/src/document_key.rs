//! The key of one document in one epoch, and its wrapping under the epoch's key.
//!
//! A revoked device keeps the document keys it was given. So a document that goes on in a new
//! epoch goes on under a new key: a key knows its epoch, is wrapped under that epoch's key alone,
//! and seals nothing of another epoch. Two devices that begin an epoch apart may make a key each;
//! whoever opens an envelope tries the keys of its document and epoch.
//!
//! Wrapped keys live in a table outside the log: one chart can be shared by wrapping its key
//! again, and erased by deleting the wrapped key everywhere.
//!
//! A wrapped key is `version (1) ‖ epoch (4) ‖ salt (32) ‖ AES-256-GCM ciphertext (48)`.

use crate::Sensitive;
use crate::cipher::{OneTimeKey, TAG_BYTES};
use crate::codec::{Reader, Writer};
use crate::epoch::{EpochKey, EpochNumber};
use crate::random::{Entropy, make_array, make_secret};

const VERSION: u8 = 1;
const DOMAIN: &[u8] = b"fieldchart document key v1";
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
        let context = Context { epoch: self.epoch, clinic, doc_tag };
        let mut writer = Writer::with_capacity(WRAPPED_BYTES);
        writer.u8(VERSION).u32(self.epoch).raw(&salt);
        // 32 bytes are far below what AES-GCM refuses; an empty tail would open for nobody.
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
        let (epoch, salt, sealed) = read(wrapped)?;
        let context = Context { epoch, clinic, doc_tag };
        let opened = context.key(under, &salt).open(&context.aad(), sealed);
        let opened = opened.ok_or(UnwrapError::NotOpened)?;
        let key = opened.expose().as_slice().try_into().or(Err(UnwrapError::NotOpened))?;
        Ok(Self { epoch, key: Sensitive::new(key) })
    }
}

/// Tells under which epoch's key a document key is wrapped.
pub fn epoch_of_wrapped(wrapped: &[u8]) -> Result<EpochNumber, UnwrapError> {
    read(wrapped).map(|(epoch, _, _)| epoch)
}

fn read(wrapped: &[u8]) -> Result<(EpochNumber, [u8; 32], &[u8]), UnwrapError> {
    let mut reader = Reader::new(wrapped);
    match reader.u8() {
        Some(VERSION) => {}
        Some(version) if version > VERSION => return Err(UnwrapError::NewerFormat(version)),
        Some(_) | None => return Err(UnwrapError::NotOpened),
    }
    let epoch = reader.u32().ok_or(UnwrapError::NotOpened)?;
    let salt = reader.array().ok_or(UnwrapError::NotOpened)?;
    Ok((epoch, salt, reader.rest()))
}

struct Context<'a> {
    epoch: EpochNumber,
    clinic: &'a [u8; 16],
    doc_tag: &'a [u8; 32],
}

impl Context<'_> {
    fn key(&self, under: &EpochKey, salt: &[u8; 32]) -> OneTimeKey {
        let epoch = self.epoch.to_be_bytes();
        OneTimeKey::derive(under.expose(), salt, &[DOMAIN, self.clinic, self.doc_tag, &epoch])
    }

    fn aad(&self) -> Vec<u8> {
        let epoch = self.epoch.to_be_bytes();
        [DOMAIN, &[VERSION], self.clinic.as_slice(), self.doc_tag, &epoch].concat()
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
        let newer = DocumentKey::unwrap(&[2], &epoch, &[1; 16], &[2; 32]);
        assert_eq!(newer.unwrap_err(), UnwrapError::NewerFormat(2));
    }
}
