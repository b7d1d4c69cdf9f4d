//! Room on the disk that is kept for when it is full.
//!
//! A chart is shown only once its reading is in the audit chain, and a store opens only with the
//! little files that SQLite makes. On a disk without a byte left neither would go: nobody could
//! look up an allergy. So a file beside the store holds some room, and is given up when an opening
//! or an audit row finds none. What people record does not get it: they are told that the disk is
//! full. It is made again with the next opening that finds room.

use std::{fs, path::Path};

/// Enough for some fifty readings.
const BYTES: usize = 1024 * 1024;

/// Keeps room, where there is some and none is kept. A disk that has none now has none to keep.
pub(crate) fn keep(path: &Path) {
    if fs::metadata(path).is_ok() {
        return;
    }
    if fs::write(path, filling()).is_err() {
        give_up(path);
    }
}

/// Gives the room up; answers whether there was any.
pub(crate) fn give_up(path: &Path) -> bool {
    let had = fs::metadata(path).is_ok_and(|found| found.len() > 0);
    fs::remove_file(path).is_ok() && had
}

/// Bytes that no file system keeps in less room than they have.
fn filling() -> Vec<u8> {
    let next = |state: &u64| {
        let mut state = *state;
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        Some(state)
    };
    let numbers = std::iter::successors(Some(0x9E37_79B9_7F4A_7C15), next);
    numbers.flat_map(u64::to_le_bytes).take(BYTES).collect()
}
