//! What the listener asks, answered by the use-cases.

use super::Meeting;
use link::{LanAnswer, LanDesk, Standing};
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use sync::{
    ids::VerifyKey,
    wire::{Frame as _, Refusal},
};

/// How long it is known by heart who may ask, where nobody came in meanwhile. A computer that was just
/// removed gets no answer all the same: each request is judged by the store.
const KNOWN_FOR: Duration = Duration::from_secs(1);

/// The use-cases as the listener sees them.
pub(super) struct Desk {
    app: Arc<dyn Meeting>,
    known: Mutex<Option<Known>>,
}

/// Who may ask.
struct Known {
    since: Instant,
    /// How often somebody had come in by then.
    turn: u64,
    devices: BTreeSet<VerifyKey>,
    invited: BTreeSet<VerifyKey>,
}

impl Desk {
    pub(super) fn new(app: Arc<dyn Meeting>) -> Self {
        Self { app, known: Mutex::new(None) }
    }

    fn know(&self, turn: u64) -> Known {
        let callers = self.app.lan_callers();
        let (devices, invited) =
            (callers.devices.into_iter().collect(), callers.invited.into_iter().collect());
        Known { since: Instant::now(), turn, devices, invited }
    }
}

impl LanDesk for Desk {
    fn standing(&self, key: &VerifyKey) -> Standing {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        // Before who may ask is read: whoever comes in after that changes it.
        let (is_open, turn) = self.app.door();
        let is_fresh = |known: &Known| known.turn == turn && known.since.elapsed() < KNOWN_FOR;
        let fresh = known.take().filter(is_fresh);
        let known = known.insert(fresh.unwrap_or_else(|| self.know(turn)));
        if known.devices.contains(key) {
            Standing::Device
        } else if known.invited.contains(key) {
            Standing::Invited
        } else if is_open {
            Standing::Guest
        } else {
            Standing::Nobody
        }
    }

    fn answer(&self, caller: &VerifyKey, path: &str, frame: &[u8]) -> LanAnswer {
        answered(self.app.answer(caller, path, frame))
    }

    fn answer_newcomer(&self, caller: &VerifyKey, path: &str, frame: &[u8]) -> LanAnswer {
        answered(self.app.answer_newcomer(caller, path, frame))
    }
}

fn answered(answer: Result<Vec<u8>, Refusal>) -> LanAnswer {
    match answer {
        Ok(frame) => LanAnswer { status: 200, frame },
        Err(refusal) => LanAnswer { status: refusal.code.http_status(), frame: refusal.to_frame() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::ApiError;
    use app::{LanCallers, LanIdentity, MetPeer};
    use std::net::SocketAddr;
    use sync::wire::RefusalCode;

    const DEVICE: VerifyKey = VerifyKey([1; 32]);
    const INVITED: VerifyKey = VerifyKey([2; 32]);
    const OTHER: VerifyKey = VerifyKey([3; 32]);

    /// Tells who may ask as it is told, and counts how often it was asked.
    #[derive(Default)]
    struct Told {
        callers: Mutex<LanCallers>,
        door: Mutex<(bool, u64)>,
        asked: Mutex<usize>,
    }

    impl Meeting for Told {
        fn is_on_lan(&self) -> bool {
            true
        }

        fn lan_identity(&self) -> Option<LanIdentity> {
            None
        }

        fn meet_peer(&self, _address: &str) -> Result<MetPeer, ApiError> {
            unreachable!("nobody is met")
        }

        fn called_around(&self, _answered: bool) {}

        fn fetch_files_nearby(&self) -> Result<(), ApiError> {
            Ok(())
        }

        fn lan_callers(&self) -> LanCallers {
            *self.asked.lock().unwrap() += 1;
            self.callers.lock().unwrap().clone()
        }

        fn door(&self) -> (bool, u64) {
            *self.door.lock().unwrap()
        }

        fn serve_at(&self, _address: Option<SocketAddr>) {}

        fn answer(&self, _: &VerifyKey, _: &str, _: &[u8]) -> Result<Vec<u8>, Refusal> {
            Err(Refusal::of(RefusalCode::Unavailable))
        }

        fn answer_newcomer(&self, _: &VerifyKey, _: &str, _: &[u8]) -> Result<Vec<u8>, Refusal> {
            Err(Refusal::of(RefusalCode::NotFound))
        }

        fn chance(&self) -> u32 {
            0
        }
    }

    #[test]
    fn who_may_ask_is_known_by_heart_until_somebody_comes_in() {
        let told = Arc::new(Told::default());
        let (devices, invited) = (vec![DEVICE], vec![INVITED]);
        *told.callers.lock().unwrap() = LanCallers { devices, invited };
        let app: Arc<dyn Meeting> = Arc::<Told>::clone(&told);
        let desk = Desk::new(app);
        let standings = || [DEVICE, INVITED, OTHER].map(|key| desk.standing(&key));
        let (device, guest, nobody) = (Standing::Device, Standing::Guest, Standing::Nobody);
        assert_eq!(standings(), [device, Standing::Invited, nobody]);
        // That a room was opened counts at once.
        *told.door.lock().unwrap() = (true, 0);
        assert_eq!(standings(), [device, Standing::Invited, guest]);
        assert!(*told.asked.lock().unwrap() <= 2, "a second has hardly passed");
        let (devices, invited) = (vec![DEVICE, INVITED], Vec::new());
        *told.callers.lock().unwrap() = LanCallers { devices, invited };
        *told.door.lock().unwrap() = (false, 1);
        assert_eq!(standings(), [device, device, nobody]);
        assert_eq!(desk.answer(&DEVICE, "/v1/hello", &[]).status, 503);
        assert_eq!(desk.answer_newcomer(&OTHER, "/v1/room/get", &[]).status, 404);
    }
}
