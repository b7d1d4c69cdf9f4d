//! Making and opening a store: what is there is never overwritten, what is missing is told.

use crate::{
    anchor::{Anchor, Mark},
    audit::{self, AuditEvent},
    connection::{self, Purpose},
    error::{Result, StoreError},
    keys::StoreKeys,
    migrations,
    packing::{Packer, Unpacker},
    place::{Lock, Place},
    projections::{self, clinic},
    reserve,
    store::{Store, in_transaction},
    tables::state,
    transaction::Tx,
};
use clinical::Practitioner;
use rusqlite::Connection;
use std::{fs, path::Path};

/// A store that was found, whether or not acknowledged commits are missing in it: its people can
/// be asked who they are, and it goes on only by a decision that is recorded.
pub struct Undecided {
    db: Connection,
    place: Place,
    keys: StoreKeys,
    lock: Lock,
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
        make_database(&place, &keys).map_err(|error| place.judge(error))?;
        Self::open_locked(place, keys, lock)
    }

    /// Opens the store in `dir`. Nothing is made: where no store is, none will be.
    ///
    /// # Errors
    /// Told apart: [`StoreError::NotFound`], [`StoreError::Locked`],
    /// [`StoreError::WrongKeyOrDamaged`], [`StoreError::Damaged`], [`StoreError::NewerSchema`],
    /// [`StoreError::MissingCommits`], [`StoreError::ReadOnlyDisk`], [`StoreError::DiskFull`].
    pub fn open(dir: &Path, keys: StoreKeys) -> Result<Self> {
        let (place, lock) = take(dir)?;
        Self::open_locked(place, keys, lock)
    }

    /// Finds a store of which acknowledged commits may be missing or whose anchor may be gone. It
    /// is not opened, and its anchor stays as it is: see [`Undecided::accept_loss`].
    ///
    /// # Errors
    /// As [`Store::open`], but for missing commits.
    pub fn find(dir: &Path, keys: StoreKeys) -> Result<Undecided> {
        let (place, lock) = take(dir)?;
        let db = connect(&place, &keys)?;
        Ok(Undecided { db, place, keys, lock })
    }

    /// Makes the folder of a store where there is none, for its owner alone.
    ///
    /// # Errors
    /// [`StoreError::ReadOnlyDisk`], [`StoreError::DiskFull`].
    pub fn make_folder(dir: &Path) -> Result<()> {
        Place::new(dir).make_dir()
    }

    /// Removes the files of a store in which nothing was ever recorded: the caller knows that it
    /// was still being made. Where none are, nothing is done.
    ///
    /// # Errors
    /// [`StoreError::Locked`] while a process uses it; [`StoreError::ReadOnlyDisk`].
    pub fn discard(dir: &Path) -> Result<()> {
        let place = Place::new(dir);
        let _lock = place.lock()?;
        place.clear()
    }

    /// Whether there is a store in `dir`, or what is left of one.
    pub fn exists(dir: &Path) -> bool {
        Place::new(dir).is_taken()
    }

    /// Whether the database of a store is in `dir`; what else belongs to it may be there or not.
    pub fn has_database(dir: &Path) -> bool {
        Place::new(dir).has_database()
    }

    fn open_locked(place: Place, keys: StoreKeys, lock: Lock) -> Result<Self> {
        let (db, anchor) = loop {
            match anchored(&place, &keys) {
                Err(failed) => reserve::make_room(&place, failed)?,
                Ok(opened) => break opened,
            }
        };
        reserve::keep(&place.reserve());
        Self::of_parts(db, anchor, place, keys, lock)
    }
}

impl Undecided {
    /// The people of the clinic as the store knows them, to tell who decides.
    ///
    /// # Errors
    /// [`StoreError`] when a row cannot be read.
    pub fn people(&self) -> Result<Vec<Practitioner>> {
        clinic::people(&self.db, &mut Unpacker::new()?)
    }

    /// Opens the store and anchors it anew: an administrator has decided to go on with what is
    /// there. What is missing comes back from other devices with the next sync. The decision is
    /// recorded first, so that no anchor is ever new without its row.
    ///
    /// # Errors
    /// As [`Store::open`], but for missing commits.
    pub fn accept_loss(mut self, decision: AuditEvent) -> Result<Store> {
        let (place, keys) = (&self.place, &self.keys);
        let before = state::read(&self.db)?;
        let agreed = match agreeing(place, keys, &self.db, &before) {
            Ok(anchor) => Some(anchor),
            Err(StoreError::MissingCommits { .. } | StoreError::Damaged(_)) => None,
            Err(error) => return Err(error),
        };
        let mark = record(&mut self.db, decision)?;
        let anchor = match agreed {
            Some(mut anchor) => anchor.write(&mark).map(|()| anchor)?,
            None => Anchor::create(&place.anchor(), keys.anchor(), &mark)?,
        };
        Store::of_parts(self.db, anchor, self.place, self.keys, self.lock)
    }
}

impl std::fmt::Debug for Undecided {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Undecided").field("place", &self.place).finish_non_exhaustive()
    }
}

/// The database with the anchor that agrees with it.
fn anchored(place: &Place, keys: &StoreKeys) -> Result<(Connection, Anchor)> {
    let db = connect(place, keys)?;
    let mark = state::read(&db)?;
    let mut anchor = agreeing(place, keys, &db, &mark)?;
    // It may have lagged behind the last commit before a crash, which may have been before that
    // commit was synced: first the disk has it, so that the anchor never says more than the disk.
    place.sync_log()?;
    anchor.write(&mark)?;
    Ok((db, anchor))
}

fn take(dir: &Path) -> Result<(Place, Lock)> {
    let place = Place::new(dir);
    if !place.has_database() {
        return Err(StoreError::NotFound);
    }
    let lock = place.lock()?;
    Ok((place, lock))
}

fn connect(place: &Place, keys: &StoreKeys) -> Result<Connection> {
    let mut db = connection::open(&place.database(), keys, Purpose::Write)?;
    migrations::run(&mut db)?;
    Ok(db)
}

/// Writes an audit row before there is an anchor to go with it.
fn record(db: &mut Connection, event: AuditEvent) -> Result<Mark> {
    let (mut packer, mut unpacker) = (Packer::new()?, Unpacker::new()?);
    let write = |tx: &mut Tx<'_>| audit::append(tx, event, Vec::new());
    let ((), mark) = in_transaction(db, (&mut packer, &mut unpacker), write, true)?;
    Ok(mark)
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
    state::set_projections(&db, projections::FORM)?;
    let mark = state::read(&db)?;
    db.close().map_err(|(_, error)| error)?;
    fs::File::open(place.unfinished())?.sync_all()?;
    Anchor::create(&place.anchor(), keys.anchor(), &mark)?;
    place.finish()
}

/// The anchor, when it agrees with the database.
fn agreeing(place: &Place, keys: &StoreKeys, db: &Connection, mark: &Mark) -> Result<Anchor> {
    match Anchor::open(&place.anchor(), keys.anchor()) {
        Ok((anchor, Some(witness))) => compare(db, mark, &witness).map(|()| anchor),
        Ok((_, None)) | Err(StoreError::NotFound) => Err(StoreError::Damaged("its anchor")),
        Err(error) => Err(error),
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
