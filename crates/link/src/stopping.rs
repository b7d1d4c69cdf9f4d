//! Waiting for the other side, until it answers or nobody wants to wait any more.

use std::future::poll_fn;
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{io, mem};

use sync::carrier::Stop;
use sync::session::{Failure, SyncEvent};
use tokio::runtime::{Builder, Runtime};
use tokio::select;

/// Does one caller's work. When it goes, nothing is waited for that still goes on in it: looking up a
/// name takes as long as the system likes.
#[derive(Debug)]
pub(crate) struct Waiting(Arc<Runtime>);

impl Waiting {
    /// Nothing is done yet.
    pub(crate) fn new() -> io::Result<Self> {
        Builder::new_current_thread().enable_all().build().map(Arc::new).map(Self)
    }

    /// Where something can be begun that is not waited for yet.
    pub(crate) fn share(&self) -> Arc<Runtime> {
        self.0.clone()
    }

    /// Does `work` to its end.
    pub(crate) fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.0.block_on(work)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        // Where the system has not even room for an idle one, it is waited for.
        if let Ok(idle) = Builder::new_current_thread().build() {
            // Where something is still begun, it ends with that.
            let mine = mem::replace(&mut self.0, Arc::new(idle));
            Arc::try_unwrap(mine).into_iter().for_each(Runtime::shutdown_background);
        }
    }
}

/// What comes of `work`, or that it was stopped; with how long it was waited for.
pub(crate) async fn unless_stopped(
    stop: &Stop,
    work: impl Future<Output = SyncEvent>,
) -> (SyncEvent, Duration) {
    let begun = Instant::now();
    let event = select! {
        biased;
        () = poll_fn(|context| stop.poll_asked(context)) => SyncEvent::Failed(Failure::Stopped),
        event = work => event,
    };
    (event, begun.elapsed())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "this is a test")]
mod tests {
    use super::*;
    use std::future::{pending, ready};

    #[test]
    fn who_waits_is_stopped_and_nothing_is_sent_after_that() {
        let runtime = Builder::new_current_thread().build().unwrap();
        let stop = Stop::default();
        let is_stopped = |event| matches!(event, SyncEvent::Failed(Failure::Stopped));
        let never = async {
            stop.ask();
            pending().await
        };
        assert!(is_stopped(runtime.block_on(unless_stopped(&stop, never)).0));
        let sends = async { unreachable!("it was stopped before") };
        assert!(is_stopped(runtime.block_on(unless_stopped(&stop, sends)).0));
        stop.forget();
        let answers = unless_stopped(&stop, ready(SyncEvent::KeysStored));
        assert!(matches!(runtime.block_on(answers).0, SyncEvent::KeysStored));
    }
}
