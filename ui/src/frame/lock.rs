//! Locking: what is typed is kept first, then the keys leave the memory.

use super::{Frame, Gate};
use crate::backend::{answered, call};
use crate::host::focus;
use api::Lock;
use leptos::task::spawn_local;
use std::time::Duration;

/// So long the lock waits for what was sent before: a shell that is busy for longer must not keep a
/// chart in sight of whoever passes by.
const WAITED_MAX: Duration = Duration::from_secs(3);

/// Locks the window.
pub(crate) fn lock(frame: Frame, gate: Gate) {
    // A field that keeps what it holds when it is left is left.
    focus::leave();
    spawn_local(async move {
        frame.keepers.keep().await;
        answered(WAITED_MAX).await;
        // Whatever the answer, the status tells where we stand now.
        drop(call(&Lock {}).await);
        gate.status.refetch();
    });
}
