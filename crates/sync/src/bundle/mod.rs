//! A file that carries a clinic's envelopes from one device to another, on a USB stick.
//!
//! ```text
//! MAGIC | block*                 block = length (u32) | frame
//! frames: BundleHead, MembersPush*, PushRequest*, BundleEnd
//! ```
//! The head tells who wrote it and what that device holds; the end has the hash of all before it,
//! signed. Whoever reads takes in block by block: the membership entries and the envelopes are
//! each signed themselves, so a file that was cut off or spoilt is of use as far as it goes. What
//! the head says of the writer counts only once the end was reached and its signature holds.
//!
//! A reader holds one block in memory, at most [`FRAME_BYTES_MAX`](crate::limits::FRAME_BYTES_MAX).

mod form;
mod reader;
mod writer;

pub use form::{BundleEnd, BundleHead};
pub use reader::{Block, BundleReader};
pub use writer::BundleWriter;

use std::io;

use crate::codec::DecodeError;

/// What a bundle begins with: a name and the version of the form.
pub const MAGIC: [u8; 8] = *b"FCBNDL\0\x01";

/// How the name of a bundle's file ends.
pub const FILE_ENDING: &str = "fcbundle";

/// Why a bundle cannot be read on. What was read before it holds.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The file is something else.
    #[error("this file is no bundle")]
    NotABundle,
    /// A newer program wrote it.
    #[error("this bundle is of a newer form ({0})")]
    Newer(u8),
    /// It ends before its end.
    #[error("this bundle is cut off")]
    CutOff,
    /// Something in it cannot be read.
    #[error("this bundle is damaged")]
    Damaged(#[from] DecodeError),
    /// It is not what its device wrote.
    #[error("this bundle is not what its computer wrote")]
    Altered,
    /// The file cannot be read.
    #[error("the file of the bundle cannot be read")]
    File(#[source] io::Error),
}

#[cfg(test)]
mod tests;
