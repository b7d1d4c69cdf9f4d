//! Wake-ups as server-sent events: the clinic's head at once, then whenever it moved.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::Stream;
use futures_util::stream::unfold;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

use crate::accept::stopped;
use crate::auth::Caller;
use crate::clinics::refusal;
use crate::clock::now_ms;
use crate::metrics::Held;
use crate::refuse::Refuse;
use crate::state::{App, Shared};

/// Wake-ups of one stream are at least this far apart; what comes between is one.
const SPACING: Duration = Duration::from_millis(50);
/// A sign of life when nothing else is sent.
const SIGN_OF_LIFE: Duration = Duration::from_secs(20);

pub(crate) async fn wake(
    State(app): State<Shared>,
    caller: Caller,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refuse> {
    let listener = app.work(move |app| {
        app.clinics.as_device(&caller)?;
        // Listens first: what is appended after the head was read is not missed.
        let mut listener = app.wakes.listen(caller.clinic, 0);
        let head = app.clinics.shelf().floor(caller.clinic).map_err(refusal)?.head.seq;
        app.wakes.announce(caller.clinic, head);
        listener.mark_changed();
        Ok(listener)
    });
    let listener = listener.await?;
    let left_ms = caller.expires_at_ms.saturating_sub(now_ms());
    let ends_at = Instant::now() + Duration::from_millis(u64::try_from(left_ms).unwrap_or(0));
    let open = Held::on(&app.metrics, |metrics| &metrics.wake_streams_open);
    let stop = app.stop.clone();
    let waking = Waking { app, caller, listener, stop, ends_at, _open: open };
    let events = unfold(waking, |mut waking| async move {
        let head = waking.next().await?;
        Some((Ok(Event::default().event("wake").data(head.to_string())), waking))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE)))
}

struct Waking {
    app: Shared,
    caller: Caller,
    listener: watch::Receiver<u64>,
    stop: watch::Receiver<bool>,
    ends_at: Instant,
    _open: Held,
}

impl Waking {
    /// The next head; `None` when the token or the server ends, or the device is shut out.
    async fn next(&mut self) -> Option<u64> {
        tokio::select! {
            changed = self.listener.changed() => changed.ok()?,
            () = stopped(&mut self.stop) => return None,
            () = sleep_until(self.ends_at) => return None,
        }
        sleep(SPACING).await;
        let caller = self.caller;
        let still_in = move |app: &App| app.clinics.as_device(&caller).map(drop);
        self.app.work(still_in).await.ok()?;
        self.app.metrics.wakes_sent_total.add(1);
        Some(*self.listener.borrow_and_update())
    }
}
