//! The identity of a device: what it signs with, and what is sealed to it.
//!
//! The private halves are kept inside the encrypted store.

use crate::Sensitive;
use crate::codec::{Reader, Writer};
use crate::hpke_box::{HpkeBoxError, HpkeKeys};
use crate::random::Entropy;
use crate::user_keys::UserKeys;

const VERSION: u8 = 1;
const BYTES: usize = 1 + 32 + 32;

/// The two key pairs of one device.
#[derive(Debug, Clone)]
pub struct DeviceKeys {
    signing: UserKeys,
    sealing: HpkeKeys,
}

/// The public halves, as the membership log names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DevicePublic {
    /// Ed25519 key that verifies what the device signs.
    pub sign_key: [u8; 32],
    /// X25519 key that epoch keys are sealed to.
    pub hpke_key: [u8; 32],
}

/// Why stored device keys could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DeviceKeysError {
    /// Written by a newer version of the program.
    #[error("device keys were written by a newer version of Fieldchart (format {0})")]
    NewerFormat(u8),
    /// The bytes are not a key pair.
    #[error("device keys are damaged")]
    Damaged,
}

impl DeviceKeys {
    /// Makes the keys of a new device.
    pub fn make(entropy: &mut dyn Entropy) -> Self {
        Self { signing: UserKeys::make(entropy), sealing: HpkeKeys::make(entropy) }
    }

    /// Derives the keys that two secrets stand for.
    pub(crate) fn derive(signing: &Sensitive<[u8; 32]>, sealing: &Sensitive<[u8; 32]>) -> Self {
        Self { signing: UserKeys::from_seed(signing), sealing: HpkeKeys::derive(sealing) }
    }

    /// The public halves.
    pub fn public(&self) -> DevicePublic {
        DevicePublic { sign_key: self.signing.public(), hpke_key: self.sealing.public() }
    }

    /// Signs `message`, which begins with a tag of its purpose.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.signing.sign(message)
    }

    /// Opens what was sealed to this device for the purpose `info`.
    pub fn open(&self, info: &[u8], sealed: &[u8]) -> Result<Sensitive<Vec<u8>>, HpkeBoxError> {
        self.sealing.open(info, sealed)
    }

    /// Writes `version (1) ‖ Ed25519 seed (32) ‖ X25519 private key (32)`.
    pub fn to_bytes(&self) -> Sensitive<Vec<u8>> {
        let mut writer = Writer::with_capacity(BYTES);
        writer.u8(VERSION).raw(self.signing.seed().expose()).raw(self.sealing.to_bytes().expose());
        Sensitive::new(writer.finish())
    }

    /// Reads what [`DeviceKeys::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DeviceKeysError> {
        match bytes.first() {
            Some(&VERSION) => Self::read(bytes).ok_or(DeviceKeysError::Damaged),
            Some(&version) if version > VERSION => Err(DeviceKeysError::NewerFormat(version)),
            Some(_) | None => Err(DeviceKeysError::Damaged),
        }
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        reader.u8()?;
        let seed = Sensitive::new(reader.array()?);
        let private = Sensitive::new(reader.array()?);
        reader.end()?;
        let (signing, sealing) = (UserKeys::from_seed(&seed), HpkeKeys::from_bytes(&private)?);
        Some(Self { signing, sealing })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::FixedEntropy;
    use crate::{hpke_box, user_keys};

    #[test]
    fn keys_survive_being_stored() {
        let mut entropy = FixedEntropy::new(1);
        let keys = DeviceKeys::make(&mut entropy);
        let back = DeviceKeys::from_bytes(keys.to_bytes().expose()).unwrap();
        assert_eq!(back.public(), keys.public());
        assert!(user_keys::verify(&keys.public().sign_key, b"m", &back.sign(b"m")));
        let hpke_key = keys.public().hpke_key;
        let sealed = hpke_box::seal_to(&hpke_key, b"i", b"s", &mut entropy).unwrap();
        assert_eq!(back.open(b"i", &sealed).unwrap().expose(), b"s");
    }

    #[test]
    fn other_bytes_are_refused_by_name() {
        let bytes = DeviceKeys::make(&mut FixedEntropy::new(1)).to_bytes();
        let long = [bytes.expose().as_slice(), &[0]].concat();
        for (input, expected) in [
            (&bytes.expose()[..64], DeviceKeysError::Damaged),
            (&long, DeviceKeysError::Damaged),
            (&[], DeviceKeysError::Damaged),
            (&[0], DeviceKeysError::Damaged),
            (&[2, 9], DeviceKeysError::NewerFormat(2)),
        ] {
            assert_eq!(DeviceKeys::from_bytes(input).unwrap_err(), expected);
        }
    }
}
