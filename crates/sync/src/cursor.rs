//! How far a device has read a server's log, and what it read: position and chain.

use sha2::{Digest as _, Sha256};

use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::ids::{Chain, EnvelopeId, LogEpoch};

/// A place in a log and the hash over everything up to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// How many envelopes come up to here; the first has 1.
    pub seq: u64,
    /// `chain_n = SHA-256(chain_{n-1} ‖ id_n)`, [`Chain::START`] at 0.
    pub chain: Chain,
}

impl Mark {
    /// Before the first envelope.
    pub const START: Self = Self { seq: 0, chain: Chain::START };

    /// The place after one more envelope.
    #[must_use]
    pub fn then(self, id: EnvelopeId) -> Self {
        let mut hash = Sha256::new();
        hash.update(self.chain.as_bytes());
        hash.update(id.as_bytes());
        Self { seq: self.seq.saturating_add(1), chain: Chain(hash.finalize().into()) }
    }
}

/// A mark in one life of a server's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The life of the log.
    pub log_epoch: LogEpoch,
    /// How far it was read.
    pub mark: Mark,
}

impl Cursor {
    /// Before the first envelope of a log.
    pub const fn start(log_epoch: LogEpoch) -> Self {
        Self { log_epoch, mark: Mark::START }
    }
}

impl Canonical for Mark {
    fn encode(&self, out: &mut Writer) {
        out.u64(self.seq);
        self.chain.encode(out);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { seq: input.u64()?, chain: Chain::decode(input)? })
    }
}

impl Canonical for Cursor {
    fn encode(&self, out: &mut Writer) {
        self.log_epoch.encode(out);
        self.mark.encode(out);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { log_epoch: LogEpoch::decode(input)?, mark: Mark::decode(input)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chain_depends_on_every_id_and_their_order() {
        let [a, b] = [EnvelopeId([1; 32]), EnvelopeId([2; 32])];
        let ab = Mark::START.then(a).then(b);
        assert_eq!(ab.seq, 2);
        assert_ne!(ab, Mark::START.then(b).then(a));
        // Computed apart, with another implementation of SHA-256.
        assert_eq!(
            ab.chain.to_string(),
            "a7f2fad943905535b10ccf63c832802ed84eaffb15e4fb6bee86a817c35eb833"
        );
    }
}
