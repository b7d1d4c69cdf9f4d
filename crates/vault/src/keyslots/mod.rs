//! The slots that open a store: one for each user, one for the recovery code.
//!
//! They lie in a file of their own beside the database because they are needed before it opens:
//! [`Keyslots`] is what the file says, [`KeyslotsFile`] reads and writes its two copies. A slot
//! never goes over an existing store: [`KeyslotsFile::create`] refuses where any file stands.

mod codec;
mod device_secret;
mod file;
mod open;
mod recovery;
mod user;
mod user_name;

use std::collections::BTreeMap;

pub use codec::DecodeError;
pub use device_secret::DeviceBinding;
pub use file::{Copies, KeyslotsFile, KeyslotsFileError, Loaded};
pub use open::{Created, NewKeyslots, NewPassword, Unlocked};
pub use user_name::same_user;

use crate::database_key::KeyCheck;
use crate::keyring::{KeyringError, KeyringPort};
use crate::stretch::StretchError;
use device_secret::DeviceSecretRef;
use recovery::RecoverySlot;
use user::UserSlot;

/// Limit on the users of one store.
pub const USERS_MAX: usize = 500;
/// Limit on a user's name, in bytes.
pub const USER_NAME_BYTES_MAX: usize = 200;

/// What the keyslots file of one store says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyslots {
    /// Counts the writes; the copy with the higher turn is the newer one.
    turn: u64,
    clinic: [u8; 16],
    device: [u8; 16],
    key_check: KeyCheck,
    /// The device secret that new slots are bound to; `None` on a host without a keyring.
    device_secret: Option<DeviceSecretRef>,
    recovery: RecoverySlot,
    /// By folded name.
    users: BTreeMap<String, UserSlot>,
    /// Slots of kinds this version does not know, kept as they are.
    others: Vec<Vec<u8>>,
}

/// Why a slot could not be opened, added or changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyslotsError {
    /// The slot is whole and the password does not open it.
    #[error("the password is wrong")]
    WrongPassword,
    /// The recovery slot is whole and the code does not open it.
    #[error("the recovery code does not belong to this store")]
    WrongRecoveryCode,
    /// No slot bears this name.
    #[error("there is no user of this name on this device")]
    UnknownUser,
    /// A slot bears this name already.
    #[error("a user of this name exists on this device")]
    UserExists,
    /// The name is empty or too long.
    #[error("a user's name has 1 to 200 bytes")]
    BadUserName,
    /// The store has as many users as it may.
    #[error("a store has at most 500 users")]
    TooManyUsers,
    /// Nobody could sign in any more.
    #[error("the last user of a store cannot be removed")]
    LastUser,
    /// The device secret could not be had; a recovery code does without it.
    #[error("this device's secret could not be read: {0}")]
    DeviceSecretMissing(#[source] KeyringError),
    /// The new device secret could not be stored, so nothing was changed.
    #[error("this device's secret could not be stored: {0}")]
    DeviceSecretNotStored(#[source] KeyringError),
    /// The database key given is not the one these slots hold.
    #[error("the key does not belong to this store")]
    WrongDatabaseKey,
    /// The password could not be stretched.
    #[error(transparent)]
    Stretch(#[from] StretchError),
}

impl Keyslots {
    /// The clinic these slots belong to.
    pub fn clinic(&self) -> [u8; 16] {
        self.clinic
    }

    /// The device these slots belong to.
    pub fn device(&self) -> [u8; 16] {
        self.device
    }

    /// Tells a right key, so that a database that does not open with it is a damaged one.
    pub fn key_check(&self) -> KeyCheck {
        self.key_check
    }

    /// The users who can sign in, as their names were written, in order.
    pub fn user_names(&self) -> impl Iterator<Item = &str> {
        self.users.values().map(UserSlot::name)
    }

    /// How new slots are bound to this device.
    pub fn binding(&self) -> DeviceBinding {
        match self.device_secret {
            Some(_) => DeviceBinding::Keyring,
            None => DeviceBinding::PasswordOnly,
        }
    }

    /// Removes from the keyring what was stored for these slots, which are given up. A keyring that
    /// does not answer keeps it: it opens nothing any more.
    pub fn forget_device_secrets(&self, keyring: &dyn KeyringPort) {
        let of_slots = self.users.values().filter_map(UserSlot::device_secret);
        for secret in self.device_secret.into_iter().chain(of_slots) {
            // Gone already, or not to be had: either way there is nothing to do.
            drop(keyring.delete(&secret.entry_name()));
        }
    }

    /// What every slot's authentication is bound to.
    fn owner(&self) -> [&[u8]; 2] {
        [&self.clinic, &self.device]
    }
}
