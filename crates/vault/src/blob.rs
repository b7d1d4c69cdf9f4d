//! The sealed bytes of a file: padded, encrypted under a key of their own.
//!
//! ```text
//! sealed      = version (1) ‖ AES-256-GCM(body)
//! body        = length (8) ‖ bytes ‖ zeros up to Padmé
//! key ‖ nonce = HKDF-SHA-256(key of the file, no salt, domain ‖ clinic), 44 bytes
//! ```
//! The key is drawn for one file and never used again, so what is derived from it is used once. The
//! version is the additional data. They are not compressed: pictures and PDF are already, and what
//! a size tells is padded away.

use crate::Sensitive;
use crate::cipher::{OneTimeKey, TAG_BYTES};
use crate::padding::padded_len;

const DOMAIN: &[u8] = b"fieldchart blob v1";
const VERSION: u8 = 1;
const LENGTH_BYTES: usize = 8;

/// The largest file that can be sealed, in bytes: padded it is no more than 63 MiB.
pub const BLOB_PLAIN_BYTES_MAX: usize = (63 << 20) - LENGTH_BYTES;

/// Seals a file under a fresh key; `None` above [`BLOB_PLAIN_BYTES_MAX`].
pub fn seal(key: &Sensitive<[u8; 32]>, clinic: &[u8; 16], bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.len() > BLOB_PLAIN_BYTES_MAX {
        return None;
    }
    let length = LENGTH_BYTES.checked_add(bytes.len())?;
    let padded = usize::try_from(padded_len(u32::try_from(length).ok()?)?).ok()?;
    let mut body = Sensitive::new(Vec::with_capacity(padded));
    let to = body.expose_mut();
    to.extend_from_slice(&u64::try_from(bytes.len()).ok()?.to_be_bytes());
    to.extend_from_slice(bytes);
    to.resize(padded, 0);
    let ciphertext = one_time(key, clinic).seal(&[VERSION], body.expose())?;
    let mut sealed = Vec::with_capacity(ciphertext.len().saturating_add(1));
    sealed.push(VERSION);
    sealed.extend_from_slice(&ciphertext);
    Some(sealed)
}

/// Opens a sealed file; `None` when a bit differs, the key is another, or a newer version sealed it.
pub fn open(
    key: &Sensitive<[u8; 32]>,
    clinic: &[u8; 16],
    sealed: &[u8],
) -> Option<Sensitive<Vec<u8>>> {
    let (version, ciphertext) = sealed.split_first()?;
    if *version != VERSION || ciphertext.len() < TAG_BYTES {
        return None;
    }
    let mut body = one_time(key, clinic).open(&[VERSION], ciphertext)?;
    let (length, bytes) = body.expose().split_first_chunk::<LENGTH_BYTES>()?;
    let length = usize::try_from(u64::from_be_bytes(*length)).ok()?;
    if length > bytes.len() {
        return None;
    }
    let bytes = body.expose_mut();
    bytes.drain(..LENGTH_BYTES);
    bytes.truncate(length);
    Some(body)
}

fn one_time(key: &Sensitive<[u8; 32]>, clinic: &[u8; 16]) -> OneTimeKey {
    OneTimeKey::derive(key.expose(), &[], &[DOMAIN, clinic])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> Sensitive<[u8; 32]> {
        Sensitive::new([byte; 32])
    }

    #[test]
    fn what_was_sealed_opens_and_its_size_is_padded() {
        for len in [0, 1, 100, 70_000] {
            let bytes = vec![0x5a; len];
            let sealed = seal(&key(1), &[2; 16], &bytes).unwrap();
            assert_eq!(open(&key(1), &[2; 16], &sealed).unwrap().expose(), &bytes);
        }
        let sealed_len = |len| seal(&key(1), &[2; 16], &vec![0; len]).unwrap().len();
        assert_eq!(sealed_len(66_000), sealed_len(67_000));
    }

    #[test]
    fn what_is_not_what_was_sealed_does_not_open() {
        let sealed = seal(&key(1), &[2; 16], b"scan").unwrap();
        for bit in 0..sealed.len() * 8 {
            let mut bad = sealed.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(open(&key(1), &[2; 16], &bad).is_none(), "bit {bit}");
        }
        assert!(open(&key(3), &[2; 16], &sealed).is_none());
        assert!(open(&key(1), &[3; 16], &sealed).is_none());
        assert!(open(&key(1), &[2; 16], &sealed[..sealed.len() - 1]).is_none());
        assert!(open(&key(1), &[2; 16], b"").is_none());
    }

    /// What lies sealed must open for ever.
    #[test]
    fn the_form_is_the_same_for_ever() {
        let sealed = seal(&key(1), &[2; 16], b"scan").unwrap();
        let hex: String = sealed.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "01306ede17d3be3e2431f20d0c7e52bbea131f6ea1731cf7f42c3166fd");
    }
}
