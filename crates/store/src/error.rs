//! What can go wrong with the file that holds the record.

use rusqlite::{Error as Sql, ErrorCode as Code, ffi};
use std::io;

/// Why the store did not do what it was asked. Nothing was lost by the attempt.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no store in this folder.
    #[error("there is no Fieldchart store in this folder")]
    NotFound,
    /// There are files of a store in this folder: they are never overwritten.
    #[error(
        "this folder already holds a Fieldchart store; it was left as it is: name another folder"
    )]
    AlreadyExists,
    /// Another process has the store open.
    #[error("another Fieldchart is using this store; close it first or go on there")]
    Locked,
    /// The first page does not open with this key: the wrong key, or a damaged first page. The
    /// caller's key check value tells which.
    #[error("the store does not open with this key, or its first page is damaged")]
    WrongKeyOrDamaged,
    /// A part of the store is damaged. It was left as it is.
    #[error("the store is damaged: {0}")]
    Damaged(&'static str),
    /// A newer version of Fieldchart wrote the store. It was left as it is.
    #[error("the store was written by a newer Fieldchart (form {found}; this one knows {known})")]
    NewerSchema {
        /// The number of the form that was found.
        found: u32,
        /// The newest number this version knows.
        known: u32,
    },
    /// The disk is full. What was acknowledged is safe, the last entry was not saved.
    #[error("the disk is full; the last entry was not saved, everything before it is safe")]
    DiskFull,
    /// The disk failed while it was written, though it has room. What was acknowledged is kept, the
    /// last entry was not saved.
    #[error(
        "the disk failed; the last entry was not saved, look after the disk and make a copy: {0}"
    )]
    DiskFailed(Sql),
    /// The disk or folder cannot be written.
    #[error("the disk or folder cannot be written")]
    ReadOnlyDisk,
    /// Entries that were acknowledged are missing: an old copy was put back, or the end of the
    /// file was lost.
    #[error(
        "entries that were acknowledged are missing: {acknowledged} commits by the anchor, {found} here"
    )]
    MissingCommits {
        /// Commits the anchor bears witness to.
        acknowledged: u64,
        /// Commits the database has.
        found: u64,
    },
    /// The chart was erased: nothing is recorded in it any more.
    #[error("the chart was erased; nothing was recorded")]
    Erased,
    /// A view of another kind of document was handed in with a change.
    #[error("the view does not belong to the document")]
    ViewMismatch,
    /// What was to be written could not be made. Whoever makes it knows why.
    #[error("what was to be written was not made; nothing was changed")]
    GivenUp,
    /// A stored document could not be opened.
    #[error("a stored document could not be opened")]
    Document(#[from] chart::LoadError),
    /// A value could not be written as JSON.
    #[error("a value could not be written")]
    Value(#[from] serde_json::Error),
    /// Something else about files.
    #[error("the store's files could not be used: {0}")]
    Io(io::Error),
    /// Something else about the database.
    #[error("the database could not do it: {0}")]
    Database(Sql),
}

/// What the store's functions return.
pub(crate) type Result<T> = std::result::Result<T, StoreError>;

impl StoreError {
    /// Whether a connection that saw this can go on: after damage it is closed, since one bad
    /// page poisons it.
    pub(crate) fn poisons(&self) -> bool {
        match self {
            Self::Damaged(_) | Self::WrongKeyOrDamaged | Self::Io(_) | Self::DiskFailed(_) => true,
            Self::Database(error) => is(error, &UNSURE),
            Self::NotFound
            | Self::AlreadyExists
            | Self::Locked
            | Self::NewerSchema { .. }
            | Self::DiskFull
            | Self::ReadOnlyDisk
            | Self::MissingCommits { .. }
            | Self::ViewMismatch
            | Self::GivenUp
            | Self::Erased
            | Self::Document(_)
            | Self::Value(_) => false,
        }
    }

    /// What an error means on a disk that has room, or has none: a failed write or sync does not
    /// say. The disk is asked only where that is open.
    pub(crate) fn on_a_disk(self, has_no_room: impl FnOnce() -> bool) -> Self {
        let is_unsure = |error: &Sql| is(error, &UNSURE);
        if !self.database().is_some_and(is_unsure) {
            return self;
        }
        if has_no_room() {
            return Self::DiskFull;
        }
        if let Self::Database(error) = self { Self::DiskFailed(error) } else { self }
    }

    /// Whether a sync failed. What it should have made durable may be lost, and a second sync would
    /// not say so: it is never just tried again.
    pub(crate) fn is_failed_sync(&self) -> bool {
        self.database().is_some_and(|error| is(error, &[ffi::SQLITE_IOERR_FSYNC]))
    }

    fn database(&self) -> Option<&Sql> {
        if let Self::Database(error) = self { Some(error) } else { None }
    }
}

impl From<Sql> for StoreError {
    fn from(error: Sql) -> Self {
        match error.sqlite_error_code() {
            Some(Code::NotADatabase | Code::DatabaseCorrupt) => Self::Damaged("a page"),
            Some(Code::DiskFull) => Self::DiskFull,
            Some(Code::ReadOnly) => Self::ReadOnlyDisk,
            Some(Code::SystemIoFailure) if is(&error, &[ffi::SQLITE_IOERR_SHORT_READ]) => {
                Self::Damaged("the file's end")
            }
            Some(Code::SystemIoFailure) if is(&error, &NO_ROOM) => Self::DiskFull,
            Some(_) | None => Self::Database(error),
        }
    }
}

/// What SQLite says beside `SQLITE_FULL` where a file cannot grow: its shared memory (which an
/// opening makes).
const NO_ROOM: [i32; 2] = [ffi::SQLITE_IOERR_SHMSIZE, ffi::SQLITE_IOERR_TRUNCATE];

/// What it says of a write over a quota, of a sync that only then finds no room, and of a disk that
/// fails.
const UNSURE: [i32; 2] = [ffi::SQLITE_IOERR_WRITE, ffi::SQLITE_IOERR_FSYNC];

fn is(error: &Sql, codes: &[i32]) -> bool {
    error.sqlite_error().is_some_and(|error| codes.contains(&error.extended_code))
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        use io::ErrorKind as Kind;
        let is_one_of = |kinds: &[Kind]| kinds.contains(&error.kind());
        if is_one_of(&[Kind::NotFound]) {
            Self::NotFound
        } else if is_one_of(&[Kind::AlreadyExists]) {
            Self::AlreadyExists
        } else if is_one_of(&[Kind::StorageFull, Kind::QuotaExceeded]) {
            Self::DiskFull
        } else if is_one_of(&[Kind::PermissionDenied, Kind::ReadOnlyFilesystem]) {
            Self::ReadOnlyDisk
        } else {
            Self::Io(error)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_without_room_is_told_as_full_however_sqlite_says_it() {
        let sql = |code: i32| StoreError::from(Sql::SqliteFailure(ffi::Error::new(code), None));
        let full = [ffi::SQLITE_FULL].into_iter().chain(NO_ROOM);
        for code in full {
            assert!(matches!(sql(code), StoreError::DiskFull), "{code}: {:?}", sql(code));
        }
        for (code, damaged) in [
            (ffi::SQLITE_IOERR_SHORT_READ, true),
            (ffi::SQLITE_CORRUPT, true),
            (ffi::SQLITE_IOERR_READ, false),
            (ffi::SQLITE_IOERR_LOCK, false),
        ] {
            assert_eq!(matches!(sql(code), StoreError::Damaged(_)), damaged, "{code}");
            assert!(!matches!(sql(code), StoreError::DiskFull), "{code}");
        }
        for code in UNSURE {
            assert!(sql(code).poisons(), "{code}");
            assert!(matches!(sql(code).on_a_disk(|| true), StoreError::DiskFull), "{code}");
            assert!(matches!(sql(code).on_a_disk(|| false), StoreError::DiskFailed(_)), "{code}");
        }
        assert!(matches!(sql(ffi::SQLITE_FULL).on_a_disk(|| false), StoreError::DiskFull));
        for kind in [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded] {
            assert!(matches!(StoreError::from(io::Error::from(kind)), StoreError::DiskFull));
        }
    }
}
