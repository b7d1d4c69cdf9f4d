//! The two secrets a store is opened with.

use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// The database's raw key and the key of the anchor's seal: 256 random bits each, made and kept
/// by the caller. They are wiped when dropped.
#[derive(Clone, zeroize::ZeroizeOnDrop)]
pub struct StoreKeys {
    database: [u8; 32],
    anchor: [u8; 32],
}

impl StoreKeys {
    /// Takes the keys.
    pub const fn new(database: [u8; 32], anchor: [u8; 32]) -> Self {
        Self { database, anchor }
    }

    /// The statement that keys a connection: a raw key, so that nothing is stretched.
    pub(crate) fn key_statement(&self) -> Zeroizing<String> {
        let mut statement = String::with_capacity(90);
        statement.push_str("PRAGMA key = \"x'");
        for byte in self.database {
            statement.extend(hex_digits(byte));
        }
        statement.push_str("'\";");
        Zeroizing::new(statement)
    }

    pub(crate) const fn anchor(&self) -> &[u8; 32] {
        &self.anchor
    }
}

fn hex_digits(byte: u8) -> [char; 2] {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    [digit(byte >> 4), digit(byte & 15)]
}

impl Zeroize for StoreKeys {
    fn zeroize(&mut self) {
        self.database.zeroize();
        self.anchor.zeroize();
    }
}

impl fmt::Debug for StoreKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreKeys(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_statement_holds_the_raw_key_and_debug_does_not() {
        let keys = StoreKeys::new([0xa5; 32], [1; 32]);
        let want = format!("PRAGMA key = \"x'{}'\";", "a5".repeat(32));
        assert_eq!(*keys.key_statement(), want);
        assert_eq!(format!("{keys:?}"), "StoreKeys(..)");
    }
}
