//! The open store, for as long as anybody works with it.
//!
//! Whoever locks the screen while an exchange goes on leaves the store open behind it. Signing in
//! again must not wait for a slow server, so it goes on with that same store, and with its turns: an
//! edit and a merge never work on the same document side by side.

use crate::turns::Turns;
use std::{
    ops::Deref,
    sync::{Arc, Condvar, Mutex, PoisonError, Weak},
};
use store::Store;
use vault::DatabaseKey;

/// An open store and its turns.
#[derive(Clone)]
pub(crate) struct KeptStore(Arc<Kept>);

struct Kept {
    store: Store,
    turns: Turns,
    /// The check value of its key.
    key: [u8; 16],
    /// Tells that the store was closed: it is dropped after it.
    closing: Closing,
}

impl KeptStore {
    /// Keeps a store that was opened with this key.
    pub(crate) fn new(store: Store, key: &DatabaseKey) -> Self {
        let (turns, closing) = (Turns::default(), Closing::default());
        Self(Arc::new(Kept { store, turns, key: key.derive_check(), closing }))
    }

    /// The turns of whoever works with it.
    pub(crate) fn turns(&self) -> &Turns {
        &self.0.turns
    }

    /// A way back to it that keeps neither the store open nor its keys.
    pub(crate) fn left(&self) -> LeftStore {
        LeftStore(Some((Arc::downgrade(&self.0), self.0.closing.closed())))
    }
}

impl Deref for KeptStore {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.0.store
    }
}

/// The store that was open last, whether or not somebody still works with it.
#[derive(Clone, Default)]
pub(crate) struct LeftStore(Option<(Weak<Kept>, Closed)>);

impl LeftStore {
    /// That store, where it is still open and this is its key. One that is just being closed is
    /// waited for: its lock would keep the next opening out.
    pub(crate) fn again(&self, key: &DatabaseKey) -> Option<KeptStore> {
        let (left, closed) = self.0.as_ref()?;
        let Some(kept) = left.upgrade() else {
            closed.wait();
            return None;
        };
        (kept.key == key.derive_check()).then_some(KeptStore(kept))
    }
}

/// Whether a store was closed.
#[derive(Clone, Default)]
struct Closed(Arc<(Mutex<bool>, Condvar)>);

impl Closed {
    fn wait(&self) {
        let (is_closed, changed) = &*self.0;
        let held = is_closed.lock().unwrap_or_else(PoisonError::into_inner);
        drop(changed.wait_while(held, |is_closed| !*is_closed));
    }
}

#[derive(Default)]
struct Closing(Closed);

impl Closing {
    fn closed(&self) -> Closed {
        self.0.clone()
    }
}

impl Drop for Closing {
    fn drop(&mut self) {
        let (is_closed, changed) = &*self.0.0;
        *is_closed.lock().unwrap_or_else(PoisonError::into_inner) = true;
        changed.notify_all();
    }
}
