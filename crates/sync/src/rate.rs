//! How often who asks may ask. Nothing here reads a clock: the time is told.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Keys a rate limiter remembers; the rest wait until it forgets some.
const RATE_KEYS_MAX: usize = 65_536;

/// A token bucket for each key, kept as the time at which it will be full (GCRA).
#[derive(Debug)]
pub struct Rate<K> {
    spacing: Duration,
    tolerance: Duration,
    full_at: Mutex<BTreeMap<K, Instant>>,
}

impl<K: Ord> Rate<K> {
    /// Allows `count` requests each `period`, and `burst` of them at once.
    pub fn new(count: u32, period: Duration, burst: u32) -> Self {
        let spacing = period / count.max(1);
        Self { spacing, tolerance: spacing * burst.max(1), full_at: Mutex::default() }
    }

    /// Takes one request.
    ///
    /// # Errors
    /// How long to wait, where the bucket is empty.
    pub fn take(&self, key: K, now: Instant) -> Result<(), Duration> {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= RATE_KEYS_MAX && !full_at.contains_key(&key) {
            full_at.retain(|_, at| *at > now);
            if full_at.len() >= RATE_KEYS_MAX {
                return Err(self.spacing);
            }
        }
        let at = full_at.entry(key).or_insert(now);
        let next = (*at).max(now) + self.spacing;
        let ahead = next.duration_since(now);
        if ahead > self.tolerance {
            return Err(ahead - self.tolerance);
        }
        *at = next;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_the_rate() {
        let rate = Rate::new(10, Duration::from_secs(1), 3);
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        for (ms, key, taken) in [
            (0, "a", true),
            (0, "a", true),
            (0, "a", true),
            (0, "a", false),
            (0, "b", true),
            (99, "a", false),
            (100, "a", true),
            (100, "a", false),
            (10_000, "a", true),
            (10_000, "a", true),
            (10_000, "a", true),
            (10_000, "a", false),
        ] {
            assert_eq!(rate.take(key, at(ms)).is_ok(), taken, "{key} at {ms}");
        }
    }

    #[test]
    fn the_wait_is_told_and_enough() {
        let rate = Rate::new(1, Duration::from_secs(60), 1);
        let start = Instant::now();
        rate.take(1, start).unwrap();
        let wait = rate.take(1, start + Duration::from_secs(20)).unwrap_err();
        assert_eq!(wait, Duration::from_secs(40));
        rate.take(1, start + Duration::from_secs(20) + wait).unwrap();
    }

    #[test]
    fn memory_is_bounded() {
        let rate = Rate::new(1, Duration::from_secs(1), 1);
        let start = Instant::now();
        for key in 0..RATE_KEYS_MAX {
            rate.take(key, start).unwrap();
        }
        assert!(rate.take(RATE_KEYS_MAX, start).is_err());
        rate.take(RATE_KEYS_MAX, start + Duration::from_secs(2)).unwrap();
        assert_eq!(rate.full_at.lock().unwrap().len(), 1);
    }
}
