//! Making and opening a store: what is there is never overwritten, what is missing is told.

use crate::{
    anchor::{Anchor, Mark},
    audit,
    connection::{self, Purpose},
    error::{Result, StoreError},
    keys::StoreKeys,
    migrations,
    place::{Lock, Place},
    store::Store,
    tables::state,
};
use rusqlite::Connection;
use std::{fs, path::Path};

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
        Self::of_parts(db, anchor, place, keys, lock)
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
