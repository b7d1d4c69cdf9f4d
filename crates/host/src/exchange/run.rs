//! The thread that exchanges.

use super::{
    Exchanging, Pace,
    bell::{Bell, Rung},
};
use api::{ApiError, ErrorCode, SyncPhase, SyncView};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{Receiver, SyncSender},
};

/// Exchanges whenever it is time to, until the bell is closed; says each time when it went well.
pub(super) fn exchange(app: &dyn Exchanging, bell: &Bell, pace: &Pace, went: &SyncSender<()>) {
    let mut failures = 0;
    while bell.wait(pace, failures, app.chance()) == Rung::Due {
        let outcome = once(app);
        failures = failures_after(failures, &outcome);
        if goes_on(&outcome) {
            bell.news();
        }
        // Without a server files come from the others, after each of them was met.
        if outcome.is_ok_and(|view| view.server.is_some() && view.phase == SyncPhase::Idle) {
            // Where one is said already and not heeded yet, that is enough.
            let _said = went.try_send(());
        }
    }
}

/// After a stop it is waited as after so many failures: for as long as it ever is.
const FAILURES_OF_A_STOP: u32 = 16;

/// Carries files after each exchange that went well, until nobody exchanges any more.
pub(crate) fn carry(carry: impl Fn() -> Result<(), ApiError>, exchanged: &Receiver<()>) {
    while exchanged.recv().is_ok() {
        let carried = catch_unwind(AssertUnwindSafe(&carry));
        match carried {
            Ok(Ok(())) => {}
            Ok(Err(error)) if nobody_may(&error) => {}
            Ok(Err(error)) => tracing::warn!(code = ?error.code, "files were not carried"),
            Err(_) => tracing::warn!("the carrying of files broke off"),
        }
    }
}

/// One exchange; where nobody is signed in or no server is set, nothing happens. A panic ends
/// this exchange and not the ones that come.
fn once(app: &dyn Exchanging) -> Result<SyncView, ApiError> {
    let outcome = catch_unwind(AssertUnwindSafe(|| app.sync_now()))
        .unwrap_or_else(|_| Err(ApiError::new(ErrorCode::Internal, "The exchange broke off.")));
    match &outcome {
        Ok(view) => {
            let failed = matches!(view.phase, SyncPhase::Failed(_));
            tracing::info!(failed, sent = view.sent, received = view.received, "exchanged");
        }
        Err(error) if nobody_may(error) => {}
        // The code alone: what a failure says may name what it met.
        Err(error) => tracing::warn!(code = ?error.code, "the exchange failed"),
    }
    outcome
}

/// Whether something of the record was left for the exchanges that follow: they follow at once.
fn goes_on(outcome: &Result<SyncView, ApiError>) -> bool {
    let Ok(view) = outcome else { return false };
    view.phase == SyncPhase::Idle && view.coming.is_some_and(|coming| coming.goes_on)
}

/// Whether nobody is there who may exchange, which is no failure.
const fn nobody_may(error: &ApiError) -> bool {
    matches!(error.code, ErrorCode::SignedOut | ErrorCode::NotPermitted)
}

fn failures_after(failures: u32, outcome: &Result<SyncView, ApiError>) -> u32 {
    match outcome {
        // Who stopped it does not want the next one at once.
        Ok(SyncView { phase: SyncPhase::Failed(error), .. })
            if error.code == ErrorCode::Stopped =>
        {
            FAILURES_OF_A_STOP.max(failures)
        }
        Ok(SyncView { phase: SyncPhase::Failed(_), .. }) => failures.saturating_add(1),
        Ok(_) => 0,
        Err(error) if nobody_may(error) => 0,
        Err(_) => failures.saturating_add(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_left_is_gone_on_with_at_once_unless_it_failed() {
        let check = |phase, coming: Option<bool>, expected: bool| {
            let coming = coming.map(|goes_on| api::Coming { goes_on, ..Default::default() });
            let view = SyncView { phase, coming, ..SyncView::default() };
            assert_eq!(goes_on(&Ok(view)), expected);
        };
        check(SyncPhase::Idle, Some(true), true);
        check(SyncPhase::Idle, Some(false), false);
        check(SyncPhase::Idle, None, false);
        check(SyncPhase::Running, Some(true), false);
        check(SyncPhase::Failed(ApiError::new(ErrorCode::Unreachable, "")), Some(true), false);
        assert!(!goes_on(&Err(ApiError::new(ErrorCode::Internal, ""))));
    }

    #[test]
    fn all_that_fails_counts_but_that_nobody_is_there() {
        let view = |phase| Ok(SyncView { phase, ..SyncView::default() });
        let error = |code| ApiError::new(code, "gone");
        let failed = || view(SyncPhase::Failed(error(ErrorCode::Unreachable)));
        let mut failures = 0;
        for (outcome, expected) in [
            (failed(), 1),
            (failed(), 2),
            (view(SyncPhase::Idle), 0),
            (failed(), 1),
            (Err(error(ErrorCode::Internal)), 2),
            (Err(error(ErrorCode::DiskFull)), 3),
            (view(SyncPhase::Alone), 0),
            (failed(), 1),
            (Err(error(ErrorCode::SignedOut)), 0),
            (failed(), 1),
            (Err(error(ErrorCode::NotPermitted)), 0),
            (view(SyncPhase::Failed(error(ErrorCode::Stopped))), FAILURES_OF_A_STOP),
            (failed(), FAILURES_OF_A_STOP + 1),
            (view(SyncPhase::Idle), 0),
        ] {
            failures = failures_after(failures, &outcome);
            assert_eq!(failures, expected, "{outcome:?}");
        }
    }
}
