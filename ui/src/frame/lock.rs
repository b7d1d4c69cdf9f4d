//! Locking: what is typed is kept first, then the keys leave the memory.

use super::{Frame, Gate};
use crate::backend::{answered, call};
use crate::host::{clock, focus};
use api::Lock;
use leptos::task::spawn_local;
use std::{cell::Cell, rc::Rc, time::Duration};

/// So long the lock waits for what was sent before: a shell that is busy for longer must not keep a
/// chart in sight of whoever passes by.
const WAITED_MAX: Duration = Duration::from_secs(3);

/// Has what is typed kept, and waits for it at most so long.
async fn kept(frame: Frame) {
    let is_kept = Rc::new(Cell::new(false));
    let done = Rc::clone(&is_kept);
    spawn_local(async move {
        // What cannot be kept is told where it is typed.
        drop(frame.keepers.keep().await);
        done.set(true);
    });
    let mut waited = Duration::ZERO;
    while !is_kept.get() && waited < WAITED_MAX {
        waited += clock::pause().await;
    }
}

/// Locks the window.
pub(crate) fn lock(frame: Frame, gate: Gate) {
    // A field that keeps what it holds when it is left is left.
    focus::leave();
    spawn_local(async move {
        kept(frame).await;
        answered(WAITED_MAX).await;
        // Whatever the answer, the status tells where we stand now.
        drop(call(&Lock {}).await);
        gate.status.refetch();
    });
}
