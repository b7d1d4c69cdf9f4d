//! What is said of blobs: sealed bytes too large for an envelope, named by their SHA-256.
//!
//! At a server the bytes themselves travel beside the frames (see [`super::path::BLOB`]), as they
//! are; a desktop gives them in parts that are frames, so that no large one holds up what others
//! ask. Whoever gets them counts their hash, and needs to trust nobody.

use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::ids::{BlobId, ClinicId};
use crate::limits::{BLOB_PART_BYTES_MAX, BLOBS_ASKED_MAX};

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

/// Asks for the part of a blob that begins at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlobPartRequest {
    /// The clinic.
    pub clinic: ClinicId,
    /// Which.
    pub id: BlobId,
    /// The place, in bytes.
    pub from: u64,
}

/// A part of a blob: [`BLOB_PART_BYTES_MAX`] of it, or what is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobPart {
    /// How many bytes the whole blob has.
    pub bytes: u64,
    /// Those of the part.
    pub part: Vec<u8>,
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

impl Canonical for BlobPartRequest {
    fn encode(&self, out: &mut Writer) {
        self.clinic.encode(out);
        self.id.encode(out);
        out.u64(self.from);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let clinic = ClinicId::decode(input)?;
        Ok(Self { clinic, id: BlobId::decode(input)?, from: input.u64()? })
    }
}

impl Canonical for BlobPart {
    fn encode(&self, out: &mut Writer) {
        out.u64(self.bytes);
        out.bytes(&self.part);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let bytes = input.u64()?;
        Ok(Self { bytes, part: input.bytes("part of a blob", BLOB_PART_BYTES_MAX)?.to_vec() })
    }
}
