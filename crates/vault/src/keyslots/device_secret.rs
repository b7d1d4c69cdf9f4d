//! The device secret: kept in the keyring, combined with every password.
//!
//! It makes a stolen disk worthless without the keyring of the machine it came from. Where a
//! session opens the keyring by itself (automatic login), the password alone must hold.

use crate::Sensitive;
use crate::codec::{Reader, Writer};
use crate::kdf::derive;
use crate::keyring::{KeyringError, KeyringPort};
use crate::random::{Entropy, make_array, make_secret};

const CHECK_INFO: &[u8] = b"fieldchart device secret check v1";

/// How the slots of a device are bound to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceBinding {
    /// Password and a secret in the keyring.
    Keyring,
    /// Password alone, on a host that has no keyring.
    PasswordOnly,
}

/// Names a device secret and tells the right one, without saying what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DeviceSecretRef {
    id: [u8; 16],
    check: [u8; 16],
}

pub(super) type DeviceSecret = Sensitive<[u8; 32]>;

impl DeviceSecretRef {
    /// Makes a secret under a name never used before and stores it.
    pub(super) fn make(
        keyring: &dyn KeyringPort,
        entropy: &mut dyn Entropy,
    ) -> Result<(Self, DeviceSecret), KeyringError> {
        let (id, secret) = (make_array(entropy), make_secret(entropy));
        let reference = Self { id, check: derive_check(&secret) };
        keyring.set(&reference.entry_name(), secret.expose())?;
        // Some keyrings take an entry and lose it; better known before a slot depends on it.
        reference.load(keyring)?;
        Ok((reference, secret))
    }

    /// Reads the secret back and checks that it is the one that was stored.
    pub(super) fn load(&self, keyring: &dyn KeyringPort) -> Result<DeviceSecret, KeyringError> {
        let kept = keyring.get(&self.entry_name())?;
        let secret = kept.expose().as_slice().try_into().or(Err(KeyringError::BadData))?;
        let secret = Sensitive::new(secret);
        if derive_check(&secret) == self.check { Ok(secret) } else { Err(KeyringError::BadData) }
    }

    /// The name of the entry in the keyring.
    pub(super) fn entry_name(&self) -> String {
        let id: String = self.id.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("device-secret-{id}")
    }

    pub(super) fn write(reference: Option<&Self>, writer: &mut Writer) {
        match reference {
            Some(Self { id, check }) => writer.u8(1).raw(id).raw(check),
            None => writer.u8(0),
        };
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Option<Self>> {
        match reader.u8()? {
            0 => Some(None),
            1 => Some(Some(Self { id: reader.array()?, check: reader.array()? })),
            _ => None,
        }
    }
}

fn derive_check(secret: &DeviceSecret) -> [u8; 16] {
    *derive(secret.expose(), &[], &[CHECK_INFO]).expose()
}
