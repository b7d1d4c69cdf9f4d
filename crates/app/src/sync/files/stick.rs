//! Documents on a stick: sealed files in one folder beside the files that carry the record, each
//! under the SHA-256 of what it holds. They are blind as all that leaves, are written once however
//! often the record is, and each is whole or not there: a stick that is full or was pulled out goes
//! on where it ended with the next file.

use crate::{
    error::{ToldResult, code_of},
    hex::hex,
    host::Host,
    open::Session,
};
use api::{ApiError, CarriedDocuments, ErrorCode, FileAct, FileProgress};
use std::{
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    super::{
        carried::Tell,
        part::{Part, Readers},
    },
    door::{Fetched, Source, fetch},
    fetching, kept,
};

/// The folder's name, beside the files that carry the record.
pub(in crate::sync) const FOLDER: &str = "fieldchart-documents";

/// Which documents go along, or are taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Documents {
    /// None are written; those that are kept on this computer are taken in.
    Wanted,
    /// Those of all charts, the newest first, up to so many bytes in all.
    UpTo(u64),
}

/// Writes the sealed files that are here and not on the stick beside a file that was just written,
/// until `progress` ends it. What ends it is told, and what was written stays.
///
/// # Errors
/// The store's.
pub(in crate::sync) fn put_on_stick<H: Host>(
    session: &Session<'_, H>,
    beside: &Path,
    documents: Documents,
    progress: &mut Tell<'_>,
) -> Result<Option<CarriedDocuments>, ApiError> {
    let Documents::UpTo(most) = documents else { return Ok(None) };
    let files = session.open.store.files();
    let mut told = CarriedDocuments::default();
    let folder = folder_beside(beside);
    take_parts_off(&folder);
    let place = |blob: &[u8; 32]| folder.join(hex(blob));
    // Of another length it is not what its name says.
    let is_on_it = |blob: &[u8; 32]| {
        fs::symlink_metadata(place(blob))
            .is_ok_and(|on| on.is_file() && on.len() == files.bytes_of(blob))
    };
    let mut due = session.open.store.blobs_of(None).told()?;
    due.retain(|blob| files.has(blob) && !is_on_it(blob));
    for blob in &due {
        tell(&mut told, (FileAct::WriteDocuments, due.len()), progress);
        if told.stopped.is_some() || told.bytes.saturating_add(files.bytes_of(blob)) > most {
            told.left = told.left.saturating_add(1);
            continue;
        }
        // The record is on the stick by now; one that cannot be read here takes nothing from it.
        let Ok(Some(bytes)) = files.read(blob) else {
            told.damaged = told.damaged.saturating_add(1);
            continue;
        };
        match put(session.host, &folder, &place(blob), &bytes) {
            Ok(()) => told.count(files.bytes_of(blob)),
            Err(error) => {
                told.stopped = Some(code_of(&error));
                told.left = told.left.saturating_add(1);
            }
        }
    }
    Ok(Some(told))
}

/// Takes in the sealed files that lie beside a file that was just taken in, as far as charts here
/// name them, until `progress` ends it; `None` where there is no folder of them. Each is held against
/// its name; what is not that is taken off the stick, so that it is written anew.
///
/// # Errors
/// The store's, before anything was taken in.
pub(in crate::sync) fn take_from_stick<H: Host>(
    session: &Session<'_, H>,
    beside: &Path,
    documents: Documents,
    progress: &mut Tell<'_>,
) -> Result<Option<CarriedDocuments>, ApiError> {
    let folder = folder_beside(beside);
    if !folder.is_dir() {
        return Ok(None);
    }
    let files = session.open.store.files();
    let mut told = CarriedDocuments::default();
    let (kept, most) = match documents {
        Documents::Wanted => (Some(kept(session)?), u64::MAX),
        Documents::UpTo(most) => (None, most),
    };
    let mut source = Source::folder(folder.clone());
    let lies_there = |blob: [u8; 32]| {
        let on = fs::symlink_metadata(folder.join(hex(&blob))).ok().filter(|_| !files.has(&blob));
        on.map(|on| (blob, on.len()))
    };
    let named = session.open.store.blobs_of(None).told()?;
    let due: Vec<_> = named.into_iter().filter_map(lies_there).collect();
    for (blob, bytes) in &due {
        let is_wanted = kept.as_ref().is_none_or(|kept| kept.contains(blob));
        if is_wanted {
            tell(&mut told, (FileAct::ReadDocuments, due.len()), progress);
        }
        let fits = told.bytes.saturating_add(*bytes) <= most;
        if told.stopped.is_some() || !is_wanted || !fits {
            told.left = told.left.saturating_add(1);
            continue;
        }
        let _turn = fetching(session);
        match fetch(session, &mut source, blob) {
            Ok(Fetched::Here) => told.count(*bytes),
            Ok(Fetched::Other | Fetched::NotThere) => {
                told.damaged = told.damaged.saturating_add(1);
                // Where it cannot be taken off, it is looked at in vain once more.
                drop(fs::remove_file(folder.join(hex(blob))));
            }
            // One that cannot be read is no reason against the others, while the stick is there.
            Ok(Fetched::Broken(_)) if folder.is_dir() => {
                told.damaged = told.damaged.saturating_add(1);
            }
            Ok(Fetched::Broken(_)) => {
                told.stopped = Some(ErrorCode::UnreadableFile);
                told.left = told.left.saturating_add(1);
            }
            // The record is in by now: this computer's own disk ends it here.
            Err(error) => {
                told.stopped = Some(error.code);
                told.left = told.left.saturating_add(1);
            }
        }
    }
    Ok(Some(told))
}

/// Tells how many of all there are to carry are done; what ends it is noted.
fn tell(told: &mut CarriedDocuments, (act, all): (FileAct, usize), progress: &mut Tell<'_>) {
    if told.stopped.is_some() {
        return;
    }
    let count = told.carried.saturating_add(told.damaged).saturating_add(told.left);
    let far = FileProgress {
        count,
        count_of: u64::try_from(all).ok(),
        bytes: told.bytes,
        bytes_of: None,
    };
    told.stopped = progress(act, far).err().map(|error| error.code);
}

/// Takes off what was being written when a stick was pulled out: nobody goes on with it, as each is
/// written under a name of its own, and it has the room of a file. What cannot be taken off stays.
fn take_parts_off(folder: &Path) {
    let Ok(there) = fs::read_dir(folder) else { return };
    for file in there.flatten().filter(|file| is_part(&file.file_name())) {
        drop(fs::remove_file(file.path()));
    }
}

/// Whether a name is one that [`Part`] gives a sealed file before it is whole.
fn is_part(name: &OsStr) -> bool {
    let split = name.to_str().and_then(|name| name.strip_suffix(".part")?.split_once('.'));
    let is_hex = |text: &str, digits| {
        text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    split.is_some_and(|(blob, random)| is_hex(blob, 64) && is_hex(random, 16))
}

fn folder_beside(file: &Path) -> PathBuf {
    file.with_file_name(FOLDER)
}

/// Writes one whole, then gives it its name, durably; half of it does not stay.
fn put<H: Host>(host: &H, folder: &Path, place: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    // What is not what its name says makes room.
    match fs::remove_file(place) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut part = Part::create(host, place, Readers::Anyone)?;
    part.write(bytes, &mut |_| {})?;
    part.name(place).map(drop)
}
