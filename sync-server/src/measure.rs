//! The log in PostgreSQL without a server before it, for the figures of `cargo xtask bench server`.

use std::sync::Arc;

use sync::envelope::Envelope;
use sync::ids::{ClinicId, LogEpoch};
use sync::log::{EnvelopeLog as _, LogError};
use sync::wire::Verdict;
use tokio::runtime::Handle;

use crate::log::Shelf as _;
use crate::log::postgres::{Address, Database, DatabaseError, PostgresShelf};
use crate::quota::Quota;

/// The log of one clinic. Its methods block.
#[derive(Debug)]
pub struct ClinicLog {
    shelf: PostgresShelf,
    clinic: ClinicId,
}

impl ClinicLog {
    /// On a database whose tables are there.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn open(url: String, clinic: ClinicId) -> Result<Self, DatabaseError> {
        let database = Database::open(&Address { url, authority: None }).await?;
        let shelf = PostgresShelf::new(Arc::new(database), Handle::current(), Quota::NONE);
        Ok(Self { shelf, clinic })
    }

    /// Starts it, where it was not there.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn found(&self) -> Result<bool, LogError> {
        self.shelf.found(self.clinic, LogEpoch([1; 16]), &[])
    }

    /// Appends as a push does, once its signatures are checked.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn append(&self, envelopes: &[Envelope]) -> Result<Vec<Verdict>, LogError> {
        self.shelf.append(self.clinic, envelopes)
    }
}
