//! Every form that bytes from outside may have, in one list: of it are the golden files, the hostile
//! bytes of every test run, and the fuzz targets. Whatever is read is written as the same bytes.

use std::io::Read;

use crate::bundle::{Block, BundleReader};
use crate::codec::Canonical;
use crate::cursor::Cursor;
use crate::envelope::{Envelope, Header, Kind};
use crate::have::Have;
use crate::left::Left;
use crate::membership::SignedEntry;
use crate::payload::Payload;
use crate::wire::{Frame, Refusal};

/// One serialised form.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// The name of its type.
    pub name: &'static str,
    /// Reads bytes and writes what was read; nothing where they are refused.
    pub again: fn(&[u8]) -> Option<Vec<u8>>,
}

/// Every frame, as [`crate::wire`] numbers them.
pub const FRAMES: &[Form] = crate::wire::FRAMES;

/// Makes forms of types that are no frames.
macro_rules! forms {
    ($($name:ident)*) => { &[$(Form { name: stringify!($name), again: again::<$name> }),*] };
}

/// What stands by itself and is no frame: what is sealed, signed, or told.
pub const SEALED: &[Form] = forms! { Envelope Header Payload SignedEntry Have Cursor Left };

impl Form {
    /// Of a frame.
    pub(crate) const fn of_frame<T: Frame>() -> Self {
        Self { name: T::NAME, again: frame_again::<T> }
    }

    /// Reads bytes as this form.
    ///
    /// # Panics
    /// When what was read is not written as the same bytes.
    pub fn check(&self, bytes: &[u8]) {
        if let Some(again) = (self.again)(bytes) {
            assert_eq!(again, bytes, "{}", self.name);
        }
    }
}

/// The fuzz target `frame`: any bytes as whatever a request or a reply may be.
///
/// # Panics
/// As [`Form::check`].
pub fn read_as_frames(bytes: &[u8]) {
    FRAMES.iter().for_each(|form| form.check(bytes));
}

/// The fuzz target `envelope`: any bytes as what is sealed, signed or told, and as the payload of an
/// envelope of every kind.
///
/// # Panics
/// As [`Form::check`], or when a payload is taken for one of several kinds.
pub fn read_as_sealed(bytes: &[u8]) {
    SEALED.iter().for_each(|form| form.check(bytes));
    let kinds = (0..=u8::MAX).filter_map(Kind::from_code);
    let opened: Vec<_> = kinds.filter_map(|kind| Payload::open(kind, bytes).ok()).collect();
    assert!(opened.len() <= 1, "{opened:?}");
}

/// The fuzz target `bundle`: a file from a stick, read to its end or to what is wrong with it. Whether
/// its end was reached.
pub fn read_as_bundle(bytes: impl Read) -> bool {
    let Ok(mut reader) = BundleReader::begin(bytes) else { return false };
    while let Ok(block) = reader.next_block() {
        if matches!(block, Block::End(_)) {
            return true;
        }
    }
    false
}

fn again<T: Canonical>(bytes: &[u8]) -> Option<Vec<u8>> {
    T::from_bytes(bytes).ok().map(|value| value.to_bytes())
}

/// A refusal with a code of a newer release is read as another one, and counts as refused.
fn frame_again<T: Frame>(bytes: &[u8]) -> Option<Vec<u8>> {
    let frame = T::from_frame(bytes).ok()?.to_frame();
    (T::KIND != Refusal::KIND || frame == bytes).then_some(frame)
}
