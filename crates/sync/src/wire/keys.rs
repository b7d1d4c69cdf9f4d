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

/// Where keys that were brought stand in a table: at every place after the one and up to the other,
/// in the order in which they came, and nothing else does. Those that it passed over have no place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeysPlaced {
    /// The last place of the table before they came.
    pub before: u64,
    /// The last place of the table then.
    pub after: u64,
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

/// The form of a key that is wrapped under a later epoch's key than its own: that epoch stands
/// behind its own.
const LATER_FORM: u8 = 2;

impl WrappedKey {
    /// The epoch under whose key it is wrapped, which stands in the clear in its first bytes; of a
    /// form that is not known here, what stands where the first has it. `None` where it is too short
    /// to name one.
    pub fn epoch(&self) -> Option<u32> {
        let (form, rest) = self.wrapped.split_first()?;
        let rest = if *form == LATER_FORM { rest.get(4..)? } else { rest };
        rest.first_chunk().map(|epoch| u32::from_be_bytes(*epoch))
    }

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

impl Canonical for KeysPlaced {
    fn encode(&self, out: &mut Writer) {
        out.u64(self.before);
        out.u64(self.after);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let placed = Self { before: input.u64()?, after: input.u64()? };
        if placed.after < placed.before {
            return Err(DecodeError::NotCanonical("places of keys"));
        }
        Ok(placed)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_names_its_epoch() {
        let check = |wrapped: &[u8], expected| {
            let key = WrappedKey { doc_tag: DocTag([1; 32]), wrapped: wrapped.to_vec() };
            assert_eq!(key.epoch(), expected, "{wrapped:?}");
        };
        check(&[1, 0, 0, 1, 2, 9, 9], Some(0x102));
        check(&[1, 0, 0, 1, 2], Some(0x102));
        check(&[2, 0, 0, 0, 1, 0, 0, 0, 7, 9], Some(7));
        check(&[3, 0, 0, 0, 1, 0, 0, 0, 7, 9], Some(1));
        check(&[], None);
        check(&[1], None);
        check(&[1, 0, 0, 1], None);
        check(&[2, 0, 0, 0, 1, 0, 0, 7], None);
    }
}
