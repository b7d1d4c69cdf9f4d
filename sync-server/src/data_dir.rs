//! The server's folder: made private, held by one process.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::words::of_folder;

/// What the app keeps in a clinic's folder on a computer.
const STORE_FILES: [&str; 2] = ["fieldchart.db", "fieldchart.anchor"];

/// A data folder that this process holds; let go when dropped.
#[derive(Debug)]
pub(crate) struct DataDir {
    path: PathBuf,
    _lock: File,
}

/// Why a data folder cannot be used.
#[derive(Debug, Error)]
pub enum DataDirError {
    /// It cannot be made or written to.
    #[error("{}", of_folder(.path, .source))]
    Unusable {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It is a clinic's, as the app keeps it on a computer.
    #[error(
        "the folder {path} holds a clinic's record of this computer, and no server may write there; \
         give the server a folder of its own with --data"
    )]
    Store {
        /// The folder.
        path: PathBuf,
    },
    /// Another server runs on it.
    #[error("another server uses the data folder {path}")]
    Held {
        /// The folder.
        path: PathBuf,
    },
}

impl DataDir {
    /// Makes the folder where there is none, readable by its owner only, and holds it.
    ///
    /// # Errors
    /// [`DataDirError`].
    pub(crate) fn hold(path: &Path) -> Result<Self, DataDirError> {
        let unusable = |source| DataDirError::Unusable { path: path.to_owned(), source };
        if STORE_FILES.iter().any(|name| path.join(name).exists()) {
            return Err(DataDirError::Store { path: path.to_owned() });
        }
        make_private(path).map_err(unusable)?;
        let lock =
            open_private(&path.join("lock"), OpenOptions::new().create(true)).map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(DataDirError::Held { path: path.to_owned() }),
            Err(TryLockError::Error(source)) => Err(unusable(source)),
        }
    }

    /// The path of a file in it.
    #[must_use]
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The path of a file in it that its owner alone can read, made empty where there is none.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn private_file(&self, name: &str) -> io::Result<PathBuf> {
        let path = self.file(name);
        open_private(&path, OpenOptions::new().create(true)).map(|_| path)
    }

    /// Writes a file that was not there, whole and durable or not at all, for its owner only.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn write_new(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let draft = self.file(&format!("{name}.new"));
        let mut file = open_private(&draft, OpenOptions::new().create(true).truncate(true))?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&draft, self.file(name))?;
        sync_folder(&self.path)
    }
}

/// Makes a folder, and those it lies in, for their owner only.
pub(crate) fn make_private(path: &Path) -> io::Result<()> {
    let mut maker = fs::DirBuilder::new();
    maker.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut maker, 0o700);
    maker.create(path)
}

/// Opens a file to write; one that is made is its owner's only.
pub(crate) fn open_private(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.write(true).open(path)
}

/// A rename is durable when its folder is.
#[cfg(unix)]
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

#[cfg(not(unix))]
pub(crate) fn sync_folder(_path: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_held_by_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("made/here");
        let held = DataDir::hold(&path).unwrap();
        assert!(matches!(DataDir::hold(&path), Err(DataDirError::Held { .. })));
        drop(held);
        DataDir::hold(&path).unwrap();
    }

    #[test]
    fn a_file_in_the_way_is_told() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(matches!(DataDir::hold(file.path()), Err(DataDirError::Unusable { .. })));
    }

    #[test]
    fn a_clinic_s_folder_is_left_as_it_is() {
        for name in STORE_FILES {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join(name), b"theirs").unwrap();
            assert!(matches!(DataDir::hold(folder.path()), Err(DataDirError::Store { .. })));
            let there: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
            assert_eq!(there.len(), 1, "nothing was made beside {name}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_is_written_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let held = DataDir::hold(&folder.path().join("data")).unwrap();
        held.write_new("key", b"secret").unwrap();
        assert_eq!(fs::read(held.file("key")).unwrap(), b"secret");
        let log = held.private_file("log").unwrap();
        fs::write(&log, b"kept").unwrap();
        assert_eq!(fs::read(held.private_file("log").unwrap()).unwrap(), b"kept");
        for (path, mode) in
            [(held.file("key"), 0o600), (log, 0o600), (folder.path().join("data"), 0o700)]
        {
            assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, mode);
        }
    }
}
