//! When to try again, as data.

use sha2::{Digest as _, Sha256};

use crate::ids::DeviceId;

/// How often and how patiently a session tries again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Failures in a row after which the session ends.
    pub attempts_max: u32,
    /// The first pause, in milliseconds; each next one is twice as long.
    pub pause_ms: u32,
    /// The longest pause, in milliseconds.
    pub pause_ms_max: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self { attempts_max: 5, pause_ms: 500, pause_ms_max: 60_000 }
    }
}

impl Policy {
    /// Ends with the first failure.
    pub const ONCE: Self = Self { attempts_max: 1, pause_ms: 0, pause_ms_max: 0 };

    /// The pause after the `attempt`th failure in a row, from 1; `None` when it was the last.
    /// Between half and the whole of the nominal pause, differently for each device, so that a
    /// clinic does not come back all at once.
    pub fn pause_ms(&self, attempt: u32, device: DeviceId, now_ms: i64) -> Option<i64> {
        if attempt >= self.attempts_max {
            return None;
        }
        let doubled = 1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
        let nominal = self.pause_ms.saturating_mul(doubled).min(self.pause_ms_max);
        let half = nominal / 2;
        let jitter = spread(device, now_ms) % half.saturating_add(1);
        Some(i64::from(nominal.saturating_sub(half).saturating_add(jitter)))
    }
}

fn spread(device: DeviceId, now_ms: i64) -> u32 {
    let mut hash = Sha256::new();
    hash.update(device.as_bytes());
    hash.update(now_ms.to_be_bytes());
    let digest: [u8; 32] = hash.finalize().into();
    digest.first_chunk().copied().map_or(0, u32::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::device;

    #[test]
    fn pauses_grow_to_a_limit_and_end() {
        let policy = Policy { attempts_max: 40, pause_ms: 500, pause_ms_max: 60_000 };
        let check = |attempt, low, high| {
            for now_ms in 0..50 {
                let pause = policy.pause_ms(attempt, device(1), now_ms).unwrap();
                assert!((low..=high).contains(&pause), "{attempt}: {pause}");
            }
        };
        check(1, 250, 500);
        check(2, 500, 1_000);
        check(5, 4_000, 8_000);
        check(39, 30_000, 60_000);
        assert_eq!(policy.pause_ms(40, device(1), 0), None);
        assert_eq!(Policy::ONCE.pause_ms(1, device(1), 0), None);
    }

    #[test]
    fn devices_do_not_come_back_together() {
        let policy = Policy::default();
        let pauses: std::collections::BTreeSet<_> =
            (0..20).filter_map(|n| policy.pause_ms(4, device(n), 7)).collect();
        assert!(pauses.len() > 15);
    }
}
