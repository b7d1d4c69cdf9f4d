//! The thread: it serves while somebody is signed in, and meets the others.

use super::{
    LanSettings, Meeting, Serving,
    around::{meet_all, or_told},
    desk::Desk,
};
use crate::exchange::{Bell, Pace};
use app::LanIdentity;
use link::{Announcement, Browse, LanListener, announce, browse, reachable};
use std::{
    io,
    net::SocketAddr,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, mpsc::SyncSender},
    time::{Duration, Instant},
};
use sync::signing::Signer;

/// How soon a sign-in, a lock or the switch is noticed.
const TICK: Duration = Duration::from_millis(500);
/// How often the others are met where nothing was recorded here.
const IDLE: Duration = Duration::from_secs(20);

/// How long until it is tried again to listen where that failed.
const TRY_AGAIN: Duration = Duration::from_secs(30);

/// What goes on.
pub(super) struct Running {
    app: Arc<dyn Meeting>,
    bell: Bell,
    settings: LanSettings,
    pace: Pace,
    serving: Serving,
    /// Is told whenever the others were met.
    met: SyncSender<()>,
    open: Option<Open>,
    /// When it was tried last to listen.
    tried: Option<Instant>,
    /// Where it listened last: who was told of it finds it there again.
    last: Option<SocketAddr>,
}

/// What is open while somebody is signed in.
struct Open {
    listener: LanListener,
    _announcement: Option<Announcement>,
    browse: Option<Browse>,
}

impl Running {
    pub(super) fn new(
        app: Arc<dyn Meeting>,
        bell: Bell,
        (settings, pace): (LanSettings, Pace),
        (serving, met): (Serving, SyncSender<()>),
    ) -> Self {
        let (open, tried, last) = (None, None, None);
        Self { app, bell, settings, pace, serving, met, open, tried, last }
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
        if is_due && let Some(open) = &self.open {
            // The network gives other addresses now and then.
            self.app.serve_at(reachable(open.listener.address()));
        }
        if self.bell.takes_asked(&self.pace) || is_due {
            if self.meet_found() {
                // Where one is said already and not heeded yet, that is enough.
                let _said = self.met.try_send(());
            }
            *met = Some(Instant::now());
        }
    }

    /// Serves while somebody is signed in and lets it, and only then: the key goes with the listener.
    fn open_or_close(&mut self) {
        if !self.app.is_on_lan() {
            if self.open.take().is_some() {
                self.app.serve_at(None);
            }
            self.tried = None;
            self.serving.set(None);
            return;
        }
        let waits = self.tried.is_some_and(|at| at.elapsed() < TRY_AGAIN);
        if self.open.is_some() || waits {
            return;
        }
        self.tried = Some(Instant::now());
        let Some(identity) = self.app.lan_identity() else { return };
        match self.begin(identity) {
            Ok((open, address)) => {
                self.app.serve_at(reachable(address));
                self.last = Some(address);
                self.open = Some(open);
                self.serving.set(Some(address));
            }
            Err(error) => tracing::warn!(kind = ?error.kind(), "other computers are not served"),
        }
    }

    fn begin(&self, LanIdentity { signer, hint }: LanIdentity) -> io::Result<(Open, SocketAddr)> {
        let listener = self.listen(&signer)?;
        let address = listener.address();
        let (announcement, browse) = if self.settings.discovers {
            (or_told(announce(address.port(), &hint)), or_told(browse(&hint)))
        } else {
            (None, None)
        };
        Ok((Open { listener, _announcement: announcement, browse }, address))
    }

    /// Listens: where it did before, as long as nobody else took that.
    fn listen(&self, signer: &Arc<dyn Signer + Send + Sync>) -> io::Result<LanListener> {
        let at = |address| {
            let desk = Arc::new(Desk::new(Arc::clone(&self.app)));
            LanListener::begin(address, Arc::clone(signer), desk)
        };
        self.last.and_then(|last| at(last).ok()).map_or_else(|| at(self.settings.listen), Ok)
    }

    /// Meets the others; answers whether there was any.
    fn meet_found(&self) -> bool {
        let browse = self.open.as_ref().and_then(|open| open.browse.as_ref());
        meet_all(self.app.as_ref(), browse, &self.settings.peers)
    }
}
