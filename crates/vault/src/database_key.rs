//! The raw key of the encrypted store.

use crate::Sensitive;
use crate::kdf::derive;
use crate::random::{Entropy, make_secret};

const ANCHOR_INFO: &[u8] = b"fieldchart anchor v1";
const CHECK_INFO: &[u8] = b"fieldchart database key check v1";

/// The 256-bit key the store's database is opened with.
#[derive(Debug, Clone)]
pub struct DatabaseKey(Sensitive<[u8; 32]>);

/// A value that tells whether a key is the right one, and nothing more about it.
pub type KeyCheck = [u8; 16];

impl DatabaseKey {
    /// Makes a new key. Never do this where a store exists.
    pub fn make(entropy: &mut dyn Entropy) -> Self {
        Self(make_secret(entropy))
    }

    /// Takes a key that was kept elsewhere.
    pub fn from_bytes(bytes: Sensitive<[u8; 32]>) -> Self {
        Self(bytes)
    }

    /// The 32 raw bytes.
    pub fn expose(&self) -> &[u8; 32] {
        self.0.expose()
    }

    /// Derives the key that seals the anchor beside the store.
    pub fn derive_anchor_key(&self) -> Sensitive<[u8; 32]> {
        derive(self.0.expose(), &[], &[ANCHOR_INFO])
    }

    /// Derives the check value kept in the keyslots file.
    ///
    /// SQLCipher gives one error for a wrong key and for a damaged first page; a key whose check
    /// value agrees is right, so the file is damaged.
    pub fn derive_check(&self) -> KeyCheck {
        *derive(self.0.expose(), &[], &[CHECK_INFO]).expose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::FixedEntropy;

    #[test]
    fn keys_derived_for_different_ends_differ() {
        let key = DatabaseKey::from_bytes(Sensitive::new([0xa5; 32]));
        let anchor = key.derive_anchor_key();
        assert_ne!(anchor.expose(), key.expose());
        assert_ne!(anchor.expose().first_chunk(), Some(&key.derive_check()));
        assert_eq!(format!("{key:?}"), "DatabaseKey(Sensitive(..))");
    }

    #[test]
    fn the_check_value_knows_its_key() {
        let (one, other) = (
            DatabaseKey::make(&mut FixedEntropy::new(1)),
            DatabaseKey::make(&mut FixedEntropy::new(2)),
        );
        assert_eq!(one.derive_check(), one.derive_check());
        assert_ne!(one.derive_check(), other.derive_check());
    }
}
