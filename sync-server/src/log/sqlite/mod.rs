//! A shelf in one SQLite file: WAL, every commit synced, one writer and a few readers.
//!
//! What it holds is sealed by the devices; the file itself is plain.

mod append;
mod beside;
mod blobs;
mod floor;
mod invites;
mod keys;
mod members;
mod open;
mod page;
mod quotas;
mod rooms;

pub(crate) use beside::{Beside, MARK, Named};
pub(crate) use open::FILE;
pub use open::OpenError;

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior, ffi};
use sync::codec::DecodeError;
use sync::cursor::Mark;
use sync::envelope::Envelope;
use sync::have::Have;
use sync::ids::{BlobId, ClinicId, DeviceId, DocTag, EnvelopeId, InviteId, LogEpoch, RoomId};
use sync::log::{
    Bounds, EnvelopeLog, ErasingTable, FloorLog, KeyTable, LogError, Page, PageQuery, Standing,
};
use sync::membership::SignedEntry;
use sync::wire::{
    InvitePut, KeysPage, KeysPlaced, RoomMessage, RoomPut, RoomStored, RoomVerdict, Verdict,
    WrappedKey,
};

use super::{Put, Room, Shelf};
use crate::quota::{Quota, Usage};

/// Readers kept open between reads.
const IDLE_READERS_MAX: usize = 4;

/// How long a server that ends waits for another program that reads the file.
const LAST_TIMEOUT: Duration = Duration::from_secs(1);

/// Keeps everything in one file.
#[derive(Debug)]
pub(crate) struct SqliteShelf {
    path: PathBuf,
    writer: Mutex<Writer>,
    readers: Mutex<Vec<Connection>>,
    /// Of the clinics for which the operator decided nothing.
    default_quota: Quota,
}

#[derive(Debug)]
struct Writer {
    db: Connection,
    /// A write or sync failed: the connection is made anew before it is used again.
    spoilt: bool,
}

/// Why a step on the file failed.
#[derive(Debug, thiserror::Error)]
enum StepError {
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error("the log file could not be opened again")]
    Reopened(#[from] OpenError),
    #[error("the log of the server is damaged")]
    Damaged,
    #[error("the clinic has no log here")]
    UnknownClinic,
    #[error("the log's numbers are used up")]
    Overflow,
    #[error("the clinic has all that it may have here")]
    OverQuota,
}

impl From<DecodeError> for StepError {
    fn from(_: DecodeError) -> Self {
        Self::Damaged
    }
}

impl SqliteShelf {
    /// Opens the file, made where there is none.
    pub(crate) fn open(path: &Path, default_quota: Quota) -> Result<Self, OpenError> {
        let writer = Mutex::new(Writer { db: open::writer(path)?, spoilt: false });
        beside::served(path, default_quota);
        Ok(Self { path: path.to_owned(), writer, readers: Mutex::default(), default_quota })
    }

    fn find(&self, db: &Connection, clinic: ClinicId) -> Result<Clinic, StepError> {
        Clinic::find(db, clinic, self.default_quota)
    }

    /// Does `step` in one durable transaction, or not at all.
    fn write<T>(
        &self,
        step: impl FnOnce(&Transaction<'_>) -> Result<T, StepError>,
    ) -> Result<T, LogError> {
        let mut writer = lock(&self.writer);
        let written = writer.write(&self.path, step);
        writer.spoilt |= written.as_ref().is_err_and(StepError::is_failed_write);
        written.map_err(|error| told(error, &self.path, LogError::Append))
    }

    /// Does `step` on one state of the file, beside the writer.
    fn read<T>(
        &self,
        step: impl FnOnce(&Transaction<'_>) -> Result<T, StepError>,
    ) -> Result<T, LogError> {
        let idle = lock(&self.readers).pop();
        let read = |mut reader: Connection| -> Result<T, StepError> {
            let value = step(&reader.transaction()?)?;
            let mut readers = lock(&self.readers);
            if readers.len() < IDLE_READERS_MAX {
                readers.push(reader);
            }
            Ok(value)
        };
        let opened = idle.map_or_else(|| open::reader(&self.path), Ok);
        opened
            .map_err(StepError::from)
            .and_then(read)
            .map_err(|error| told(error, &self.path, LogError::Read))
    }
}

impl Drop for SqliteShelf {
    /// Leaves one file that has everything. A connection that only reads writes nothing back, so
    /// that none may be the last to go.
    fn drop(&mut self) {
        self.readers.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
        self.writer.get_mut().unwrap_or_else(PoisonError::into_inner).end();
    }
}

impl Writer {
    fn write<T>(
        &mut self,
        path: &Path,
        step: impl FnOnce(&Transaction<'_>) -> Result<T, StepError>,
    ) -> Result<T, StepError> {
        if self.spoilt {
            self.db = open::writer(path)?;
            self.spoilt = false;
        }
        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let value = step(&transaction)?;
        transaction.commit()?;
        Ok(value)
    }

    /// Writes the log of writes back and cuts it: it has what was erased as it was before. Where a
    /// reader is in the way, as one who copies the log, nobody waits for it: the next erasing does it, or
    /// the end.
    fn rest(&self) {
        let cut = self.db.busy_timeout(Duration::ZERO).and_then(|()| self.cut());
        let back = self.db.busy_timeout(open::BUSY_TIMEOUT);
        if !cut.is_ok_and(|cut| cut) || back.is_err() {
            tracing::warn!("the log of writes could not be cut after an erasing");
        }
    }

    /// Writes the log of writes back for the last time, where nobody holds that up.
    fn end(&self) {
        let cut = self.db.busy_timeout(LAST_TIMEOUT).and_then(|()| self.cut());
        if !cut.is_ok_and(|cut| cut) {
            tracing::warn!("a part of the log stays in {FILE}-wal: the two belong together");
        }
    }

    /// Answers whether all was written back.
    fn cut(&self) -> rusqlite::Result<bool> {
        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
        self.db.query_row(sql, [], |row| Ok(row.get::<_, i64>(0)? == 0))
    }
}

impl EnvelopeLog for SqliteShelf {
    fn append(&self, clinic: ClinicId, envelopes: &[Envelope]) -> Result<Vec<Verdict>, LogError> {
        self.write(|db| append::append(db, &self.find(db, clinic)?, envelopes))
    }

    fn page(&self, clinic: ClinicId, query: &PageQuery<'_>) -> Result<Page, LogError> {
        self.read(|db| page::page(db, &self.find(db, clinic)?, query))
    }

    fn have(&self, clinic: ClinicId) -> Result<Have, LogError> {
        self.read(|db| page::have(db, &self.find(db, clinic)?))
    }

    fn floor(&self, clinic: ClinicId) -> Result<Bounds, LogError> {
        self.read(|db| Ok(self.find(db, clinic)?.bounds))
    }

    fn standing(&self, clinic: ClinicId, at: u64) -> Result<Standing, LogError> {
        self.read(|db| page::standing(db, &self.find(db, clinic)?, at))
    }
}

impl FloorLog for SqliteShelf {
    fn find_envelope(
        &self,
        clinic: ClinicId,
        id: EnvelopeId,
    ) -> Result<Option<(u64, Envelope)>, LogError> {
        self.read(|db| floor::find(db, &self.find(db, clinic)?, id))
    }

    fn raise_floor(&self, clinic: ClinicId, floor: Mark, cold: bool) -> Result<(), LogError> {
        self.write(|db| floor::raise(db, &self.find(db, clinic)?, floor))?;
        while cold && self.write(|db| floor::make_cold(db, &self.find(db, clinic)?))? {}
        Ok(())
    }
}

impl KeyTable for SqliteShelf {
    fn put_keys(
        &self,
        clinic: ClinicId,
        by: DeviceId,
        keys: &[WrappedKey],
    ) -> Result<KeysPlaced, LogError> {
        self.write(|db| keys::put(db, &self.find(db, clinic)?, by, keys))
    }

    fn keys(&self, clinic: ClinicId, after: u64, max: usize) -> Result<KeysPage, LogError> {
        self.read(|db| keys::page(db, &self.find(db, clinic)?, after, max))
    }
}

impl ErasingTable for SqliteShelf {
    fn erase_keys(&self, clinic: ClinicId, tags: &[DocTag]) -> Result<u64, LogError> {
        let gone = self.write(|db| keys::erase(db, &self.find(db, clinic)?, tags))?;
        lock(&self.writer).rest();
        Ok(gone)
    }
}

impl Shelf for SqliteShelf {
    fn found(
        &self,
        clinic: ClinicId,
        log_epoch: LogEpoch,
        entries: &[SignedEntry],
    ) -> Result<bool, LogError> {
        self.write(|db| members::found(db, clinic, log_epoch, entries))
    }

    fn add_members(&self, clinic: ClinicId, entries: &[SignedEntry]) -> Result<(), LogError> {
        self.write(|db| members::add(db, self.find(db, clinic)?.number, entries))
    }

    fn members(&self, clinic: ClinicId) -> Result<Vec<SignedEntry>, LogError> {
        self.read(|db| members::read(db, self.find(db, clinic)?.number))
    }

    fn quota(&self, clinic: ClinicId) -> Result<Quota, LogError> {
        let decided = self.read(|db| quotas::find(db, clinic))?;
        Ok(Quota::of(decided, self.default_quota))
    }

    fn keep_blob(&self, clinic: ClinicId, id: BlobId, bytes: u64) -> Result<(), LogError> {
        self.write(|db| blobs::keep(db, &self.find(db, clinic)?, id, bytes))
    }

    fn blobs(&self, clinic: ClinicId, ids: &[BlobId]) -> Result<Vec<(BlobId, u64)>, LogError> {
        self.read(|db| blobs::find(db, &self.find(db, clinic)?, ids))
    }

    fn check_room(&self, clinic: ClinicId, bytes: u64) -> Result<(), LogError> {
        self.read(|db| {
            let clinic = self.find(db, clinic)?;
            let usage = Usage { bytes: clinic.bytes.saturating_add(bytes), envelopes: 0 };
            if clinic.quota.allows(usage) { Ok(()) } else { Err(StepError::OverQuota) }
        })
    }

    fn put_invite(&self, invite: &InvitePut, now_ms: i64) -> Result<Put, LogError> {
        self.write(|db| invites::put(db, self.find(db, invite.clinic)?.number, invite, now_ms))
    }

    fn fetch_invite(&self, id: InviteId, now_ms: i64) -> Result<Option<Vec<u8>>, LogError> {
        self.write(|db| invites::fetch(db, id, now_ms))
    }

    fn open_room(&self, room: &Room, now_ms: i64) -> Result<RoomVerdict, LogError> {
        self.write(|db| rooms::open(db, self.find(db, room.clinic)?.number, room, now_ms))
    }

    fn put_in_room(&self, put: &RoomPut, now_ms: i64) -> Result<Option<RoomStored>, LogError> {
        self.write(|db| rooms::put(db, put, now_ms))
    }

    fn room(&self, id: RoomId, now_ms: i64) -> Result<Option<Vec<RoomMessage>>, LogError> {
        self.read(|db| rooms::messages(db, id, now_ms))
    }
}

/// A clinic's row.
#[derive(Clone, Copy, Debug)]
struct Clinic {
    number: i64,
    bounds: Bounds,
    keys_head: u64,
    /// Of everything it keeps.
    bytes: u64,
    quota: Quota,
}

impl Clinic {
    fn find(db: &Connection, clinic: ClinicId, default: Quota) -> Result<Self, StepError> {
        let mut find = db.prepare_cached(
            "SELECT clinic_no, log_epoch, head, chain, floor, floor_chain, keys_head, bytes,
                 bytes_max, envelopes_max, devices_max
             FROM clinic LEFT JOIN quota ON quota.clinic = clinic.clinic WHERE clinic.clinic = ?1",
        )?;
        let mut rows = find.query([clinic.as_bytes()])?;
        let row = rows.next()?.ok_or(StepError::UnknownClinic)?;
        let bounds = Bounds {
            log_epoch: LogEpoch(row.get(1)?),
            head: page::mark((row.get(2)?, row.get(3)?))?,
            floor: page::mark((row.get(4)?, row.get(5)?))?,
        };
        Ok(Self {
            number: row.get(0)?,
            bounds,
            keys_head: from_sql(row.get(6)?)?,
            bytes: from_sql(row.get(7)?)?,
            quota: Quota::of(quotas::of_row(row, 8)?, default),
        })
    }
}

/// Numbers of the file are never negative and never above `i64::MAX`.
fn to_sql(number: u64) -> Result<i64, StepError> {
    i64::try_from(number).map_err(|_| StepError::Overflow)
}

fn from_sql(number: i64) -> Result<u64, StepError> {
    u64::try_from(number).map_err(|_| StepError::Damaged)
}

fn told(
    error: StepError,
    path: &Path,
    step: impl FnOnce(Box<dyn std::error::Error + Send + Sync>) -> LogError,
) -> LogError {
    match &error {
        StepError::UnknownClinic => LogError::UnknownClinic,
        StepError::OverQuota => LogError::OverQuota,
        StepError::Sqlite(cause) if found_no_room(cause) => LogError::Full,
        StepError::Sqlite(_) if error.is_failed_write() && has_no_room(path) => LogError::Full,
        StepError::Sqlite(cause) if is_damage(cause) => LogError::Damaged(Box::new(error)),
        StepError::Damaged => LogError::Damaged(Box::new(error)),
        StepError::Sqlite(_) | StepError::Reopened(_) | StepError::Overflow => {
            step(Box::new(error))
        }
    }
}

impl StepError {
    /// Whether the disk refused a write or a sync: it is over a quota, or it fails.
    fn is_failed_write(&self) -> bool {
        let Self::Sqlite(cause) = self else { return false };
        is_one_of(cause, &[ffi::SQLITE_IOERR_WRITE, ffi::SQLITE_IOERR_FSYNC])
    }
}

/// What SQLite says where a file is not what it was written as.
fn is_damage(cause: &rusqlite::Error) -> bool {
    let code = cause.sqlite_error_code();
    matches!(code, Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}

/// What SQLite says where a file cannot grow.
fn found_no_room(cause: &rusqlite::Error) -> bool {
    cause.sqlite_error_code() == Some(ErrorCode::DiskFull)
        || is_one_of(cause, &[ffi::SQLITE_IOERR_SHMSIZE, ffi::SQLITE_IOERR_TRUNCATE])
}

fn is_one_of(cause: &rusqlite::Error, codes: &[i32]) -> bool {
    cause.sqlite_error().is_some_and(|error| codes.contains(&error.extended_code))
}

/// Asks the disk by writing a little beside the log.
fn has_no_room(log: &Path) -> bool {
    let path = log.with_file_name("probe");
    let write = || -> io::Result<()> {
        let mut file = File::create(&path)?;
        file.write_all(&[0x5a; 64 * 1024])?;
        file.sync_all()
    };
    let written = write();
    drop(fs::remove_file(&path));
    let full = [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded];
    written.is_err_and(|error| full.contains(&error.kind()))
}

fn lock<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    // A connection whose user panicked has rolled its transaction back.
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
