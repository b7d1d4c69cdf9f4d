//! The window locks itself when nobody is there.

use super::{Frame, Gate, lock};
use crate::host::clock;
use clinical::Instant;
use leptos::{ev, prelude::*};
use std::time::Duration;

/// So long may nobody touch anything.
const IDLE_MAX_MS: i64 = 5 * 60 * 1000;
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// Locks the window after five minutes without a key or a move.
pub(crate) fn watch(frame: Frame, gate: Gate) {
    let last = StoredValue::new(clock::now());
    let seen = move || {
        last.try_set_value(clock::now());
    };
    let handles = [
        window_event_listener(ev::keydown, move |_| seen()),
        window_event_listener(ev::pointerdown, move |_| seen()),
        window_event_listener(ev::pointermove, move |_| seen()),
        window_event_listener(ev::wheel, move |_| seen()),
    ];
    let look = move || {
        let awake = frame.awake_until.try_get_untracked().flatten();
        if last.try_get_value().is_some_and(|last| is_idle(last, clock::now(), awake)) {
            lock(frame, gate);
        }
    };
    let timer = set_interval_with_handle(look, LOOK_EVERY);
    on_cleanup(move || {
        handles.into_iter().for_each(WindowListenerHandle::remove);
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
}

/// A clock set back counts as a touch: nobody is locked out by it, and time goes on from there.
fn is_idle(last: Instant, now: Instant, awake_until: Option<Instant>) -> bool {
    let is_awake = awake_until.is_some_and(|until| now < until);
    !is_awake && now.unix_ms() - last.unix_ms() >= IDLE_MAX_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_minutes_are_idle() {
        let check = |now_ms: i64, want: bool| {
            let last = Instant::from_unix_ms(1_000_000);
            assert_eq!(is_idle(last, Instant::from_unix_ms(now_ms), None), want, "{now_ms}");
            // Until then nobody has to touch anything.
            let until = Some(Instant::from_unix_ms(1_400_000));
            assert!(!is_idle(last, Instant::from_unix_ms(now_ms), until), "{now_ms}");
            assert!(is_idle(last, Instant::from_unix_ms(1_400_000), until));
        };
        check(1_000_000, false);
        check(1_299_999, false);
        check(1_300_000, true);
        check(0, false);
    }
}
