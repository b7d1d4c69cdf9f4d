//! Refusals that an operator is to know of: what strangers can cause must not fill the disk, so that each
//! kind is told once a minute, with how often it came.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use sync::wire::RefusalCode;

/// Between two lines of one kind.
const SPACING: Duration = Duration::from_secs(60);

/// What was refused and is not told yet.
#[derive(Debug, Default)]
pub(crate) struct Refusals(Mutex<BTreeMap<&'static str, Counted>>);

#[derive(Debug)]
struct Counted {
    told_at: Instant,
    times: u64,
}

impl Refusals {
    /// Counts a refusal, and tells its kind where that was not told for a minute.
    pub(crate) fn count(&self, endpoint: &str, code: RefusalCode, now: Instant) {
        if let Some(why) = why(code)
            && let Some(times) = self.take(why, now)
        {
            tracing::warn!(endpoint, why, times, "refused");
        }
    }

    /// How often it came since it was told, where it is to be told now.
    pub(crate) fn take(&self, why: &'static str, now: Instant) -> Option<u64> {
        let mut kinds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(counted) = kinds.get_mut(why) else {
            kinds.insert(why, Counted { told_at: now, times: 0 });
            return Some(1);
        };
        counted.times = counted.times.saturating_add(1);
        if now.duration_since(counted.told_at) < SPACING {
            return None;
        }
        counted.told_at = now;
        Some(std::mem::take(&mut counted.times))
    }
}

/// In words; nothing for what happens every day, and for failures, which are told each by itself.
const fn why(code: RefusalCode) -> Option<&'static str> {
    match code {
        RefusalCode::Busy => {
            Some("more was asked than one address, one computer or the server may have")
        }
        RefusalCode::UnknownClinic => Some(
            "a clinic that is not here: one that is about to be founded, or whose log was lost",
        ),
        RefusalCode::UnknownDevice => {
            Some("a computer that its clinic does not know, or that signed in for another key")
        }
        RefusalCode::Revoked => Some("a computer that its clinic removed"),
        RefusalCode::Malformed => Some("what this release does not read"),
        RefusalCode::TooLarge => Some("what is larger than may be"),
        RefusalCode::TooManyInvites => Some("more invitations than may wait for one clinic"),
        RefusalCode::OtherLog => Some("a computer that read another life of the log"),
        RefusalCode::OverQuota => Some("a clinic has all that its operator lets it have"),
        RefusalCode::NotAuthenticated
        | RefusalCode::NotFound
        | RefusalCode::Unavailable
        | RefusalCode::Damaged
        | RefusalCode::Full => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_told_once_a_minute_with_how_often_it_came() {
        let refusals = Refusals::default();
        let start = Instant::now();
        for (seconds, why, told) in [
            (0, "a", Some(1)),
            (1, "a", None),
            (1, "b", Some(1)),
            (59, "a", None),
            (60, "a", Some(3)),
            (61, "a", None),
            (200, "b", Some(1)),
            (200, "a", Some(2)),
        ] {
            let at = start + Duration::from_secs(seconds);
            assert_eq!(refusals.take(why, at), told, "{why} at {seconds}");
        }
    }
}
