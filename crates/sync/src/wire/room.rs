//! A room at a server, in which two computers meet that know nothing of each other: one of a
//! clinic, which opens it, and one that was told its code. Where the clinic has no server the room is
//! at its computer itself. A room holds a handful of small messages for some minutes. The server reads
//! none of them; what must not be known to it is sealed.
//!
//! Each message has a place of its own, written once: nobody takes back or replaces what was said.
//! Where the room lies is derived from its code: `SHA-256("fieldchart room id" ‖ code)`.

use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::ids::{ClinicId, RoomId};
use crate::limits::{ROOM_MESSAGE_BYTES_MAX, ROOM_MESSAGES_MAX};

/// Opens a room. The same again by the same clinic finds it as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoomOpen {
    /// The clinic.
    pub clinic: ClinicId,
    /// Where it lies.
    pub room: RoomId,
    /// How long it is wanted, in seconds; the server has a limit of its own.
    pub life_s: u32,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoomOpened {
    /// The verdict.
    pub verdict: RoomVerdict,
}

/// What became of a room that was to be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoomVerdict {
    /// It is open.
    Open {
        /// After which it is dropped, in milliseconds since the Unix epoch, by the server's clock.
        ends_at_ms: i64,
    },
    /// Another clinic has one there: take another code.
    Taken,
    /// The clinic has too many: wait until one ends.
    TooMany,
}

/// Leaves a message. Whoever knows the room may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomPut {
    /// The room.
    pub room: RoomId,
    /// What.
    pub message: RoomMessage,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoomStored {
    /// It lies at its place, durably; also where it lay there before.
    Kept,
    /// Another one lies there.
    Taken,
}

/// Asks what lies in a room. Whoever knows it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoomGet {
    /// The room.
    pub room: RoomId,
}

/// What lies in a room, by place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoomMessages {
    /// The messages.
    pub messages: Vec<RoomMessage>,
}

/// A message in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomMessage {
    /// Its place, below [`ROOM_MESSAGES_MAX`].
    pub place: u8,
    /// What it says, at most [`ROOM_MESSAGE_BYTES_MAX`] bytes.
    pub bytes: Vec<u8>,
}

impl RoomMessages {
    /// What lies at a place.
    #[must_use]
    pub fn at(&self, place: u8) -> Option<&[u8]> {
        let found = self.messages.iter().find(|message| message.place == place);
        found.map(|message| message.bytes.as_slice())
    }
}

impl Canonical for RoomOpen {
    fn encode(&self, out: &mut Writer) {
        self.clinic.encode(out);
        self.room.encode(out);
        out.u32(self.life_s);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (clinic, room) = (ClinicId::decode(input)?, RoomId::decode(input)?);
        Ok(Self { clinic, room, life_s: input.u32()? })
    }
}

impl Canonical for RoomOpened {
    fn encode(&self, out: &mut Writer) {
        match self.verdict {
            RoomVerdict::Open { ends_at_ms } => {
                out.u8(1);
                out.i64(ends_at_ms);
            }
            RoomVerdict::Taken => out.u8(2),
            RoomVerdict::TooMany => out.u8(3),
        }
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let verdict = match input.u8()? {
            1 => RoomVerdict::Open { ends_at_ms: input.i64()? },
            2 => RoomVerdict::Taken,
            3 => RoomVerdict::TooMany,
            tag => return Err(DecodeError::Tag { what: "room verdict", tag }),
        };
        Ok(Self { verdict })
    }
}

impl Canonical for RoomPut {
    fn encode(&self, out: &mut Writer) {
        self.room.encode(out);
        self.message.encode(out);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { room: RoomId::decode(input)?, message: RoomMessage::decode(input)? })
    }
}

impl Canonical for RoomStored {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::Kept => out.u8(1),
            Self::Taken => out.u8(2),
        }
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match input.u8()? {
            1 => Ok(Self::Kept),
            2 => Ok(Self::Taken),
            tag => Err(DecodeError::Tag { what: "room message verdict", tag }),
        }
    }
}

impl Canonical for RoomGet {
    fn encode(&self, out: &mut Writer) {
        self.room.encode(out);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { room: RoomId::decode(input)? })
    }
}

impl Canonical for RoomMessages {
    fn encode(&self, out: &mut Writer) {
        out.list(&self.messages);
    }

    /// Places rise: each is there once.
    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let messages: Vec<RoomMessage> = input.list("room messages", ROOM_MESSAGES_MAX)?;
        let rises = messages.is_sorted_by(|one, next| one.place < next.place);
        if rises { Ok(Self { messages }) } else { Err(DecodeError::NotCanonical("room messages")) }
    }
}

impl Canonical for RoomMessage {
    fn encode(&self, out: &mut Writer) {
        out.u8(self.place);
        out.bytes(&self.bytes);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let place = input.u8()?;
        if usize::from(place) >= ROOM_MESSAGES_MAX {
            return Err(DecodeError::Tag { what: "place in a room", tag: place });
        }
        let bytes = input.bytes("room message", ROOM_MESSAGE_BYTES_MAX)?.to_vec();
        Ok(Self { place, bytes })
    }
}
