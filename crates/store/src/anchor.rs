//! The anchor: a small file beside the database that remembers how far it was acknowledged.
//!
//! SQLCipher notices neither an old copy put back nor a write-ahead log with a flipped bit: both
//! lose acknowledged commits without an error. So after each commit its sequence number and the
//! head of the audit chain are written here, sealed by an HMAC, in one of two slots in turn. The
//! file needs no fsync: it can only lag behind the database, which has one.

use crate::{error::Result, tally::Tally};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::{
    fs::File,
    io::{Read, Seek, SeekFrom, Write},
    path::Path,
};

/// Length of one slot in bytes: a disk block, so that a torn write spoils one slot only.
const SLOT_BYTES: usize = 4096;
/// What a slot begins with; the last byte is the version of its layout.
const MAGIC: [u8; 8] = *b"FCANCH\0\x01";
/// Bytes of a slot that are sealed: magic, three numbers and heads.
const SEALED_BYTES: usize = 8 + 8 + 8 + 32 + 32;

/// How far the database has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Commits so far.
    pub(crate) sequence: u64,
    /// The last audit row.
    pub(crate) audit_seq: u64,
    /// The hash of the last audit row.
    pub(crate) audit_head: [u8; 32],
    /// The digest of documents and changes.
    pub(crate) tally: Tally,
}

/// The open file.
#[derive(Debug)]
pub(crate) struct Anchor {
    file: File,
    key: [u8; 32],
}

impl Anchor {
    /// Makes the file with both slots on disk.
    pub(crate) fn create(path: &Path, key: &[u8; 32], mark: &Mark) -> Result<Self> {
        let file = File::options().read(true).write(true).create(true).truncate(true).open(path)?;
        let mut anchor = Self { file, key: *key };
        anchor.write_slot(0, mark)?;
        anchor.write_slot(1, mark)?;
        anchor.file.sync_all()?;
        Ok(anchor)
    }

    /// Opens the file and reads the newest slot whose seal holds; none when neither does.
    pub(crate) fn open(path: &Path, key: &[u8; 32]) -> Result<(Self, Option<Mark>)> {
        let mut file = File::options().read(true).write(true).open(path)?;
        let mut bytes = Vec::new();
        (&mut file).take(2 * 4096).read_to_end(&mut bytes)?;
        let slots = bytes.chunks(SLOT_BYTES).filter_map(|slot| decode(slot, key));
        let mark = slots.max_by_key(|mark| mark.sequence);
        Ok((Self { file, key: *key }, mark))
    }

    /// Writes the mark over the older slot.
    pub(crate) fn write(&mut self, mark: &Mark) -> Result<()> {
        self.write_slot(mark.sequence % 2, mark)
    }

    fn write_slot(&mut self, slot: u64, mark: &Mark) -> Result<()> {
        self.file.seek(SeekFrom::Start(slot * 4096))?;
        self.file.write_all(&encode(mark, &self.key))?;
        Ok(())
    }
}

impl Drop for Anchor {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.key);
    }
}

fn encode(mark: &Mark, key: &[u8; 32]) -> Vec<u8> {
    let mut slot = Vec::with_capacity(SLOT_BYTES);
    slot.extend(MAGIC);
    slot.extend(mark.sequence.to_be_bytes());
    slot.extend(mark.audit_seq.to_be_bytes());
    slot.extend(mark.audit_head);
    slot.extend(mark.tally.to_bytes());
    let seal = seal(&slot, key);
    slot.extend(seal);
    slot.resize(SLOT_BYTES, 0);
    slot
}

fn decode(slot: &[u8], key: &[u8; 32]) -> Option<Mark> {
    let (sealed, rest) = slot.split_at_checked(SEALED_BYTES)?;
    if rest.get(..32)? != seal(sealed, key) || sealed.get(..8)? != MAGIC {
        return None;
    }
    Some(Mark {
        sequence: u64::from_be_bytes(sealed.get(8..16)?.try_into().ok()?),
        audit_seq: u64::from_be_bytes(sealed.get(16..24)?.try_into().ok()?),
        audit_head: sealed.get(24..56)?.try_into().ok()?,
        tally: Tally::from_bytes(sealed.get(56..88)?.try_into().ok()?),
    })
}

fn seal(bytes: &[u8], key: &[u8; 32]) -> [u8; 32] {
    // HMAC takes keys of every length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    mac.update(b"fieldchart anchor");
    mac.update(bytes);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [9; 32];

    fn mark(sequence: u64) -> Mark {
        Mark { sequence, audit_seq: 3, audit_head: [5; 32], tally: Tally::default() }
    }

    #[test]
    fn the_newest_whole_slot_counts() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("anchor");
        let mut anchor = Anchor::create(&path, &KEY, &mark(0)).unwrap();
        for sequence in 1..=5 {
            anchor.write(&mark(sequence)).unwrap();
        }
        let read = |key| Anchor::open(&path, key).unwrap().1.map(|mark| mark.sequence);
        assert_eq!(read(&KEY), Some(5));
        assert_eq!(read(&[8; 32]), None, "another key");

        let whole = std::fs::read(&path).unwrap();
        assert_eq!(whole.len(), 2 * SLOT_BYTES);
        for (at, want) in
            [(0, Some(5)), (4096, Some(4)), (4096 + 8, Some(4)), (4096 + 100, Some(4))]
        {
            let mut torn = whole.clone();
            torn[at] ^= 1;
            std::fs::write(&path, torn).unwrap();
            assert_eq!(read(&KEY), want, "bit flipped at {at}");
        }
        std::fs::write(&path, &whole[..20]).unwrap();
        assert_eq!(read(&KEY), None, "cut short");
    }

    #[test]
    fn a_slot_keeps_its_form() {
        let hex: String =
            encode(&mark(7), &KEY)[..120].iter().map(|b| format!("{b:02x}")).collect();
        insta::assert_snapshot!(
            hex,
            @"4643414e434800010000000000000007000000000000000305050505050505050505050505050505050505050505050505050505050505050000000000000000000000000000000000000000000000000000000000000000190bd5913b2fe3a62349ea4fde5c0f61313f00da0ab85ffece5ba76a5f07cbf8"
        );
    }
}
