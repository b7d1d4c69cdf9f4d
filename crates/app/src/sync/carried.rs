//! How far a file is that is written or read here, told to every window while it goes on.

use crate::host::Host;
use api::{Event, FileAct, FileProgress};

/// A file on its way. When it goes, the windows are told that it is over, however it ended.
pub(super) struct Carried<'a, H: Host> {
    host: &'a H,
    act: FileAct,
    is_told: bool,
}

impl<'a, H: Host> Carried<'a, H> {
    /// Nothing is told before something is done.
    pub(super) const fn new(host: &'a H, act: FileAct) -> Self {
        Self { host, act, is_told: false }
    }

    /// Tells how far it is.
    pub(super) fn at(&mut self, far: FileProgress) {
        self.is_told = true;
        self.host.emit(Event::Carrying { act: self.act, far: Some(far) });
    }

    /// Tells how many bytes of how many are done.
    pub(super) fn at_bytes(&mut self, bytes: u64, all: u64) {
        self.at(FileProgress { bytes, bytes_of: Some(all), ..FileProgress::default() });
    }
}

impl<H: Host> Drop for Carried<'_, H> {
    fn drop(&mut self) {
        if self.is_told {
            self.host.emit(Event::Carrying { act: self.act, far: None });
        }
    }
}
