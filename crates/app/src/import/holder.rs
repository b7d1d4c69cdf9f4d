//! The store of whoever began an import.

use crate::{
    host::Host,
    open::{Open, Session},
};
use api::{ApiError, ErrorCode, Event, Origin, Topic};
use std::sync::Weak;

/// Where an import writes. Between two writes it holds neither the store nor its keys, so that
/// both go when the window is locked or the person is removed.
pub(super) struct Holder<'h, H> {
    pub(super) host: &'h H,
    pub(super) open: Weak<Open>,
}

impl<H: Host> Holder<'_, H> {
    /// Does `act` with the store of whoever began the import.
    ///
    /// # Errors
    /// `signed-out` when they are not there any more; those of `act`.
    pub(super) fn with<T>(
        &self,
        act: impl FnOnce(&Session<'_, H>) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let open = self.open.upgrade().filter(|open| !open.is_over()).ok_or_else(left)?;
        act(&Session { host: self.host, open: &open, origin: Origin::Import })
    }

    /// Tells every window how it goes, also that it ended because nobody is signed in.
    pub(super) fn tell(&self, topics: Vec<Topic>) {
        self.host.emit(Event::Changed { topics, origin: Origin::Import });
    }
}

/// Whoever began the import has left.
fn left() -> ApiError {
    let detail = "The window was locked before everything was in. What came until then is kept; \
                  import the same files again to go on.";
    ApiError::new(ErrorCode::SignedOut, detail)
}
