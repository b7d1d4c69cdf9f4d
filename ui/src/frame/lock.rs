//! Locking: what is typed is kept first, then the keys leave the memory.

use super::{Frame, Gate};
use crate::backend::call;
use api::Lock;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Locks the window.
pub(crate) fn lock(frame: Frame, gate: Gate) {
    let keeper = frame.keeper.get_value();
    spawn_local(async move {
        if let Some(keep) = keeper {
            keep().await;
        }
        // Whatever the answer, the status tells where we stand now.
        drop(call(&Lock {}).await);
        gate.status.refetch();
    });
}
