//! The key of one epoch of membership: made anew when a device is revoked, sealed to the rest.

use crate::Sensitive;
use crate::device::DeviceKeys;
use crate::hpke_box::{self, HpkeBoxError};
use crate::kdf::hmac_of;
use crate::random::{Entropy, make_secret};

/// Which epoch a key belongs to; the first is 1.
pub type EpochNumber = u32;

/// The key that wraps document keys while an epoch lasts.
#[derive(Debug, Clone)]
pub struct EpochKey(Sensitive<[u8; 32]>);

/// Why a sealed epoch key could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenEpochError {
    /// The box did not open.
    #[error(transparent)]
    Box(#[from] HpkeBoxError),
    /// The box held something else.
    #[error("the sealed box does not hold an epoch key")]
    NotAKey,
}

impl EpochKey {
    /// Makes the key of a new epoch.
    pub fn make(entropy: &mut dyn Entropy) -> Self {
        Self(make_secret(entropy))
    }

    /// Takes a key that was kept.
    pub fn from_bytes(bytes: Sensitive<[u8; 32]>) -> Self {
        Self(bytes)
    }

    /// The 32 raw bytes, to be kept.
    pub fn expose(&self) -> &[u8; 32] {
        self.0.expose()
    }

    /// Seals the key to the device whose HPKE public key is `recipient`.
    pub fn seal_to(
        &self,
        recipient: &[u8; 32],
        clinic: &[u8; 16],
        epoch: EpochNumber,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, HpkeBoxError> {
        hpke_box::seal_to(recipient, &info(clinic, epoch), self.0.expose(), entropy)
    }

    /// Derives what the membership log says of the key: it tells the right key from any other,
    /// so that an admin cannot give two devices different keys for one epoch unnoticed.
    pub fn derive_commitment(&self, clinic: &[u8; 16], epoch: EpochNumber) -> [u8; 32] {
        let domain = b"fieldchart epoch key commitment v1";
        hmac_of(self.0.expose(), &[domain, clinic, &epoch.to_be_bytes()])
    }

    /// Opens a key sealed to this device for the same clinic and epoch.
    pub fn open(
        device: &DeviceKeys,
        clinic: &[u8; 16],
        epoch: EpochNumber,
        sealed: &[u8],
    ) -> Result<Self, OpenEpochError> {
        let plaintext = device.open(&info(clinic, epoch), sealed)?;
        let key = plaintext.expose().as_slice().try_into().or(Err(OpenEpochError::NotAKey))?;
        Ok(Self(Sensitive::new(key)))
    }
}

fn info(clinic: &[u8; 16], epoch: EpochNumber) -> Vec<u8> {
    [b"fieldchart epoch key v1".as_slice(), clinic, &epoch.to_be_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::FixedEntropy;

    #[test]
    fn a_key_opens_for_its_device_clinic_and_epoch_alone() {
        let mut entropy = FixedEntropy::new(1);
        let (device, other) = (DeviceKeys::make(&mut entropy), DeviceKeys::make(&mut entropy));
        let key = EpochKey::make(&mut entropy);
        let hpke_key = device.public().hpke_key;
        let sealed = key.seal_to(&hpke_key, &[7; 16], 3, &mut entropy).unwrap();
        let opened = EpochKey::open(&device, &[7; 16], 3, &sealed).unwrap();
        assert_eq!(opened.expose(), key.expose());
        for wrong in [
            EpochKey::open(&other, &[7; 16], 3, &sealed),
            EpochKey::open(&device, &[8; 16], 3, &sealed),
            EpochKey::open(&device, &[7; 16], 4, &sealed),
        ] {
            assert_eq!(wrong.unwrap_err(), OpenEpochError::Box(HpkeBoxError::NotOpened));
        }
    }

    #[test]
    fn a_commitment_is_to_one_key_in_one_place() {
        let mut entropy = FixedEntropy::new(3);
        let (key, other) = (EpochKey::make(&mut entropy), EpochKey::make(&mut entropy));
        let commitment = key.derive_commitment(&[7; 16], 3);
        assert_eq!(commitment, key.derive_commitment(&[7; 16], 3));
        assert_ne!(commitment, key.derive_commitment(&[8; 16], 3));
        assert_ne!(commitment, key.derive_commitment(&[7; 16], 4));
        assert_ne!(commitment, other.derive_commitment(&[7; 16], 3));
    }

    #[test]
    fn a_box_with_something_else_is_no_key() {
        let mut entropy = FixedEntropy::new(2);
        let device = DeviceKeys::make(&mut entropy);
        let hpke_key = device.public().hpke_key;
        let sealed = hpke_box::seal_to(&hpke_key, &info(&[7; 16], 1), b"short", &mut entropy);
        let opened = EpochKey::open(&device, &[7; 16], 1, &sealed.unwrap());
        assert_eq!(opened.unwrap_err(), OpenEpochError::NotAKey);
    }
}
