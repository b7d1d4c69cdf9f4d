//! The sealed blob that waits at a server, or where there is none at the computer that made it, for a
//! device that was given a code. Where it lies is
//! derived from the code's secret: `SHA-256("fieldchart invite id" ‖ secret)`.

use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::ids::{ClinicId, InviteId};
use crate::limits::INVITE_BLOB_BYTES_MAX;

/// Leaves a blob. The server keeps it until it expires; the same id again replaces it only for
/// the same clinic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitePut {
    /// The clinic.
    pub clinic: ClinicId,
    /// Where it lies.
    pub id: InviteId,
    /// After which it is dropped, in milliseconds since the Unix epoch.
    pub expires_at_ms: i64,
    /// Sealed under the code's secret.
    pub blob: Vec<u8>,
}

/// The blob is durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InviteStored;

/// Asks for a blob. Whoever knows the id may: it cannot be guessed, and the blob is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InviteGet {
    /// Where it lies.
    pub id: InviteId,
}

/// A blob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviteBlob {
    /// Sealed under the code's secret.
    pub blob: Vec<u8>,
}

impl Canonical for InvitePut {
    fn encode(&self, out: &mut Writer) {
        self.clinic.encode(out);
        self.id.encode(out);
        out.i64(self.expires_at_ms);
        out.bytes(&self.blob);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            clinic: ClinicId::decode(input)?,
            id: InviteId::decode(input)?,
            expires_at_ms: input.i64()?,
            blob: input.bytes("invite blob", INVITE_BLOB_BYTES_MAX)?.to_vec(),
        })
    }
}

impl Canonical for InviteStored {
    fn encode(&self, _out: &mut Writer) {}

    fn decode(_input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self)
    }
}

impl Canonical for InviteGet {
    fn encode(&self, out: &mut Writer) {
        self.id.encode(out);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { id: InviteId::decode(input)? })
    }
}

impl Canonical for InviteBlob {
    fn encode(&self, out: &mut Writer) {
        out.bytes(&self.blob);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { blob: input.bytes("invite blob", INVITE_BLOB_BYTES_MAX)?.to_vec() })
    }
}
