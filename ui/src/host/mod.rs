//! What the webview gives: the clock, the page, the focus.

pub(crate) mod clock;
pub(crate) mod file;
pub(crate) mod focus;
pub(crate) mod page;
pub(crate) mod picture;
