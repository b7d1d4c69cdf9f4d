//! How far a file is that is written or read here, told to every window while it goes on.

use crate::{host::Host, open::Session, permit::Permit};
use api::{ApiError, ErrorCode, Event, FileAct, FileProgress, StopFile};
use sync::carrier::Stop;

/// Is told how far something on a stick is; its error ends that.
pub(super) type Tell<'a> = dyn FnMut(FileAct, FileProgress) -> Result<(), ApiError> + 'a;

/// Stops what is written to a stick or taken in from one here, after the step that it is at; nothing
/// where nothing is.
///
/// # Errors
/// None.
pub(crate) fn stop_file<H: Host>(
    session: &Session<'_, H>,
    _permit: &Permit<StopFile>,
    _command: &StopFile,
) -> Result<(), ApiError> {
    session.open.store.turns().stop_file.ask();
    Ok(())
}

/// What is written to a stick, or taken in from one: one thing after the other, until it is stopped.
pub(super) struct OnStick<'a, H: Host> {
    carried: Carried<'a, H>,
    stop: Stop,
}

impl<'a, H: Host> OnStick<'a, H> {
    /// Who stopped the one before did not stop this one.
    pub(super) fn new(session: &Session<'a, H>, first: FileAct) -> Self {
        let stop = session.open.store.turns().stop_file.clone();
        stop.forget();
        Self { carried: Carried::new(session.host, first), stop }
    }

    /// Tells how far it is.
    ///
    /// # Errors
    /// `file-stopped`.
    pub(super) fn at(&mut self, act: FileAct, far: FileProgress) -> Result<(), ApiError> {
        // It is one thing to who looks on.
        self.carried.act = act;
        self.carried.at(far);
        if self.stop.is_asked() {
            let detail = "It was stopped here: no half file stays, and what was taken in does.";
            return Err(ApiError::new(ErrorCode::FileStopped, detail));
        }
        Ok(())
    }
}

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
