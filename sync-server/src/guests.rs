//! Who is here, and how often: places that are few, by address.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::limits::CONNECTIONS_MAX;

/// Who is here, and how often.
#[derive(Debug, Default)]
pub(crate) struct Guests(Mutex<BTreeMap<IpAddr, usize>>);

/// A place among the guests, free again when dropped.
#[derive(Debug)]
pub(crate) struct Seat {
    guests: Arc<Guests>,
    address: IpAddr,
}

impl Guests {
    /// A seat, unless the house or the address has all it may have.
    pub(crate) fn admit(guests: &Arc<Self>, address: IpAddr, address_max: usize) -> Option<Seat> {
        let mut seated = guests.0.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = seated.values().sum();
        let here = seated.get(&address).copied().unwrap_or_default();
        if all >= CONNECTIONS_MAX || here >= address_max {
            return None;
        }
        seated.insert(address, here + 1);
        Some(Seat { guests: Arc::clone(guests), address })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seated = self.guests.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(here) = seated.get_mut(&self.address) else { return };
        *here = here.saturating_sub(1);
        if *here == 0 {
            seated.remove(&self.address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::CONNECTIONS_PER_ADDRESS_MAX;

    #[test]
    fn seats_are_limited_by_address_and_given_back() {
        let guests = Arc::new(Guests::default());
        let [one, two]: [IpAddr; 2] = [[127, 0, 0, 1].into(), [127, 0, 0, 2].into()];
        let admit = |address| Guests::admit(&guests, address, CONNECTIONS_PER_ADDRESS_MAX);
        let mut seats = Vec::new();
        for _ in 0..CONNECTIONS_PER_ADDRESS_MAX {
            seats.push(admit(one).unwrap());
        }
        assert!(admit(one).is_none());
        assert!(admit(two).is_some());
        seats.pop();
        assert!(admit(one).is_some());
        seats.clear();
        assert!(guests.0.lock().unwrap().is_empty());
    }
}
