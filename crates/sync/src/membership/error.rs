//! Why an entry is not part of a membership log.

use crate::codec::{Canonical, DecodeError, Reader, Writer};

/// The rule that an entry breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum EntryError {
    /// It is of another clinic, or the log starts with another founding key.
    #[error("the entry belongs to another clinic")]
    Clinic,
    /// It does not follow the entry before it.
    #[error("the entry does not follow the log")]
    Chain,
    /// Its author did not sign it.
    #[error("the entry is not signed by its author")]
    Signature,
    /// The first entry does not found, or a later one does.
    #[error("the clinic is founded by the first entry and no other")]
    Founding,
    /// Its author is not an active admin device.
    #[error("the author of the entry is no admin device")]
    NotAdmin,
    /// The joining device did not prove that it holds its key.
    #[error("the joining device did not prove that it holds its key")]
    Possession,
    /// There is no open invite of that key.
    #[error("there is no such invite, or it was used")]
    NoInvite,
    /// The invite has expired, or would live too long.
    #[error("the invite has expired")]
    Expired,
    /// The device, its key or the invite's key is in the log already.
    #[error("the device or key is in the log already")]
    Known,
    /// The device is not active.
    #[error("the device is not active")]
    UnknownDevice,
    /// No admin device would be left.
    #[error("the last admin device cannot be removed")]
    LastAdmin,
    /// It is not the next epoch, or its keys are not those of the active devices.
    #[error("the epoch does not follow, or its keys are not those of the active devices")]
    Epoch,
    /// A limit is reached.
    #[error("a limit of the clinic is reached")]
    Limit,
}

impl EntryError {
    const ALL: [Self; 13] = [
        Self::Clinic,
        Self::Chain,
        Self::Signature,
        Self::Founding,
        Self::NotAdmin,
        Self::Possession,
        Self::NoInvite,
        Self::Expired,
        Self::Known,
        Self::UnknownDevice,
        Self::LastAdmin,
        Self::Epoch,
        Self::Limit,
    ];

    const fn code(self) -> u8 {
        match self {
            Self::Clinic => 1,
            Self::Chain => 2,
            Self::Signature => 3,
            Self::Founding => 4,
            Self::NotAdmin => 5,
            Self::Possession => 6,
            Self::NoInvite => 7,
            Self::Expired => 8,
            Self::Known => 9,
            Self::UnknownDevice => 10,
            Self::LastAdmin => 11,
            Self::Epoch => 12,
            Self::Limit => 13,
        }
    }
}

impl Canonical for EntryError {
    fn encode(&self, out: &mut Writer) {
        out.u8(self.code());
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let tag = input.u8()?;
        Self::ALL
            .into_iter()
            .find(|error| error.code() == tag)
            .ok_or(DecodeError::Tag { what: "membership error", tag })
    }
}
