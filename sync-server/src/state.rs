//! What every request can reach.

use std::sync::Arc;
use std::time::Duration;

use sync::ids::{ClinicId, ServerPin};
use sync::wire::RefusalCode;
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;

use crate::auth::Auth;
use crate::blobs::Stores;
use crate::clinics::Clinics;
use crate::limits::Rates;
use crate::metrics::Metrics;
use crate::refusals::Refusals;
use crate::refuse::Refuse;
use crate::wakes::Wakes;

/// Jobs on the shelf at one time.
const JOBS_MAX: usize = 32;
/// How long a request waits for its turn.
const TURN_TIMEOUT: Duration = Duration::from_secs(10);

/// The server as its handlers see it.
pub(crate) struct App {
    pub(crate) auth: Auth,
    pub(crate) clinics: Clinics,
    /// Where the bytes of blobs lie, if they are taken at all.
    pub(crate) blobs: Stores,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) rates: Rates,
    pub(crate) refusals: Refusals,
    pub(crate) wakes: Wakes,
    /// Turns true when the server is asked to stop.
    pub(crate) stop: watch::Receiver<bool>,
    jobs: Arc<Semaphore>,
}

/// Shared by all connections.
pub(crate) type Shared = Arc<App>;

impl App {
    pub(crate) fn new(
        (pin, key): (ServerPin, [u8; 32]),
        (clinics, blobs): (Clinics, Stores),
        metrics: Arc<Metrics>,
        stop: watch::Receiver<bool>,
    ) -> Self {
        Self {
            auth: Auth::new(pin, key),
            clinics,
            blobs,
            metrics,
            rates: Rates::default(),
            refusals: Refusals::default(),
            wakes: Wakes::default(),
            stop,
            jobs: Arc::new(Semaphore::new(JOBS_MAX)),
        }
    }

    /// Says to who listens, here and at the other servers, that a clinic's log holds `head`
    /// envelopes, or that its membership changed.
    pub(crate) fn announce(&self, clinic: ClinicId, head: u64) {
        self.wakes.announce(clinic, head);
        self.clinics.shelf().announce(clinic, head);
    }

    /// Does what blocks, a few at a time. Once begun it ends, also when the caller is gone.
    pub(crate) async fn work<T: Send + 'static>(
        self: &Arc<Self>,
        job: impl FnOnce(&Self) -> Result<T, RefusalCode> + Send + 'static,
    ) -> Result<T, Refuse> {
        let turn = timeout(TURN_TIMEOUT, Arc::clone(&self.jobs).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else { return Err(Refuse::busy(5)) };
        let app = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            job(&app)
        });
        match done.await {
            Ok(done) => done.map_err(Refuse::from),
            Err(error) => {
                tracing::error!(%error, "a job did not end");
                Err(RefusalCode::Unavailable.into())
            }
        }
    }
}
