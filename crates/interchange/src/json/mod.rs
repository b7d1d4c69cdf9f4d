//! JSON as it was written: one pass makes compact text and an index of it.
//!
//! A general reader turns numbers into floats, lets the last of two members win in silence and
//! refuses a whole file for one lone surrogate. Here the text is the value: numbers keep their
//! digits, members their order, and every oddity becomes a finding with its path.

mod scan;
mod skip;
mod view;

pub(crate) use scan::{ScanError, scan};
pub(crate) use skip::Walk;
pub(crate) use view::{Document, Json, Kind};

/// The value of JSON text, its numbers as written (serde_json's own reader turns `1E2` into
/// `1e+2`), without what stands twice. `None` when it is no JSON or beyond the limits.
pub(crate) fn value(text: &str) -> Option<serde_json::Value> {
    let scanned = scan(text, 0, &crate::Limits::default()).ok()?;
    Some(scanned.document.root().to_value())
}

/// Whether a name stands twice in an object of JSON text.
pub(crate) fn has_twice(text: &str) -> bool {
    let scanned = scan(text, 0, &crate::Limits::default());
    scanned.is_ok_and(|scanned| scanned.document.has_twice())
}
