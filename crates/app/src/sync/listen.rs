//! Listening: the server says when there is something new, so that nobody has to keep asking.

use crate::{
    App,
    error::signed_out,
    host::Host,
    open::{Open, Session},
    permit::Permit,
};
use api::{ApiError, Origin, SyncNow};
use std::{
    ops::ControlFlow,
    sync::{Arc, Weak},
    time::Duration,
};
use sync::{carrier::Carrier, wire::Principal};

use super::{
    failure::told_failure,
    keys::{Keys, clinic_of},
    server::{Server, server_of},
};

/// How long a lock or another server goes unnoticed.
const TICK: Duration = Duration::from_secs(1);

/// What whoever listens hears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// The server can be heard from now on.
    Listening,
    /// There may be something new.
    News,
    /// Nothing for a while.
    Nothing,
}

/// Why listening ended without a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// No server is set.
    Alone,
    /// Whoever was signed in is not any more, or another server was set.
    Changed,
    /// It was asked to.
    Asked,
}

/// What is listened for: it holds neither the store nor its keys.
struct Listening {
    open: Weak<Open>,
    server: Server,
}

impl<H: Host> App<H> {
    /// Listens to the server for as long as whoever is signed in now stays so, the server and
    /// the network allow, and `heard` says to go on. It blocks.
    ///
    /// # Errors
    /// `signed-out`; `not-permitted`; the server's and the network's; the store's.
    pub fn listen(
        &self,
        heard: &mut dyn FnMut(Heard) -> ControlFlow<()>,
    ) -> Result<Ended, ApiError> {
        let Some((mut carrier, listening)) = begin(self)? else { return Ok(Ended::Alone) };
        carrier.listen().map_err(|failure| told_failure(&failure))?;
        let mut next = Heard::Listening;
        loop {
            if heard(next).is_break() {
                return Ok(Ended::Asked);
            }
            if !listening.holds(self)? {
                return Ok(Ended::Changed);
            }
            let news = carrier.news(TICK).map_err(|failure| told_failure(&failure))?;
            next = if news.is_some() { Heard::News } else { Heard::Nothing };
        }
    }
}

type Begun = (Box<dyn Carrier>, Listening);

fn begin<H: Host>(app: &App<H>) -> Result<Option<Begun>, ApiError> {
    let open = app.opened().ok_or_else(signed_out)?;
    let session = Session { host: app.host(), open: &open, origin: Origin::Sync };
    let _permit: Permit<SyncNow> = session.permit(None)?;
    let Some(server) = server_of(&session)? else { return Ok(None) };
    let connected = app.host().connect(&server.url, server.pin);
    let mut carrier = connected.map_err(|failure| told_failure(&failure))?;
    let keys = Keys::load(&session)?;
    // By a token of its own: what is heard ends with it.
    carrier.identify(clinic_of(&session), Principal::Device(keys.device), keys.signer);
    Ok(Some((carrier, Listening { open: Arc::downgrade(&open), server })))
}

impl Listening {
    /// Whether the same person is signed in and the same server is set.
    fn holds<H: Host>(&self, app: &App<H>) -> Result<bool, ApiError> {
        let Some(open) = app.opened() else { return Ok(false) };
        if !std::ptr::eq(Arc::as_ptr(&open), self.open.as_ptr()) {
            return Ok(false);
        }
        let session = Session { host: app.host(), open: &open, origin: Origin::Sync };
        Ok(server_of(&session)?.as_ref() == Some(&self.server))
    }
}
