//! One exchange at a time, and word to every window when it is over.

use crate::{
    host::Host,
    open::{Open, Session},
};
use api::{Origin, Topic};
use std::sync::{MutexGuard, PoisonError, TryLockError};

/// The turn of whoever exchanges with the server. When it ends, whoever shows how the sync stands
/// is told: told any earlier, they would ask, and hear that it still goes on.
pub(super) struct SyncTurn<'a, H: Host> {
    held: Option<MutexGuard<'a, ()>>,
    host: &'a H,
    open: &'a Open,
}

impl<'a, H: Host> SyncTurn<'a, H> {
    /// Waits for its turn.
    pub(super) fn wait(session: &Session<'a, H>) -> Self {
        let held =
            session.open.store.turns().syncing.lock().unwrap_or_else(PoisonError::into_inner);
        Self { held: Some(held), host: session.host, open: session.open }
    }

    /// Takes its turn now; `None` while another exchange goes on.
    pub(super) fn take(session: &Session<'a, H>) -> Option<Self> {
        let held = match session.open.store.turns().syncing.try_lock() {
            Ok(held) => held,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return None,
        };
        Some(Self { held: Some(held), host: session.host, open: session.open })
    }
}

impl<H: Host> Drop for SyncTurn<'_, H> {
    fn drop(&mut self) {
        *self.open.store.turns().progress() = None;
        drop(self.held.take());
        let session = Session { host: self.host, open: self.open, origin: Origin::Sync };
        session.tell(vec![Topic::Sync]);
    }
}
