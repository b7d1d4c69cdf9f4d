//! Envelopes that were set aside, and what was decided of them.

use crate::{
    error::Result,
    projections::clinic,
    store::Store,
    tables::quarantine::{self, QuarantinePage, SetAside, WholeAside},
};
use chart::AsideDecision;

use super::ROWS_MAX;

impl Store {
    /// Whole envelopes that were set aside for one of `reasons` after place `after`, oldest first:
    /// as many as a page may hold, at most `limit`.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn quarantine(&self, reasons: &[&str], after: i64, limit: u32) -> Result<QuarantinePage> {
        self.read(|r| quarantine::page(&r.db, reasons, after, limit.min(ROWS_MAX)))
    }

    /// How many envelopes that were set aside for one of `reasons` are kept whole, and their bytes.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn set_aside_whole(&self, reasons: &[&str]) -> Result<WholeAside> {
        self.read(|r| quarantine::whole(&r.db, reasons))
    }

    /// Who sealed the envelopes set aside for `reason` of which only names are kept.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn devices_of_names(&self, reason: &str) -> Result<Vec<[u8; 16]>> {
        self.read(|r| quarantine::devices_of_names(&r.db, reason))
    }

    /// Envelopes that were set aside, newest first, without their bytes.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn set_aside(&self, limit: u32) -> Result<Vec<SetAside>> {
        self.read(|r| quarantine::newest(&r.db, limit.min(ROWS_MAX)))
    }

    /// The envelopes that were set aside of the document with a tag, each with the reason.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn set_aside_of(&self, tag: &[u8; 32]) -> Result<Vec<([u8; 32], String)>> {
        self.read(|r| quarantine::of_document(&r.db, tag))
    }

    /// An envelope that was set aside, without its bytes.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn set_aside_one(&self, envelope: &[u8; 32]) -> Result<Option<SetAside>> {
        self.read(|r| quarantine::one_of(&r.db, envelope))
    }

    /// An envelope that was set aside; empty where only its name is kept.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn set_aside_bytes(&self, envelope: &[u8; 32]) -> Result<Option<Vec<u8>>> {
        self.read(|r| quarantine::bytes_of(&r.db, envelope))
    }

    /// Whether an envelope is set aside.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn is_set_aside(&self, id: &[u8; 32]) -> Result<bool> {
        self.read(|r| quarantine::is_aside(&r.db, id))
    }

    /// How many envelopes were set aside for which reason.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn set_aside_reasons(&self) -> Result<Vec<(String, u64)>> {
        self.read(|r| quarantine::reasons(&r.db))
    }

    /// What was decided of envelopes that were set aside, by envelope.
    ///
    /// # Errors
    /// [`crate::StoreError`] when it cannot be read.
    pub fn aside_decisions(&self) -> Result<Vec<AsideDecision>> {
        self.read(|r| clinic::decided(&r.db, &mut r.unpacker))
    }
}
