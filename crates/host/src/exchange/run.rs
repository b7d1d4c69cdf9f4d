//! The thread that exchanges.

use super::{
    Exchanging, Pace,
    bell::{Bell, Rung},
};
use api::{ApiError, ErrorCode, SyncPhase, SyncView};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Exchanges whenever it is time to, until the bell is closed.
pub(super) fn exchange(app: &dyn Exchanging, bell: &Bell, pace: &Pace) {
    let mut failures = 0;
    while bell.wait(pace, failures) == Rung::Due {
        failures = failures_after(failures, &once(app));
    }
}

/// One exchange; where nobody is signed in or no server is set, nothing happens. A panic ends
/// this exchange and not the ones that come.
fn once(app: &dyn Exchanging) -> Result<SyncView, ApiError> {
    let outcome = catch_unwind(AssertUnwindSafe(|| app.sync_now()))
        .unwrap_or_else(|_| Err(ApiError::new(ErrorCode::Internal, "The exchange broke off.")));
    if let Ok(view) = &outcome {
        let failed = matches!(view.phase, SyncPhase::Failed(_));
        tracing::info!(failed, sent = view.sent, received = view.received, "exchanged");
    }
    outcome
}

fn failures_after(failures: u32, outcome: &Result<SyncView, ApiError>) -> u32 {
    match outcome {
        Ok(SyncView { phase: SyncPhase::Failed(_), .. }) => failures.saturating_add(1),
        Ok(_) | Err(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_failed_exchange_counts_as_one() {
        let view = |phase| Ok(SyncView { phase, ..SyncView::default() });
        let error = || ApiError::new(ErrorCode::Unreachable, "gone");
        let mut failures = 0;
        for (outcome, expected) in [
            (view(SyncPhase::Failed(error())), 1),
            (view(SyncPhase::Failed(error())), 2),
            (view(SyncPhase::Idle), 0),
            (view(SyncPhase::Failed(error())), 1),
            (view(SyncPhase::Alone), 0),
            (Err(error()), 0),
        ] {
            failures = failures_after(failures, &outcome);
            assert_eq!(failures, expected);
        }
    }
}
