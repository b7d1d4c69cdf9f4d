//! The thread that listens.

use super::{Bell, Exchanging, Pace};
use api::{ApiError, ErrorCode};
use app::{Ended, Heard};
use std::{
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// Listens to the server and rings the bell, again and again, until the bell is closed.
pub(super) fn listen(app: &dyn Exchanging, bell: &Bell, pace: &Pace) {
    let mut failures = 0;
    loop {
        let mut opened = false;
        let outcome = once(app, &mut |heard| {
            opened = true;
            ring(bell, heard)
        });
        bell.set_listening(false);
        failures = failures_after(if opened { 0 } else { failures }, &outcome);
        tracing::debug!(failures, "does not listen");
        let pause = Pace::spread(pace.before_listening(failures), app.chance());
        if bell.closes_within(pause) {
            return;
        }
    }
}

/// Listens until it ends. A panic ends this listening, as a failure, and not the ones that come.
fn once(
    app: &dyn Exchanging,
    heard: &mut dyn FnMut(Heard) -> ControlFlow<()>,
) -> Result<Ended, ApiError> {
    catch_unwind(AssertUnwindSafe(|| app.listen(heard))).unwrap_or_else(|_| {
        tracing::warn!("listening broke off");
        Err(ApiError::new(ErrorCode::Internal, "Listening broke off."))
    })
}

/// What was missed before the server could be heard is news too.
fn ring(bell: &Bell, heard: Heard) -> ControlFlow<()> {
    match heard {
        Heard::Listening => bell.set_listening(true),
        Heard::News => bell.news(),
        Heard::Nothing => {}
    }
    if bell.is_closed() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

/// Failures in a row; nobody being there to listen is none.
fn failures_after(failures: u32, outcome: &Result<Ended, ApiError>) -> u32 {
    match outcome {
        Ok(Ended::Alone | Ended::Changed | Ended::Asked) => 0,
        Err(error) if error.code == ErrorCode::SignedOut => 0,
        Err(_) => failures.saturating_add(1),
    }
}
