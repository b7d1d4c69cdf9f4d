//! One exchange at a time, and word to every window when it is over.

use crate::{
    host::Host,
    open::{Open, Session},
};
use api::{Origin, Topic};
use std::sync::{MutexGuard, PoisonError, TryLockError, atomic::Ordering};

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
        Self::begun(session, held)
    }

    fn begun(session: &Session<'a, H>, held: MutexGuard<'a, ()>) -> Self {
        // Who stopped the one before, at its very end, did not stop this one.
        session.open.store.turns().stop.forget();
        Self { held: Some(held), host: session.host, open: session.open }
    }

    /// Takes its turn now; `None` while another exchange goes on.
    pub(super) fn take(session: &Session<'a, H>) -> Option<Self> {
        let held = match session.open.store.turns().syncing.try_lock() {
            Ok(held) => held,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return None,
        };
        Some(Self::begun(session, held))
    }

    /// The same; while another exchange goes on, who takes care of exchanges is rung for when that
    /// ends: what this one would have brought does not wait for the next occasion.
    pub(super) fn take_or_later(session: &Session<'a, H>) -> Option<Self> {
        let wanted = &session.open.store.turns().wanted;
        // Before it is tried: the turn may end in between, and looks here after that.
        wanted.store(true, Ordering::SeqCst);
        let turn = Self::take(session);
        if turn.is_some() {
            wanted.store(false, Ordering::SeqCst);
        }
        turn
    }
}

impl<H: Host> Drop for SyncTurn<'_, H> {
    fn drop(&mut self) {
        let turns = self.open.store.turns();
        *turns.progress() = None;
        // Who stopped this exchange did not stop the next.
        turns.stop.forget();
        drop(self.held.take());
        // What another than the sync changes is followed by an exchange.
        let wanted = turns.wanted.swap(false, Ordering::SeqCst);
        let origin = if wanted { Origin::Host } else { Origin::Sync };
        let session = Session { host: self.host, open: self.open, origin };
        session.tell(vec![Topic::Sync]);
    }
}
