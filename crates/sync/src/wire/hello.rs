//! HELLO: each side tells where it stands; small and equal whatever the clinic's size.

use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::cursor::Cursor;
use crate::have::{Have, Position};
use crate::ids::{ClinicId, DeviceId, LogEpoch};
use crate::limits::OWN_GENERATIONS_MAX;
use crate::membership::MembersHead;

/// A device's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelloRequest {
    /// The clinic.
    pub clinic: ClinicId,
    /// The device that speaks.
    pub device: DeviceId,
    /// How far it read this server's log; `None` when never.
    pub cursor: Option<Cursor>,
    /// Its newest generation, of those it opened with the server's word, and the last envelope it
    /// sealed in it.
    pub own: Option<(u32, Position)>,
    /// Its membership log.
    pub members: MembersHead,
}

/// A server's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelloReply {
    /// Whether the device's cursor is in this log.
    pub log: LogVerdict,
    /// How many envelopes the log holds.
    pub head: u64,
    /// From here on a device that has read less may begin: two devices vouch for it that what
    /// comes after covers what stands before. 0 for none.
    pub floor: u64,
    /// The last place of the server's table of wrapped keys.
    pub keys_head: u64,
    /// What the server holds from the device.
    pub own: OwnVerdict,
    /// The server's membership log; `None` when it equals the device's.
    pub members: Option<MembersHead>,
    /// The server's clock, in milliseconds since the Unix epoch.
    pub now_ms: i64,
}

/// Whether a cursor is in a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogVerdict {
    /// The cursor is a place of this log: page on.
    Same,
    /// It is not, or there was none: the log is read from its start, and what the server lacks is
    /// pushed again.
    Other {
        /// The life of the server's log.
        log_epoch: LogEpoch,
        /// Everything the server holds.
        have: Have,
    },
}

/// What a server holds from the device that asks, in generations opened with a server's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnVerdict {
    /// The device's newest generation is the newest here and ends at the same envelope.
    Same,
    /// Something else: how far each generation is held, by generation; empty when none is.
    Held(Vec<(u32, Position)>),
}

impl Canonical for HelloRequest {
    fn encode(&self, out: &mut Writer) {
        self.clinic.encode(out);
        self.device.encode(out);
        self.cursor.encode(out);
        self.own.map(Own::from).encode(out);
        self.members.encode(out);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            clinic: ClinicId::decode(input)?,
            device: DeviceId::decode(input)?,
            cursor: Option::decode(input)?,
            own: Option::<Own>::decode(input)?.map(|own| (own.generation, own.position)),
            members: MembersHead::decode(input)?,
        })
    }
}

impl Canonical for HelloReply {
    fn encode(&self, out: &mut Writer) {
        self.log.encode(out);
        out.u64(self.head);
        out.u64(self.floor);
        out.u64(self.keys_head);
        self.own.encode(out);
        self.members.encode(out);
        out.i64(self.now_ms);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            log: LogVerdict::decode(input)?,
            head: input.u64()?,
            floor: input.u64()?,
            keys_head: input.u64()?,
            own: OwnVerdict::decode(input)?,
            members: Option::decode(input)?,
            now_ms: input.i64()?,
        })
    }
}

impl Canonical for LogVerdict {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::Same => out.u8(0),
            Self::Other { log_epoch, have } => {
                out.u8(1);
                log_epoch.encode(out);
                have.encode(out);
            }
        }
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match input.u8()? {
            0 => Ok(Self::Same),
            1 => {
                Ok(Self::Other { log_epoch: LogEpoch::decode(input)?, have: Have::decode(input)? })
            }
            tag => Err(DecodeError::Tag { what: "log verdict", tag }),
        }
    }
}

impl Canonical for OwnVerdict {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::Same => out.u8(0),
            Self::Held(generations) => {
                out.u8(1);
                out.length(generations.len());
                generations.iter().for_each(|own| Own::from(*own).encode(out));
            }
        }
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match input.u8()? {
            0 => Ok(Self::Same),
            1 => {
                let held: Vec<Own> = input.list("own generations", OWN_GENERATIONS_MAX)?;
                if !held.is_sorted_by(|a, b| a.generation < b.generation) {
                    return Err(DecodeError::NotCanonical("order of own generations"));
                }
                Ok(Self::Held(held.into_iter().map(|o| (o.generation, o.position)).collect()))
            }
            tag => Err(DecodeError::Tag { what: "own verdict", tag }),
        }
    }
}

/// A generation and how far it goes, as written.
struct Own {
    generation: u32,
    position: Position,
}

impl From<(u32, Position)> for Own {
    fn from((generation, position): (u32, Position)) -> Self {
        Self { generation, position }
    }
}

impl Canonical for Own {
    fn encode(&self, out: &mut Writer) {
        out.u32(self.generation);
        self.position.encode(out);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let generation = input.u32()?;
        if generation == 0 {
            return Err(DecodeError::NotCanonical("generation"));
        }
        Ok(Self { generation, position: Position::decode(input)? })
    }
}
