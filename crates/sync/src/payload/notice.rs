//! What a computer tells the clinic's others that stands in no document and in no list yet.

use super::Erasure;
use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::ids::DeviceId;
use crate::membership::Revoke;

/// What a computer tells the others. The envelope says which, and is signed by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A device is to be shut out: an admin said so where the server could not be asked. Whoever
    /// can ask it enters that in the membership log; until then the device is treated as if it
    /// were shut out.
    Remove(Revoke),
    /// A new epoch is to follow the one of this number, likewise.
    Rotate {
        /// The epoch that was the newest.
        after: u32,
    },
    /// The device that seals this goes on with the copy of a store that another goes on with too:
    /// it has a key of its own from here on.
    Parted {
        /// The device whose key both had.
        from: DeviceId,
    },
    /// A chart is erased, on an admin's word: whoever hears it destroys what opens it, and what it
    /// has of it. Its id alone stays, so that what comes of it later is not taken in.
    Erase(Erasure),
}

impl Canonical for Notice {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::Remove(revoke) => {
                out.u8(1);
                revoke.encode(out);
            }
            Self::Rotate { after } => {
                out.u8(2);
                out.u32(*after);
            }
            Self::Parted { from } => {
                out.u8(3);
                from.encode(out);
            }
            Self::Erase(erasure) => {
                out.u8(4);
                erasure.encode(out);
            }
        }
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match input.u8()? {
            1 => Ok(Self::Remove(Revoke::decode(input)?)),
            2 => Ok(Self::Rotate { after: input.u32()? }),
            3 => Ok(Self::Parted { from: DeviceId::decode(input)? }),
            4 => Ok(Self::Erase(Erasure::decode(input)?)),
            tag => Err(DecodeError::Tag { what: "notice", tag }),
        }
    }
}
