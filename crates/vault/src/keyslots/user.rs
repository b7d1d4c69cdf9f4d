//! The slot of one user: database key and signing seed under password and device secret.
//!
//! ```text
//! head   = kind (1) ‖ slot version (1) ‖ name ‖ memory KiB (4) ‖ passes (4) ‖ lanes (4)
//!          ‖ salt (16) ‖ 0, or 1 ‖ secret id (16) ‖ secret check (16)
//! KEK    = HKDF-SHA-256(Argon2id(password, salt) ‖ device secret, salt, domain), 44 bytes
//! sealed = AES-256-GCM(KEK, database key (32) ‖ signing seed (32)), AAD domain ‖ clinic ‖ device ‖ head
//! ```

use super::KeyslotsError;
use super::device_secret::{DeviceSecret, DeviceSecretRef};
use super::user_name::tidy_name;
use crate::cipher::OneTimeKey;
use crate::codec::{Reader, Writer};
use crate::random::{Entropy, make_array};
use crate::stretch::{StretchError, StretchParams, derive_stretched};
use crate::user_keys::UserKeys;
use crate::{DatabaseKey, Sensitive};

pub(super) const KIND: u8 = 1;
const SLOT_VERSION: u8 = 1;
const DOMAIN: &[u8] = b"fieldchart user slot v1";

/// One user's slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UserSlot {
    head: Head,
    sealed: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Head {
    name: String,
    params: StretchParams,
    salt: [u8; 16],
    device_secret: Option<DeviceSecretRef>,
}

/// What a slot is made of.
pub(super) struct UserSlotInput<'a> {
    pub(super) owner: [&'a [u8]; 2],
    pub(super) name: &'a str,
    pub(super) password: &'a str,
    pub(super) params: StretchParams,
    pub(super) device_secret: Option<(DeviceSecretRef, &'a DeviceSecret)>,
    pub(super) database_key: &'a DatabaseKey,
    pub(super) user_keys: &'a UserKeys,
}

impl UserSlot {
    pub(super) fn make(
        input: &UserSlotInput<'_>,
        entropy: &mut dyn Entropy,
    ) -> Result<Self, StretchError> {
        let head = Head {
            name: tidy_name(input.name),
            params: input.params,
            salt: make_array(entropy),
            device_secret: input.device_secret.map(|(reference, _)| reference),
        };
        let secret = input.device_secret.map(|(_, secret)| secret);
        let mut contents = Sensitive::new([0; 64]);
        let seed = input.user_keys.seed();
        let bytes = input.database_key.expose().iter().chain(seed.expose());
        for (to, from) in contents.expose_mut().iter_mut().zip(bytes) {
            *to = *from;
        }
        let key = head.derive_key(input.password, secret)?;
        // 64 bytes are far below what AES-GCM refuses; nothing would open an empty slot.
        let sealed = key.seal(&head.aad(input.owner), contents.expose()).unwrap_or_default();
        Ok(Self { head, sealed })
    }

    /// Opens the slot; a password that does not fit is [`KeyslotsError::WrongPassword`].
    pub(super) fn open(
        &self,
        owner: [&[u8]; 2],
        password: &str,
        device_secret: Option<&DeviceSecret>,
    ) -> Result<(DatabaseKey, UserKeys), KeyslotsError> {
        let key = self.head.derive_key(password, device_secret)?;
        let contents =
            key.open(&self.head.aad(owner), &self.sealed).ok_or(KeyslotsError::WrongPassword)?;
        let mut reader = Reader::new(contents.expose());
        let (Some(key), Some(seed), Some(())) = (reader.array(), reader.array(), reader.end())
        else {
            return Err(KeyslotsError::WrongPassword);
        };
        let database_key = DatabaseKey::from_bytes(Sensitive::new(key));
        Ok((database_key, UserKeys::from_seed(&Sensitive::new(seed))))
    }

    pub(super) fn name(&self) -> &str {
        &self.head.name
    }

    pub(super) fn params(&self) -> StretchParams {
        self.head.params
    }

    pub(super) fn device_secret(&self) -> Option<DeviceSecretRef> {
        self.head.device_secret
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut writer = self.head.writer();
        writer.short(&self.sealed);
        writer.finish()
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        if (reader.u8()?, reader.u8()?) != (KIND, SLOT_VERSION) {
            return None;
        }
        let name = reader.text()?.to_owned();
        let params = StretchParams::from_stored(reader.u32()?, reader.u32()?, reader.u32()?)?;
        let (salt, device_secret) = (reader.array()?, DeviceSecretRef::read(&mut reader)?);
        let sealed = reader.short()?.to_vec();
        reader.end()?;
        Some(Self { head: Head { name, params, salt, device_secret }, sealed })
    }
}

impl Head {
    fn derive_key(
        &self,
        password: &str,
        device_secret: Option<&DeviceSecret>,
    ) -> Result<OneTimeKey, StretchError> {
        let stretched = derive_stretched(password, &self.salt, self.params)?;
        let secret_bytes = device_secret.map_or(&[][..], |secret| secret.expose());
        let mut combined = Sensitive::new(Vec::with_capacity(64));
        combined.expose_mut().extend_from_slice(stretched.expose());
        combined.expose_mut().extend_from_slice(secret_bytes);
        Ok(OneTimeKey::derive(combined.expose(), &self.salt, &[DOMAIN]))
    }

    fn aad(&self, [clinic, device]: [&[u8]; 2]) -> Vec<u8> {
        [DOMAIN, clinic, device, &self.writer().finish()].concat()
    }

    fn writer(&self) -> Writer {
        let mut writer = Writer::with_capacity(200);
        writer.u8(KIND).u8(SLOT_VERSION).short(self.name.as_bytes());
        writer.u32(self.params.memory_kib()).u32(self.params.passes()).u32(self.params.lanes());
        writer.raw(&self.salt);
        DeviceSecretRef::write(self.device_secret.as_ref(), &mut writer);
        writer
    }
}
