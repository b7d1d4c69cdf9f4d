//! What is done one at a time, whoever is signed in.

use crate::{
    kept_chart::KeptChart,
    sync::{Door, Verified},
};
use api::SyncProgress;
use clinical::{Instant, PractitionerId};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicBool},
};
use sync::{carrier::Stop, ids::DeviceId};

/// What one command at a time may do, whoever is signed in.
#[derive(Default)]
pub(crate) struct Turns {
    writing: Mutex<Option<KeptChart>>,
    /// Held while an exchange with the server goes on.
    pub(crate) syncing: Mutex<()>,
    /// Whether somebody wanted to exchange while another exchange went on.
    pub(crate) wanted: AtomicBool,
    /// Whether somebody wants the exchange that goes on to stop.
    pub(crate) stop: Stop,
    /// Bytes a second over the line, as the last exchange that carried much found it.
    line_speed: Mutex<Option<u64>>,
    /// Whether somebody wants what is on its way to a stick, or from one, to stop.
    pub(crate) stop_file: Stop,
    /// Held while files are carried to the server and from it.
    pub(crate) carrying: Mutex<()>,
    /// Held while the bytes of a file are fetched.
    pub(crate) fetching: Mutex<()>,
    /// Held while something that came from elsewhere is taken in or sealed: how often that was done
    /// for another than the exchange that goes on.
    taking_in: Mutex<u64>,
    /// The generation that this opening of the store seals in for others than the server.
    unmet: Mutex<Option<u32>>,
    /// How far the exchange that goes on has come.
    progress: Mutex<Option<SyncProgress>>,
    /// Held from reading the key slots to writing them back.
    pub(crate) changing_slots: Mutex<()>,
    /// The people who were removed while the store was open.
    over: Mutex<BTreeSet<PractitionerId>>,
    /// Where other computers of the clinic answered, the last that was met first.
    neighbours: Mutex<Vec<String>>,
    /// Whether any of them answered when they were last called.
    answered: Mutex<Option<bool>>,
    /// How much went to the computers that are served, and came from them, since each last said hello.
    served: Mutex<BTreeMap<DeviceId, (u64, u64)>>,
    /// When each of them asked for something last.
    asked: Mutex<BTreeMap<DeviceId, Instant>>,
    /// Where this computer lets others into the clinic itself.
    door: Arc<Mutex<Door>>,
    /// The list of computers as it was verified last.
    verified: Mutex<Option<Verified>>,
}

/// Computers that are remembered by where they answered.
const NEIGHBOURS_MAX: usize = 8;

impl Turns {
    /// Held from loading a document to committing its change; with the chart written to last.
    pub(crate) fn writing(&self) -> MutexGuard<'_, Option<KeptChart>> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Held while something that came from elsewhere is taken in or sealed, and never while the
    /// network is waited for; with how often something was [taken in beside](Self::take_in_beside) an
    /// exchange.
    pub(crate) fn taking_in(&self) -> MutexGuard<'_, u64> {
        self.taking_in.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The same for who takes something in beside an exchange: one that goes on reads anew what it
    /// knows.
    pub(crate) fn take_in_beside(&self) -> MutexGuard<'_, u64> {
        let mut times = self.taking_in();
        *times = times.wrapping_add(1);
        times
    }

    /// The list of computers as it was verified last.
    pub(crate) fn verified(&self) -> MutexGuard<'_, Option<Verified>> {
        self.verified.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far the exchange that goes on has come; `None` while it has carried nothing.
    pub(crate) fn progress(&self) -> MutexGuard<'_, Option<SyncProgress>> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Bytes a second over the line, as the last exchange that carried much found it.
    pub(crate) fn line_speed(&self) -> Option<u64> {
        *self.line_speed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes the speed of the line.
    pub(crate) fn note_line_speed(&self, bytes_per_second: u64) {
        let mut kept = self.line_speed.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some(bytes_per_second);
    }

    /// The generation that this opening of the store seals in for others than the server, drawn
    /// when it is asked for first.
    pub(crate) fn unmet(&self, draw: impl FnOnce() -> u32) -> u32 {
        let mut unmet = self.unmet.lock().unwrap_or_else(PoisonError::into_inner);
        *unmet.get_or_insert_with(draw)
    }

    /// The people who were removed while the store was open.
    pub(crate) fn over(&self) -> MutexGuard<'_, BTreeSet<PractitionerId>> {
        self.over.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where other computers of the clinic answered, the last that was met first.
    pub(crate) fn neighbours(&self) -> MutexGuard<'_, Vec<String>> {
        self.neighbours.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers where another computer answered just now.
    pub(crate) fn met_neighbour(&self, address: &str) {
        let mut all = self.neighbours();
        all.retain(|one| one != address);
        all.insert(0, address.to_owned());
        all.truncate(NEIGHBOURS_MAX);
    }

    /// Whether any other computer answered when they were last called; `None` before that.
    pub(crate) fn answered(&self) -> Option<bool> {
        *self.answered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers whether any other computer answered just now; tells whether that is another answer
    /// than before.
    pub(crate) fn called_around(&self, answered: bool) -> bool {
        let mut kept = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        kept.replace(answered) != Some(answered)
    }

    /// Begins to count anew what goes to a computer that is served, and comes from it.
    pub(crate) fn serve_anew(&self, device: DeviceId) {
        self.served.lock().unwrap_or_else(PoisonError::into_inner).remove(&device);
    }

    /// Counts what went to such a computer and came from it; tells how much that is since it said
    /// hello.
    pub(crate) fn served(&self, device: DeviceId, (sent, received): (u64, u64)) -> (u64, u64) {
        let mut served = self.served.lock().unwrap_or_else(PoisonError::into_inner);
        let all = served.entry(device).or_default();
        *all = (all.0.saturating_add(sent), all.1.saturating_add(received));
        *all
    }

    /// A computer that is served asked for something at this time.
    pub(crate) fn asked_by(&self, device: DeviceId, at: Instant) {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).insert(device, at);
    }

    /// When a computer that is served asked for something last.
    pub(crate) fn last_asked_by(&self, device: DeviceId) -> Option<Instant> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).get(&device).copied()
    }

    /// Where this computer lets others into the clinic itself, at a time.
    pub(crate) fn door(&self, now: Instant) -> MutexGuard<'_, Door> {
        let mut door = self.door.lock().unwrap_or_else(PoisonError::into_inner);
        door.tick(now.unix_ms());
        door
    }

    /// The same, for who goes on at it.
    pub(crate) fn shared_door(&self) -> Arc<Mutex<Door>> {
        Arc::clone(&self.door)
    }

    /// Forgets one that answers no more.
    pub(crate) fn forget_neighbour(&self, address: &str) {
        self.neighbours().retain(|one| one != address);
    }
}
