//! A chart that one clinic gives another: the whole document, and the sealed files it names that go
//! along. What is said of the giving stands in the document itself.
//!
//! `version | patient | sharing | left out | document | files`, sealed by `vault::given`. A form that
//! was released stays readable for ever; what is over a limit is refused by who reads it too.

use sync::codec::{Canonical, DecodeError, Reader, Writer};

/// Longest file by which a clinic gives a chart, in bytes.
pub(super) const BYTES_MAX: usize = 72 << 20;
/// Most that such a file opens to: with what surrounds it, it is no more than one envelope may hold.
pub(super) const PLAIN_BYTES_MAX: usize = 63 << 20;
/// Longest document that is given to another clinic, not compressed, in bytes.
pub(super) const DOCUMENT_BYTES_MAX: usize = 48 << 20;
/// Most files that go along with a chart.
pub(super) const FILES_MAX: usize = 256;
/// Longest file that goes along with a chart, sealed, in bytes.
pub(super) const FILE_BYTES_MAX: usize = 32 << 20;

/// How the name of such a file ends.
pub(crate) const FILE_ENDING: &str = "fieldchart-chart";

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
        (1..=DOCUMENT_BYTES_MAX).contains(&self.document.len())
            && self.files.len() <= FILES_MAX
            && self.files.iter().all(|file| file.bytes.len() <= FILE_BYTES_MAX)
            && all <= PLAIN_BYTES_MAX
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
            document: input.bytes("given document", DOCUMENT_BYTES_MAX)?.to_vec(),
            files: input.list("given files", FILES_MAX)?,
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
        Ok(Self { name, bytes: input.bytes("given file", FILE_BYTES_MAX)?.to_vec() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given() -> GivenChart {
        GivenChart {
            patient: [3; 16],
            sharing: [4; 16],
            left_out: 1,
            document: b"document".to_vec(),
            files: vec![GivenFile { name: [5; 32], bytes: b"sealed".to_vec() }],
        }
    }

    /// What is written today is what was written at the release, and is read to the same value.
    #[test]
    fn the_form_is_as_released() {
        let golden = [
            &[1][..],
            &[3; 16],
            &[4; 16],
            &[0, 0, 0, 1, 0, 0, 0, 8],
            b"document",
            &[0, 0, 0, 1],
            &[5; 32],
            &[0, 0, 0, 6],
            b"sealed",
        ]
        .concat();
        assert_eq!(given().to_bytes(), golden);
        assert_eq!(GivenChart::from_bytes(&golden), Ok(given()));
    }

    #[test]
    fn no_prefix_of_the_form_is_one() {
        let bytes = given().to_bytes();
        for cut in 0..bytes.len() {
            assert!(GivenChart::from_bytes(&bytes[..cut]).is_err(), "cut at {cut}");
        }
        assert!(GivenChart::from_bytes(&[&bytes[..], &[0]].concat()).is_err());
    }

    proptest::proptest! {
        /// Bytes near the form are refused or are the one encoding of some chart; nothing panics.
        #[test]
        fn bytes_near_the_form_are_refused_or_canonical(at in 0..95_usize, value: u8) {
            let mut bytes = given().to_bytes();
            bytes[at] = value;
            if let Ok(read) = GivenChart::from_bytes(&bytes) {
                proptest::prop_assert_eq!(read.to_bytes(), bytes);
            }
        }
    }
}
