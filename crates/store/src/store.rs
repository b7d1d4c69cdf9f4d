//! The open store: one writer, some readers, the anchor and the lock.

use crate::{
    anchor::{Anchor, Mark},
    connection::{self, Purpose},
    error::{Result, StoreError},
    keys::StoreKeys,
    packing::{Packer, Unpacker},
    place::{Lock, Place},
    pool::{Pool, Reader},
    reserve,
    tables::{state, writer::Writers},
    transaction::Tx,
};
use rusqlite::{Connection, TransactionBehavior};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

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

impl Store {
    /// Puts an open store together.
    pub(crate) fn of_parts(
        db: Connection,
        anchor: Anchor,
        place: Place,
        keys: StoreKeys,
        lock: Lock,
    ) -> Result<Self> {
        let (packer, unpacker) = (Packer::new()?, Unpacker::new()?);
        let writer = Writer { db, anchor, packer, unpacker, spoilt: false, anchor_lags: false };
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
        let written = writer.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        written.map_err(|error| self.place.judge(error.into()))
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

    /// Where sealed bytes of files lie.
    pub(crate) fn files_folder(&self) -> PathBuf {
        self.place.files()
    }

    /// Runs `write` in one durable transaction and anchors it.
    pub(crate) fn write<T>(&self, write: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        self.attempt(write).map_err(|error| self.place.judge(error))
    }

    /// The same, its error as the database gave it.
    fn attempt<T>(&self, write: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let mut writer = self.writer()?;
        let answer = writer.run(write);
        writer.spoilt |= answer.as_ref().is_err_and(StoreError::poisons);
        answer
    }

    /// The same for what the reading of a chart waits for: on a full disk it gets the room that was
    /// kept for it.
    pub(crate) fn write_with_reserve<T>(
        &self,
        write: impl Fn(&mut Tx<'_>) -> Result<T>,
    ) -> Result<T> {
        loop {
            match self.attempt(&write) {
                Err(failed) => reserve::make_room(&self.place, failed)?,
                written => return written,
            }
        }
    }

    /// Runs what no transaction can hold on the connection that writes.
    pub(crate) fn on_writer<T>(&self, act: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let mut writer = self.writer()?;
        let answer = act(&writer.db);
        writer.spoilt |= answer.as_ref().is_err_and(StoreError::poisons);
        answer.map_err(|error| self.place.judge(error))
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
        in_transaction(&mut self.db, (&mut self.packer, &mut self.unpacker), write, keep)
    }
}

/// Runs `write` in one durable transaction, kept or undone; tells where the store stands after it.
pub(crate) fn in_transaction<T>(
    db: &mut Connection,
    (packer, unpacker): (&mut Packer, &mut Unpacker),
    write: impl FnOnce(&mut Tx<'_>) -> Result<T>,
    keep: bool,
) -> Result<(T, Mark)> {
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut mark = state::read(&transaction)?;
    mark.sequence += 1;
    let writers = Writers::default();
    let mut tx = Tx { db: &transaction, packer, unpacker, writers, mark };
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
