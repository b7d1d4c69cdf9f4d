//! A moment on the device's clock.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Milliseconds since the Unix epoch, UTC. It is shown and never decides: order comes from the
/// log, causality from the document.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Instant(i64);

/// The text is not a moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a date and time with a zone, such as 2026-11-24T09:30:00Z")]
pub struct InstantError;

impl Instant {
    /// Makes a moment of milliseconds since the Unix epoch.
    pub const fn from_unix_ms(unix_ms: i64) -> Self {
        Self(unix_ms)
    }

    /// Milliseconds since the Unix epoch.
    pub const fn unix_ms(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Timestamp::from_millisecond(self.0) {
            Ok(timestamp) => write!(f, "{timestamp:.3}"),
            Err(_) => Ok(()),
        }
    }
}

impl FromStr for Instant {
    type Err = InstantError;

    fn from_str(text: &str) -> Result<Self, InstantError> {
        text.parse::<Timestamp>().map(|t| Self(t.as_millisecond())).map_err(|_| InstantError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_reads_back() {
        let check = |text: &str, ms: i64| {
            assert_eq!(text.parse::<Instant>().map(Instant::unix_ms), Ok(ms), "{text}");
        };
        check("1970-01-01T00:00:00Z", 0);
        check("2026-11-24T09:30:00.250Z", 1_795_512_600_250);
        check("2026-11-24T11:30:00+02:00", 1_795_512_600_000);
        assert_eq!(
            Instant::from_unix_ms(1_795_512_600_250).to_string(),
            "2026-11-24T09:30:00.250Z"
        );
        assert_eq!("2026-11-24".parse::<Instant>(), Err(InstantError));
    }
}
