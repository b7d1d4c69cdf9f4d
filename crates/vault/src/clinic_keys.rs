//! Everything a device must hold to read and name a clinic's documents, in one bundle.
//!
//! The bundle is `version (1) ‖ doc-tag key (32) ‖ count (4) ‖ count × (epoch (4) ‖ key (32))`,
//! epochs ascending. It is kept inside the encrypted store and in invitations.

use std::collections::BTreeMap;

use crate::Sensitive;
use crate::codec::{Reader, Writer};
use crate::doc_tag::DocTagKey;
use crate::epoch::{EpochKey, EpochNumber};
use crate::random::Entropy;

const VERSION: u8 = 1;
/// Limit on the epochs of one clinic; each is a revoked device.
pub const EPOCHS_MAX: usize = 10_000;

/// The keys of one clinic: all epochs so far, and the key that names documents.
#[derive(Debug, Clone)]
pub struct ClinicKeys {
    doc_tag_key: DocTagKey,
    epochs: BTreeMap<EpochNumber, EpochKey>,
}

/// Why stored clinic keys could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClinicKeysError {
    /// Written by a newer version of the program.
    #[error("clinic keys were written by a newer version of Fieldchart (format {0})")]
    NewerFormat(u8),
    /// The bytes are not a bundle of keys.
    #[error("clinic keys are damaged")]
    Damaged,
}

impl ClinicKeys {
    /// Makes the keys of a new clinic, in epoch 1.
    pub fn make(entropy: &mut dyn Entropy) -> Self {
        let doc_tag_key = DocTagKey::make(entropy);
        Self { doc_tag_key, epochs: BTreeMap::from([(1, EpochKey::make(entropy))]) }
    }

    /// The key that names documents.
    pub fn doc_tag_key(&self) -> &DocTagKey {
        &self.doc_tag_key
    }

    /// The key of one epoch, where this device was given it.
    pub fn epoch(&self, epoch: EpochNumber) -> Option<&EpochKey> {
        self.epochs.get(&epoch)
    }

    /// The newest epoch: new envelopes are sealed under it.
    pub fn current(&self) -> Option<(EpochNumber, &EpochKey)> {
        self.epochs.last_key_value().map(|(epoch, key)| (*epoch, key))
    }

    /// Every epoch held, oldest first.
    pub fn epochs(&self) -> impl Iterator<Item = (EpochNumber, &EpochKey)> {
        self.epochs.iter().map(|(epoch, key)| (*epoch, key))
    }

    /// Adds the key of an epoch; a key already held stays as it is.
    pub fn add_epoch(&mut self, epoch: EpochNumber, key: EpochKey) {
        self.epochs.entry(epoch).or_insert(key);
    }

    /// Leaves out what came after an epoch: another list of computers goes on from there.
    pub fn back_to(&mut self, epoch: EpochNumber) {
        self.epochs.retain(|number, _| *number <= epoch);
    }

    /// Writes the bundle.
    pub fn to_bytes(&self) -> Sensitive<Vec<u8>> {
        let mut writer = Writer::with_capacity(37 + 36 * self.epochs.len());
        writer.u8(VERSION).raw(self.doc_tag_key.expose());
        writer.u32(u32::try_from(self.epochs.len()).unwrap_or(u32::MAX));
        for (epoch, key) in &self.epochs {
            writer.u32(*epoch).raw(key.expose());
        }
        Sensitive::new(writer.finish())
    }

    /// Reads what [`ClinicKeys::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ClinicKeysError> {
        match bytes.first() {
            Some(&VERSION) => Self::read(bytes).ok_or(ClinicKeysError::Damaged),
            Some(&version) if version > VERSION => Err(ClinicKeysError::NewerFormat(version)),
            Some(_) | None => Err(ClinicKeysError::Damaged),
        }
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        reader.u8()?;
        let doc_tag_key = DocTagKey::from_bytes(Sensitive::new(reader.array()?));
        let count = usize::try_from(reader.u32()?).ok().filter(|count| *count <= EPOCHS_MAX)?;
        let mut epochs = BTreeMap::new();
        for _ in 0..count {
            let epoch = reader.u32()?;
            if epochs.last_key_value().is_some_and(|(last, _)| *last >= epoch) {
                return None;
            }
            epochs.insert(epoch, EpochKey::from_bytes(Sensitive::new(reader.array()?)));
        }
        reader.end()?;
        Some(Self { doc_tag_key, epochs })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::FixedEntropy;

    fn keys(epochs: u32) -> ClinicKeys {
        let mut entropy = FixedEntropy::new(9);
        let mut keys = ClinicKeys::make(&mut entropy);
        for epoch in 2..=epochs {
            keys.add_epoch(epoch, EpochKey::make(&mut entropy));
        }
        keys
    }

    #[test]
    fn the_bundle_survives_being_stored() {
        for count in [1, 2, 40] {
            let before = keys(count);
            let after = ClinicKeys::from_bytes(before.to_bytes().expose()).unwrap();
            assert_eq!(after.to_bytes().expose(), before.to_bytes().expose());
            assert_eq!(after.current().map(|(epoch, _)| epoch), Some(count));
            assert_eq!(after.epochs().count(), usize::try_from(count).unwrap());
            assert!(after.epoch(count + 1).is_none());
        }
    }

    #[test]
    fn an_epoch_held_is_not_replaced() {
        let mut keys = keys(1);
        let before = *keys.epoch(1).unwrap().expose();
        keys.add_epoch(1, EpochKey::make(&mut FixedEntropy::new(77)));
        assert_eq!(*keys.epoch(1).unwrap().expose(), before);
    }

    #[test]
    fn another_key_takes_the_place_of_one_that_was_left_out() {
        let mut keys = keys(3);
        let (first, lost) = (*keys.epoch(1).unwrap().expose(), *keys.epoch(2).unwrap().expose());
        keys.back_to(1);
        assert_eq!(keys.current().map(|(number, _)| number), Some(1));
        keys.add_epoch(2, EpochKey::make(&mut FixedEntropy::new(77)));
        assert_ne!(*keys.epoch(2).unwrap().expose(), lost);
        assert_eq!(*keys.epoch(1).unwrap().expose(), first);
    }

    #[test]
    fn cuts_disorder_and_newer_bundles_are_refused() {
        let bytes = keys(2).to_bytes();
        for cut in 0..bytes.expose().len() {
            let read = ClinicKeys::from_bytes(&bytes.expose()[..cut]);
            assert_eq!(read.unwrap_err(), ClinicKeysError::Damaged, "cut at {cut}");
        }
        let mut disordered = bytes.expose().clone();
        disordered[40] = 9;
        let mut newer = bytes.expose().clone();
        newer[0] = 3;
        let mut huge = bytes.expose().clone();
        huge[33] = 0xff;
        for (input, expected) in [
            (disordered, ClinicKeysError::Damaged),
            (huge, ClinicKeysError::Damaged),
            (newer, ClinicKeysError::NewerFormat(3)),
        ] {
            assert_eq!(ClinicKeys::from_bytes(&input).unwrap_err(), expected);
        }
    }
}
