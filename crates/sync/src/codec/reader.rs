//! Reads canonical encodings from bytes that may be hostile.

use super::{Canonical, DecodeError};

/// A position in bytes that are being read.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Starts at the first byte.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Takes the next `count` bytes.
    ///
    /// # Errors
    /// [`DecodeError::Short`].
    pub fn raw(&mut self, count: usize) -> Result<&'a [u8], DecodeError> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(DecodeError::Short)?;
        self.rest = rest;
        Ok(taken)
    }

    /// Takes `N` bytes as an array.
    ///
    /// # Errors
    /// [`DecodeError::Short`].
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let (taken, rest) = self.rest.split_first_chunk::<N>().ok_or(DecodeError::Short)?;
        self.rest = rest;
        Ok(*taken)
    }

    /// Takes one byte.
    ///
    /// # Errors
    /// [`DecodeError::Short`].
    pub fn u8(&mut self) -> Result<u8, DecodeError> {
        Ok(u8::from_be_bytes(self.array()?))
    }

    /// Takes a truth value.
    ///
    /// # Errors
    /// [`DecodeError::Short`], or a tag other than 0 and 1.
    pub fn bool(&mut self) -> Result<bool, DecodeError> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            tag => Err(DecodeError::Tag { what: "truth value", tag }),
        }
    }

    /// Takes four bytes, most significant first.
    ///
    /// # Errors
    /// [`DecodeError::Short`].
    pub fn u32(&mut self) -> Result<u32, DecodeError> {
        Ok(u32::from_be_bytes(self.array()?))
    }

    /// Takes eight bytes, most significant first.
    ///
    /// # Errors
    /// [`DecodeError::Short`].
    pub fn u64(&mut self) -> Result<u64, DecodeError> {
        Ok(u64::from_be_bytes(self.array()?))
    }

    /// Takes eight bytes of two's complement, most significant first.
    ///
    /// # Errors
    /// [`DecodeError::Short`].
    pub fn i64(&mut self) -> Result<i64, DecodeError> {
        Ok(i64::from_be_bytes(self.array()?))
    }

    /// Takes a length of at most `max`.
    ///
    /// # Errors
    /// [`DecodeError::TooLong`] or [`DecodeError::Short`].
    pub fn length(&mut self, what: &'static str, max: usize) -> Result<usize, DecodeError> {
        let length = usize::try_from(self.u32()?).unwrap_or(usize::MAX);
        if length > max {
            return Err(DecodeError::TooLong { what, max });
        }
        Ok(length)
    }

    /// Takes a length and that many bytes.
    ///
    /// # Errors
    /// [`DecodeError::TooLong`] or [`DecodeError::Short`].
    pub fn bytes(&mut self, what: &'static str, max: usize) -> Result<&'a [u8], DecodeError> {
        let length = self.length(what, max)?;
        self.raw(length)
    }

    /// Takes a count and that many values. Memory grows with what is read, not with the count.
    ///
    /// # Errors
    /// [`DecodeError`] of the count or of a value.
    pub fn list<T: Canonical>(
        &mut self,
        what: &'static str,
        max: usize,
    ) -> Result<Vec<T>, DecodeError> {
        let count = self.length(what, max)?;
        (0..count).map(|_| T::decode(self)).collect()
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// [`DecodeError::Trailing`] when bytes are left.
    pub const fn finish(self) -> Result<(), DecodeError> {
        match self.rest.len() {
            0 => Ok(()),
            left => Err(DecodeError::Trailing(left)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::DeviceId;

    #[test]
    fn a_length_is_not_believed() {
        let check = |bytes: &[u8], expected: DecodeError| {
            let error = Reader::new(bytes).list::<DeviceId>("devices", 10).unwrap_err();
            assert_eq!(error, expected);
        };
        check(&[], DecodeError::Short);
        check(&[0, 0, 0], DecodeError::Short);
        check(&[0, 0, 0, 2, 9], DecodeError::Short);
        check(&[255, 255, 255, 255], DecodeError::TooLong { what: "devices", max: 10 });
        check(&[0, 0, 0, 11], DecodeError::TooLong { what: "devices", max: 10 });
    }

    #[test]
    fn truth_has_two_encodings_only() {
        assert_eq!(Reader::new(&[1]).bool(), Ok(true));
        assert_eq!(Reader::new(&[2]).bool(), Err(DecodeError::Tag { what: "truth value", tag: 2 }));
    }
}
