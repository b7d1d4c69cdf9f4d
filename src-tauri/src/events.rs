//! Telling the windows what changed.

use api::Event;
use tauri::{AppHandle, Emitter};

/// Sends an event to every window; a window that is closing may miss it.
pub(crate) fn tell_windows(app: &AppHandle, event: &Event) {
    if let Err(error) = app.emit(Event::CHANNEL, event) {
        tracing::warn!(%error, "a window could not be told of a change");
    }
}
