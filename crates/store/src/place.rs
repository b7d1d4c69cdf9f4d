//! Where the store's files lie, and the lock that keeps a second process out.

use crate::error::{Result, StoreError};
use std::{
    fs::{self, File, TryLockError},
    io::{self, ErrorKind, Write as _},
    path::{Path, PathBuf},
};

/// The database's file name.
pub const DATABASE_FILE: &str = "fieldchart.db";
/// The anchor's file name.
pub const ANCHOR_FILE: &str = "fieldchart.anchor";
/// The lock's file name.
pub const LOCK_FILE: &str = "fieldchart.lock";
/// The name of the folder of sealed bytes of files.
pub const FILES_FOLDER: &str = "documents";

/// Written beside the store to ask the disk for room: more than any write of a page.
const PROBE_BYTES: usize = 64 * 1024;

/// The names of the files in one folder.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    dir: PathBuf,
}

/// The held lock: dropped with the store, and by the system when the process dies.
#[derive(Debug)]
pub(crate) struct Lock(#[expect(dead_code, reason = "held for its lock")] File);

impl Place {
    pub(crate) fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned() }
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.dir.join(DATABASE_FILE)
    }

    /// The database while it is being made.
    pub(crate) fn unfinished(&self) -> PathBuf {
        self.dir.join("fieldchart.new")
    }

    pub(crate) fn anchor(&self) -> PathBuf {
        self.dir.join(ANCHOR_FILE)
    }

    /// Sealed bytes of files.
    pub(crate) fn files(&self) -> PathBuf {
        self.dir.join(FILES_FOLDER)
    }

    /// Room that is kept for when the disk is full.
    pub(crate) fn reserve(&self) -> PathBuf {
        self.dir.join("fieldchart.reserve")
    }

    /// What an error of the database means on this disk.
    pub(crate) fn judge(&self, error: StoreError) -> StoreError {
        error.on_a_disk(|| self.has_no_room())
    }

    /// Asks the disk by writing a little beside the store.
    fn has_no_room(&self) -> bool {
        let path = self.dir.join("fieldchart.probe");
        let write = || -> io::Result<()> {
            let mut file = File::create(&path)?;
            file.write_all(&[0x5a; PROBE_BYTES])?;
            file.sync_all()
        };
        let written = write();
        drop(fs::remove_file(&path));
        let full = [ErrorKind::StorageFull, ErrorKind::QuotaExceeded];
        written.is_err_and(|error| full.contains(&error.kind()))
    }

    /// The write-ahead log of the database.
    fn log(&self) -> PathBuf {
        self.dir.join("fieldchart.db-wal")
    }

    /// Whether any file of a store is here.
    pub(crate) fn is_taken(&self) -> bool {
        [self.database(), self.anchor(), self.log()]
            .iter()
            .any(|path| fs::symlink_metadata(path).is_ok())
    }

    /// Removes every file of a store but the lock.
    pub(crate) fn clear(&self) -> Result<()> {
        let beside = ["-wal", "-shm", "-journal"];
        let of = |name: &str| {
            let name = name.to_owned();
            std::iter::once(name.clone()).chain(beside.map(move |end| format!("{name}{end}")))
        };
        let small = [ANCHOR_FILE.to_owned(), "fieldchart.reserve".to_owned()];
        for name in of("fieldchart.new").chain(small).chain(of(DATABASE_FILE)) {
            match fs::remove_file(self.dir.join(name)) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
                Ok(()) | Err(_) => {}
            }
        }
        match fs::remove_dir_all(self.files()) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    pub(crate) fn has_database(&self) -> bool {
        fs::metadata(self.database()).is_ok_and(|found| found.is_file())
    }

    /// Makes the folder where there is none, for its owner alone; one that is there stays as it
    /// is.
    pub(crate) fn make_dir(&self) -> Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        Ok(builder.create(&self.dir)?)
    }

    /// Takes the lock, or says who has it.
    pub(crate) fn lock(&self) -> Result<Lock> {
        let mut options = File::options();
        let file =
            options.create(true).truncate(false).write(true).open(self.dir.join(LOCK_FILE))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock(file)),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// Makes durable what a program that was killed may have written to the log and not synced.
    pub(crate) fn sync_log(&self) -> Result<()> {
        // Windows syncs only what can be written.
        match File::options().write(true).open(self.log()) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            opened => Ok(opened?.sync_all()?),
        }
    }

    /// Puts the finished database in its place, durably.
    pub(crate) fn finish(&self) -> Result<()> {
        fs::rename(self.unfinished(), self.database())?;
        #[cfg(unix)]
        File::open(&self.dir)?.sync_all()?;
        Ok(())
    }
}
