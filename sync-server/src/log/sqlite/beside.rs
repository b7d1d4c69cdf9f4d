//! The file as an operator's command has it: a server may run on it meanwhile.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};
use sync::ids::{BlobId, ClinicId};
use sync::log::LogError;

use super::{OpenError, StepError, from_sql, open, quotas, told};
use crate::operate::Listed;
use crate::quota::{Quota, amount, told as told_amount};

/// Lies in a folder that is a copy; a server that begins on the folder takes it away, so that no
/// copy is ever laid over what was served.
pub(crate) const MARK: &str = "COPY.txt";

/// What every clinic may have, as the server was started with it.
const DEFAULT_FILE: &str = "quota.txt";

/// A connection beside those of the server. It brings the file to no other version, and leaves it
/// as one file where it is the last to close it.
#[derive(Debug)]
pub(crate) struct Beside {
    path: PathBuf,
    db: Connection,
}

/// A blob that the log names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) clinic: ClinicId,
    pub(crate) id: BlobId,
    pub(crate) bytes: u64,
}

impl Beside {
    /// To look into a file of this release's version; nothing in it can be changed.
    ///
    /// # Errors
    /// [`OpenError`].
    pub(crate) fn to_read(path: &Path) -> Result<Self, OpenError> {
        let beside = Self::to_decide(path)?;
        // Not by a file that is opened for reading: the last to close writes the log of writes back.
        beside.db.pragma_update(None, "query_only", true)?;
        Ok(beside)
    }

    /// To change what an operator decides in a file of this release's version.
    ///
    /// # Errors
    /// [`OpenError`].
    pub(crate) fn to_decide(path: &Path) -> Result<Self, OpenError> {
        let db = open::beside(path)?;
        open::check_newest(&db)?;
        Ok(Self { path: path.to_owned(), db })
    }

    /// To copy a file of this release's version or an older one.
    ///
    /// # Errors
    /// [`OpenError`].
    pub(crate) fn to_copy(path: &Path) -> Result<Self, OpenError> {
        Ok(Self { path: path.to_owned(), db: open::beside(path)? })
    }

    /// One clinic with what it has and may have, or all of them.
    ///
    /// # Errors
    /// [`LogError`].
    pub(crate) fn list(&self, clinic: Option<ClinicId>) -> Result<Vec<Listed>, LogError> {
        self.told(quotas::list(&self.db, clinic), LogError::Read)
    }

    /// Lets a clinic have so much, or what every clinic may have by default.
    ///
    /// # Errors
    /// [`LogError`]; then nothing was decided.
    pub(crate) fn set_quota(
        &mut self,
        clinic: ClinicId,
        quota: Option<Quota>,
    ) -> Result<(), LogError> {
        let set = self.set(clinic, quota);
        self.told(set, LogError::Append)
    }

    /// What every clinic may have, as the server was last started; `None` where that is not known.
    pub(crate) fn default_quota(&self) -> Option<Quota> {
        read_default(&fs::read_to_string(self.path.with_file_name(DEFAULT_FILE)).ok()?)
    }

    /// Writes one state of it into a file that is empty or not there, and sees that it is whole.
    /// Whoever writes the log meanwhile is not held up.
    ///
    /// # Errors
    /// [`OpenError`]; it speaks of either file.
    pub(crate) fn copy_into(&self, to: &Path) -> Result<(), OpenError> {
        let name = to.to_str().ok_or_else(|| rusqlite::Error::InvalidPath(to.to_owned()))?;
        self.db.execute("VACUUM INTO ?1", [name])?;
        open::check_heads(&open::beside(to)?)
    }

    /// The blobs of all clinics.
    ///
    /// # Errors
    /// [`LogError`].
    pub(crate) fn blobs(&self) -> Result<Vec<Named>, LogError> {
        self.told(blobs(&self.db), LogError::Read)
    }

    fn set(&mut self, clinic: ClinicId, quota: Option<Quota>) -> Result<(), StepError> {
        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        quotas::set(&transaction, clinic, quota)?;
        Ok(transaction.commit()?)
    }

    fn told<T>(
        &self,
        done: Result<T, StepError>,
        step: impl FnOnce(Box<dyn std::error::Error + Send + Sync>) -> LogError,
    ) -> Result<T, LogError> {
        done.map_err(|error| told(error, &self.path, step))
    }
}

/// Says in the folder of a log that a server begins on it, and what every clinic may have.
pub(super) fn served(log: &Path, default: Quota) {
    // What cannot be said here keeps nobody from serving: it is there for an operator alone.
    drop(fs::remove_file(log.with_file_name(MARK)));
    let (path, text) = (log.with_file_name(DEFAULT_FILE), default_text(default));
    if fs::read_to_string(&path).is_ok_and(|before| before == text) {
        return;
    }
    if fs::write(&path, text).is_err() {
        tracing::warn!("{DEFAULT_FILE} cannot be written: `clinics` will not know the default");
    }
}

fn default_text(quota: Quota) -> String {
    let Quota { bytes_max, envelopes_max, devices_max } = quota;
    let [bytes, envelopes, devices] = [bytes_max, envelopes_max, devices_max].map(told_amount);
    format!("bytes {bytes}\nenvelopes {envelopes}\ndevices {devices}\n")
}

fn read_default(text: &str) -> Option<Quota> {
    let mut lines = text.lines();
    let mut limit = |name: &str| amount(lines.next()?.strip_prefix(name)?.trim_start()).ok();
    Some(Quota {
        bytes_max: limit("bytes")?,
        envelopes_max: limit("envelopes")?,
        devices_max: limit("devices")?,
    })
}

fn blobs(db: &Connection) -> Result<Vec<Named>, StepError> {
    // A file of the first releases has no such table, and no blobs.
    let there = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'blob'";
    if db.query_row(there, [], |row| row.get::<_, i64>(0))? == 0 {
        return Ok(Vec::new());
    }
    let mut find = db.prepare(
        "SELECT clinic, id, blob.bytes FROM blob JOIN clinic USING (clinic_no)
         ORDER BY clinic, id",
    )?;
    let mut rows = find.query([])?;
    let mut named = Vec::new();
    while let Some(row) = rows.next()? {
        let (clinic, id) = (ClinicId(row.get(0)?), BlobId(row.get(1)?));
        named.push(Named { clinic, id, bytes: from_sql(row.get(2)?)? });
    }
    Ok(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_read_as_it_was_written() {
        for quota in [
            Quota::NONE,
            Quota { bytes_max: 20_000_000_000, ..Quota::NONE },
            Quota { bytes_max: 0, envelopes_max: 5, devices_max: 40 },
        ] {
            assert_eq!(read_default(&default_text(quota)), Some(quota));
        }
        for odd in ["", "bytes 1\n", "bytes 1\nenvelopes x\ndevices 2\n", "devices 1\nbytes 2\n"] {
            assert_eq!(read_default(odd), None, "{odd:?}");
        }
    }
}
