//! What is said of blobs: sealed bytes too large for an envelope, named by their SHA-256.
//!
//! The bytes themselves travel beside the frames (see [`super::path::BLOB`]), as they are: whoever
//! gets them counts their hash, and needs to trust nobody.

use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::ids::{BlobId, ClinicId};
use crate::limits::BLOBS_ASKED_MAX;

/// A blob is kept, durably.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlobStored {
    /// Which.
    pub id: BlobId,
    /// How many bytes it has.
    pub bytes: u64,
}

/// Asks which of some blobs are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobsRequest {
    /// The clinic.
    pub clinic: ClinicId,
    /// Which.
    pub ids: Vec<BlobId>,
}

/// Those of the blobs asked for that are kept, in the order asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobsHeld {
    /// Which.
    pub ids: Vec<BlobId>,
}

impl Canonical for BlobStored {
    fn encode(&self, out: &mut Writer) {
        self.id.encode(out);
        out.u64(self.bytes);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { id: BlobId::decode(input)?, bytes: input.u64()? })
    }
}

impl Canonical for BlobsRequest {
    fn encode(&self, out: &mut Writer) {
        self.clinic.encode(out);
        out.list(&self.ids);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let clinic = ClinicId::decode(input)?;
        Ok(Self { clinic, ids: input.list("blobs", BLOBS_ASKED_MAX)? })
    }
}

impl Canonical for BlobsHeld {
    fn encode(&self, out: &mut Writer) {
        out.list(&self.ids);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { ids: input.list("blobs", BLOBS_ASKED_MAX)? })
    }
}
