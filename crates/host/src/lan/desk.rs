//! What the listener asks, answered by the use-cases.

use super::Meeting;
use link::{LanAnswer, LanDesk};
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use sync::{ids::VerifyKey, wire::Frame as _};

/// How long the list of the clinic's computers is known by heart. A computer that was just removed
/// gets no answer all the same: each request is judged by the store.
const KNOWN_FOR: Duration = Duration::from_secs(1);

/// The use-cases as the listener sees them.
pub(super) struct Desk {
    app: Arc<dyn Meeting>,
    known: Mutex<Option<(Instant, BTreeSet<VerifyKey>)>>,
}

impl Desk {
    pub(super) fn new(app: Arc<dyn Meeting>) -> Self {
        Self { app, known: Mutex::new(None) }
    }
}

impl LanDesk for Desk {
    fn is_enrolled(&self, key: &VerifyKey) -> bool {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = known.take().filter(|(since, _)| since.elapsed() < KNOWN_FOR);
        let keys = || (Instant::now(), self.app.clinic_keys().into_iter().collect());
        let (_, keys) = known.insert(fresh.unwrap_or_else(keys));
        keys.contains(key)
    }

    fn answer(&self, caller: &VerifyKey, path: &str, frame: &[u8]) -> LanAnswer {
        match self.app.answer(caller, path, frame) {
            Ok(frame) => LanAnswer { status: 200, frame },
            Err(refusal) => {
                LanAnswer { status: refusal.code.http_status(), frame: refusal.to_frame() }
            }
        }
    }
}
