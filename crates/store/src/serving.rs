//! What is asked of a store that serves other computers of its clinic.

use crate::{
    error::Result,
    store::Store,
    tables::{
        named::NamedRow,
        served::{self, ChainStep, ServedRow},
    },
};

/// Places whose running hash is worked out in one transaction.
const EXTENDED_AT_A_TIME: u32 = 4096;

/// Where the envelopes that came here end, in the order in which they came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServedHead {
    /// How many there are.
    pub seq: u64,
    /// The running hash over their ids.
    pub chain: [u8; 32],
}

impl Store {
    /// Works the running hash out as far as envelopes have come, and tells where they end.
    /// `start` is the hash of none; `step` gives the next of the one before and an id.
    ///
    /// # Errors
    /// [`crate::StoreError`]: what was worked out before holds.
    pub fn served_head(&self, start: [u8; 32], step: ChainStep<'_>) -> Result<ServedHead> {
        loop {
            let (all, worked_out, chain) = self.read(|r| served::head(&r.db))?;
            if worked_out >= all {
                return Ok(ServedHead { seq: all, chain: chain.unwrap_or(start) });
            }
            self.write(|tx| served::extend(tx.db, start, step, EXTENDED_AT_A_TIME))?;
        }
    }

    /// The running hash at a place; `None` where it was not worked out.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn served_chain(&self, seq: u64) -> Result<Option<[u8; 32]>> {
        self.read(|r| served::chain_at(&r.db, seq))
    }

    /// The place of an envelope.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn served_seq(&self, id: &[u8; 32]) -> Result<Option<u64>> {
        self.read(|r| served::seq_of(&r.db, id))
    }

    /// The last place there is, and the bytes of the envelopes after another, of each no more than `most`.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn served_bytes_after(&self, seq: u64, most: u32) -> Result<(u64, u64)> {
        self.read(|r| served::bytes_after(&r.db, seq, most))
    }

    /// Envelopes after a place, in order.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn served_after(&self, seq: u64, limit: u32) -> Result<Vec<ServedRow>> {
        self.read(|r| served::after(&r.db, seq, limit))
    }

    /// The last place among the wrapped keys.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn served_keys_head(&self) -> Result<u64> {
        self.read(|r| served::keys_head(&r.db))
    }

    /// Wrapped keys after a place, each with its own.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn served_keys(&self, after: u64, limit: u32) -> Result<Vec<(u64, NamedRow)>> {
        self.read(|r| served::keys_after(&r.db, after, limit))
    }
}
