//! What can be asked of a store.

mod aside;
mod record;
mod travel;

use crate::{
    audit::{self, AuditRow, AuditSpan},
    error::Result,
    projections::{
        clinic, conflict, patient,
        sharing::{self, SharingRow},
        task,
    },
    store::Store,
    tables::{
        envelope,
        named::{self, NamedRow},
        outbox, quarantine, state,
    },
};
use clinical::{Letterhead, PatientId, Practitioner};

/// Rows one call gives at most.
const ROWS_MAX: u32 = 10_000;
/// Counters one call gives at most: as many as envelopes cover one log.
const COUNTERS_MAX: u32 = 8192;

/// How much there is of what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Patients.
    pub patients: u64,
    /// Tasks that wait.
    pub open_tasks: u64,
    /// Values that must be decided.
    pub conflicts: u64,
    /// Changes that have not been sealed.
    pub outbox: u64,
    /// Envelopes, own and received.
    pub envelopes: u64,
    /// Envelopes set aside.
    pub quarantined: u64,
    /// Entries of the clinic's document that this version cannot read.
    pub clinic_unreadable: u64,
    /// Audit rows.
    pub audit: u64,
    /// Commits.
    pub commits: u64,
}

impl Store {
    /// The clinic's name, once it is known here.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn clinic_name(&self) -> Result<Option<String>> {
        self.read(|r| clinic::name(&r.db))
    }

    /// When charts passed from one clinic to another, the last first.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn sharings(&self, limit: u32) -> Result<Vec<SharingRow>> {
        self.read(|r| sharing::last(&r.db, &mut r.unpacker, limit.min(ROWS_MAX)))
    }

    /// What the clinic's paper says.
    ///
    /// # Errors
    /// [`crate::StoreError`] when it cannot be read.
    pub fn letterhead(&self) -> Result<Letterhead> {
        self.read(|r| clinic::letterhead(&r.db, &mut r.unpacker))
    }

    /// The sync server of the clinic, as its record says.
    ///
    /// # Errors
    /// [`crate::StoreError`] when it cannot be read.
    pub fn server(&self) -> Result<Option<String>> {
        self.read(|r| clinic::server(&r.db))
    }

    /// The clinic's people, by id.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn people(&self) -> Result<Vec<Practitioner>> {
        self.read(|r| clinic::people(&r.db, &mut r.unpacker))
    }

    /// A small named value.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn named(&self, name: &str) -> Result<Option<Vec<u8>>> {
        self.read(|r| named::find(&r.db, name))
    }

    /// The small values whose names begin with `prefix`, by name.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn named_with_prefix(&self, prefix: &str) -> Result<Vec<NamedRow>> {
        self.read(|r| named::with_prefix(&r.db, prefix))
    }

    /// The audit rows after `after`, in order.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn audit(&self, after: u64, limit: u32) -> Result<Vec<AuditRow>> {
        self.read(|r| audit::page(&r.db, after, limit.min(ROWS_MAX)))
    }

    /// Who did what, with everything or with one patient's chart.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn audit_span(
        &self,
        whose: Option<PatientId>,
        span: AuditSpan,
        limit: u32,
    ) -> Result<Vec<AuditRow>> {
        self.read(|r| audit::span(&r.db, whose, span, limit.min(ROWS_MAX)))
    }

    /// How much there is.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn counts(&self) -> Result<Counts> {
        self.read(|r| {
            let mark = state::read(&r.db)?;
            Ok(Counts {
                patients: patient::len(&r.db)?,
                open_tasks: task::open_count(&r.db)?,
                conflicts: conflict::open_count(&r.db)?,
                outbox: outbox::len(&r.db)?,
                envelopes: envelope::len(&r.db)?,
                quarantined: quarantine::len(&r.db)?,
                clinic_unreadable: clinic::unreadable(&r.db)?,
                audit: mark.audit_seq,
                commits: mark.sequence,
            })
        })
    }
}
