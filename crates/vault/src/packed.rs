//! How the inside of an envelope is compressed: as it is, with zstd, or with zstd and a dictionary of
//! what changes of charts repeat.
//!
//! A change as it travels is small and says much that every other says: names of fields, units, terms.
//! The dictionary is part of the form and never changes; a better one gets a method of its own. How it
//! was made stands in docs/decisions/0039.

use std::cell::RefCell;
use std::io;
use std::sync::LazyLock;

use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};
use zstd::zstd_safe::CParameter;

use crate::Sensitive;
use crate::seal::OpenError;

/// As it is.
pub(crate) const STORED: u8 = 0;
/// Compressed by itself.
pub(crate) const ZSTD: u8 = 1;
/// Compressed with the first dictionary.
const ZSTD_CHANGES_1: u8 = 2;

const LEVEL: i32 = 3;
/// Where much that is alike stands in one piece.
const LEVEL_MANY: i32 = 9;
/// What is longer than this gains little by a dictionary, bytes.
const SMALL_BYTES_MAX: usize = 64 * 1024;

static CHANGES_1: &[u8] = include_bytes!("../../../assets/sealing/changes-1.zdict");
static ENCODER_1: LazyLock<EncoderDictionary<'static>> =
    LazyLock::new(|| EncoderDictionary::copy(CHANGES_1, LEVEL));
static ENCODER_1_MANY: LazyLock<EncoderDictionary<'static>> =
    LazyLock::new(|| EncoderDictionary::copy(CHANGES_1, LEVEL_MANY));
static DECODER_1: LazyLock<DecoderDictionary<'static>> =
    LazyLock::new(|| DecoderDictionary::copy(CHANGES_1));

/// Working memory of one kind of work, made once a thread: making it costs more than what it does
/// with an envelope of a few edits. `None` where it could not be made.
type Kept<T> = RefCell<Option<T>>;

thread_local! {
    static WITH_DICTIONARY: Kept<Compressor<'static>> = RefCell::new(compressor(&ENCODER_1).ok());
    static MANY: Kept<Compressor<'static>> = RefCell::new(compressor(&ENCODER_1_MANY).ok());
    static UNPACKER: Kept<Decompressor<'static>> = RefCell::new(Decompressor::new().ok());
    static UNPACKER_1: Kept<Decompressor<'static>> =
        RefCell::new(Decompressor::with_prepared_dictionary(&DECODER_1).ok());
}

/// How much work compressing is worth where somebody may wait for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// A second for a mebibyte.
    Much,
    /// Two and a half times as long for four bytes in a hundred: for what many read, and for so much
    /// that the line is what is waited for.
    Utmost,
}

impl Effort {
    const fn level(self) -> i32 {
        match self {
            Self::Much => 17,
            Self::Utmost => 19,
        }
    }
}

/// Bytes that were made shorter.
pub(crate) struct Packed {
    pub(crate) method: u8,
    pub(crate) bytes: Sensitive<Vec<u8>>,
}

/// Compresses; `None` where that makes it no shorter.
pub(crate) fn pack(plaintext: &[u8]) -> Option<Packed> {
    let packed = if plaintext.len() <= SMALL_BYTES_MAX {
        WITH_DICTIONARY.with(|kept| with_dictionary(kept, plaintext))?
    } else {
        by_itself(LEVEL, plaintext)?
    };
    shorter(packed, plaintext)
}

/// Compresses many things that are alike; `None` where that makes them no shorter.
pub(crate) fn pack_many(plaintext: &[u8]) -> Option<Packed> {
    shorter(MANY.with(|kept| with_dictionary(kept, plaintext))?, plaintext)
}

/// Compresses with so much work; `None` where that makes it no shorter.
pub(crate) fn pack_dense(plaintext: &[u8], effort: Effort) -> Option<Packed> {
    shorter(by_itself(effort.level(), plaintext)?, plaintext)
}

/// What was packed by a method, at most `plain_bytes` of it.
///
/// # Errors
/// [`OpenError::Malformed`] of what is no such frame, or is longer, whatever it claims; no more is
/// written than was asked for.
pub(crate) fn unpack(
    method: u8,
    stored: &[u8],
    plain_bytes: u32,
) -> Result<Sensitive<Vec<u8>>, OpenError> {
    match method {
        STORED => Ok(Sensitive::new(stored.to_vec())),
        ZSTD => UNPACKER.with(|kept| read(kept, stored, plain_bytes)),
        ZSTD_CHANGES_1 => UNPACKER_1.with(|kept| read(kept, stored, plain_bytes)),
        newer => Err(OpenError::NewerMethod(newer)),
    }
}

fn shorter(packed: Packed, plaintext: &[u8]) -> Option<Packed> {
    (packed.bytes.expose().len() < plaintext.len()).then_some(packed)
}

fn by_itself(level: i32, plaintext: &[u8]) -> Option<Packed> {
    let bytes = Sensitive::new(zstd::bulk::compress(plaintext, level).ok()?);
    Some(Packed { method: ZSTD, bytes })
}

fn with_dictionary(kept: &Kept<Compressor<'static>>, plaintext: &[u8]) -> Option<Packed> {
    let bytes = Sensitive::new(kept.borrow_mut().as_mut()?.compress(plaintext).ok()?);
    Some(Packed { method: ZSTD_CHANGES_1, bytes })
}

/// The method says which dictionary, and the body how long it is: the frame says neither.
fn compressor(dictionary: &'static EncoderDictionary<'static>) -> io::Result<Compressor<'static>> {
    let mut compressor = Compressor::with_prepared_dictionary(dictionary)?;
    compressor.set_parameter(CParameter::ContentSizeFlag(false))?;
    compressor.set_parameter(CParameter::ChecksumFlag(false))?;
    compressor.set_parameter(CParameter::DictIdFlag(false))?;
    Ok(compressor)
}

fn read(
    kept: &Kept<Decompressor<'_>>,
    stored: &[u8],
    plain_bytes: u32,
) -> Result<Sensitive<Vec<u8>>, OpenError> {
    let mut kept = kept.borrow_mut();
    let decompressor = kept.as_mut().ok_or(OpenError::Malformed)?;
    let capacity = usize::try_from(plain_bytes).or(Err(OpenError::Malformed))?;
    let mut plain = Sensitive::new(Vec::with_capacity(capacity));
    decompressor.decompress_to_buffer(stored, plain.expose_mut()).or(Err(OpenError::Malformed))?;
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sha2::{Digest as _, Sha256};

    use super::*;

    /// What was sealed must stay readable for ever.
    #[test]
    fn the_dictionary_never_changes() {
        let digest: String =
            Sha256::digest(CHANGES_1).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digest, "16a439e02254e60a12849c054243d904f05b255bce35a25934aee270ea8bdc51");
    }

    #[test]
    fn what_charts_repeat_is_hardly_sent() {
        let entry = br#"{"id":"01a0c450-6c00-7000-8000-330200000001","status":"final","category":["vital-signs"],"code":{"coding":[{"system":"http://loinc.org","code":"8867-4","display":"Heart rate"}],"text":"Heart rate"},"value":{"quantity":{"value":"72","unit":"/min","ucum":"/min"}}}"#;
        let (by_itself, packed) = (by_itself(LEVEL, entry).unwrap(), pack(entry).unwrap());
        let (without, with) = (by_itself.bytes.expose().len(), packed.bytes.expose().len());
        assert!(with * 2 < without, "{with} with the dictionary, {without} without");
    }

    #[test]
    fn a_frame_is_read_no_further_than_its_body_claims() {
        let long = vec![7; SMALL_BYTES_MAX];
        for packed in [pack(&long).unwrap(), pack_dense(&long, Effort::Utmost).unwrap()] {
            let read = unpack(packed.method, packed.bytes.expose(), 10).map(drop);
            assert_eq!(read, Err(OpenError::Malformed), "method {}", packed.method);
        }
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(
            noise in proptest::collection::vec(any::<u8>(), 0..300),
            repeat in 1_usize..600,
        ) {
            let plain = noise.repeat(repeat);
            let ways = [pack(&plain), pack_many(&plain), pack_dense(&plain, Effort::Much)];
            for packed in ways.into_iter().flatten() {
                let length = u32::try_from(plain.len()).unwrap();
                let read = unpack(packed.method, packed.bytes.expose(), length).unwrap();
                prop_assert_eq!(read.expose(), &plain);
            }
        }
    }
}
