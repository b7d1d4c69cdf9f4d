//! The key that sends what is typed: Ctrl+Enter, and Cmd+Enter on macOS.

use web_sys::KeyboardEvent;

/// Hears the key.
pub(crate) fn on_send(send: impl Fn() + 'static) -> Box<dyn Fn(KeyboardEvent)> {
    on_send_or(move |_| send())
}

/// Hears the key, and says whether Shift was held with it.
pub(super) fn on_send_or(send: impl Fn(bool) + 'static) -> Box<dyn Fn(KeyboardEvent)> {
    Box::new(move |event| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            // A key that is held down opens and signs nothing twice.
            if !event.repeat() {
                send(event.shift_key());
            }
        }
    })
}
