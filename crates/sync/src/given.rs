//! A chart that one clinic gives another: the whole document, and the sealed files it names that go
//! along. What is said of the giving stands in the document itself.

use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::limits::{
    GIVEN_DOCUMENT_BYTES_MAX, GIVEN_FILE_BYTES_MAX, GIVEN_FILES_MAX, GIVEN_PLAIN_BYTES_MAX,
};

const VERSION: u8 = 1;

/// A chart as it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenChart {
    /// Whose (the bytes of a UUID).
    pub patient: [u8; 16],
    /// What is said of the giving, in the document (the bytes of a UUID).
    pub sharing: [u8; 16],
    /// How many files the chart names that do not go along.
    pub left_out: u32,
    /// The document as one piece, opaque, not compressed.
    pub document: Vec<u8>,
    /// The files that go along.
    pub files: Vec<GivenFile>,
}

/// The sealed bytes of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenFile {
    /// Their SHA-256: the name under which the document knows them.
    pub name: [u8; 32],
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl GivenChart {
    /// Whether it can be given: the document is there, and all of it is within the limits.
    pub fn is_within_limits(&self) -> bool {
        let files = self.files.iter().map(|file| file.bytes.len());
        let all = files.fold(self.document.len(), usize::saturating_add);
        (1..=GIVEN_DOCUMENT_BYTES_MAX).contains(&self.document.len())
            && self.files.len() <= GIVEN_FILES_MAX
            && self.files.iter().all(|file| file.bytes.len() <= GIVEN_FILE_BYTES_MAX)
            && all <= GIVEN_PLAIN_BYTES_MAX
    }
}

impl Canonical for GivenChart {
    fn encode(&self, out: &mut Writer) {
        out.u8(VERSION);
        out.raw(&self.patient);
        out.raw(&self.sharing);
        out.u32(self.left_out);
        out.bytes(&self.document);
        out.list(&self.files);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match input.u8()? {
            VERSION => {}
            tag => return Err(DecodeError::Tag { what: "given chart", tag }),
        }
        let given = Self {
            patient: input.array()?,
            sharing: input.array()?,
            left_out: input.u32()?,
            document: input.bytes("given document", GIVEN_DOCUMENT_BYTES_MAX)?.to_vec(),
            files: input.list("given files", GIVEN_FILES_MAX)?,
        };
        let fits = given.is_within_limits();
        if fits { Ok(given) } else { Err(DecodeError::NotCanonical("given chart")) }
    }
}

impl Canonical for GivenFile {
    fn encode(&self, out: &mut Writer) {
        out.raw(&self.name);
        out.bytes(&self.bytes);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let name = input.array()?;
        Ok(Self { name, bytes: input.bytes("given file", GIVEN_FILE_BYTES_MAX)?.to_vec() })
    }
}
