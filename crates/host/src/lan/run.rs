//! The thread: it serves while somebody is signed in, and meets the others.

use super::{LanSettings, Meeting, Serving, desk::Desk};
use crate::exchange::{Bell, Pace};
use api::ErrorCode;
use app::LanIdentity;
use link::{Announcement, Browse, LanListener, announce, browse};
use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::{Duration, Instant},
};

/// How soon a sign-in or a lock is noticed.
const TICK: Duration = Duration::from_millis(500);
/// How often the others are met where nothing was recorded here.
const IDLE: Duration = Duration::from_secs(20);

/// What goes on.
pub(super) struct Running {
    app: Arc<dyn Meeting>,
    bell: Bell,
    settings: LanSettings,
    pace: Pace,
    serving: Serving,
    open: Option<Open>,
}

/// What is open while somebody is signed in.
struct Open {
    hint: String,
    _listener: LanListener,
    _announcement: Option<Announcement>,
    browse: Option<Browse>,
}

impl Running {
    pub(super) fn new(
        app: Arc<dyn Meeting>,
        bell: Bell,
        (settings, pace): (LanSettings, Pace),
        serving: Serving,
    ) -> Self {
        Self { app, bell, settings, pace, serving, open: None }
    }

    pub(super) fn run(mut self) {
        let mut met = None;
        while !self.bell.closes_within(TICK) {
            // A panic ends this round and not the ones that come.
            let round = catch_unwind(AssertUnwindSafe(|| self.round(&mut met)));
            if round.is_err() {
                tracing::warn!("a round on the local network broke off");
            }
        }
    }

    fn round(&mut self, met: &mut Option<Instant>) {
        self.open_or_close();
        if self.open.is_none() {
            *met = None;
            return;
        }
        let idle = Pace::spread(IDLE, self.app.chance());
        let is_due = met.is_none_or(|at| at.elapsed() >= idle);
        if self.bell.takes_recorded(&self.pace) || is_due {
            self.meet_all();
            *met = Some(Instant::now());
        }
    }

    /// Serves while somebody is signed in, and only then: the key goes with the listener.
    fn open_or_close(&mut self) {
        let identity = self.app.lan_identity();
        let is_same = match (&identity, &self.open) {
            (Some(identity), Some(open)) => identity.hint == open.hint,
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        if is_same {
            return;
        }
        self.open = None;
        self.serving.set(None);
        let Some(identity) = identity else { return };
        let desk = Arc::new(Desk::new(Arc::clone(&self.app)));
        let LanIdentity { signer, hint } = identity;
        match LanListener::begin(self.settings.listen, signer, desk) {
            Ok(listener) => {
                let address = listener.address();
                self.serving.set(Some(address));
                let told = |error| tracing::warn!(kind = ?error, "no others are looked for");
                let discovers = self.settings.discovers;
                let found = |made: std::io::Result<Browse>| made.map_err(|e| told(e.kind())).ok();
                let announcement = discovers.then(|| announce(address.port(), &hint));
                let announcement = announcement.and_then(|a| a.map_err(|e| told(e.kind())).ok());
                let browse = discovers.then(|| browse(&hint)).and_then(found);
                self.open =
                    Some(Open { hint, _listener: listener, _announcement: announcement, browse });
            }
            Err(error) => tracing::warn!(kind = ?error.kind(), "other computers are not served"),
        }
    }

    fn meet_all(&self) {
        let found = self.open.as_ref().and_then(|open| open.browse.as_ref()).map(Browse::found);
        let found = found.into_iter().flatten().map(|address| address.to_string());
        let all: BTreeSet<String> = found.chain(self.settings.peers.iter().cloned()).collect();
        for address in all {
            match self.app.meet_peer(&address) {
                Ok(met) => {
                    tracing::info!(sent = met.sent, received = met.received, "met a computer");
                }
                // One that is switched off is no news.
                Err(error) if error.code == ErrorCode::Unreachable => {}
                Err(error) => tracing::warn!(code = ?error.code, "a computer was not met"),
            }
        }
    }
}
