//! The one place where foreign bytes meet Automerge.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// No device makes a change larger than this, bytes.
pub const CHANGE_LEN_MAX: usize = 8 << 20;
/// No value of a document is larger than this, bytes: with all that surrounds it, its change is no
/// larger than [`CHANGE_LEN_MAX`].
pub const VALUE_LEN_MAX: usize = 6 << 20;
/// No original is added to a document that would become larger than this, bytes: what is stored
/// of it, and all that is added, still opens with what other computers add meanwhile.
pub const DOCUMENT_LEN_MAX: usize = 192 << 20;
/// No chart is larger than this, bytes.
pub const SNAPSHOT_LEN_MAX: usize = 256 << 20;

/// Automerge stopped in the middle; whatever it was working on must be thrown away.
#[derive(Debug)]
pub(crate) struct Panicked;

/// Runs `work`. The caller must drop everything `work` could have left half done.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Panicked> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| Panicked)
}
