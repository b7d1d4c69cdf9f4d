//! Exchanging with the other computers of the clinic on the local network: this one serves them
//! while somebody is signed in, and meets those that it finds or was told of.
//!
//! Two threads beside the listener's own: one meets the others, and one fetches files from them after
//! that: a large one is in the way of no record. They end with the [`Lan`]; only a file that is on its
//! way is not waited for.

mod around;
mod desk;
mod run;
mod settings;

pub use around::meet_nearby;
pub use settings::{LanSettings, NoLan};

use crate::exchange::{Bell, Pace, carry};
use api::ApiError;
use app::{App, Host, LanCallers, LanIdentity, MetPeer};
use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Condvar, Mutex, PoisonError, mpsc::sync_channel},
    thread::{Builder, JoinHandle},
    time::Duration,
};
use sync::{ids::VerifyKey, wire::Refusal};

/// What is asked of the use-cases.
pub trait Meeting: Send + Sync + 'static {
    /// Whether somebody is signed in, and others may be served and looked for. It is asked often.
    fn is_on_lan(&self) -> bool;

    /// With what this computer proves who it is; `None` while nobody is signed in.
    fn lan_identity(&self) -> Option<LanIdentity>;

    /// Exchanges with the computer at an address.
    ///
    /// # Errors
    /// The use-case's.
    fn meet_peer(&self, address: &str) -> Result<MetPeer, ApiError>;

    /// Says whether any computer answered when all that are known were called, as
    /// [`App::called_around`] does.
    fn called_around(&self, answered: bool);

    /// Fetches files from the computers that were met, for as long as that takes, as
    /// [`App::fetch_files_nearby`] does.
    ///
    /// # Errors
    /// The use-case's.
    fn fetch_files_nearby(&self) -> Result<(), ApiError>;

    /// Who may ask here; nobody while nobody is signed in.
    fn lan_callers(&self) -> LanCallers;

    /// Whether somebody is let in here, and how often who may ask has changed by that, as [`App::door`]
    /// tells. It is asked often.
    fn door(&self) -> (bool, u64);

    /// Others reach this computer there from now on.
    fn serve_at(&self, address: Option<SocketAddr>);

    /// Answers a frame of another computer.
    ///
    /// # Errors
    /// Why it is not answered.
    fn answer(&self, caller: &VerifyKey, path: &str, frame: &[u8]) -> Result<Vec<u8>, Refusal>;

    /// Answers a frame of who is of no clinic yet.
    ///
    /// # Errors
    /// Why it is not answered.
    fn answer_newcomer(
        &self,
        caller: &VerifyKey,
        path: &str,
        frame: &[u8],
    ) -> Result<Vec<u8>, Refusal>;

    /// A number drawn at random.
    fn chance(&self) -> u32;
}

impl<H: Host> Meeting for App<H> {
    fn is_on_lan(&self) -> bool {
        Self::is_on_lan(self)
    }

    fn lan_identity(&self) -> Option<LanIdentity> {
        Self::lan_identity(self)
    }

    fn meet_peer(&self, address: &str) -> Result<MetPeer, ApiError> {
        Self::meet_peer(self, address)
    }

    fn called_around(&self, answered: bool) {
        Self::called_around(self, answered);
    }

    fn fetch_files_nearby(&self) -> Result<(), ApiError> {
        Self::fetch_files_nearby(self)
    }

    fn lan_callers(&self) -> LanCallers {
        Self::lan_callers(self)
    }

    fn door(&self) -> (bool, u64) {
        Self::door(self)
    }

    fn serve_at(&self, address: Option<SocketAddr>) {
        Self::serve_at(self, address.map(|address| address.to_string()));
    }

    fn answer(&self, caller: &VerifyKey, path: &str, frame: &[u8]) -> Result<Vec<u8>, Refusal> {
        Self::answer(self, caller, path, frame)
    }

    fn answer_newcomer(
        &self,
        caller: &VerifyKey,
        path: &str,
        frame: &[u8],
    ) -> Result<Vec<u8>, Refusal> {
        Self::answer_newcomer(self, caller, path, frame)
    }

    fn chance(&self) -> u32 {
        crate::exchange::Exchanging::chance(self)
    }
}

/// The exchange over the local network as it goes on; it ends when this is dropped.
#[derive(Debug)]
pub struct Lan {
    bell: Bell,
    thread: Option<JoinHandle<()>>,
    serving: Serving,
}

/// Where this computer answers now; nowhere while nobody is signed in.
#[derive(Debug, Clone, Default)]
struct Serving(Arc<(Mutex<Option<SocketAddr>>, Condvar)>);

impl Serving {
    fn set(&self, address: Option<SocketAddr>) {
        let (place, changed) = &*self.0;
        *place.lock().unwrap_or_else(PoisonError::into_inner) = address;
        changed.notify_all();
    }

    fn wait(&self, at_most: Duration) -> Option<SocketAddr> {
        let (place, changed) = &*self.0;
        let place = place.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = changed.wait_timeout_while(place, at_most, |address| address.is_none());
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

impl Lan {
    /// Begins; `bell` is rung by what is recorded here.
    ///
    /// # Errors
    /// What the system says when it gives no thread.
    pub fn keep_going(
        app: Arc<dyn Meeting>,
        bell: &Bell,
        settings: LanSettings,
    ) -> io::Result<Self> {
        let serving = Serving::default();
        let (met, were_met) = sync_channel(1);
        let fetches = Arc::clone(&app);
        // It ends with the one that meets the others, or with the file that is on its way then.
        Builder::new()
            .name("lan files".to_owned())
            .spawn(move || carry(|| fetches.fetch_files_nearby(), &were_met))?;
        let settings = (settings, Pace::default());
        let running = run::Running::new(app, bell.clone(), settings, (serving.clone(), met));
        let thread = Builder::new().name("lan".to_owned()).spawn(move || running.run())?;
        Ok(Self { bell: bell.clone(), thread: Some(thread), serving })
    }

    /// Where this computer answers, once it does; `None` when it does not within a time.
    pub fn serves_within(&self, at_most: Duration) -> Option<SocketAddr> {
        self.serving.wait(at_most)
    }
}

impl Drop for Lan {
    fn drop(&mut self) {
        self.bell.close();
        if let Some(thread) = self.thread.take() {
            // One that panicked has ended too.
            drop(thread.join());
        }
    }
}
