//! Copies the folder of a server, which may run meanwhile: its key, its log, its blobs.
//!
//! What comes of it is a data folder. The log is copied before the blobs: a blob is durable before
//! the log names it and is never deleted, so that all a copy of the log names is there to be copied
//! after it.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use sync::ids::BlobId;
use sync::log::LogError;
use thiserror::Error;

use crate::blobs::{FOLDER as BLOBS_FOLDER, file_of};
use crate::config::BackupOf;
use crate::data_dir::{DataDir, DataDirError, make_private, open_private, sync_folder};
use crate::log::{Beside, MARK, Named, OpenError, SQLITE_FILE};
use crate::opened::MARK as IN_DATABASE;
use crate::tls::FILE as IDENTITY_FILE;

/// What is written and has not its name yet ends in this.
const DRAFT: &str = "new";

/// What belongs to a log file while somebody has it open.
const BESIDE_LOG: [&str; 3] = ["-journal", "-wal", "-shm"];

/// What the mark of a copy says to people.
const MARK_TEXT: &str = "A copy that `fieldchart-sync backup` made. It may copy into this folder again, until a \
    server has been started on it.\n";

/// A line of progress after so many blobs.
const TOLD_BLOBS: usize = 256;
/// Or after so many bytes.
const TOLD_BYTES: u64 = 256 * 1024 * 1024;

/// Read and written at once.
const PIECE_BYTES: usize = 64 * 1024;

/// Why nothing was copied, or not all.
#[derive(Debug, Error)]
pub enum BackupError {
    /// The folder has no key.
    #[error("{path} is no data folder of a server: there is no {IDENTITY_FILE} in it")]
    NoServer {
        /// The folder.
        path: PathBuf,
    },
    /// Something of it cannot be read.
    #[error("{path} cannot be read")]
    Read {
        /// What.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is something else where the copy is to lie.
    #[error(
        "{path} is neither empty nor a copy of this server, and stays as it is; name an empty folder, or \
         one that is not there yet"
    )]
    Foreign {
        /// The folder.
        path: PathBuf,
    },
    /// The folder in which it is to lie is not there: a disk that is not mounted looks so.
    #[error(
        "there is no folder {path}: nothing was copied. Is the disk mounted? If it is, make the folder first"
    )]
    Nowhere {
        /// The folder in which the copy is to lie.
        path: PathBuf,
    },
    /// It is held, or a clinic's.
    #[error("nothing can be copied there")]
    Target(#[source] DataDirError),
    /// There is no room for the copy.
    #[error("the disk of {path} is full; make room and copy again, which goes on from here")]
    Full {
        /// The folder of the copy.
        path: PathBuf,
    },
    /// The copy cannot be written.
    #[error("{path} cannot be written")]
    Write {
        /// What.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The folder has blobs and lacks some, or some are not what their names say.
    #[error(
        "the copy is not whole: blobs that the log names are not in {path}, or are damaged: {missing}; \
         everything else is copied. An earlier copy may have them, and the computers that have them send \
         them again to a server that lacks them"
    )]
    Lacks {
        /// The folder of the blobs.
        path: PathBuf,
        /// How many.
        missing: usize,
    },
    /// The log cannot be copied.
    #[error(transparent)]
    Log(#[from] OpenError),
    /// The copy of the log cannot be read.
    #[error(transparent)]
    Named(#[from] LogError),
}

/// Copies the folder of a server, and says how far it is.
///
/// # Errors
/// [`BackupError`]; what was copied before stays, and the next copy goes on from there.
pub fn backup(asked: &BackupOf) -> Result<(), BackupError> {
    let BackupOf { data, to } = asked;
    let key = data.join(IDENTITY_FILE);
    let identity = match fs::read(&key) {
        Ok(identity) => identity,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(BackupError::NoServer { path: data.clone() });
        }
        Err(source) => return Err(BackupError::Read { path: key, source }),
    };
    let parent = to.parent().filter(|parent| !parent.as_os_str().is_empty());
    if let Some(parent) = parent.filter(|parent| !parent.is_dir()) {
        return Err(BackupError::Nowhere { path: parent.to_owned() });
    }
    if !may_lie_in(to, &identity)? {
        return Err(BackupError::Foreign { path: to.clone() });
    }
    let copy = Copy { data, to, held: DataDir::hold(to).map_err(|error| held(to, error))? };
    copy.keep(MARK, MARK_TEXT.as_bytes())?;
    copy.keep(IDENTITY_FILE, &identity)?;
    copy.keep_if_there(IN_DATABASE)?;
    let Some(named) = copy.log()? else {
        say(&format!(
            "{IDENTITY_FILE} is copied, and nothing else: there is no log in the folder. Where it lies \
             in a PostgreSQL, copy that with pg_dump or a base backup, and documents with the store \
             that FIELDCHART_BLOBS names"
        ));
        return Ok(());
    };
    let done = copy.blobs(&named)?;
    say(&done.words());
    // Without that folder they are kept in a store.
    let blobs = data.join(BLOBS_FOLDER);
    if done.missing > 0 && blobs.is_dir() {
        return Err(BackupError::Lacks { path: blobs, missing: done.missing });
    }
    Ok(())
}

/// Whether a copy with this key may be made there: where nothing is, or one was made.
fn may_lie_in(to: &Path, identity: &[u8]) -> Result<bool, BackupError> {
    let unread = |source| BackupError::Read { path: to.to_owned(), source };
    let there = match fs::read_dir(to) {
        Ok(there) => there,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(true),
        Err(source) => return Err(unread(source)),
    };
    let is_ours = |name: &Path| {
        name.extension().is_some_and(|it| it == DRAFT)
            || ["lock", MARK].map(Path::new).contains(&name)
    };
    let mut is_empty = true;
    for entry in there {
        is_empty &= is_ours(Path::new(&entry.map_err(unread)?.file_name()));
    }
    let has_key = || fs::read(to.join(IDENTITY_FILE)).is_ok_and(|there| there == identity);
    Ok(is_empty || (to.join(MARK).exists() && has_key()))
}

fn held(to: &Path, error: DataDirError) -> BackupError {
    match error {
        DataDirError::Unusable { path, source } => unwritten(to, &path)(source),
        other @ (DataDirError::Store { .. } | DataDirError::Held { .. }) => {
            BackupError::Target(other)
        }
    }
}

/// A full disk is told as that, whatever met it.
fn unwritten(to: &Path, path: &Path) -> impl Fn(io::Error) -> BackupError {
    move |source| {
        let full = [ErrorKind::StorageFull, ErrorKind::QuotaExceeded];
        if full.contains(&source.kind()) {
            return BackupError::Full { path: to.to_owned() };
        }
        BackupError::Write { path: path.to_owned(), source }
    }
}

/// A copy that is being made.
struct Copy<'a> {
    data: &'a Path,
    to: &'a Path,
    held: DataDir,
}

/// What became of the blobs that a log names.
#[derive(Debug, Default, PartialEq, Eq)]
struct Done {
    /// Copied now.
    copied: usize,
    /// Bytes of those.
    bytes: u64,
    /// There from before.
    known: usize,
    /// Not in the folder, or not what their names say.
    missing: usize,
}

impl Copy<'_> {
    /// Writes a small file that is not there yet.
    fn keep(&self, name: &str, bytes: &[u8]) -> Result<(), BackupError> {
        if self.held.file(name).exists() {
            return Ok(());
        }
        self.held.write_new(name, bytes).map_err(unwritten(self.to, &self.held.file(name)))
    }

    /// Copies a small file of the folder that is there.
    fn keep_if_there(&self, name: &str) -> Result<(), BackupError> {
        let path = self.data.join(name);
        match fs::read(&path) {
            Ok(bytes) => self.keep(name, &bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(source) => Err(BackupError::Read { path, source }),
        }
    }

    /// Copies one state of the log in the place of an earlier one; which blobs it names. `None`
    /// where the folder has no log.
    fn log(&self) -> Result<Option<Vec<Named>>, BackupError> {
        let from = self.data.join(SQLITE_FILE);
        if !from.is_file() {
            return Ok(None);
        }
        say("copying the log");
        let draft = format!("{SQLITE_FILE}.{DRAFT}");
        let path = self.held.file(&draft);
        let failed = unwritten(self.to, &path);
        self.remove_log(&draft)?;
        self.held.private_file(&draft).map_err(&failed)?;
        Beside::to_copy(&from)?.copy_into(&path).map_err(|error| match error {
            OpenError::Full(_) => BackupError::Full { path: self.to.to_owned() },
            other @ (OpenError::Unusable(_)
            | OpenError::ReadOnly(_)
            | OpenError::Newer { .. }
            | OpenError::Older { .. }
            | OpenError::Damaged
            | OpenError::Malformed(_)
            | OpenError::Foreign) => BackupError::Log(other),
        })?;
        let named = Beside::to_copy(&path)?.blobs()?;
        let bytes = sync_file(&path).map_err(&failed)?;
        self.remove_log(SQLITE_FILE)?;
        fs::rename(&path, self.held.file(SQLITE_FILE)).map_err(&failed)?;
        sync_folder(self.to).map_err(&failed)?;
        say(&format!("the log is copied: {bytes} bytes"));
        Ok(Some(named))
    }

    /// Takes away what belongs to an earlier file of the name: it would be taken for the new one's.
    /// The file itself is written over where it counts.
    fn remove_log(&self, name: &str) -> Result<(), BackupError> {
        let is_draft = name != SQLITE_FILE;
        for end in BESIDE_LOG.into_iter().chain(is_draft.then_some("")) {
            let path = self.held.file(&format!("{name}{end}"));
            match fs::remove_file(&path) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(unwritten(self.to, &path)(error));
                }
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
    }

    /// Copies those that are not there yet.
    fn blobs(&self, named: &[Named]) -> Result<Done, BackupError> {
        let all: u64 = named.iter().map(|it| it.bytes).sum();
        let (mut done, mut folders) = (Done::default(), BTreeSet::new());
        let (mut come, mut told) = (0, 0);
        for (number, Named { clinic, id, bytes }) in (1..).zip(named) {
            let [from, there] = [self.data, self.to].map(|folder| file_of(folder, *clinic, *id));
            if fs::metadata(&there).is_ok_and(|it| it.len() == *bytes) {
                done.known += 1;
            } else if self.blob(&from, &there, *id)? {
                done.copied += 1;
                done.bytes = done.bytes.saturating_add(*bytes);
                folders.extend(
                    there.ancestors().skip(1).take_while(|it| *it != self.to).map(Path::to_owned),
                );
            } else {
                done.missing += 1;
            }
            come += *bytes;
            if number % TOLD_BLOBS == 0 || come - told >= TOLD_BYTES {
                told = come;
                say(&format!("blobs: {number} of {}, {come} of {all} bytes", named.len()));
            }
        }
        for folder in folders.iter().map(PathBuf::as_path).chain([self.to]) {
            sync_folder(folder).map_err(unwritten(self.to, folder))?;
        }
        Ok(done)
    }

    /// Copies one; `false` where it is not there, or is not what its name says.
    fn blob(&self, from: &Path, there: &Path, id: BlobId) -> Result<bool, BackupError> {
        let mut source = match File::open(from) {
            Ok(source) => source,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            Err(source) => return Err(BackupError::Read { path: from.to_owned(), source }),
        };
        let draft = there.with_extension(DRAFT);
        let failed = unwritten(self.to, &draft);
        make_private(there.parent().unwrap_or(self.to)).map_err(&failed)?;
        let mut options = OpenOptions::new();
        let mut copy =
            open_private(&draft, options.create(true).truncate(true)).map_err(&failed)?;
        let (mut digest, mut piece) = (Sha256::new(), vec![0; PIECE_BYTES]);
        loop {
            let read = source.read(&mut piece);
            let read =
                read.map_err(|source| BackupError::Read { path: from.to_owned(), source })?;
            let Some(bytes) = piece.get(..read).filter(|it| !it.is_empty()) else { break };
            digest.update(bytes);
            copy.write_all(bytes).map_err(&failed)?;
        }
        if <[u8; 32]>::from(digest.finalize()) != id.0 {
            fs::remove_file(&draft).map_err(&failed)?;
            return Ok(false);
        }
        copy.sync_all().map_err(&failed)?;
        fs::rename(&draft, there).map_err(&failed)?;
        Ok(true)
    }
}

impl Done {
    fn words(&self) -> String {
        let Self { copied, bytes, known, missing } = self;
        let done = format!("blobs copied: {copied}, {bytes} bytes; there before: {known}");
        if *missing == 0 {
            return done;
        }
        format!(
            "{done}; not in the folder: {missing}. Where the server keeps them in a store that \
             FIELDCHART_BLOBS names, copy that by its own means; what is lost the computers that \
             have it send again"
        )
    }
}

/// What is on the disk is not what was written until it was asked for; answers how long it is.
fn sync_file(path: &Path) -> io::Result<u64> {
    let file = OpenOptions::new().write(true).open(path)?;
    file.sync_all()?;
    Ok(file.metadata()?.len())
}

fn say(line: &str) {
    // Without standard error there is nobody to tell.
    drop(writeln!(io::stderr(), "{line}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_lies_where_nothing_was_or_one_of_this_key_is() {
        let check = |files: &[(&str, &str)], may: bool| {
            let folder = tempfile::tempdir().unwrap();
            for (name, text) in files {
                fs::write(folder.path().join(name), text).unwrap();
            }
            assert_eq!(may_lie_in(folder.path(), b"key").unwrap(), may, "{files:?}");
        };
        let (mark, log) = ((MARK, ""), (SQLITE_FILE, ""));
        check(&[], true);
        check(&[("lock", "")], true);
        check(&[mark, ("identity.pem.new", "k")], true);
        check(&[mark, (IDENTITY_FILE, "key"), log], true);
        check(&[(IDENTITY_FILE, "key"), log], false);
        check(&[mark, (IDENTITY_FILE, "another"), log], false);
        check(&[mark, log], false);
        check(&[("letter.txt", "")], false);
        assert!(may_lie_in(Path::new("/nowhere/at/all"), b"key").unwrap());
    }

    #[test]
    fn what_is_missing_is_said() {
        let done = Done { copied: 2, bytes: 30, known: 5, missing: 0 };
        assert_eq!(done.words(), "blobs copied: 2, 30 bytes; there before: 5");
        let words = Done { missing: 1, ..done }.words();
        assert!(words.contains("not in the folder: 1. ") && words.contains("FIELDCHART_BLOBS"));
    }
}
