//! The anchor beside the store: how far it had come, so that an older copy is noticed.
//!
//! SQLCipher accepts an old page, an old file and a cut write-ahead log without a word. After
//! each commit the store writes sequence and audit head, authenticated, into one of two
//! alternating slots of 4 KiB. A store that is behind its anchor has lost acknowledged entries.
//!
//! A slot is `version (1) ‖ turn (8) ‖ sequence (8) ‖ audit head (32) ‖ zeros ‖ HMAC (32)`.

use hmac::Mac;

use crate::DatabaseKey;
use crate::Sensitive;
use crate::codec::{Reader, Writer};
use crate::kdf::{derive, hmac};

const VERSION: u8 = 1;
const INFO: &[u8] = b"fieldchart anchor v1";
/// Bytes of one slot: one page, so that a torn write harms one of the two alone.
pub const SLOT_BYTES: usize = 4096;
/// Bytes of the whole file.
pub const FILE_BYTES: usize = 2 * SLOT_BYTES;
const MAC_BYTES: usize = 32;

/// The key that authenticates the anchor, derived from the database key.
#[derive(Debug, Clone)]
pub struct AnchorKey(Sensitive<[u8; 32]>);

/// How far a store had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// How many times the anchor was written; its parity names the slot.
    pub turn: u64,
    /// Sequence of the last entry of the audit log.
    pub sequence: u64,
    /// Hash of that entry.
    pub audit_head: [u8; 32],
}

/// Why an anchor file could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AnchorError {
    /// Written by a newer version of the program.
    #[error("the anchor was written by a newer version of Fieldchart (format {0})")]
    NewerFormat(u8),
    /// Neither slot is whole and authentic.
    #[error("the anchor is damaged or belongs to another store")]
    Damaged,
}

impl AnchorKey {
    /// Derives the key that belongs to a database.
    pub fn derive(database_key: &DatabaseKey) -> Self {
        Self(derive(database_key.expose(), &[], &[INFO]))
    }

    /// Reads the newer of the two slots.
    ///
    /// One bad slot is a write that was cut; the other then holds the turn before it.
    pub fn read(&self, file: &[u8]) -> Result<Anchor, AnchorError> {
        let (first, second) = file.split_at_checked(SLOT_BYTES).ok_or(AnchorError::Damaged)?;
        let second = second.get(..SLOT_BYTES).unwrap_or(second);
        match (self.read_slot(first), self.read_slot(second)) {
            (Ok(one), Ok(two)) => Ok(if one.turn > two.turn { one } else { two }),
            (Err(AnchorError::NewerFormat(version)), _)
            | (_, Err(AnchorError::NewerFormat(version))) => Err(AnchorError::NewerFormat(version)),
            (Ok(one), Err(AnchorError::Damaged)) | (Err(AnchorError::Damaged), Ok(one)) => Ok(one),
            (Err(AnchorError::Damaged), Err(AnchorError::Damaged)) => Err(AnchorError::Damaged),
        }
    }

    fn read_slot(&self, slot: &[u8]) -> Result<Anchor, AnchorError> {
        let (body, mac) = slot.split_last_chunk::<MAC_BYTES>().ok_or(AnchorError::Damaged)?;
        let mut expected = hmac(self.0.expose());
        expected.update(body);
        let authentic = slot.len() == SLOT_BYTES && expected.verify_slice(mac).is_ok();
        let mut reader = Reader::new(body);
        match reader.u8() {
            // A newer version may authenticate otherwise, so its number is told as it stands.
            Some(version) if version > VERSION => return Err(AnchorError::NewerFormat(version)),
            Some(VERSION) if authentic => {}
            Some(_) | None => return Err(AnchorError::Damaged),
        }
        let (Some(turn), Some(sequence), Some(audit_head)) =
            (reader.u64(), reader.u64(), reader.array())
        else {
            return Err(AnchorError::Damaged);
        };
        Ok(Anchor { turn, sequence, audit_head })
    }
}

impl Anchor {
    /// The first anchor of a new store.
    pub fn first(sequence: u64, audit_head: [u8; 32]) -> Self {
        Self { turn: 0, sequence, audit_head }
    }

    /// The anchor after another commit; it goes to the other slot.
    pub fn next(self, sequence: u64, audit_head: [u8; 32]) -> Self {
        Self { turn: self.turn.wrapping_add(1), sequence, audit_head }
    }

    /// Where in the file this anchor's slot begins, in bytes.
    pub fn offset_bytes(&self) -> u64 {
        if self.turn.is_multiple_of(2) { 0 } else { 4096 }
    }

    /// Writes the slot.
    pub fn to_slot(&self, key: &AnchorKey) -> Vec<u8> {
        let mut writer = Writer::with_capacity(SLOT_BYTES);
        writer.u8(VERSION).u64(self.turn).u64(self.sequence).raw(&self.audit_head);
        let mut slot = writer.finish();
        slot.resize(SLOT_BYTES - MAC_BYTES, 0);
        let mut mac = hmac(key.0.expose());
        mac.update(&slot);
        slot.extend(mac.finalize().into_bytes());
        slot
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::FixedEntropy;

    fn key(seed: u64) -> AnchorKey {
        AnchorKey::derive(&DatabaseKey::make(&mut FixedEntropy::new(seed)))
    }

    fn write(file: &mut [u8], anchor: &Anchor) {
        let start = usize::try_from(anchor.offset_bytes()).unwrap();
        file[start..start + SLOT_BYTES].copy_from_slice(&anchor.to_slot(&key(1)));
    }

    #[test]
    fn the_newer_slot_counts_and_slots_alternate() {
        let mut file = vec![0; FILE_BYTES];
        let mut anchor = Anchor::first(10, [1; 32]);
        for step in 0..5 {
            write(&mut file, &anchor);
            assert_eq!(key(1).read(&file), Ok(anchor), "step {step}");
            let next = anchor.next(anchor.sequence + 2, [step; 32]);
            assert_ne!(next.offset_bytes(), anchor.offset_bytes());
            anchor = next;
        }
    }

    #[test]
    fn a_cut_write_leaves_the_turn_before() {
        let mut file = vec![0; FILE_BYTES];
        let first = Anchor::first(1, [1; 32]);
        write(&mut file, &first);
        let second = first.next(2, [2; 32]);
        write(&mut file, &second);
        file[SLOT_BYTES + 600..].fill(0);
        assert_eq!(key(1).read(&file), Ok(first));
        assert_eq!(key(1).read(&file[..SLOT_BYTES + 7]), Ok(first));
    }

    #[test]
    fn each_flipped_byte_of_a_slot_is_noticed() {
        let mut file = vec![0; FILE_BYTES];
        write(&mut file, &Anchor::first(1, [1; 32]));
        for place in (0..SLOT_BYTES).filter(|place| *place < 64 || *place > 4000) {
            let mut bad = file.clone();
            bad[place] ^= 1;
            assert!(key(1).read(&bad).is_err(), "{place}");
        }
        assert_eq!(key(2).read(&file), Err(AnchorError::Damaged));
        assert_eq!(key(1).read(&[]), Err(AnchorError::Damaged));
        file[0] = 2;
        assert_eq!(key(1).read(&file), Err(AnchorError::NewerFormat(2)));
    }
}
