//! The open store: one writer, some readers, the anchor and the lock.

use crate::{
    anchor::{Anchor, Mark},
    audit,
    connection::{self, Purpose},
    error::{Result, StoreError},
    keys::StoreKeys,
    migrations,
    packing::{Packer, Unpacker},
    place::{Lock, Place},
    pool::{Pool, Reader},
    tables::{state, writer::Writers},
    transaction::Tx,
};
use rusqlite::{Connection, TransactionBehavior};
use std::{
    fs,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The encrypted record of one clinic on this computer.
pub struct Store {
    writer: Mutex<Writer>,
    pool: Pool,
    place: Place,
    keys: StoreKeys,
    _lock: Lock,
}

struct Writer {
    db: Connection,
    anchor: Anchor,
    packer: Packer,
    unpacker: Unpacker,
    /// A bad page was met: the connection is made anew before it is used again.
    spoilt: bool,
    /// The last anchor could not be written.
    anchor_lags: bool,
}

/// What to do when acknowledged commits are missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Missing {
    Refuse,
    Accept,
}

impl Store {
    /// Makes a store in `dir`, and the folder when there is none.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] where any file of a store is; [`StoreError::Locked`] while
    /// another process makes or uses one there.
    pub fn create(dir: &Path, keys: StoreKeys) -> Result<Self> {
        let place = Place::new(dir);
        if place.is_taken() {
            return Err(StoreError::AlreadyExists);
        }
        place.make_dir()?;
        let lock = place.lock()?;
        if place.is_taken() {
            return Err(StoreError::AlreadyExists);
        }
        make_database(&place, &keys)?;
        Self::open_locked(place, keys, lock, Missing::Refuse)
    }

    /// Opens the store in `dir`. Nothing is made: where no store is, none will be.
    ///
    /// # Errors
    /// Told apart: [`StoreError::NotFound`], [`StoreError::Locked`],
    /// [`StoreError::WrongKeyOrDamaged`], [`StoreError::Damaged`], [`StoreError::NewerSchema`],
    /// [`StoreError::MissingCommits`], [`StoreError::ReadOnlyDisk`], [`StoreError::DiskFull`].
    pub fn open(dir: &Path, keys: StoreKeys) -> Result<Self> {
        Self::open_with(dir, keys, Missing::Refuse)
    }

    /// Opens a store of which acknowledged commits are missing or whose anchor is gone, and
    /// anchors it anew: an administrator has decided to go on with what is there. What is
    /// missing comes back from other devices with the next sync. The caller records the decision
    /// with [`Store::record_audit`].
    ///
    /// # Errors
    /// As [`Store::open`], but for missing commits.
    pub fn open_accepting_loss(dir: &Path, keys: StoreKeys) -> Result<Self> {
        Self::open_with(dir, keys, Missing::Accept)
    }

    /// Makes the folder of a store where there is none, for its owner alone.
    ///
    /// # Errors
    /// [`StoreError::ReadOnlyDisk`], [`StoreError::DiskFull`].
    pub fn make_folder(dir: &Path) -> Result<()> {
        Place::new(dir).make_dir()
    }

    /// Whether there is a store in `dir`, or what is left of one.
    pub fn exists(dir: &Path) -> bool {
        Place::new(dir).is_taken()
    }

    fn open_with(dir: &Path, keys: StoreKeys, missing: Missing) -> Result<Self> {
        let place = Place::new(dir);
        if !place.has_database() {
            return Err(StoreError::NotFound);
        }
        let lock = place.lock()?;
        Self::open_locked(place, keys, lock, missing)
    }

    fn open_locked(place: Place, keys: StoreKeys, lock: Lock, missing: Missing) -> Result<Self> {
        let mut db = connection::open(&place.database(), &keys, Purpose::Write)?;
        migrations::run(&mut db)?;
        let mark = state::read(&db)?;
        let anchor = open_anchor(&place, &keys, &db, &mark, missing)?;
        let writer = Writer {
            db,
            anchor,
            packer: Packer::new()?,
            unpacker: Unpacker::new()?,
            spoilt: false,
            anchor_lags: false,
        };
        let pool = Pool::new(place.database(), keys.clone());
        Ok(Self { writer: Mutex::new(writer), pool, place, keys, _lock: lock })
    }

    /// Writes the write-ahead log back and cuts it to nothing; for when nobody has written for
    /// two seconds. A short log is one that damage can lose little of.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`] and the like; nothing is lost.
    pub fn rest(&self) -> Result<()> {
        let writer = self.writer()?;
        writer.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }

    /// Closes the store: the log is written back, the keys are wiped, the lock is let go. Dropping
    /// the store does the same without telling of errors.
    ///
    /// # Errors
    /// As [`Store::rest`].
    pub fn close(self) -> Result<()> {
        self.writer()?.db.execute_batch("PRAGMA optimize")?;
        self.rest()
    }

    /// Runs `write` in one durable transaction and anchors it.
    pub(crate) fn write<T>(&self, write: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let mut writer = self.writer()?;
        let answer = writer.run(write);
        writer.spoilt |= answer.as_ref().is_err_and(StoreError::poisons);
        answer
    }

    /// Runs `write` and undoes it.
    pub(crate) fn try_out<T>(&self, write: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        self.writer()?.in_transaction(write, false).map(|(answer, _)| answer)
    }

    /// Runs `read` on one state of the store.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&mut Reader) -> Result<T>) -> Result<T> {
        self.pool.with(read)
    }

    /// What the anchor bears witness to, read from its file.
    pub(crate) fn anchored(&self) -> Result<(Option<Mark>, bool)> {
        let writer = self.writer()?;
        let (_, mark) = Anchor::open(&self.place.anchor(), self.keys.anchor())?;
        Ok((mark, writer.anchor_lags))
    }

    fn writer(&self) -> Result<MutexGuard<'_, Writer>> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if writer.spoilt {
            writer.db = connection::open(&self.place.database(), &self.keys, Purpose::Write)?;
            writer.spoilt = false;
        }
        Ok(writer)
    }

    /// Caps the database at its present size and `pages` more, as a full disk would.
    #[cfg(test)]
    pub(crate) fn cap_pages(&self, pages: u32) {
        let writer = self.writer().unwrap();
        let count: u32 = writer.db.pragma_query_value(None, "page_count", |r| r.get(0)).unwrap();
        writer.db.pragma_update(None, "max_page_count", count + pages).unwrap();
    }

    /// Runs a statement past all doors, as someone with the key and bad intent would.
    #[cfg(test)]
    pub(crate) fn tamper(&self, text: &str) -> rusqlite::Result<()> {
        self.writer().unwrap().db.execute_batch(text)
    }
}

impl Writer {
    fn run<T>(&mut self, write: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let (answer, mark) = self.in_transaction(write, true)?;
        // The commit is durable whatever becomes of the anchor, which may lag.
        self.anchor_lags = self.anchor.write(&mark).is_err();
        Ok(answer)
    }

    fn in_transaction<T>(
        &mut self,
        write: impl FnOnce(&mut Tx<'_>) -> Result<T>,
        keep: bool,
    ) -> Result<(T, Mark)> {
        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut mark = state::read(&transaction)?;
        mark.sequence += 1;
        let mut tx = Tx {
            db: &transaction,
            packer: &mut self.packer,
            unpacker: &mut self.unpacker,
            writers: Writers::default(),
            mark,
        };
        let answer = write(&mut tx)?;
        let mark = tx.mark;
        state::write(&transaction, &mark)?;
        if keep {
            transaction.commit()?;
        } else {
            transaction.rollback()?;
        }
        Ok((answer, mark))
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // What could not be written back is still in the log, and is read from there.
        drop(self.rest());
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("place", &self.place).finish_non_exhaustive()
    }
}

/// Makes the files aside and puts the database in its place last: a crash on the way leaves
/// nothing that looks like a store.
fn make_database(place: &Place, keys: &StoreKeys) -> Result<()> {
    match fs::remove_file(place.unfinished()) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        Ok(()) | Err(_) => {}
    }
    let mut db = connection::open(&place.unfinished(), keys, Purpose::Create)?;
    migrations::run(&mut db)?;
    let mark = state::read(&db)?;
    db.close().map_err(|(_, error)| error)?;
    fs::File::open(place.unfinished())?.sync_all()?;
    Anchor::create(&place.anchor(), keys.anchor(), &mark)?;
    place.finish()
}

/// Compares the anchor with the database.
fn open_anchor(
    place: &Place,
    keys: &StoreKeys,
    db: &Connection,
    mark: &Mark,
    missing: Missing,
) -> Result<Anchor> {
    let agrees = match Anchor::open(&place.anchor(), keys.anchor()) {
        Ok((anchor, Some(witness))) => compare(db, mark, &witness).map(|()| anchor),
        Ok((_, None)) | Err(StoreError::NotFound) => Err(StoreError::Damaged("its anchor")),
        Err(error) => Err(error),
    };
    match (agrees, missing) {
        // It may have lagged behind the last commit before a crash.
        (Ok(mut anchor), _) => anchor.write(mark).map(|()| anchor),
        (Err(StoreError::MissingCommits { .. } | StoreError::Damaged(_)), Missing::Accept) => {
            Anchor::create(&place.anchor(), keys.anchor(), mark)
        }
        (Err(error), _) => Err(error),
    }
}

fn compare(db: &Connection, mark: &Mark, witness: &Mark) -> Result<()> {
    let missing =
        StoreError::MissingCommits { acknowledged: witness.sequence, found: mark.sequence };
    if witness.sequence > mark.sequence {
        return Err(missing);
    }
    if witness.sequence == mark.sequence && witness != mark {
        return Err(missing);
    }
    // The audit chain the anchor has seen must be a part of the one that is there.
    match witness.audit_seq {
        0 => Ok(()),
        seq if audit::hash_at(db, seq)? == Some(witness.audit_head) => Ok(()),
        _ => Err(missing),
    }
}
