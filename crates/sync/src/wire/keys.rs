//! How wrapped document keys travel: beside the log, because they must be erasable.
//!
//! A document's key is wrapped under an epoch key by the device that made it. The wrapped keys of
//! the documents in a push go with it; a server keeps them in a table that is read by cursor.

use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::ids::{ClinicId, DocTag};
use crate::limits::{KEYS_PAGE_MAX, WRAPPED_KEY_BYTES_MAX};

/// A document's key, wrapped by the host. A document may have several; a reader tries them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WrappedKey {
    /// Which document, opaquely.
    pub doc_tag: DocTag,
    /// The wrapped key.
    pub wrapped: Vec<u8>,
}

/// Asks for the keys after a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeysRequest {
    /// The clinic.
    pub clinic: ClinicId,
    /// The place after which they start; 0 for all.
    pub after: u64,
}

/// Keys in the order in which they came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeysPage {
    /// The keys. A place may be empty: its key was erased.
    pub keys: Vec<WrappedKey>,
    /// The last place covered.
    pub end: u64,
    /// The last place of the table; more than `end` means another page.
    pub head: u64,
}

impl WrappedKey {
    /// Length of its encoding, in bytes.
    pub const fn encoded_len(&self) -> usize {
        32 + 4 + self.wrapped.len()
    }
}

impl Canonical for WrappedKey {
    fn encode(&self, out: &mut Writer) {
        self.doc_tag.encode(out);
        out.bytes(&self.wrapped);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            doc_tag: DocTag::decode(input)?,
            wrapped: input.bytes("wrapped key", WRAPPED_KEY_BYTES_MAX)?.to_vec(),
        })
    }
}

impl Canonical for KeysRequest {
    fn encode(&self, out: &mut Writer) {
        self.clinic.encode(out);
        out.u64(self.after);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { clinic: ClinicId::decode(input)?, after: input.u64()? })
    }
}

impl Canonical for KeysPage {
    fn encode(&self, out: &mut Writer) {
        out.list(&self.keys);
        out.u64(self.end);
        out.u64(self.head);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            keys: input.list("wrapped keys", KEYS_PAGE_MAX)?,
            end: input.u64()?,
            head: input.u64()?,
        })
    }
}
