//! The bytes of one copy of the keyslots file.
//!
//! `version (1) ‖ "fieldchart keyslots" ‖ turn (8) ‖ clinic (16) ‖ device (16) ‖ key check (16)
//! ‖ device secret (1 or 33) ‖ count (2) ‖ slots, each behind its length (2) ‖ SHA-256 (32)`.
//!
//! The checksum tells damage from a wrong password; forgery is told by each slot's own
//! authentication.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::device_secret::DeviceSecretRef;
use super::recovery::{self, RecoverySlot};
use super::user::{self, UserSlot};
use super::user_name::fold_name;
use super::{Keyslots, USERS_MAX};
use crate::codec::{Reader, Writer};

const VERSION: u8 = 1;
const MAGIC: &[u8] = b"fieldchart keyslots";
const SUM_BYTES: usize = 32;
const SLOTS_MAX: usize = USERS_MAX * 2;

/// Why the bytes of a copy could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Written by a newer version of the program.
    #[error("the keyslots were written by a newer version of Fieldchart (format {0})")]
    NewerFormat(u8),
    /// Not whole.
    #[error("the keyslots are damaged")]
    Damaged,
}

impl Keyslots {
    /// Writes one copy.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut slots = vec![self.recovery.to_bytes()];
        slots.extend(self.users.values().map(UserSlot::to_bytes));
        slots.extend(self.others.iter().cloned());
        let mut writer = Writer::with_capacity(256 * (slots.len() + 1));
        writer.u8(VERSION).raw(MAGIC).u64(self.turn).raw(&self.clinic).raw(&self.device);
        writer.raw(&self.key_check);
        DeviceSecretRef::write(self.device_secret.as_ref(), &mut writer);
        writer.u16(u16::try_from(slots.len()).unwrap_or(u16::MAX));
        for slot in &slots {
            writer.short(slot);
        }
        let mut bytes = writer.finish();
        let sum = Sha256::digest(&bytes);
        bytes.extend(sum);
        bytes
    }

    /// Reads one copy.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let (&version, rest) = bytes.split_first().ok_or(DecodeError::Damaged)?;
        let whole = body_of(rest);
        // A newer version may sum otherwise. One whose sum agrees with version 1 is version 1
        // with a damaged first byte.
        if version > VERSION && rest.starts_with(MAGIC) && whole.is_none() {
            return Err(DecodeError::NewerFormat(version));
        }
        let body = whole.filter(|_| version == VERSION).ok_or(DecodeError::Damaged)?;
        read(body).ok_or(DecodeError::Damaged)
    }
}

/// Checks the sum, taken over the version this program writes; answers what is between.
fn body_of(rest: &[u8]) -> Option<&[u8]> {
    let (body, sum) = rest.split_last_chunk::<SUM_BYTES>()?;
    let mut hash = Sha256::new();
    hash.update([VERSION]);
    hash.update(body);
    (hash.finalize().as_slice() == sum).then_some(body)
}

fn read(body: &[u8]) -> Option<Keyslots> {
    let mut reader = Reader::new(body.strip_prefix(MAGIC)?);
    let turn = reader.u64()?;
    let (clinic, device, key_check) = (reader.array()?, reader.array()?, reader.array()?);
    let device_secret = DeviceSecretRef::read(&mut reader)?;
    let count = usize::from(reader.u16()?);
    if count > SLOTS_MAX {
        return None;
    }
    let (mut recovery, mut users, mut others) = (None, BTreeMap::new(), Vec::new());
    for _ in 0..count {
        let slot = reader.short()?;
        match slot.first() {
            Some(&recovery::KIND) => recovery = Some(RecoverySlot::from_bytes(slot)?),
            Some(&user::KIND) => {
                let slot = UserSlot::from_bytes(slot)?;
                users.insert(fold_name(slot.name()).ok()?, slot);
            }
            Some(_) | None => others.push(slot.to_vec()),
        }
    }
    reader.end()?;
    let recovery = recovery?;
    Some(Keyslots { turn, clinic, device, key_check, device_secret, recovery, users, others })
}
