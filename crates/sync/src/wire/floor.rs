//! RAISE FLOOR: a device tells a server from where those that know nothing may begin.

use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::cursor::Mark;
use crate::ids::{ClinicId, EnvelopeId};

/// Names a place of the log that two devices vouch for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FloorPut {
    /// The clinic.
    pub clinic: ClinicId,
    /// The place.
    pub mark: Mark,
    /// The envelope that says what covers what stands before it, by an administrator's device.
    pub snapshot: EnvelopeId,
    /// The envelope of another device that says the same.
    pub countersign: EnvelopeId,
    /// Whether what stands before it may go to cold storage.
    pub cold: bool,
}

/// It is durable, or an even later one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FloorStored {
    /// The log's floor now.
    pub floor: u64,
}

impl Canonical for FloorPut {
    fn encode(&self, out: &mut Writer) {
        self.clinic.encode(out);
        self.mark.encode(out);
        self.snapshot.encode(out);
        self.countersign.encode(out);
        out.bool(self.cold);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            clinic: ClinicId::decode(input)?,
            mark: Mark::decode(input)?,
            snapshot: EnvelopeId::decode(input)?,
            countersign: EnvelopeId::decode(input)?,
            cold: input.bool()?,
        })
    }
}

impl Canonical for FloorStored {
    fn encode(&self, out: &mut Writer) {
        out.u64(self.floor);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { floor: input.u64()? })
    }
}
