//! Crockford's base 32 for what people type: no I, L, O or U, forgiving of case, spaces, dashes.
//!
//! Check characters are the sum of `value × weight^place` modulo a prime. With a weight of high
//! order that finds every single wrong character and every pair exchanged.

use std::fmt;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A check over the characters before it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Check {
    /// The prime; it must be below `32^characters`.
    pub(crate) modulus: u32,
    /// Its powers differ for longer than any code.
    pub(crate) weight: u32,
    /// How many characters hold it.
    pub(crate) characters: usize,
}

/// A character that stands for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadCharacter {
    /// Place among the characters that are neither space nor dash, from 1.
    pub place: usize,
    /// The character.
    pub character: char,
}

impl Check {
    /// Computes the check of `values`, most significant first.
    pub(crate) fn values(self, values: &[u8]) -> Vec<u8> {
        let (modulus, mut power) = (u64::from(self.modulus), u64::from(self.weight));
        let mut sum = 0;
        for value in values {
            sum = (sum + u64::from(*value) * power) % modulus;
            power = power * u64::from(self.weight) % modulus;
        }
        let mut digits = Vec::with_capacity(self.characters);
        for _ in 0..self.characters {
            digits.push(u8::try_from(sum % 32).unwrap_or_default());
            sum /= 32;
        }
        digits.reverse();
        digits
    }

    /// Takes the check off the end; `None` when it does not agree.
    pub(crate) fn strip(self, values: &[u8]) -> Option<&[u8]> {
        let (body, check) = values.split_at_checked(values.len().checked_sub(self.characters)?)?;
        (self.values(body) == check).then_some(body)
    }
}

/// Splits bytes into values of five bits, zeros filling the last one.
pub fn values_of(bytes: &[u8]) -> Vec<u8> {
    let mut values = Vec::with_capacity((bytes.len() * 8).div_ceil(5));
    let (mut held, mut bits) = (0_u32, 0_u32);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            values.push(low_five(held >> bits));
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        values.push(low_five(held << (5 - bits)));
    }
    values
}

/// Joins values of five bits to bytes; `None` where the bits left over are not zeros, or are a
/// whole value.
pub fn bytes_of(values: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(values.len() * 5 / 8);
    let (mut held, mut bits) = (0_u32, 0_u32);
    for value in values {
        held = (held << 5) | u32::from(*value);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits).ok()?);
            held &= (1 << bits) - 1;
        }
    }
    (held == 0 && bits < 5).then_some(bytes)
}

/// Writes values in groups of four, with dashes between.
///
/// # Errors
/// Those of `f`.
pub fn write_groups(values: &[u8], f: &mut impl fmt::Write) -> fmt::Result {
    for (group, chunk) in values.chunks(4).enumerate() {
        if group > 0 {
            f.write_char('-')?;
        }
        for value in chunk {
            let letter = ALPHABET.get(usize::from(*value)).copied().unwrap_or(b'0');
            f.write_char(char::from(letter))?;
        }
    }
    Ok(())
}

/// Reads typed characters: `o` is `0`, `i` and `l` are `1`, spaces and dashes are nothing.
///
/// # Errors
/// [`BadCharacter`]: one stands for nothing.
pub fn read(text: &str) -> Result<Vec<u8>, BadCharacter> {
    let mut values = Vec::with_capacity(text.len());
    for character in text.chars().filter(|sign| !is_separator(*sign)) {
        let value = value_of(character);
        values.push(value.ok_or(BadCharacter { place: values.len() + 1, character })?);
    }
    Ok(values)
}

fn is_separator(sign: char) -> bool {
    sign.is_whitespace() || matches!(sign, '-' | '_' | '.' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn value_of(character: char) -> Option<u8> {
    let letter = match character.to_ascii_uppercase() {
        'O' => b'0',
        'I' | 'L' => b'1',
        other => u8::try_from(other).ok()?,
    };
    let place = ALPHABET.iter().position(|sign| *sign == letter)?;
    u8::try_from(place).ok()
}

fn low_five(bits: u32) -> u8 {
    u8::try_from(bits & 31).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(values: &[u8]) -> String {
        let mut text = String::new();
        write_groups(values, &mut text).unwrap();
        text
    }

    proptest! {
        #[test]
        fn bytes_survive_the_journey(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            let text = written(&values_of(&bytes));
            prop_assert_eq!(bytes_of(&read(&text).unwrap()), Some(bytes));
        }
    }

    #[test]
    fn what_people_type_is_understood() {
        let expected = read("0123-456789-ABCDEFGH-JKMNPQRSTVWXYZ").unwrap();
        for typed in [
            "o123456789abcdefghjkmnpqrstvwxyz",
            "Oi23 4567 89AB CDEF GHJK MNPQ RSTV WXYZ",
            "0L23\u{2013}4567\u{2212}89ab_cdef.ghjk\nmnpq rstv wxyz",
        ] {
            assert_eq!(read(typed), Ok(expected.clone()), "{typed}");
        }
        assert_eq!(read("01U"), Err(BadCharacter { place: 3, character: 'U' }));
        assert_eq!(read("0 é"), Err(BadCharacter { place: 2, character: 'é' }));
    }

    #[test]
    fn left_over_bits_must_be_zeros() {
        assert_eq!(bytes_of(&[31, 28]), Some(vec![255]));
        assert_eq!(bytes_of(&[31, 29]), None);
        assert_eq!(bytes_of(&[0]), None);
    }
}
