//! Reading a bundle, block by block, from a file that may be hostile.

use std::io::{self, Read};

use sha2::{Digest as _, Sha256};

use super::{BundleEnd, BundleError, BundleHead, MAGIC};
use crate::codec::DecodeError;
use crate::envelope::Envelope;
use crate::limits::FRAME_BYTES_MAX;
use crate::membership::SignedEntry;
use crate::wire::{Frame, MembersPush, PushRequest, WrappedKey, kind_of};

/// A bundle being read.
#[derive(Debug)]
pub struct BundleReader<R> {
    input: R,
    head: BundleHead,
    digest: Sha256,
    bytes: u64,
    envelopes: u64,
}

/// What stands in a bundle, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Consecutive entries of the membership log.
    Members(Vec<SignedEntry>),
    /// Envelopes with the wrapped keys of their documents.
    Envelopes {
        /// The keys.
        keys: Vec<WrappedKey>,
        /// The envelopes; each lane's in rising order.
        envelopes: Vec<Envelope>,
    },
    /// The end; nothing follows. Its hash holds; whether its signature does is for whoever knows
    /// the device's key.
    End(BundleEnd),
}

impl<R: Read> BundleReader<R> {
    /// Reads the head of a bundle.
    ///
    /// # Errors
    /// [`BundleError`].
    pub fn begin(mut input: R) -> Result<Self, BundleError> {
        let mut digest = Sha256::new();
        let mut magic = [0; MAGIC.len()];
        input.read_exact(&mut magic).map_err(|error| not_a_bundle(of_file(error)))?;
        let ([name @ .., version], [known_name @ .., known]) = (magic, MAGIC);
        if name != known_name {
            return Err(BundleError::NotABundle);
        }
        if version != known {
            return Err(BundleError::Newer(version));
        }
        digest.update(magic);
        let frame = read_block(&mut input)?;
        update(&mut digest, &frame);
        let bytes = length_of(&frame).saturating_add(length(MAGIC.len()));
        let head = BundleHead::from_frame(&frame)?;
        Ok(Self { input, head, digest, bytes, envelopes: 0 })
    }

    /// Who wrote it; not proven before the end was reached and its signature checked.
    pub const fn head(&self) -> &BundleHead {
        &self.head
    }

    /// How many bytes were read.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How many envelopes were read.
    pub const fn envelopes(&self) -> u64 {
        self.envelopes
    }

    /// The next block. After [`Block::End`] there is none to ask for.
    ///
    /// # Errors
    /// [`BundleError`].
    pub fn next_block(&mut self) -> Result<Block, BundleError> {
        let frame = read_block(&mut self.input)?;
        self.bytes = self.bytes.saturating_add(length_of(&frame));
        if kind_of(&frame)? == BundleEnd::KIND {
            return self.end(&frame);
        }
        update(&mut self.digest, &frame);
        if kind_of(&frame)? == MembersPush::KIND {
            let MembersPush { clinic, entries } = MembersPush::from_frame(&frame)?;
            return if clinic == self.head.clinic {
                Ok(Block::Members(entries))
            } else {
                Err(other_clinic())
            };
        }
        let PushRequest { clinic, keys, envelopes } = PushRequest::from_frame(&frame)?;
        if clinic != self.head.clinic {
            return Err(other_clinic());
        }
        self.envelopes = self.envelopes.saturating_add(length(envelopes.len()));
        Ok(Block::Envelopes { keys, envelopes })
    }

    fn end(&mut self, frame: &[u8]) -> Result<Block, BundleError> {
        let end = BundleEnd::from_frame(frame)?;
        let digest: [u8; 32] = self.digest.clone().finalize().into();
        if end.digest != digest || end.envelopes != self.envelopes {
            return Err(BundleError::Altered);
        }
        match self.input.read(&mut [0; 1]).map_err(BundleError::File)? {
            0 => Ok(Block::End(end)),
            _ => Err(BundleError::Damaged(DecodeError::Trailing(1))),
        }
    }
}

const fn other_clinic() -> BundleError {
    BundleError::Damaged(DecodeError::NotCanonical("clinic of a block"))
}

/// A block's frame. Memory is taken as bytes come: a length alone holds up nothing.
fn read_block(input: &mut impl Read) -> Result<Vec<u8>, BundleError> {
    let mut length = [0; 4];
    input.read_exact(&mut length).map_err(of_file)?;
    let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
    if length > FRAME_BYTES_MAX {
        let error = DecodeError::TooLong { what: "block", max: FRAME_BYTES_MAX };
        return Err(BundleError::Damaged(error));
    }
    let mut frame = Vec::new();
    let limit = u64::try_from(length).unwrap_or(u64::MAX);
    let read = input.take(limit).read_to_end(&mut frame).map_err(BundleError::File)?;
    if read < length {
        return Err(BundleError::CutOff);
    }
    Ok(frame)
}

fn update(digest: &mut Sha256, frame: &[u8]) {
    digest.update(u32::try_from(frame.len()).unwrap_or(u32::MAX).to_be_bytes());
    digest.update(frame);
}

fn length_of(frame: &[u8]) -> u64 {
    length(frame.len()).saturating_add(4)
}

fn length(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

fn of_file(error: io::Error) -> BundleError {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        BundleError::CutOff
    } else {
        BundleError::File(error)
    }
}

/// A file too short for a name is none of ours.
fn not_a_bundle(error: BundleError) -> BundleError {
    if matches!(error, BundleError::CutOff) { BundleError::NotABundle } else { error }
}
