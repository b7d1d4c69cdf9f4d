//! The raw key of the encrypted store.

use crate::Sensitive;
use crate::kdf::derive;
use crate::random::{Entropy, make_secret};

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

    /// Derives the literal for `PRAGMA key`, quotes for SQL excluded: `x'..64 hex digits..'`.
    pub fn sqlcipher_pragma_literal(&self) -> Sensitive<String> {
        let mut literal = Sensitive::new(String::with_capacity(67));
        let text = literal.expose_mut();
        text.push_str("x'");
        for byte in self.0.expose() {
            for digit in [byte >> 4, byte & 15] {
                text.extend(char::from_digit(u32::from(digit), 16));
            }
        }
        text.push('\'');
        literal
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
    fn the_literal_is_what_sqlcipher_reads() {
        let key = DatabaseKey::from_bytes(Sensitive::new([0xa5; 32]));
        assert_eq!(*key.sqlcipher_pragma_literal().expose(), format!("x'{}'", "a5".repeat(32)));
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
