//! The two copies of the keyslots file on disk.
//!
//! Each copy is written beside its place, synced, and renamed into it, one after the other, so
//! that at every instant one whole copy stands. The caller holds the store's lock.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::{DecodeError, Keyslots};

const COPY_NAMES: [&str; 2] = ["keyslots.a", "keyslots.b"];
/// 500 users take about 150 KiB.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// The keyslots file of the store in one directory.
#[derive(Debug, Clone)]
pub struct KeyslotsFile {
    directory: PathBuf,
}

/// What was read, and how the copies stood.
#[derive(Debug)]
pub struct Loaded {
    /// The newest whole copy.
    pub keyslots: Keyslots,
    /// How the copies stood.
    pub copies: Copies,
}

/// How the two copies stood when they were read.
#[derive(Debug)]
pub enum Copies {
    /// Both whole and the same.
    Whole,
    /// One was missing, damaged or older, and was written again.
    Healed,
    /// One is missing, damaged or older, and could not be written again.
    OneLeft(KeyslotsFileError),
}

/// Why the file could not be created, read or written.
#[derive(Debug, thiserror::Error)]
pub enum KeyslotsFileError {
    /// Something stands where a new store would be made; nothing was touched.
    #[error("a store exists already: {}", .0.display())]
    AlreadyExists(PathBuf),
    /// There is no keyslots file.
    #[error("there is no store in this folder")]
    Absent,
    /// No copy is whole.
    #[error(
        "both copies of the keyslots file are missing or damaged: put back a backup of this folder, or \
         join this computer anew in another folder"
    )]
    DamagedSlots,
    /// Written by a newer version of the program.
    #[error("the store was written by a newer version of Fieldchart (keyslots format {0})")]
    NewerFormat(u8),
    /// The file system refused.
    #[error("{step} {} failed", path.display())]
    Io {
        /// What was tried.
        step: &'static str,
        /// Where.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
}

enum Copy {
    Absent,
    Whole(Box<Keyslots>),
    Bad(KeyslotsFileError),
}

impl KeyslotsFile {
    /// Names the file of the store in `directory`; touches nothing.
    pub fn at(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into() }
    }

    /// Fails with [`KeyslotsFileError::AlreadyExists`] where a copy or one of `others` (the
    /// database, its anchor) stands, whole or not.
    pub fn ensure_absent(&self, others: &[&Path]) -> Result<(), KeyslotsFileError> {
        let copies = self.paths();
        let mut paths = copies.iter().map(PathBuf::as_path).chain(others.iter().copied());
        // A path whose presence cannot be told counts as present; a dangling link is present.
        let absent = |path: &Path| matches!(path.symlink_metadata(), Err(error) if error.kind() == io::ErrorKind::NotFound);
        match paths.find(|path| !absent(path)) {
            Some(path) => Err(KeyslotsFileError::AlreadyExists(path.to_owned())),
            None => Ok(()),
        }
    }

    /// Writes the slots of a new store, where neither a copy nor one of `others` stands.
    pub fn create(
        &self,
        keyslots: &mut Keyslots,
        others: &[&Path],
    ) -> Result<(), KeyslotsFileError> {
        self.ensure_absent(others)?;
        self.write(keyslots)
    }

    /// Removes both copies of a store in which nothing was ever recorded. Where none are, nothing
    /// is done.
    pub fn discard(&self) -> Result<(), KeyslotsFileError> {
        let paths = self.paths();
        let half_written = paths.each_ref().map(|path| path.with_added_extension("new"));
        paths.iter().chain(&half_written).try_for_each(|path| match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(io_error("removing", path)(error))
            }
            Ok(()) | Err(_) => Ok(()),
        })
    }

    /// Reads the newest whole copy and heals the other.
    pub fn read(&self) -> Result<Loaded, KeyslotsFileError> {
        let paths = self.paths();
        let [first, second] = paths.each_ref().map(|path| read_copy(path));
        let (keyslots, stale) = newest(first, second)?;
        let keyslots = *keyslots;
        let bytes = keyslots.to_bytes();
        let mut copies = Copies::Whole;
        for path in stale.iter().filter_map(|place| paths.get(*place)) {
            copies = match replace(path, &bytes) {
                Ok(()) => Copies::Healed,
                Err(error) => Copies::OneLeft(error),
            };
        }
        Ok(Loaded { keyslots, copies })
    }

    /// Writes both copies, one after the other.
    pub fn write(&self, keyslots: &mut Keyslots) -> Result<(), KeyslotsFileError> {
        keyslots.turn = keyslots.turn.saturating_add(1);
        let bytes = keyslots.to_bytes();
        self.paths().iter().try_for_each(|path| replace(path, &bytes))
    }

    /// The paths of the two copies.
    pub fn paths(&self) -> [PathBuf; 2] {
        COPY_NAMES.map(|name| self.directory.join(name))
    }
}

/// Chooses the copy that counts; also answers the places of copies to be written again.
fn newest(
    first: Copy,
    second: Copy,
) -> Result<(Box<Keyslots>, &'static [usize]), KeyslotsFileError> {
    match (first, second) {
        (Copy::Bad(error @ KeyslotsFileError::NewerFormat(_)), _)
        | (_, Copy::Bad(error @ KeyslotsFileError::NewerFormat(_))) => Err(error),
        (Copy::Whole(one), Copy::Whole(two)) if one == two => Ok((one, &[])),
        (Copy::Whole(one), Copy::Whole(two)) if one.turn < two.turn => Ok((two, &[0])),
        (Copy::Whole(one), Copy::Whole(_) | Copy::Absent | Copy::Bad(_)) => Ok((one, &[1])),
        (Copy::Absent | Copy::Bad(_), Copy::Whole(two)) => Ok((two, &[0])),
        (Copy::Absent, Copy::Absent) => Err(KeyslotsFileError::Absent),
        (Copy::Bad(error), Copy::Absent | Copy::Bad(_)) | (Copy::Absent, Copy::Bad(error)) => {
            Err(error)
        }
    }
}

fn read_copy(path: &Path) -> Copy {
    let bytes = match read_bytes(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Copy::Absent,
        Err(error) => return Copy::Bad(io_error("reading", path)(error)),
    };
    match Keyslots::from_bytes(&bytes) {
        Ok(keyslots) => Copy::Whole(Box::new(keyslots)),
        Err(DecodeError::Damaged) => Copy::Bad(KeyslotsFileError::DamagedSlots),
        Err(DecodeError::NewerFormat(version)) => {
            Copy::Bad(KeyslotsFileError::NewerFormat(version))
        }
    }
}

fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(FILE_BYTES_MAX).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Puts `bytes` at `path` so that a crash leaves either the old file or the new one.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), KeyslotsFileError> {
    let beside = path.with_added_extension("new");
    write_synced(&beside, bytes).map_err(io_error("writing", &beside))?;
    fs::rename(&beside, path).map_err(io_error("renaming", &beside))?;
    sync_directory(path).map_err(io_error("syncing the folder of", path))
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes the rename itself durable; only Unix lets a folder be synced.
#[cfg(unix)]
fn sync_directory(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), |directory| File::open(directory)?.sync_all())
}

#[cfg(not(unix))]
fn sync_directory(_path: &Path) -> io::Result<()> {
    Ok(())
}

fn io_error<'a>(
    step: &'static str,
    path: &'a Path,
) -> impl FnOnce(io::Error) -> KeyslotsFileError + 'a {
    move |source| KeyslotsFileError::Io { step, path: path.to_owned(), source }
}
