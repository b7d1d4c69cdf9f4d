//! How much goes into one message: as much as the line bears. What is cut off is sent again, so
//! that no message may take longer than a line is likely to hold.

use crate::limits::{MESSAGE_BYTES_MAX, MESSAGE_BYTES_MIN, MESSAGE_QUICK_MS, MESSAGE_SLOW_MS};

/// The size of the messages of one direction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    bytes: usize,
    since_ms: i64,
}

impl Pace {
    /// Of a line that nothing is known of.
    pub(super) const fn new() -> Self {
        Self { bytes: MESSAGE_BYTES_MIN, since_ms: 0 }
    }

    /// How much the next message carries.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// A message goes out.
    pub(super) const fn begin(&mut self, now_ms: i64) {
        self.since_ms = now_ms;
    }

    /// Its answer is here.
    pub(super) fn end(&mut self, now_ms: i64) {
        let next = match now_ms.saturating_sub(self.since_ms) {
            ..=MESSAGE_QUICK_MS => self.bytes.saturating_mul(2),
            took_ms if took_ms > MESSAGE_SLOW_MS => self.bytes / 2,
            _ => self.bytes,
        };
        self.bytes = next.clamp(MESSAGE_BYTES_MIN, MESSAGE_BYTES_MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_as_large_as_the_line_bears() {
        let check = |took_ms: &[i64], expected: usize| {
            let mut pace = Pace::new();
            for took_ms in took_ms {
                pace.begin(1_000_000);
                pace.end(1_000_000 + took_ms);
            }
            assert_eq!(pace.bytes(), expected, "{took_ms:?}");
        };
        check(&[], 65_536);
        check(&[5], 131_072);
        check(&[5, 3000], 131_072);
        check(&[5, 5, 5, 5, 5, 5], MESSAGE_BYTES_MAX);
        check(&[8001], MESSAGE_BYTES_MIN);
        check(&[5, 5, 8001, 20_000], MESSAGE_BYTES_MIN);
        // A clock that was set back says nothing of the line.
        check(&[-60_000], 131_072);
    }
}
