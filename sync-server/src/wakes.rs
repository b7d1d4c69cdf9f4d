//! Who waits for what: one place a clinic, in which only the newest head is kept.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use sync::ids::ClinicId;
use tokio::sync::watch;

/// The clinics that somebody listens to.
#[derive(Debug, Default)]
pub(crate) struct Wakes(Mutex<BTreeMap<ClinicId, watch::Sender<u64>>>);

impl Wakes {
    /// Listens to a clinic whose log holds `head` envelopes now.
    pub(crate) fn listen(&self, clinic: ClinicId, head: u64) -> watch::Receiver<u64> {
        let mut clinics = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        clinics.retain(|_, listeners| listeners.receiver_count() > 0);
        clinics.entry(clinic).or_insert_with(|| watch::Sender::new(head)).subscribe()
    }

    /// Says that the clinic's log holds `head` envelopes, or that its membership changed.
    pub(crate) fn announce(&self, clinic: ClinicId, head: u64) {
        let clinics = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(listeners) = clinics.get(&clinic) {
            listeners.send_modify(|newest| *newest = head.max(*newest));
        }
    }

    /// Says to everybody that anything may have happened.
    pub(crate) fn announce_all(&self) {
        let clinics = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for listeners in clinics.values() {
            listeners.send_modify(|_| {});
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLINIC: ClinicId = ClinicId([1; 16]);

    #[tokio::test]
    async fn many_announcements_are_one_wake() {
        let wakes = Wakes::default();
        let mut listener = wakes.listen(CLINIC, 3);
        for head in [4, 6, 5] {
            wakes.announce(CLINIC, head);
        }
        wakes.announce(ClinicId([2; 16]), 9);
        listener.changed().await.unwrap();
        assert_eq!(*listener.borrow_and_update(), 6);
        assert!(!listener.has_changed().unwrap());
    }

    #[tokio::test]
    async fn everybody_is_woken_where_something_may_be_missed() {
        let wakes = Wakes::default();
        let mut listeners = [1, 2].map(|number| wakes.listen(ClinicId([number; 16]), 3));
        wakes.announce_all();
        for listener in &mut listeners {
            listener.changed().await.unwrap();
            assert_eq!(*listener.borrow_and_update(), 3);
        }
    }

    #[test]
    fn clinics_nobody_listens_to_are_forgotten() {
        let wakes = Wakes::default();
        drop(wakes.listen(CLINIC, 0));
        let _other = wakes.listen(ClinicId([2; 16]), 0);
        assert_eq!(wakes.0.lock().unwrap().len(), 1);
    }
}
