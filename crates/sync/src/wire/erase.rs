//! ERASE KEYS: a device tells a server which documents nobody is to read any more.

use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::ids::{ClinicId, DocTag, EnvelopeId};
use crate::limits::ERASED_TAGS_MAX;

/// Names documents and packs whose wrapped keys are to go, for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasePut {
    /// The clinic.
    pub clinic: ClinicId,
    /// The notice in the clinic's log that says so, by an administrator's device.
    pub notice: EnvelopeId,
    /// Which, opaquely; at most [`ERASED_TAGS_MAX`].
    pub tags: Vec<DocTag>,
}

/// Their keys are gone, durably, and none of them is taken any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeysErased {
    /// How many keys that were held are gone now.
    pub gone: u64,
}

impl Canonical for ErasePut {
    fn encode(&self, out: &mut Writer) {
        self.clinic.encode(out);
        self.notice.encode(out);
        out.list(&self.tags);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            clinic: ClinicId::decode(input)?,
            notice: EnvelopeId::decode(input)?,
            tags: input.list("erased documents", ERASED_TAGS_MAX)?,
        })
    }
}

impl Canonical for KeysErased {
    fn encode(&self, out: &mut Writer) {
        out.u64(self.gone);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { gone: input.u64()? })
    }
}
