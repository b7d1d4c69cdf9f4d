//! Making, opening and changing slots.

use std::collections::BTreeMap;

use super::device_secret::{DeviceBinding, DeviceSecret, DeviceSecretRef};
use super::recovery::RecoverySlot;
use super::user::{UserSlot, UserSlotInput};
use super::user_name::fold_name;
use super::{Keyslots, KeyslotsError, USERS_MAX};
use crate::keyring::{KeyringError, KeyringPort};
use crate::random::Entropy;
use crate::stretch::StretchParams;
use crate::{DatabaseKey, RecoveryCode, UserKeys};

/// A name with a password to be set for it.
#[derive(Clone, Copy)]
pub struct NewPassword<'a> {
    /// The user's name.
    pub user: &'a str,
    /// The password, judged beforehand by [`crate::password::findings`].
    pub password: &'a str,
    /// What one guess shall cost.
    pub params: StretchParams,
}

/// What the first slots of a new store are made of.
#[derive(Clone, Copy)]
pub struct NewKeyslots<'a> {
    /// The clinic's id.
    pub clinic: [u8; 16],
    /// The device's id.
    pub device: [u8; 16],
    /// Whether slots need the keyring.
    pub binding: DeviceBinding,
    /// The first user.
    pub first: NewPassword<'a>,
}

/// The slots of a new store, opened.
#[derive(Debug)]
pub struct Created {
    /// To be written by [`super::KeyslotsFile::create`] before the database is.
    pub keyslots: Keyslots,
    /// The new database key and the first user's keys.
    pub unlocked: Unlocked,
    /// To be printed once.
    pub recovery_code: RecoveryCode,
}

/// What a user's slot holds.
#[derive(Debug, Clone)]
pub struct Unlocked {
    /// Opens the store.
    pub database_key: DatabaseKey,
    /// What the user signs with.
    pub user_keys: UserKeys,
    /// The user's name as it was written.
    pub user_name: String,
    /// What a guess of this password costs; set it again when it is weaker than today's standard.
    pub params: StretchParams,
}

impl Keyslots {
    /// Makes a new database key and the slots for it.
    ///
    /// It must not be called where a store exists; [`super::KeyslotsFile::ensure_absent`] tells.
    pub fn create(
        new: &NewKeyslots<'_>,
        keyring: &dyn KeyringPort,
        entropy: &mut dyn Entropy,
    ) -> Result<Created, KeyslotsError> {
        fold_name(new.first.user)?;
        let database_key = DatabaseKey::make(entropy);
        let recovery_code = RecoveryCode::make(entropy);
        let owner = [new.clinic.as_slice(), &new.device];
        let recovery = RecoverySlot::make(owner, &recovery_code, &database_key, entropy);
        let device_secret = match new.binding {
            DeviceBinding::Keyring => Some(make_device_secret(keyring, entropy)?.0),
            DeviceBinding::PasswordOnly => None,
        };
        let mut keyslots = Self {
            turn: 0,
            clinic: new.clinic,
            device: new.device,
            key_check: database_key.derive_check(),
            device_secret,
            recovery,
            users: BTreeMap::new(),
            others: Vec::new(),
        };
        let unlocked = keyslots.add_user(&database_key, new.first, keyring, entropy)?;
        Ok(Created { keyslots, unlocked, recovery_code })
    }

    /// Opens a user's slot.
    pub fn unlock(
        &self,
        user: &str,
        password: &str,
        keyring: &dyn KeyringPort,
    ) -> Result<Unlocked, KeyslotsError> {
        let slot = self.users.get(&fold_name(user)?).ok_or(KeyslotsError::UnknownUser)?;
        let secret = load_device_secret(slot.device_secret(), keyring)?;
        let (database_key, user_keys) = slot.open(self.owner(), password, secret.as_ref())?;
        let user_name = slot.name().to_owned();
        Ok(Unlocked { database_key, user_keys, user_name, params: slot.params() })
    }

    /// Opens the recovery slot; neither password nor keyring is needed.
    pub fn unlock_recovery(&self, code: &RecoveryCode) -> Result<DatabaseKey, KeyslotsError> {
        self.recovery.open(self.owner(), code)
    }

    /// Adds a slot for a user, who is given new signing keys.
    pub fn add_user(
        &mut self,
        database_key: &DatabaseKey,
        new: NewPassword<'_>,
        keyring: &dyn KeyringPort,
        entropy: &mut dyn Entropy,
    ) -> Result<Unlocked, KeyslotsError> {
        if self.users.contains_key(&fold_name(new.user)?) {
            return Err(KeyslotsError::UserExists);
        }
        if self.users.len() >= USERS_MAX {
            return Err(KeyslotsError::TooManyUsers);
        }
        let user_keys = UserKeys::make(entropy);
        self.put_slot(database_key, new, user_keys, keyring, entropy)
    }

    /// Sets a new password for a user who knows the old one; the signing keys stay.
    pub fn change_password(
        &mut self,
        old_password: &str,
        new: NewPassword<'_>,
        keyring: &dyn KeyringPort,
        entropy: &mut dyn Entropy,
    ) -> Result<Unlocked, KeyslotsError> {
        let Unlocked { database_key, user_keys, .. } =
            self.unlock(new.user, old_password, keyring)?;
        self.put_slot(&database_key, new, user_keys, keyring, entropy)
    }

    /// Sets a new password for a user who forgot the old one.
    ///
    /// The signing keys went with the password, so the user is given new ones.
    pub fn reset_password(
        &mut self,
        database_key: &DatabaseKey,
        new: NewPassword<'_>,
        keyring: &dyn KeyringPort,
        entropy: &mut dyn Entropy,
    ) -> Result<Unlocked, KeyslotsError> {
        if !self.users.contains_key(&fold_name(new.user)?) {
            return Err(KeyslotsError::UnknownUser);
        }
        let user_keys = UserKeys::make(entropy);
        self.put_slot(database_key, new, user_keys, keyring, entropy)
    }

    /// Brings a user back in with the recovery code: a new password, new signing keys, and a new
    /// device secret where the keyring lost the old one.
    ///
    /// Slots of other users stay bound to the old device secret; where that is lost for good,
    /// they need [`Keyslots::reset_password`]. Where the keyring fails for another reason, nothing
    /// is changed; a host that has to do without it calls [`Keyslots::rebind`] first.
    pub fn recover(
        &mut self,
        code: &RecoveryCode,
        new: NewPassword<'_>,
        keyring: &dyn KeyringPort,
        entropy: &mut dyn Entropy,
    ) -> Result<Unlocked, KeyslotsError> {
        let database_key = self.unlock_recovery(code)?;
        self.reset_password(&database_key, new, keyring, entropy)
    }

    /// Removes a user's slot; the last one stays.
    pub fn remove_user(&mut self, user: &str) -> Result<(), KeyslotsError> {
        let name = fold_name(user)?;
        if !self.users.contains_key(&name) {
            return Err(KeyslotsError::UnknownUser);
        }
        if self.users.len() == 1 {
            return Err(KeyslotsError::LastUser);
        }
        self.users.remove(&name);
        Ok(())
    }

    /// Makes a new recovery code; the old one opens nothing any more once this is written.
    pub fn replace_recovery_code(
        &mut self,
        database_key: &DatabaseKey,
        entropy: &mut dyn Entropy,
    ) -> Result<RecoveryCode, KeyslotsError> {
        self.check_key(database_key)?;
        let code = RecoveryCode::make(entropy);
        self.recovery = RecoverySlot::make(self.owner(), &code, database_key, entropy);
        Ok(code)
    }

    /// Binds new slots to the keyring, or no longer, as a host gains or loses one.
    pub fn rebind(
        &mut self,
        binding: DeviceBinding,
        keyring: &dyn KeyringPort,
        entropy: &mut dyn Entropy,
    ) -> Result<(), KeyslotsError> {
        self.device_secret = match (binding, self.device_secret) {
            (DeviceBinding::PasswordOnly, _) => None,
            (DeviceBinding::Keyring, Some(kept)) => Some(kept),
            (DeviceBinding::Keyring, None) => Some(make_device_secret(keyring, entropy)?.0),
        };
        Ok(())
    }

    fn put_slot(
        &mut self,
        database_key: &DatabaseKey,
        new: NewPassword<'_>,
        user_keys: UserKeys,
        keyring: &dyn KeyringPort,
        entropy: &mut dyn Entropy,
    ) -> Result<Unlocked, KeyslotsError> {
        self.check_key(database_key)?;
        let device_secret = self.device_secret_for_new_slot(keyring, entropy)?;
        let input = UserSlotInput {
            owner: self.owner(),
            name: new.user,
            password: new.password,
            params: new.params,
            device_secret: device_secret.as_ref().map(|(reference, secret)| (*reference, secret)),
            database_key,
            user_keys: &user_keys,
        };
        let slot = UserSlot::make(&input, entropy)?;
        let user_name = slot.name().to_owned();
        self.users.insert(fold_name(new.user)?, slot);
        self.device_secret = device_secret.map(|(reference, _)| reference);
        let database_key = database_key.clone();
        Ok(Unlocked { database_key, user_keys, user_name, params: new.params })
    }

    /// Reads the device secret; where the keyring answers that it is gone, makes a new one under a
    /// name of its own, so that slots bound to the old one are not harmed if it comes back.
    fn device_secret_for_new_slot(
        &self,
        keyring: &dyn KeyringPort,
        entropy: &mut dyn Entropy,
    ) -> Result<Option<(DeviceSecretRef, DeviceSecret)>, KeyslotsError> {
        let Some(kept) = self.device_secret else { return Ok(None) };
        match kept.load(keyring) {
            Ok(secret) => Ok(Some((kept, secret))),
            Err(KeyringError::Absent | KeyringError::Empty | KeyringError::BadData) => {
                make_device_secret(keyring, entropy).map(Some)
            }
            Err(error) => Err(KeyslotsError::DeviceSecretMissing(error)),
        }
    }

    fn check_key(&self, database_key: &DatabaseKey) -> Result<(), KeyslotsError> {
        if database_key.derive_check() == self.key_check {
            Ok(())
        } else {
            Err(KeyslotsError::WrongDatabaseKey)
        }
    }
}

fn make_device_secret(
    keyring: &dyn KeyringPort,
    entropy: &mut dyn Entropy,
) -> Result<(DeviceSecretRef, DeviceSecret), KeyslotsError> {
    DeviceSecretRef::make(keyring, entropy).map_err(KeyslotsError::DeviceSecretNotStored)
}

fn load_device_secret(
    reference: Option<DeviceSecretRef>,
    keyring: &dyn KeyringPort,
) -> Result<Option<DeviceSecret>, KeyslotsError> {
    let Some(reference) = reference else { return Ok(None) };
    reference.load(keyring).map(Some).map_err(KeyslotsError::DeviceSecretMissing)
}
