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

#[cfg(test)]
mod tests {
    use super::hex;

    #[test]
    fn two_digits_for_each_byte() {
        let check = |bytes: &[u8], want: &str| assert_eq!(hex(bytes), want);
        check(&[], "");
        check(&[0, 1, 0x9f, 0xff], "00019fff");
    }
}
