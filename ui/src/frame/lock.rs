//! Locking: what is typed is kept first, then the keys leave the memory.

use super::{Frame, Gate, kept::Kept};
use crate::backend::{answered, call};
use crate::host::{clock, focus};
use api::Lock;
use leptos::{prelude::*, task::spawn_local};
use std::{cell::Cell, rc::Rc, time::Duration};

/// So long the lock waits for what was sent before: a shell that is busy for longer must not keep a
/// chart in sight of whoever passes by.
const WAITED_MAX: Duration = Duration::from_secs(3);

/// Has what is typed kept, and waits for it at most so long. Whether it all is.
async fn kept(frame: Frame) -> bool {
    let answer = Rc::new(Cell::new(None));
    let done = Rc::clone(&answer);
    spawn_local(async move {
        let texts = frame.keepers.keep().await;
        let forms = frame.kept.try_with_value(Kept::is_safe).unwrap_or(true);
        done.set(Some(texts.is_ok() && forms));
    });
    let mut waited = Duration::ZERO;
    while answer.get().is_none() && waited < WAITED_MAX {
        waited += clock::pause().await;
    }
    answer.get().unwrap_or(false)
}

/// Locks the window.
pub(crate) fn lock(frame: Frame, gate: Gate) {
    // A field that keeps what it holds when it is left is left.
    focus::leave();
    spawn_local(async move {
        // The window locks all the same; whoever comes back is told.
        gate.lost.set(!kept(frame).await);
        answered(WAITED_MAX).await;
        // Whatever the answer, the status tells where we stand now.
        drop(call(&Lock {}).await);
        gate.status.refetch();
    });
}
