//! One push while the one before it waits for its answer. On a slow line that is a second and more in
//! which nothing else would go out, and what is lost at the end of a message is noticed late.
//!
//! The next goes out over a connection of its own, and not before the system has taken all of the one
//! before: until then they would share the line, and each would take twice as long.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use sync::carrier::Offer;
use sync::ids::Token;
use sync::wire::{PushReply, PushRequest, Verdict};
use tokio::runtime::Runtime;
use tokio::select;
use tokio::sync::oneshot::{Receiver, channel};
use tokio::time::Instant;

use crate::ahead::Ahead;
use crate::client::Client;
use crate::error::LinkError;
use crate::traffic::Traffic;

/// A line that takes a push in less is not what is waited for.
const SLOW: Duration = Duration::from_secs(2);

/// What of pushes is ahead of their answers.
pub(crate) struct Pushing {
    offered: Option<Offered>,
    begun: Option<Begun>,
}

impl Pushing {
    /// With a push that was begun, and nothing said of the one after it.
    pub(crate) const fn with(begun: Option<Begun>) -> Self {
        Self { offered: None, begun }
    }

    /// Where to say what is pushed next.
    pub(crate) fn offer(&mut self, runtime: Arc<Runtime>) -> Offer {
        let (say, said) = channel();
        self.offered = Some(Offered { runtime, said });
        Box::new(move |request| drop(say.send(request)))
    }

    /// What was begun, where it is this.
    pub(crate) fn begun(&mut self, request: &PushRequest) -> Option<Begun> {
        self.begun.take().filter(|begun| begun.ahead.answers(request))
    }

    /// Begins the next by `way` once the one before is `sent`, where the line is slow and the next is
    /// said. When that is is asked only where something can follow.
    pub(crate) fn next(
        &mut self,
        way: (Client, Token),
        sent: &dyn Fn() -> Sent,
    ) -> impl Future<Output = Option<Begun>> + use<> {
        let offered = self.offered.take().map(|offered| (offered, sent()));
        async move {
            let (offered, sent) = offered?;
            if sent.slowly().await { offered.begin(way).await } else { None }
        }
    }
}

/// Who says what is pushed next.
struct Offered {
    runtime: Arc<Runtime>,
    said: Receiver<PushRequest>,
}

impl Offered {
    async fn begin(self, (client, token): (Client, Token)) -> Option<Begun> {
        let request = self.said.await.ok()?;
        let (sent, asked) = (client.sends(&request), request.clone());
        let answer = async move { client.push(&token, &asked).await };
        Some(Begun { ahead: Ahead::begin(self.runtime, request, answer), sent })
    }
}

/// A push that goes out before it is asked for.
pub(crate) struct Begun {
    ahead: Ahead<PushRequest, PushReply>,
    sent: Sent,
}

impl Begun {
    /// When it is sent.
    pub(crate) fn sends(&self) -> Sent {
        self.sent.clone()
    }

    /// Its reply; `None` where it has to be asked for anew, as where it came in before the one that
    /// stands before it.
    pub(crate) async fn reply(begun: Option<Self>) -> Option<Result<PushReply, LinkError>> {
        let (reply, _) = begun?.ahead.answer().await?;
        let is_gap = |verdict: &Verdict| matches!(verdict, Verdict::Gap { .. });
        let overtook = reply.as_ref().is_ok_and(|reply| reply.verdicts.iter().any(is_gap));
        (!overtook).then_some(reply)
    }
}

/// When a request has been handed over to the system.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    traffic: Traffic,
    /// How much all connections have written by then.
    written: u64,
    since: Instant,
}

impl Sent {
    /// Of so many bytes that are sent from now on.
    pub(crate) fn of(traffic: Traffic, bytes: usize) -> Self {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let written = traffic.written().saturating_add(bytes);
        Self { traffic, written, since: Instant::now() }
    }

    /// Waits until it is; whether the line was what it took.
    async fn slowly(self) -> bool {
        self.traffic.has_written(self.written).await;
        self.since.elapsed() >= SLOW
    }
}

/// What `work` comes to, with what came of `aside` by then.
pub(crate) async fn beside<A, B>(
    work: impl Future<Output = A>,
    aside: impl Future<Output = B>,
) -> (A, Option<B>) {
    let (mut work, aside) = (pin!(work), pin!(aside));
    select! {
        biased;
        done = &mut work => (done, None),
        came = aside => (work.await, Some(came)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{pending, ready};
    use tokio::time::{sleep, timeout};

    /// Whether a line that takes so many bytes a second is slow for 1000 of them.
    async fn is_slow(bytes: usize) -> Option<bool> {
        let traffic = Traffic::default();
        traffic.wrote(500);
        let (sent, moving) = (Sent::of(traffic.clone(), 1000), traffic.clone());
        let line = tokio::spawn(async move {
            loop {
                sleep(Duration::from_secs(1)).await;
                moving.wrote(bytes);
                // What comes says nothing of what has gone.
                moving.came(1 << 20);
            }
        });
        let slowly = timeout(Duration::from_secs(60), sent.slowly()).await;
        line.abort();
        slowly.ok()
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_is_slow_by_what_it_takes() {
        assert_eq!(is_slow(1000).await, Some(false));
        assert_eq!(is_slow(500).await, Some(true));
        assert_eq!(is_slow(400).await, Some(true));
        assert_eq!(is_slow(0).await, None, "it was never sent");
    }

    #[tokio::test]
    async fn what_is_done_first_waits_for_nothing_else() {
        assert_eq!(beside(ready(1), pending::<u8>()).await, (1, None));
        assert_eq!(beside(ready(1), ready(2)).await, (1, None), "the answer comes first");
        let later = async {
            tokio::task::yield_now().await;
            1
        };
        assert_eq!(beside(later, ready(2)).await, (1, Some(2)));
    }
}
