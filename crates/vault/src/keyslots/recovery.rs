//! The slot of the recovery code: the database key, without password or keyring.
//!
//! ```text
//! head   = kind (1) ‖ slot version (1) ‖ salt (32)
//! sealed = AES-256-GCM(HKDF-SHA-256(code, salt, domain), database key), AAD domain ‖ clinic ‖ device ‖ head
//! ```

use super::KeyslotsError;
use crate::cipher::OneTimeKey;
use crate::codec::{Reader, Writer};
use crate::random::{Entropy, make_array};
use crate::{DatabaseKey, RecoveryCode, Sensitive};

pub(super) const KIND: u8 = 2;
const SLOT_VERSION: u8 = 1;
const DOMAIN: &[u8] = b"fieldchart recovery slot v1";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RecoverySlot {
    salt: [u8; 32],
    sealed: Vec<u8>,
}

impl RecoverySlot {
    pub(super) fn make(
        owner: [&[u8]; 2],
        code: &RecoveryCode,
        database_key: &DatabaseKey,
        entropy: &mut dyn Entropy,
    ) -> Self {
        let salt = make_array(entropy);
        // 32 bytes are far below what AES-GCM refuses; nothing would open an empty slot.
        let sealed = derive_key(code, &salt)
            .seal(&aad(owner, &salt), database_key.expose())
            .unwrap_or_default();
        Self { salt, sealed }
    }

    pub(super) fn open(
        &self,
        owner: [&[u8]; 2],
        code: &RecoveryCode,
    ) -> Result<DatabaseKey, KeyslotsError> {
        let contents = derive_key(code, &self.salt)
            .open(&aad(owner, &self.salt), &self.sealed)
            .ok_or(KeyslotsError::WrongRecoveryCode)?;
        let key = contents.expose().as_slice().try_into();
        let key = key.or(Err(KeyslotsError::WrongRecoveryCode))?;
        Ok(DatabaseKey::from_bytes(Sensitive::new(key)))
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::with_capacity(90);
        writer.u8(KIND).u8(SLOT_VERSION).raw(&self.salt).short(&self.sealed);
        writer.finish()
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        if (reader.u8()?, reader.u8()?) != (KIND, SLOT_VERSION) {
            return None;
        }
        let (salt, sealed) = (reader.array()?, reader.short()?.to_vec());
        reader.end()?;
        Some(Self { salt, sealed })
    }
}

fn derive_key(code: &RecoveryCode, salt: &[u8; 32]) -> OneTimeKey {
    OneTimeKey::derive(code.expose(), salt, &[DOMAIN])
}

fn aad([clinic, device]: [&[u8]; 2], salt: &[u8; 32]) -> Vec<u8> {
    [DOMAIN, clinic, device, &[KIND, SLOT_VERSION], salt].concat()
}
