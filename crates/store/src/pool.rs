//! A few connections that read while one writes.

use crate::{
    connection::{self, Purpose},
    error::Result,
    keys::StoreKeys,
    packing::Unpacker,
};
use rusqlite::Connection;
use std::{
    path::PathBuf,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

/// Connections that read.
const READERS_MAX: usize = 3;

/// One connection that reads.
pub(crate) struct Reader {
    pub(crate) db: Connection,
    pub(crate) unpacker: Unpacker,
}

/// The readers that nobody uses, and how many there are in all.
struct Readers {
    idle: Vec<Reader>,
    open: usize,
}

/// Lends readers; opens them when first needed and again after damage.
pub(crate) struct Pool {
    database: PathBuf,
    keys: StoreKeys,
    readers: Mutex<Readers>,
    returned: Condvar,
}

impl Pool {
    pub(crate) fn new(database: PathBuf, keys: StoreKeys) -> Self {
        let readers = Mutex::new(Readers { idle: Vec::new(), open: 0 });
        Self { database, keys, readers, returned: Condvar::new() }
    }

    /// Runs `read` on a reader, within one transaction: it sees one state of the store.
    pub(crate) fn with<T>(&self, read: impl FnOnce(&mut Reader) -> Result<T>) -> Result<T> {
        let mut lent = Lent { pool: self, reader: Some(self.take()?), spoilt: true };
        let answer = match &mut lent.reader {
            Some(reader) => in_transaction(reader, read),
            None => Err(crate::StoreError::Damaged("a reader")),
        };
        lent.spoilt = answer.as_ref().is_err_and(crate::StoreError::poisons);
        answer
    }

    fn take(&self) -> Result<Reader> {
        let mut readers = self.lock();
        loop {
            if let Some(reader) = readers.idle.pop() {
                return Ok(reader);
            }
            if readers.open < READERS_MAX {
                readers.open += 1;
                drop(readers);
                return self.open().inspect_err(|_| self.forget());
            }
            readers = self.returned.wait(readers).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn open(&self) -> Result<Reader> {
        let db = connection::open(&self.database, &self.keys, Purpose::Read)?;
        Ok(Reader { db, unpacker: Unpacker::new()? })
    }

    fn give_back(&self, reader: Reader) {
        self.lock().idle.push(reader);
        self.returned.notify_one();
    }

    fn forget(&self) {
        let mut readers = self.lock();
        readers.open = readers.open.saturating_sub(1);
        self.returned.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, Readers> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A lent reader: given back when done, closed when a bad page or a panic has spoilt it.
struct Lent<'a> {
    pool: &'a Pool,
    reader: Option<Reader>,
    spoilt: bool,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        match self.reader.take() {
            Some(reader) if !self.spoilt => self.pool.give_back(reader),
            Some(_) | None => self.pool.forget(),
        }
    }
}

fn in_transaction<T>(
    reader: &mut Reader,
    read: impl FnOnce(&mut Reader) -> Result<T>,
) -> Result<T> {
    reader.db.execute_batch("BEGIN")?;
    let answer = read(reader);
    let ended = reader.db.execute_batch("ROLLBACK");
    let answer = answer?;
    ended?;
    Ok(answer)
}
