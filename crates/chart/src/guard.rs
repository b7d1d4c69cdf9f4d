//! The one place where foreign bytes meet Automerge.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// No device makes a change larger than this, bytes.
pub const CHANGE_LEN_MAX: usize = 8 << 20;
/// No chart is larger than this, bytes.
pub const SNAPSHOT_LEN_MAX: usize = 256 << 20;

/// Automerge stopped in the middle; whatever it was working on must be thrown away.
#[derive(Debug)]
pub(crate) struct Panicked;

/// Runs `work`. The caller must drop everything `work` could have left half done.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Panicked> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| Panicked)
}
