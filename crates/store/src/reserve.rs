//! Room on the disk that is kept for when it is full.
//!
//! A chart is shown only once its reading is in the audit chain, and a store opens only with the
//! little files that SQLite makes. On a disk without a byte left neither would go: nobody could
//! look up an allergy. So a file beside the store holds some room, and is given up piece by piece
//! when an opening or an audit row finds none. What people record does not get it: they are told
//! that the disk is full. It is filled up again by the next opening that finds room.

use crate::{
    error::{Result, StoreError},
    place::Place,
};
use std::{
    fs::{self, File},
    io::Write as _,
    path::Path,
};

/// Enough for some fifty readings.
const BYTES: usize = 1024 * 1024;

/// Given up at a time: an audit row fits, and hardly anything that people record beside it.
const PIECE: u64 = 32 * 1024;

/// Fills the room that is kept up, as far as there is some.
pub(crate) fn keep(path: &Path) {
    let had = fs::metadata(path).map_or(0, |found| found.len());
    let Ok(had) = usize::try_from(had) else { return };
    let filling = filling();
    let Some(missing) = filling.get(had..).filter(|missing| !missing.is_empty()) else { return };
    if let Ok(mut file) = File::options().append(true).create(true).open(path) {
        // What a full disk takes of it is kept.
        drop(file.write_all(missing));
    }
}

/// Gives a piece of the room up where an attempt found none, so that it is made again.
///
/// # Errors
/// Why it is not: there is no more to give, or room is not what it lacked. After a failed sync
/// nobody knows what is on the disk, and a second one would not tell.
pub(crate) fn make_room(place: &Place, failed: StoreError) -> Result<()> {
    let is_final = failed.is_failed_sync();
    let told = place.judge(failed);
    let again = !is_final && matches!(told, StoreError::DiskFull) && give_up(&place.reserve());
    if again { Ok(()) } else { Err(told) }
}

/// Gives a piece of the room up; answers whether there was any.
fn give_up(path: &Path) -> bool {
    let had = fs::metadata(path).map_or(0, |found| found.len());
    let shorter = |file: File| file.set_len(had.saturating_sub(PIECE));
    had > 0 && File::options().write(true).open(path).and_then(shorter).is_ok()
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
