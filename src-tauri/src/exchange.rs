//! Exchanging with the server unasked: soon after something was recorded here, and now and then
//! for what was recorded elsewhere.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use api::{ApiError, Command, Event, Origin, SyncNow, SyncPhase, SyncView};

use crate::backend::Backend;

/// What is recorded within this time goes out together.
const SETTLE: Duration = Duration::from_millis(1500);
/// How often others are asked for news.
const NEWS: Duration = Duration::from_secs(20);
/// The first wait after a failure; it doubles with each.
const RETRY_MIN: Duration = Duration::from_secs(10);
/// The longest wait after failures.
const RETRY_MAX: Duration = Duration::from_secs(300);

/// Tells the loop that there is something to send. Cheap; one that is waiting is enough.
#[derive(Debug, Clone)]
pub(crate) struct Nudge(SyncSender<()>);

/// What the loop listens to.
#[derive(Debug)]
pub(crate) struct Nudges(Receiver<()>);

/// A pair of both; the loop ends when the last [`Nudge`] goes.
pub(crate) fn nudges() -> (Nudge, Nudges) {
    let (sender, receiver) = sync_channel(1);
    (Nudge(sender), Nudges(receiver))
}

impl Nudge {
    /// Heeds an event: what came by sync needs no sending back.
    pub(crate) fn heed(&self, event: &Event) {
        let Event::Changed { origin, .. } = event;
        match origin {
            Origin::Window(_) | Origin::Import | Origin::Host => {
                // A full channel holds a nudge already, a closed one has no loop any more.
                let _full_or_closed = self.0.try_send(());
            }
            Origin::Sync => {}
        }
    }
}

/// Starts the loop on a thread of its own.
pub(crate) fn keep_exchanging(backend: Arc<dyn Backend>, nudges: Nudges) -> std::io::Result<()> {
    let run = move || run(backend.as_ref(), &nudges.0);
    std::thread::Builder::new().name("exchange".to_owned()).spawn(run).map(drop)
}

fn run(backend: &dyn Backend, nudges: &Receiver<()>) {
    let mut rhythm = Rhythm::default();
    loop {
        match nudges.recv_timeout(rhythm.pause()) {
            Ok(()) => std::thread::sleep(SETTLE),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        while nudges.try_recv().is_ok() {}
        rhythm.heed(&exchange(backend));
    }
}

/// One exchange; where nobody is signed in or no server is set, nothing happens.
fn exchange(backend: &dyn Backend) -> Result<SyncView, ApiError> {
    let reply = backend.answer(SyncNow::NAME, serde_json::json!({}), Origin::Sync)?;
    let read = serde_json::from_value::<SyncView>(reply);
    let view = read.map_err(|error| ApiError::new(api::ErrorCode::Internal, error.to_string()))?;
    tracing::info!(phase = ?view.phase, sent = view.sent, received = view.received, "exchanged");
    Ok(view)
}

/// How long to wait for the next exchange.
#[derive(Debug, Default, PartialEq, Eq)]
struct Rhythm {
    failures: u32,
}

impl Rhythm {
    fn heed(&mut self, outcome: &Result<SyncView, ApiError>) {
        let failed = matches!(outcome, Ok(SyncView { phase: SyncPhase::Failed(_), .. }));
        self.failures = if failed { self.failures.saturating_add(1) } else { 0 };
    }

    fn pause(&self) -> Duration {
        match self.failures.checked_sub(1) {
            None => NEWS,
            Some(doublings) => {
                let factor = 2_u32.checked_pow(doublings).unwrap_or(u32::MAX);
                RETRY_MIN.checked_mul(factor).map_or(RETRY_MAX, |pause| pause.min(RETRY_MAX))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::Sender;

    use serde_json::Value;

    /// Tells every exchange, and refuses it.
    struct Telling(Sender<String>);

    impl Backend for Telling {
        fn answer(&self, name: &str, _: Value, origin: Origin) -> Result<Value, ApiError> {
            self.0.send(format!("{name} {origin:?}")).unwrap();
            Err(ApiError::new(api::ErrorCode::SignedOut, "nobody"))
        }
    }

    fn changed(origin: Origin) -> Event {
        Event::Changed { topics: Vec::new(), origin }
    }

    #[test]
    fn what_is_recorded_here_goes_out_and_the_loop_ends_with_the_program() {
        let (told, tells) = std::sync::mpsc::channel();
        let (nudge, nudges) = nudges();
        let looping = std::thread::spawn(move || run(&Telling(told), &nudges.0));
        nudge.heed(&changed(Origin::Window("main".to_owned())));
        assert_eq!(tells.recv_timeout(NEWS).unwrap(), "sync-now Sync");
        drop(nudge);
        looping.join().unwrap();
    }

    #[test]
    fn what_came_by_sync_is_no_reason_to_sync() {
        let (nudge, nudges) = nudges();
        nudge.heed(&changed(Origin::Sync));
        assert!(nudges.0.try_recv().is_err());
        nudge.heed(&changed(Origin::Import));
        nudge.heed(&changed(Origin::Host));
        assert!(nudges.0.try_recv().is_ok() && nudges.0.try_recv().is_err());
    }

    #[test]
    fn failures_make_the_waits_longer_up_to_a_limit() {
        let seconds = |failures| Rhythm { failures }.pause().as_secs();
        assert_eq!(
            [0, 1, 2, 3, 6, 7, 40, u32::MAX].map(seconds),
            [20, 10, 20, 40, 300, 300, 300, 300]
        );
    }

    #[test]
    fn only_a_failed_exchange_counts_as_one() {
        let view = |phase| SyncView {
            server: None,
            phase,
            to_send: 0,
            last_success: None,
            quarantined: 0,
            alarms: Vec::new(),
            sent: 0,
            received: 0,
        };
        let error = || ApiError::new(api::ErrorCode::Unreachable, "gone");
        let mut rhythm = Rhythm::default();
        for (outcome, failures) in [
            (Ok(view(SyncPhase::Failed(error()))), 1),
            (Ok(view(SyncPhase::Failed(error()))), 2),
            (Ok(view(SyncPhase::Idle)), 0),
            (Ok(view(SyncPhase::Alone)), 0),
            (Err(error()), 0),
        ] {
            rhythm.heed(&outcome);
            assert_eq!(rhythm.failures, failures);
        }
    }
}
