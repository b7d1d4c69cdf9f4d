//! AES-256-GCM under a key and nonce that are derived together and used once.

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit};

use crate::Sensitive;
use crate::kdf::derive;

/// Bytes AES-GCM adds to a plaintext.
pub(crate) const TAG_BYTES: usize = 16;

/// A key and a nonce for one message.
///
/// Both come from HKDF over a secret and a fresh random salt, so no counter exists that a
/// restored backup could repeat.
pub(crate) struct OneTimeKey(Sensitive<[u8; 44]>);

impl OneTimeKey {
    /// Derives 44 bytes: key ‖ nonce.
    pub(crate) fn derive(secret: &[u8], salt: &[u8], info: &[&[u8]]) -> Self {
        Self(derive(secret, salt, info))
    }

    /// Encrypts; `None` only above the 64 GiB that one AES-GCM message can hold.
    pub(crate) fn seal(self, aad: &[u8], plaintext: &[u8]) -> Option<Vec<u8>> {
        let (key, nonce) = self.parts();
        let cipher = Aes256Gcm::new(key.expose().into());
        cipher.encrypt(&nonce.into(), Payload { msg: plaintext, aad }).ok()
    }

    /// Decrypts; `None` when a bit of ciphertext or `aad` differs, or the key is another.
    pub(crate) fn open(self, aad: &[u8], ciphertext: &[u8]) -> Option<Sensitive<Vec<u8>>> {
        let (key, nonce) = self.parts();
        let cipher = Aes256Gcm::new(key.expose().into());
        let plaintext = cipher.decrypt(&nonce.into(), Payload { msg: ciphertext, aad }).ok()?;
        Some(Sensitive::new(plaintext))
    }

    fn parts(&self) -> (Sensitive<[u8; 32]>, [u8; 12]) {
        let (mut key, mut nonce) = (Sensitive::new([0; 32]), [0; 12]);
        let mut bytes = self.0.expose().iter().copied();
        for to in key.expose_mut().iter_mut().chain(nonce.iter_mut()) {
            *to = bytes.next().unwrap_or_default();
        }
        (key, nonce)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> OneTimeKey {
        OneTimeKey::derive(b"secret", b"salt", &[b"info"])
    }

    #[test]
    fn key_and_nonce_are_the_44_bytes_in_order() {
        let okm = derive::<44>(b"secret", b"salt", &[b"info"]);
        let (k, nonce) = key().parts();
        assert_eq!([&k.expose()[..], &nonce[..]].concat(), okm.expose());
    }

    #[test]
    fn each_flipped_bit_is_noticed() {
        let sealed = key().seal(b"aad", b"text").unwrap();
        assert_eq!(sealed.len(), 4 + TAG_BYTES);
        assert_eq!(key().open(b"aad", &sealed).unwrap().expose(), b"text");
        for bit in 0..sealed.len() * 8 {
            let mut bad = sealed.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(key().open(b"aad", &bad).is_none(), "bit {bit}");
        }
        assert!(key().open(b"abd", &sealed).is_none());
        assert!(OneTimeKey::derive(b"secret", b"sale", &[b"info"]).open(b"aad", &sealed).is_none());
    }
}
