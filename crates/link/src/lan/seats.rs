//! Who is connected, and how often.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Places for connections, so many in all and so many for each `K`.
#[derive(Debug)]
pub(crate) struct Seats<K> {
    in_all: usize,
    each: usize,
    taken: Mutex<BTreeMap<K, usize>>,
}

/// A place, free again when dropped.
#[derive(Debug)]
pub(crate) struct Seat<K: Ord> {
    seats: Arc<Seats<K>>,
    whose: K,
}

impl<K: Ord + Copy> Seats<K> {
    pub(crate) fn new(in_all: usize, each: usize) -> Arc<Self> {
        Arc::new(Self { in_all, each, taken: Mutex::default() })
    }

    /// A seat, unless all are taken, or all that `whose` may have.
    pub(crate) fn take(seats: &Arc<Self>, whose: K) -> Option<Seat<K>> {
        let mut taken = seats.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = taken.values().sum();
        let has = taken.get(&whose).copied().unwrap_or(0);
        if all >= seats.in_all || has >= seats.each {
            return None;
        }
        taken.insert(whose, has + 1);
        Some(Seat { seats: Arc::clone(seats), whose })
    }
}

impl<K: Ord> Seat<K> {
    /// Whose it is.
    pub(crate) const fn whose(&self) -> &K {
        &self.whose
    }
}

impl<K: Ord> Drop for Seat<K> {
    fn drop(&mut self) {
        let mut taken = self.seats.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(has) = taken.get_mut(&self.whose) else { return };
        *has = has.saturating_sub(1);
        if *has == 0 {
            taken.remove(&self.whose);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_are_limited_in_all_and_each_and_given_back() {
        let seats = Seats::new(5, 3);
        let mut held: Vec<_> = (0..3).map(|_| Seats::take(&seats, "one").unwrap()).collect();
        assert!(Seats::take(&seats, "one").is_none(), "more than one may have");
        held.extend((0..2).map(|_| Seats::take(&seats, "two").unwrap()));
        assert!(Seats::take(&seats, "three").is_none(), "more than there are");
        held.remove(0);
        assert!(Seats::take(&seats, "three").is_some());
        held.clear();
        assert!(seats.taken.lock().unwrap().is_empty());
    }
}
