//! A digest over a set of rows that can be kept up to date row by row.
//!
//! It stands in the state row and in the anchor. When a check counts the rows anew and comes to
//! another sum, a row has been lost, added or put back from an old copy of its page.

use sha2::{Digest, Sha256};

/// The sum of the SHA-256 digests of all rows, as four wrapping lanes. Order does not matter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally([u64; 4]);

impl Tally {
    /// Counts a row in.
    pub(crate) fn add(&mut self, parts: &[&[u8]]) {
        for (lane, of_row) in self.0.iter_mut().zip(lanes(parts)) {
            *lane = lane.wrapping_add(of_row);
        }
    }

    /// Counts a row out.
    pub(crate) fn subtract(&mut self, parts: &[&[u8]]) {
        for (lane, of_row) in self.0.iter_mut().zip(lanes(parts)) {
            *lane = lane.wrapping_sub(of_row);
        }
    }

    pub(crate) fn to_bytes(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (chunk, lane) in bytes.chunks_mut(8).zip(self.0) {
            chunk.copy_from_slice(&lane.to_be_bytes());
        }
        bytes
    }

    pub(crate) fn from_bytes(bytes: [u8; 32]) -> Self {
        let mut lanes = [0; 4];
        for (lane, chunk) in lanes.iter_mut().zip(bytes.chunks(8)) {
            *lane = u64::from_be_bytes(chunk.try_into().unwrap_or_default());
        }
        Self(lanes)
    }
}

fn lanes(parts: &[&[u8]]) -> [u64; 4] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or_default().to_be_bytes());
        hash.update(part);
    }
    Tally::from_bytes(hash.finalize().into()).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_does_not_matter_and_every_row_does() {
        let sum = |rows: &[&[u8]]| {
            let mut tally = Tally::default();
            rows.iter().for_each(|row| tally.add(&[row]));
            tally
        };
        assert_eq!(sum(&[b"a", b"b"]), sum(&[b"b", b"a"]));
        assert_ne!(sum(&[b"a", b"b"]), sum(&[b"a"]));
        assert_ne!(sum(&[b"a", b"a"]), sum(&[b"a"]));
        let mut tally = sum(&[b"a", b"b"]);
        tally.subtract(&[b"b"]);
        assert_eq!(tally, sum(&[b"a"]));
        assert_eq!(Tally::from_bytes(tally.to_bytes()), tally);
        let mut joined = Tally::default();
        joined.add(&[b"ab", b"c"]);
        let mut parted = Tally::default();
        parted.add(&[b"a", b"bc"]);
        assert_ne!(joined, parted);
    }
}
