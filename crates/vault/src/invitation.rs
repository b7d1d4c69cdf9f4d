//! What an invitation holds: all that a new device needs to read and to join a clinic.
//!
//! `version (1) ‖ clinic (16) ‖ clinic name ‖ founding key (32) ‖ user (16) ‖ user name ‖
//! invite seed (32) ‖ clinic keys ‖ extra`, strings behind a length of two bytes, the keys and
//! `extra` behind one of four.

use crate::Sensitive;
use crate::clinic_keys::{ClinicKeys, ClinicKeysError};
use crate::codec::{Reader, Writer};
use crate::user_keys::UserKeys;

const VERSION: u8 = 1;
/// Limit on each of the two names, in bytes.
pub const NAME_BYTES_MAX: usize = 1000;

/// The contents of an invitation.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// The clinic's id.
    pub clinic: [u8; 16],
    /// The clinic's name, to be shown before joining.
    pub clinic_name: String,
    /// The Ed25519 key that signed the first entry of the membership log.
    pub founding_key: [u8; 32],
    /// The user who will sign in on the new device.
    pub user: [u8; 16],
    /// The user's name.
    pub user_name: String,
    /// Signs the one `join` entry this invitation allows.
    pub invite_keys: UserKeys,
    /// The keys to read and name the clinic's documents.
    pub clinic_keys: ClinicKeys,
    /// Whatever the application adds; unknown to this crate.
    pub extra: Sensitive<Vec<u8>>,
}

/// Why an invitation could not be written or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvitationError {
    /// A name is longer than [`NAME_BYTES_MAX`], or `extra` than four GiB.
    #[error("a name in the invitation is too long")]
    TooLong,
    /// Written by a newer version of the program.
    #[error("the invitation was written by a newer version of Fieldchart (format {0})")]
    NewerFormat(u8),
    /// The clinic keys inside could not be read.
    #[error(transparent)]
    Keys(#[from] ClinicKeysError),
    /// The bytes are no invitation.
    #[error("the invitation is damaged")]
    Damaged,
}

impl Invitation {
    /// Writes the contents, to be sealed by [`crate::enrolment::InviteSecret::seal`].
    pub fn to_bytes(&self) -> Result<Sensitive<Vec<u8>>, InvitationError> {
        if self.clinic_name.len().max(self.user_name.len()) > NAME_BYTES_MAX {
            return Err(InvitationError::TooLong);
        }
        let keys = self.clinic_keys.to_bytes();
        let (keys, extra) = (keys.expose(), self.extra.expose());
        let length = |bytes: &[u8]| u32::try_from(bytes.len()).or(Err(InvitationError::TooLong));
        let fixed = 1 + 16 + 2 + 32 + 16 + 2 + 32 + 4 + 4;
        let names = self.clinic_name.len() + self.user_name.len();
        let mut writer = Writer::with_capacity(fixed + names + keys.len() + extra.len());
        writer.u8(VERSION).raw(&self.clinic).short(self.clinic_name.as_bytes());
        writer.raw(&self.founding_key).raw(&self.user).short(self.user_name.as_bytes());
        writer.raw(self.invite_keys.seed().expose());
        writer.u32(length(keys)?).raw(keys).u32(length(extra)?).raw(extra);
        Ok(Sensitive::new(writer.finish()))
    }

    /// Reads what [`Invitation::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, InvitationError> {
        match bytes.first() {
            Some(&VERSION) => {}
            Some(&version) if version > VERSION => {
                return Err(InvitationError::NewerFormat(version));
            }
            Some(_) | None => return Err(InvitationError::Damaged),
        }
        let (fields, keys) = Fields::read(bytes).ok_or(InvitationError::Damaged)?;
        Ok(fields.with(ClinicKeys::from_bytes(keys)?))
    }
}

/// All but the keys, which have errors of their own.
struct Fields {
    clinic: [u8; 16],
    clinic_name: String,
    founding_key: [u8; 32],
    user: [u8; 16],
    user_name: String,
    invite_seed: Sensitive<[u8; 32]>,
    extra: Sensitive<Vec<u8>>,
}

impl Fields {
    fn read(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let mut reader = Reader::new(bytes);
        reader.u8()?;
        let (clinic, clinic_name) = (reader.array()?, reader.text()?.to_owned());
        let founding_key = reader.array()?;
        let (user, user_name) = (reader.array()?, reader.text()?.to_owned());
        let invite_seed = Sensitive::new(reader.array()?);
        let keys_bytes = usize::try_from(reader.u32()?).ok()?;
        let keys = reader.take(keys_bytes)?;
        let extra_bytes = usize::try_from(reader.u32()?).ok()?;
        let extra = Sensitive::new(reader.take(extra_bytes)?.to_vec());
        reader.end()?;
        let fields =
            Self { clinic, clinic_name, founding_key, user, user_name, invite_seed, extra };
        Some((fields, keys))
    }

    fn with(self, clinic_keys: ClinicKeys) -> Invitation {
        Invitation {
            clinic: self.clinic,
            clinic_name: self.clinic_name,
            founding_key: self.founding_key,
            user: self.user,
            user_name: self.user_name,
            invite_keys: UserKeys::from_seed(&self.invite_seed),
            clinic_keys,
            extra: self.extra,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::FixedEntropy;

    fn invitation() -> Invitation {
        let mut entropy = FixedEntropy::new(1);
        Invitation {
            clinic: [1; 16],
            clinic_name: "Phòng khám Hoa Sen".to_owned(),
            founding_key: [2; 32],
            user: [3; 16],
            user_name: "lan".to_owned(),
            invite_keys: UserKeys::make(&mut entropy),
            clinic_keys: ClinicKeys::make(&mut entropy),
            extra: Sensitive::new(b"more".to_vec()),
        }
    }

    #[test]
    fn an_invitation_survives_being_written() {
        let before = invitation();
        let bytes = before.to_bytes().unwrap();
        let after = Invitation::from_bytes(bytes.expose()).unwrap();
        assert_eq!(after.to_bytes().unwrap().expose(), bytes.expose());
        assert_eq!(after.clinic_name, before.clinic_name);
        assert_eq!(after.invite_keys.public(), before.invite_keys.public());
        assert_eq!(after.extra.expose(), b"more");
        let shown = format!("{after:?}");
        assert!(shown.contains("Sensitive(..)") && !shown.contains("109"), "{shown}");
    }

    #[test]
    fn cuts_newer_forms_and_long_names_are_refused() {
        let bytes = invitation().to_bytes().unwrap();
        for cut in 0..bytes.expose().len() {
            assert!(Invitation::from_bytes(&bytes.expose()[..cut]).is_err(), "cut at {cut}");
        }
        let newer = Invitation::from_bytes(&[2, 0]);
        assert!(matches!(newer, Err(InvitationError::NewerFormat(2))));
        let long = Invitation { user_name: "a".repeat(1001), ..invitation() };
        assert!(matches!(long.to_bytes(), Err(InvitationError::TooLong)));
    }
}
