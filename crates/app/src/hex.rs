//! Bytes as text.

use std::fmt::Write as _;

/// Bytes as lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string has no error.
        let _written = write!(text, "{byte:02x}");
        text
    })
}

/// Bytes of hex; nothing where it is none.
pub(crate) fn bytes_of_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |sign: &u8| char::from(*sign).to_digit(16).and_then(|it| u8::try_from(it).ok());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let byte = |[high, low]: &[u8; 2]| Some(digit(high)? << 4 | digit(low)?);
    let bytes = pairs.iter().map(byte).collect::<Option<_>>()?;
    rest.is_empty().then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::{bytes_of_hex, hex};

    #[test]
    fn two_digits_for_each_byte() {
        let check = |bytes: &[u8], want: &str| {
            assert_eq!(hex(bytes), want);
            assert_eq!(bytes_of_hex(want).as_deref(), Some(bytes));
        };
        check(&[], "");
        check(&[0, 1, 0x9f, 0xff], "00019fff");
        for none in ["0", "0g", "+1", "é"] {
            assert_eq!(bytes_of_hex(none), None, "{none}");
        }
    }
}
