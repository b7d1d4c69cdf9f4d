//! What is asked before its answer is waited for: a page that is fetched while the one before it is
//! taken in, a push that goes out while the one before it waits for its answer.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::sync::oneshot::channel;
use tokio::task::JoinHandle;

use crate::error::LinkError;

/// Goes on by itself in the runtime, and ends when nobody wants it any more.
#[derive(Debug)]
pub(crate) struct Ahead<Q, A> {
    request: Q,
    answering: JoinHandle<(Result<A, LinkError>, Duration)>,
}

impl<Q: PartialEq, A: Send + 'static> Ahead<Q, A> {
    /// Asks `request` by `answer`.
    pub(crate) fn begin(
        runtime: Arc<Runtime>,
        request: Q,
        answer: impl Future<Output = Result<A, LinkError>> + Send + 'static,
    ) -> Self {
        let (ended, over) = channel::<()>();
        let answering = runtime.spawn(async move {
            let (begun, _ended) = (Instant::now(), ended);
            (answer.await, begun.elapsed())
        });
        // Nobody waits for it yet: a thread does, until it ends or is given up.
        thread::spawn(move || drop(runtime.block_on(over)));
        Self { request, answering }
    }

    /// Whether it is what this asks for.
    pub(crate) fn answers(&self, request: &Q) -> bool {
        self.request == *request
    }

    /// The answer, once it is there, and for how long it was on the way; `None` where it has to be asked
    /// for anew: a token ends, and a connection that was kept open, whatever is asked.
    pub(crate) async fn answer(mut self) -> Option<(Result<A, LinkError>, Duration)> {
        let answered = (&mut self.answering).await;
        answered.ok().filter(|(answer, _)| !answer.as_ref().is_err_and(LinkError::is_passing))
    }
}

impl<Q, A> Drop for Ahead<Q, A> {
    fn drop(&mut self) {
        self.answering.abort();
    }
}
