//! The canonical binary codec: one value has exactly one encoding.
//!
//! Integers are big-endian and of fixed width; byte strings and lists carry a `u32` length and
//! have a cap; a tag byte starts every choice. Decoding never panics and never allocates more
//! than the bytes that are there.

mod reader;
mod writer;

pub use reader::Reader;
pub use writer::Writer;

/// Why bytes are not a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The input ended before the value did.
    #[error("the data ends too early")]
    Short,
    /// Bytes are left after the value.
    #[error("there are {0} bytes too many")]
    Trailing(usize),
    /// A length is above its cap.
    #[error("{what} is longer than {max}")]
    TooLong {
        /// What is too long.
        what: &'static str,
        /// Its cap, in bytes or items.
        max: usize,
    },
    /// The version byte is one this build does not know.
    #[error("{what} has version {version}, which this version cannot read")]
    Version {
        /// What carries the version.
        what: &'static str,
        /// The version found.
        version: u8,
    },
    /// A tag byte names no known choice.
    #[error("{what} has the unknown tag {tag}")]
    Tag {
        /// What carries the tag.
        what: &'static str,
        /// The tag found.
        tag: u8,
    },
    /// The value could be written differently, or breaks a rule of its own.
    #[error("{0} is not in its canonical form")]
    NotCanonical(&'static str),
}

/// A value with one canonical encoding.
pub trait Canonical: Sized {
    /// Appends the encoding.
    fn encode(&self, out: &mut Writer);

    /// Reads one value and leaves what follows.
    ///
    /// # Errors
    /// [`DecodeError`] when the bytes are not the canonical encoding of a value.
    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError>;

    /// The encoding by itself.
    fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer::default();
        self.encode(&mut out);
        out.into_bytes()
    }

    /// Reads one value that is the whole input.
    ///
    /// # Errors
    /// As [`Canonical::decode`], and [`DecodeError::Trailing`].
    fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut input = Reader::new(bytes);
        let value = Self::decode(&mut input)?;
        input.finish()?;
        Ok(value)
    }
}

impl<T: Canonical> Canonical for Option<T> {
    fn encode(&self, out: &mut Writer) {
        match self {
            None => out.u8(0),
            Some(value) => {
                out.u8(1);
                value.encode(out);
            }
        }
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match input.u8()? {
            0 => Ok(None),
            1 => Ok(Some(T::decode(input)?)),
            tag => Err(DecodeError::Tag { what: "option", tag }),
        }
    }
}
