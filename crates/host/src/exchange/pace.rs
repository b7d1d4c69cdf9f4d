//! How fast the exchange answers to what.

use std::time::Duration;

/// The pauses of the exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// What is recorded within this time of the first goes out together.
    pub settle: Duration,
    /// What the server says within this time of the first is fetched together.
    pub gather: Duration,
    /// How often the server is asked while it cannot be heard.
    pub ask: Duration,
    /// How often it is asked while it can.
    pub ask_while_listening: Duration,
    /// The first wait after a failed exchange; it doubles with each.
    pub retry_min: Duration,
    /// The longest wait after failures.
    pub retry_max: Duration,
    /// The wait before one listens, where nobody is signed in or the server went silent; it
    /// doubles with each failure.
    pub listen_again: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            settle: Duration::from_millis(1500),
            gather: Duration::from_millis(200),
            ask: Duration::from_secs(20),
            ask_while_listening: Duration::from_secs(300),
            retry_min: Duration::from_secs(10),
            retry_max: Duration::from_secs(300),
            listen_again: Duration::from_secs(2),
        }
    }
}

impl Pace {
    /// A pause as it is waited: between half of it and the whole, by `chance`, so that the computers
    /// a server went away from do not all come back in one moment.
    pub(crate) fn spread(pause: Duration, chance: u32) -> Duration {
        let half = pause / 2;
        let share = f64::from(chance) / f64::from(u32::MAX);
        half + (pause - half).mul_f64(share)
    }

    /// How long nothing may happen before one asks.
    pub(super) fn idle(&self, listening: bool, failures: u32) -> Duration {
        match failures.checked_sub(1) {
            None if listening => self.ask_while_listening,
            None => self.ask,
            Some(doublings) => self.doubled(self.retry_min, doublings),
        }
    }

    /// How long to wait before one listens again.
    pub(super) fn before_listening(&self, failures: u32) -> Duration {
        self.doubled(self.listen_again, failures.saturating_sub(1))
    }

    fn doubled(&self, first: Duration, doublings: u32) -> Duration {
        let factor = 2_u32.checked_pow(doublings).unwrap_or(u32::MAX);
        first.checked_mul(factor).map_or(self.retry_max, |pause| pause.min(self.retry_max))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_pause_is_longer_than_told_nor_shorter_than_half() {
        let pause = Duration::from_secs(20);
        let waited = |chance| Pace::spread(pause, chance);
        assert_eq!([waited(0), waited(u32::MAX)], [pause / 2, pause]);
        let quarters = [u32::MAX / 4, u32::MAX / 2, u32::MAX / 4 * 3].map(waited);
        assert!(quarters.is_sorted_by(|a, b| a < b), "{quarters:?}");
        assert!(quarters.iter().all(|at| (pause / 2..pause).contains(at)), "{quarters:?}");
        assert_eq!(Pace::spread(Duration::ZERO, u32::MAX), Duration::ZERO);
    }

    #[test]
    fn failures_make_the_waits_longer_up_to_a_limit() {
        let pace = Pace::default();
        let failures = [0, 1, 2, 3, 6, 7, 40, u32::MAX];
        let seconds = |listening: bool| failures.map(|n| pace.idle(listening, n).as_secs());
        assert_eq!(seconds(false), [20, 10, 20, 40, 300, 300, 300, 300]);
        assert_eq!(seconds(true), [300, 10, 20, 40, 300, 300, 300, 300]);
        let again = failures.map(|n| pace.before_listening(n).as_secs());
        assert_eq!(again, [2, 2, 4, 8, 64, 128, 300, 300]);
    }
}
