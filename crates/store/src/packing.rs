//! How values and changes are packed into a column: zstd with a dictionary of what charts repeat.
//!
//! First byte: 0 = as it is; 1 = zstd with dictionary 1, after the length as four bytes (little
//! endian). The dictionary is part of the form and never changes; a better one gets number 2.

use crate::error::{Result, StoreError};
use serde::{Serialize, de::DeserializeOwned};
use zstd::{
    bulk::{Compressor, Decompressor},
    zstd_safe::CParameter,
};

/// What typical entries look like, the most frequent last.
const DICTIONARY_1: &[u8] = include_bytes!("dictionary-1.txt");
const PLAIN: u8 = 0;
const ZSTD_1: u8 = 1;
const LEVEL: i32 = 3;
/// Of what is small: one entry, one change. This level leaves out tables of codes, which are most of
/// the time that it takes to write and to read them, and gives up a fifth of what is saved.
const LEVEL_QUICK: i32 = -1;
/// Longest value that is unpacked, in bytes: bounds what a damaged length can cost.
const UNPACKED_BYTES_MAX: usize = 256 * 1024 * 1024;

/// Packs; one per connection that writes.
pub(crate) struct Packer {
    dense: Compressor<'static>,
    quick: Compressor<'static>,
}

/// Unpacks; one per connection.
pub(crate) struct Unpacker(Decompressor<'static>);

impl Packer {
    pub(crate) fn new() -> Result<Self> {
        Ok(Self { dense: compressor(LEVEL)?, quick: compressor(LEVEL_QUICK)? })
    }

    /// Packs bytes, or leaves them as they are where that is shorter.
    pub(crate) fn pack(&mut self, bytes: &[u8]) -> Result<Vec<u8>> {
        Ok(shortest(bytes, &self.dense.compress(bytes)?))
    }

    /// Packs what is small.
    pub(crate) fn quick(&mut self, bytes: &[u8]) -> Result<Vec<u8>> {
        Ok(shortest(bytes, &self.quick.compress(bytes)?))
    }

    /// Packs a value as JSON.
    pub(crate) fn value<T: Serialize>(&mut self, value: &T) -> Result<Vec<u8>> {
        self.quick(&serde_json::to_vec(value)?)
    }
}

fn compressor(level: i32) -> Result<Compressor<'static>> {
    let mut compressor = Compressor::with_dictionary(level, DICTIONARY_1)?;
    for parameter in [
        CParameter::ContentSizeFlag(false),
        CParameter::ChecksumFlag(false),
        CParameter::DictIdFlag(false),
    ] {
        compressor.set_parameter(parameter)?;
    }
    Ok(compressor)
}

fn shortest(bytes: &[u8], packed: &[u8]) -> Vec<u8> {
    let (Ok(length), true) = (u32::try_from(bytes.len()), packed.len() + 4 < bytes.len()) else {
        return [&[PLAIN], bytes].concat();
    };
    [&[ZSTD_1], length.to_le_bytes().as_slice(), packed].concat()
}

impl Unpacker {
    pub(crate) fn new() -> Result<Self> {
        Ok(Self(Decompressor::with_dictionary(DICTIONARY_1)?))
    }

    /// Unpacks bytes.
    pub(crate) fn unpack(&mut self, packed: &[u8]) -> Result<Vec<u8>> {
        const BAD: StoreError = StoreError::Damaged("a packed value");
        match packed.split_first() {
            Some((&PLAIN, bytes)) => Ok(bytes.to_vec()),
            Some((&ZSTD_1, rest)) => {
                let (length, frame) = rest.split_first_chunk::<4>().ok_or(BAD)?;
                let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
                if length > UNPACKED_BYTES_MAX {
                    return Err(BAD);
                }
                self.0.decompress(frame, length).map_err(|_| BAD)
            }
            Some(_) | None => Err(BAD),
        }
    }

    /// Unpacks a value from JSON.
    pub(crate) fn value<T: DeserializeOwned>(&mut self, packed: &[u8]) -> Result<T> {
        let bytes = self.unpack(packed)?;
        serde_json::from_slice(&bytes).map_err(|_| StoreError::Damaged("a value"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
            let mut packer = Packer::new().unwrap();
            for packed in [packer.pack(&bytes).unwrap(), packer.quick(&bytes).unwrap()] {
                prop_assert_eq!(&Unpacker::new().unwrap().unpack(&packed).unwrap(), &bytes);
            }
        }

        #[test]
        fn bytes_that_are_no_packing_are_told(bytes in proptest::collection::vec(1..255u8, 1..200)) {
            // Either an error or some bytes; never a panic or a huge allocation.
            drop(Unpacker::new().unwrap().unpack(&bytes));
        }
    }

    /// Stored bytes must be readable for ever: the dictionary and the form never change.
    #[test]
    fn the_form_never_changes() {
        use sha2::{Digest, Sha256};
        let digest: String =
            Sha256::digest(DICTIONARY_1).iter().map(|byte| format!("{byte:02x}")).collect();
        insta::assert_snapshot!(
            digest,
            @"38edcfb3de74041520c771455a3c82f2d4fa8734347cd22cde897053388b490f"
        );
        let value = br#"{"id":"0190a000-0000-7000-8000-000000000000","status":"final","category":["vital-signs"],"code":{"coding":[{"system":"http://loinc.org","code":"8867-4","display":"Heart rate"}],"text":"Heart rate"},"value":{"quantity":{"value":"72","unit":"/min","ucum":"/min"}}}"#;
        let packed = Packer::new().unwrap().pack(value).unwrap();
        assert!(packed.len() * 3 < value.len(), "{} of {}", packed.len(), value.len());
        let golden = include_bytes!("../tests/golden/packed-1.bin");
        assert_eq!(Unpacker::new().unwrap().unpack(golden).unwrap(), value);
    }

    #[test]
    fn damage_is_told() {
        let mut unpacker = Unpacker::new().unwrap();
        for bad in
            [&[][..], &[9], &[1], &[1, 0, 0, 0], &[1, 4, 0, 0, 0, 1], &[1, 255, 255, 255, 255]]
        {
            assert!(unpacker.unpack(bad).is_err(), "{bad:?}");
        }
    }
}
