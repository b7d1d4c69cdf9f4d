//! That whoever waits for the other side need wait no longer.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// Whether somebody wants what goes on to stop. Clones are one: who asks holds one, a
/// [carrier](super::Carrier) another. One waits at a time.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<Mutex<Asked>>);

#[derive(Debug, Default)]
struct Asked {
    is_asked: bool,
    /// Who waits for the other side meanwhile.
    waiting: Option<Waker>,
}

impl Stop {
    /// What goes on is to stop; who waits for the other side hears of it.
    pub fn ask(&self) {
        let mut asked = self.lock();
        asked.is_asked = true;
        let waiting = asked.waiting.take();
        drop(asked);
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Nothing is to stop any more.
    pub fn forget(&self) {
        *self.lock() = Asked::default();
    }

    /// Whether it is to stop.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.lock().is_asked
    }

    /// Ready once it is to stop.
    pub fn poll_asked(&self, context: &Context<'_>) -> Poll<()> {
        let mut asked = self.lock();
        if asked.is_asked {
            return Poll::Ready(());
        }
        asked.waiting = Some(context.waker().clone());
        Poll::Pending
    }

    fn lock(&self) -> MutexGuard<'_, Asked> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Wake;

    #[derive(Default)]
    struct Woken(AtomicUsize);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    #[test]
    fn who_waits_is_woken_once_and_a_stop_that_is_over_stops_nothing() {
        let woken = Arc::new(Woken::default());
        let (stop, waker) = (Stop::default(), Waker::from(Arc::clone(&woken)));
        let context = Context::from_waker(&waker);
        assert!(stop.poll_asked(&context).is_pending() && !stop.is_asked());
        let asks = stop.clone();
        asks.ask();
        asks.ask();
        assert_eq!(woken.0.load(Ordering::SeqCst), 1);
        assert!(stop.poll_asked(&context).is_ready() && stop.is_asked());
        stop.forget();
        assert!(asks.poll_asked(&context).is_pending() && !asks.is_asked());
    }
}
