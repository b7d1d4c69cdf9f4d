//! How entries of the record are named, stamped and disputed.

mod chart;
mod conflict;
mod document;
mod entry;

pub use chart::Chart;
pub use conflict::{Conflict, ConflictId, EntryValue, Version};
pub use document::{DocumentKind, DocumentRef};
pub use entry::{EntryKind, EntryRef, Stamp};
