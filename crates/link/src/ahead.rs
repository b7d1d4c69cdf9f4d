//! A page that is fetched before it is asked for: on the way while the one before it is taken in.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use sync::ids::Token;
use sync::wire::{PullPage, PullRequest};
use tokio::runtime::Runtime;
use tokio::sync::oneshot::channel;
use tokio::task::JoinHandle;

use crate::client::Client;
use crate::error::LinkError;

/// Goes on by itself in the runtime, and ends when nobody wants it any more.
#[derive(Debug)]
pub(crate) struct Ahead {
    request: PullRequest,
    fetching: JoinHandle<(Result<PullPage, LinkError>, Duration)>,
}

impl Ahead {
    pub(crate) fn begin(
        runtime: Arc<Runtime>,
        client: Client,
        token: Token,
        request: PullRequest,
    ) -> Self {
        let asked = request.clone();
        let (ended, over) = channel::<()>();
        let fetching = runtime.spawn(async move {
            let (begun, _ended) = (Instant::now(), ended);
            (client.pull(&token, &asked).await, begun.elapsed())
        });
        // Nobody waits for it yet: a thread does, until it ends or is given up.
        thread::spawn(move || drop(runtime.block_on(over)));
        Self { request, fetching }
    }

    /// Whether it is what this asks for.
    pub(crate) fn answers(&self, request: &PullRequest) -> bool {
        self.request == *request
    }

    /// The page, once it is there, and for how long it was on the way.
    ///
    /// # Errors
    /// [`LinkError`].
    pub(crate) async fn page(mut self) -> (Result<PullPage, LinkError>, Duration) {
        let fetched = (&mut self.fetching).await;
        fetched.unwrap_or((Err(LinkError::Interrupted), Duration::ZERO))
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.fetching.abort();
    }
}
