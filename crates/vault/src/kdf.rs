//! HKDF-SHA-256 and HMAC-SHA-256 without failing cases.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::Sensitive;

/// HKDF-SHA-256 gives at most 255 blocks (RFC 5869 section 2.3).
const HKDF_BYTES_MAX: usize = 255 * 32;

/// Derives `N` bytes from `secret`, bound to the concatenation of `info`.
pub(crate) fn derive<const N: usize>(
    secret: &[u8],
    salt: &[u8],
    info: &[&[u8]],
) -> Sensitive<[u8; N]> {
    const { assert!(N <= HKDF_BYTES_MAX) };
    let mut output = Sensitive::new([0; N]);
    match Hkdf::<Sha256>::new(Some(salt), secret).expand_multi_info(info, output.expose_mut()) {
        // The only error is an output above HKDF_BYTES_MAX, which does not compile.
        Ok(()) | Err(_) => output,
    }
}

/// Computes HMAC-SHA-256 under a 32-byte key over the concatenation of `parts`.
pub(crate) fn hmac_of(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC pads a short key with zeros to one block (RFC 2104 section 2).
    let mut block = Sensitive::new([0; 64]);
    for (to, from) in block.expose_mut().iter_mut().zip(key) {
        *to = *from;
    }
    let mut mac = Hmac::<Sha256>::new(block.expose().into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn hkdf_agrees_with_rfc_5869_case_1() {
        let info: Vec<u8> = (0xf0..=0xf9).collect();
        let salt: Vec<u8> = (0x00..=0x0c).collect();
        let (head, tail) = info.split_at(4);
        let output = derive::<42>(&[0x0b; 22], &salt, &[head, tail]);
        assert_eq!(
            hex(output.expose()),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
        );
    }

    #[test]
    fn hmac_agrees_with_another_keying() {
        let key = [0xaa; 32];
        let mut by_slice = <Hmac<Sha256> as KeyInit>::new_from_slice(&key).unwrap();
        by_slice.update(b"Hi There");
        let expected: [u8; 32] = by_slice.finalize().into_bytes().into();
        assert_eq!(hmac_of(&key, &[b"Hi ", b"There"]), expected);
    }
}
