//! Documents whole, many in one envelope: compressed together they take a third of what their
//! changes would, and one signature and one key serve them all.

use super::DocumentName;
use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::limits::{PACK_BYTES_MAX, PACK_DOCUMENT_BYTES_MAX, PACK_DOCUMENTS_MAX};

/// Documents as they stood at the device that sealed them, each with its whole history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    id: [u8; 16],
    documents: Vec<Packed>,
}

/// One document of a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// Which.
    pub document: DocumentName,
    /// All of it as one piece, opaque, not compressed.
    pub bytes: Vec<u8>,
}

impl Pack {
    /// A pack under an id of its own. `None` when it is empty, or longer than
    /// [`PACK_DOCUMENTS_MAX`], [`PACK_DOCUMENT_BYTES_MAX`] and [`PACK_BYTES_MAX`] allow.
    pub fn new(id: [u8; 16], documents: Vec<Packed>) -> Option<Self> {
        let pack = Self { id, documents };
        pack.is_within_limits().then_some(pack)
    }

    /// Its id: it has a key of its own, as a document has.
    pub const fn id(&self) -> &[u8; 16] {
        &self.id
    }

    /// Its documents.
    pub fn documents(&self) -> &[Packed] {
        &self.documents
    }

    /// Its documents, handed over.
    pub fn into_documents(self) -> Vec<Packed> {
        self.documents
    }

    fn is_within_limits(&self) -> bool {
        let lengths = || self.documents.iter().map(|packed| packed.bytes.len());
        (1..=PACK_DOCUMENTS_MAX).contains(&self.documents.len())
            && lengths().all(|length| (1..=PACK_DOCUMENT_BYTES_MAX).contains(&length))
            && lengths().sum::<usize>() <= PACK_BYTES_MAX
    }
}

impl Canonical for Pack {
    fn encode(&self, out: &mut Writer) {
        out.raw(&self.id);
        out.list(&self.documents);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let pack = Self {
            id: input.array()?,
            documents: input.list("documents of a pack", PACK_DOCUMENTS_MAX)?,
        };
        if pack.is_within_limits() { Ok(pack) } else { Err(DecodeError::NotCanonical("pack")) }
    }
}

impl Canonical for Packed {
    fn encode(&self, out: &mut Writer) {
        self.document.encode(out);
        out.bytes(&self.bytes);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            document: DocumentName::decode(input)?,
            bytes: input.bytes("document of a pack", PACK_DOCUMENT_BYTES_MAX)?.to_vec(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pack_of(lengths: &[usize]) -> Option<Pack> {
        let document = DocumentName::new("chart", [1; 16]).unwrap();
        let packed = |len: &usize| Packed { document: document.clone(), bytes: vec![0; *len] };
        Pack::new([7; 16], lengths.iter().map(packed).collect())
    }

    #[test]
    fn a_pack_is_made_up_to_its_limits() {
        let check = |lengths: &[usize]| assert!(pack_of(lengths).is_some(), "{lengths:?}");
        check(&[1]);
        check(&[PACK_DOCUMENT_BYTES_MAX, PACK_BYTES_MAX - PACK_DOCUMENT_BYTES_MAX]);
        check(&[1; PACK_DOCUMENTS_MAX]);
    }

    #[test]
    fn what_no_device_packs_is_not_read() {
        let check = |lengths: &[usize]| {
            assert_eq!(pack_of(lengths), None, "{lengths:?}");
            let document = DocumentName::new("chart", [1; 16]).unwrap();
            let packed = |len: &usize| Packed { document: document.clone(), bytes: vec![0; *len] };
            let pack = Pack { id: [7; 16], documents: lengths.iter().map(packed).collect() };
            assert!(Pack::from_bytes(&pack.to_bytes()).is_err(), "{lengths:?}");
        };
        check(&[]);
        check(&[0]);
        check(&[PACK_DOCUMENT_BYTES_MAX + 1]);
        check(&[PACK_DOCUMENT_BYTES_MAX, PACK_DOCUMENT_BYTES_MAX]);
        check(&[1; PACK_DOCUMENTS_MAX + 1]);
    }
}
