//! How much goes into one message: as much as the line bears. What is cut off is sent again, so
//! that no message may take longer than a line is likely to hold; and each message is waited for
//! before the next begins, so that on a line that holds there should be few. A line is taken to hold
//! for half as long again as it held.

use crate::limits::{
    MESSAGE_BYTES_MAX, MESSAGE_BYTES_MIN, MESSAGE_BYTES_PROMPT, MESSAGE_PROMPT_MS, MESSAGE_SLOW_MS,
    MESSAGE_SLOW_MS_MAX,
};

/// The size of the messages of one direction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    bytes: usize,
    since_ms: i64,
    /// For how long messages went without a break.
    held_ms: i64,
    /// How much the messages carry where answers are prompt.
    prompt_bytes: usize,
}

impl Pace {
    /// Of what comes, on a line that nothing is known of: the more in one, the less often it is kept.
    pub(super) const fn of_pulls() -> Self {
        Self { bytes: MESSAGE_BYTES_MIN, since_ms: 0, held_ms: 0, prompt_bytes: MESSAGE_BYTES_MAX }
    }

    /// Of what goes out. Where answers are prompt, the line is not what is waited for: the next is
    /// sealed, kept and taken in at the same time, and small messages leave nobody waiting.
    pub(super) const fn of_pushes() -> Self {
        Self { prompt_bytes: MESSAGE_BYTES_PROMPT, ..Self::of_pulls() }
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
        let took_ms = now_ms.saturating_sub(self.since_ms);
        self.held_ms = self.held_ms.saturating_add(took_ms.max(0));
        let may_take_ms = (self.held_ms / 2).clamp(MESSAGE_SLOW_MS, MESSAGE_SLOW_MS_MAX);
        let next = match took_ms {
            ..=MESSAGE_PROMPT_MS if self.bytes >= self.prompt_bytes => self.bytes,
            took_ms if took_ms.saturating_mul(2) <= may_take_ms => self.bytes.saturating_mul(2),
            took_ms if took_ms > may_take_ms => self.bytes / 2,
            _ => self.bytes,
        };
        self.bytes = next.clamp(MESSAGE_BYTES_MIN, MESSAGE_BYTES_MAX);
    }

    /// The line broke: nothing is known of it any more.
    pub(super) const fn broke(&mut self) {
        self.bytes = MESSAGE_BYTES_MIN;
        self.held_ms = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_as_large_as_the_line_bears() {
        let check_of = |mut pace: Pace, took_ms: &[i64], expected: usize| {
            for took_ms in took_ms {
                pace.begin(1_000_000);
                pace.end(1_000_000 + took_ms);
            }
            assert_eq!(pace.bytes(), expected, "{took_ms:?}");
        };
        let check = |took_ms: &[i64], expected| check_of(Pace::of_pulls(), took_ms, expected);
        check(&[], MESSAGE_BYTES_MIN);
        check(&[5], 2 * MESSAGE_BYTES_MIN);
        check(&[5, 5000], 2 * MESSAGE_BYTES_MIN);
        check(&[5, 3000], 4 * MESSAGE_BYTES_MIN);
        // On a line of 64 kbit/s: once it held for so long that one of twice the time is half of it.
        check(&[9000, 9000, 9000], MESSAGE_BYTES_MIN);
        check(&[9000, 9000, 9000, 9000], 2 * MESSAGE_BYTES_MIN);
        check(&[9000, 9000, 9000, 9000, 17_000, 17_000, 17_000], 2 * MESSAGE_BYTES_MIN);
        check(&[9000, 9000, 9000, 9000, 24_001], MESSAGE_BYTES_MIN);
        check(&[5, 5, 5, 5, 5, 5], MESSAGE_BYTES_MAX);
        check(&[8001], MESSAGE_BYTES_MIN);
        check(&[5, 5, 8001, 20_000], MESSAGE_BYTES_MIN);
        let mut pace = Pace::of_pulls();
        [9000, 9000, 9000, 9000].iter().for_each(|took_ms| {
            pace.begin(0);
            pace.end(*took_ms);
        });
        pace.broke();
        assert_eq!(pace.bytes(), MESSAGE_BYTES_MIN);
        pace.begin(0);
        pace.end(9000);
        assert_eq!(pace.bytes(), MESSAGE_BYTES_MIN, "it held for no time yet");
        // A clock that was set back says nothing of the line.
        check(&[-60_000], 2 * MESSAGE_BYTES_MIN);
        let check = |took_ms: &[i64], expected| check_of(Pace::of_pushes(), took_ms, expected);
        check(&[5, 5, 5, 5, 5, 5], MESSAGE_BYTES_PROMPT);
        check(&[5, 5, 5, 5, 300], 2 * MESSAGE_BYTES_PROMPT);
        check(&[600, 600, 600, 600, 600, 600], MESSAGE_BYTES_MAX);
        check(&[5, 5, 8001], MESSAGE_BYTES_PROMPT / 2);
    }
}
