//! Base 64 (RFC 4648 §4), as the shell writes bytes.

/// The bytes of a text; `None` where it is none.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=');
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    for four in text.as_bytes().chunks(4) {
        let mut bits = 0_u32;
        for place in 0..4 {
            bits = bits << 6 | four.get(place).map_or(Some(0), |sign| value(*sign))?;
        }
        let [_, three @ ..] = bits.to_be_bytes();
        bytes.extend_from_slice(three.get(..four.len().checked_sub(1)?)?);
    }
    Some(bytes)
}

fn value(sign: u8) -> Option<u32> {
    let at = |first: u8, offset: u32| Some(u32::from(sign - first) + offset);
    match sign {
        b'A'..=b'Z' => at(b'A', 0),
        b'a'..=b'z' => at(b'a', 26),
        b'0'..=b'9' => at(b'0', 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    /// RFC 4648 §10, and signs beyond the letters.
    #[test]
    fn the_examples_of_the_standard() {
        let check = |text: &str, want: Option<&[u8]>| assert_eq!(decode(text).as_deref(), want);
        check("", Some(b""));
        check("Zg==", Some(b"f"));
        check("Zm8=", Some(b"fo"));
        check("Zm9vYmFy", Some(b"foobar"));
        check("+//+", Some(&[0xfb, 0xff, 0xfe]));
        check("Zm9!", None);
    }
}
