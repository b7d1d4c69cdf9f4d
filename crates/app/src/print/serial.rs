//! The number of a sheet: no two computers give out the same one, and no network is asked. (A copy
//! of a whole store is the same computer to it: what both print in one second has one number, and
//! two codes.)
//!
//! Twelve characters of Crockford's base 32: four of the computer (20 bits of the SHA-256 of its
//! id), seven that rise (the seconds since 1970, or one more than the last where that is not more:
//! a computer that was set up from a backup gives out no number twice), one that checks.
//!
//! The check is the weighted sum of ISBN-10 (ISO 2108) over the field of 32 elements in the place of
//! the numbers modulo 11: the values times the powers of `x` modulo `x⁵ + x² + 1`, which is
//! primitive, sum up to nothing. That finds every single wrong character and every two that were
//! exchanged, wherever they stand (J. Verhoeff, Error Detecting Decimal Codes, 1969, on weights
//! that differ).

use clinical::{DeviceId, Instant};
use sha2::{Digest, Sha256};
use std::{fmt, str::FromStr};
use vault::crockford;

/// Characters of the computer.
const DEVICE: usize = 4;
/// Characters that rise.
const RISING: usize = 7;
/// All but the check.
const BODY: usize = DEVICE + RISING;
/// Bits of a character.
const BITS: u32 = 5;

/// A sheet's number, its characters as values below 32.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Serial([u8; BODY + 1]);

/// The text is no number of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mistyped;

impl Serial {
    /// The next number that a computer gives out, after the last.
    pub(crate) fn next(device: DeviceId, last: Option<Self>, now: Instant) -> Self {
        let seconds = u64::try_from(now.unix_ms() / 1000).unwrap_or_default();
        let rising = last.map_or(seconds, |last| seconds.max(last.rising() + 1));
        let mut body = [0; BODY];
        let characters = of_device(device).into_iter().chain(spread(rising, RISING));
        body.iter_mut().zip(characters).for_each(|(place, value)| *place = value);
        Self::checked(body)
    }

    /// What the numbers of a computer begin with, as they are written.
    pub(crate) fn prefix(device: DeviceId) -> String {
        written(&of_device(device)) + "-"
    }

    /// Its characters without what parts them.
    pub(crate) fn bare(self) -> String {
        self.to_string().replace('-', "")
    }

    fn checked(body: [u8; BODY]) -> Self {
        let mut values = [0; BODY + 1];
        values.iter_mut().zip(body).for_each(|(place, value)| *place = value);
        let check = weighed(&values);
        if let Some(last) = values.last_mut() {
            *last = check;
        }
        Self(values)
    }

    fn rising(self) -> u64 {
        let values = self.0.iter().skip(DEVICE).take(RISING);
        values.fold(0, |sum, value| (sum << BITS) | u64::from(*value))
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crockford::write_groups(&self.0, f)
    }
}

impl FromStr for Serial {
    type Err = Mistyped;

    fn from_str(text: &str) -> Result<Self, Mistyped> {
        let values = crockford::read(text).map_err(|_| Mistyped)?;
        let values: [u8; BODY + 1] = values.try_into().map_err(|_| Mistyped)?;
        if weighed(&values) == 0 { Ok(Self(values)) } else { Err(Mistyped) }
    }
}

/// The sum of the values times the powers of `x`, the last one's being 1.
fn weighed(values: &[u8]) -> u8 {
    values.iter().fold(0, |sum, value| times_x(sum) ^ value)
}

/// Times `x` modulo `x⁵ + x² + 1`.
const fn times_x(value: u8) -> u8 {
    let doubled = value << 1;
    if doubled & 0b10_0000 == 0 { doubled } else { doubled ^ 0b10_0101 }
}

fn of_device(device: DeviceId) -> Vec<u8> {
    let hash = Sha256::digest(device.uuid().as_bytes());
    let mut values = crockford::values_of(&hash);
    values.truncate(DEVICE);
    values
}

/// A number as so many values, the most significant first; what does not fit is cut off above.
fn spread(number: u64, count: usize) -> Vec<u8> {
    let mut values = Vec::with_capacity(count);
    let mut rest = number;
    for _ in 0..count {
        values.push(u8::try_from(rest & 31).unwrap_or_default());
        rest >>= BITS;
    }
    values.reverse();
    values
}

fn written(values: &[u8]) -> String {
    let mut text = String::new();
    // Writing into a text does not fail.
    let _ = crockford::write_groups(values, &mut text);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn device(number: u128) -> DeviceId {
        DeviceId::from_uuid(Uuid::from_u128(number))
    }

    fn serial(number: u128, seconds: i64) -> Serial {
        Serial::next(device(number), None, Instant::from_unix_ms(seconds * 1000))
    }

    proptest! {
        #[test]
        fn a_number_is_read_as_people_type_it(number: u128, seconds in 0..30_000_000_000_i64) {
            let serial = serial(number, seconds);
            let text = serial.to_string();
            prop_assert_eq!(text.len(), 14);
            prop_assert!(text.starts_with(&Serial::prefix(device(number))));
            for typed in [text.clone(), text.to_lowercase(), text.replace('-', " "), serial.bare()] {
                prop_assert_eq!(typed.parse(), Ok(serial));
            }
            prop_assert_eq!(serial.rising(), u64::try_from(seconds).unwrap());
        }

        #[test]
        fn one_wrong_character_is_found(
            number: u128, seconds in 0..30_000_000_000_i64, at in 0..12_usize, by in 1..32_u8,
        ) {
            let mut wrong = serial(number, seconds).0;
            wrong[at] ^= by;
            prop_assert_eq!(written(&wrong).parse::<Serial>(), Err(Mistyped));
        }

        #[test]
        fn two_exchanged_characters_are_found(
            number: u128, seconds in 0..30_000_000_000_i64, one in 0..12_usize, other in 0..12_usize,
        ) {
            let right = serial(number, seconds);
            let mut wrong = right.0;
            wrong.swap(one, other);
            let read = written(&wrong).parse::<Serial>();
            prop_assert_eq!(read.is_ok(), wrong == right.0);
        }
    }

    #[test]
    fn numbers_rise_whatever_the_clock_does() {
        let at = |seconds: i64| Instant::from_unix_ms(seconds * 1000);
        let mut last = None;
        let mut all = Vec::new();
        // Two in one second, a clock that is set back, and on again.
        for seconds in [1_795_500_000, 1_795_500_000, 1_700_000_000, 1_795_600_000] {
            let next = Serial::next(device(7), last, at(seconds));
            all.push(next.to_string());
            last = Some(next);
        }
        let mut sorted = all.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(all, sorted);
        // A computer that was set up from a backup has forgotten the last one, and goes by the clock.
        let restored = Serial::next(device(7), None, at(1_795_700_000));
        assert!(restored.to_string() > all[3]);
        assert_ne!(Serial::prefix(device(7)), Serial::prefix(device(8)));
    }

    #[test]
    fn what_is_no_number_is_told() {
        for text in ["", "7KQ3", "7KQ3-0F2M-9AXU", "7KQ3-0F2M-9AXC-0", "💊"] {
            assert_eq!(text.parse::<Serial>(), Err(Mistyped), "{text}");
        }
    }

    /// What was given out stays a number for ever.
    #[test]
    fn the_form_never_changes() {
        insta::assert_snapshot!(serial(1, 1_795_500_000), @"FGYC-1NGA-9Z0Z");
    }
}
