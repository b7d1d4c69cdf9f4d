//! Many signatures checked at once.
//!
//! One equation for all of them costs a fraction of one for each, most where one key signed them all.
//! It says whether every one is an Ed25519 signature under the rules of
//! [ZIP 215](https://zips.z.cash/zip-0215), and not which is not. These rules are made for that: one
//! signature by itself and many at once are judged alike. They let in, beyond
//! [`verify`](super::verify), only what the holder of the key itself can make: nobody else's
//! signature passes.

use std::convert::Infallible;

use ed25519_zebra::{Signature as ZebraSignature, batch};
use rand_core::{TryCryptoRng, TryRng};
use sha2::{Digest as _, Sha256};

use super::Domain;
use crate::ids::{Signature, VerifyKey};

/// Signatures that are checked together.
pub struct Together {
    batch: batch::Verifier,
    transcript: Sha256,
}

impl Together {
    /// None yet: they hold.
    pub fn new() -> Self {
        let mut transcript = Sha256::new();
        transcript.update(b"fieldchart signatures together v1\0");
        Self { batch: batch::Verifier::new(), transcript }
    }

    /// One of `content` under `domain` by `key`.
    pub fn add(&mut self, key: &VerifyKey, domain: Domain, content: &[u8], signature: &Signature) {
        let message = domain.message(content);
        for part in [&key.0[..], &signature.0, &Sha256::digest(&message)] {
            self.transcript.update(part);
        }
        let signature = ZebraSignature::from_bytes(&signature.0);
        self.batch.queue((key.0.into(), signature, &message));
    }

    /// Whether all hold. One that does not is let through with a chance of 1 in 2^128.
    pub fn hold(self) -> bool {
        let weights = Weights { seed: self.transcript.finalize().into(), drawn: 0 };
        self.batch.verify(weights).is_ok()
    }
}

impl Default for Together {
    fn default() -> Self {
        Self::new()
    }
}

/// What each signature weighs in the equation: drawn from all of them, as by Fiat and Shamir, so that
/// none can be chosen to make up for another. `SHA-256(seed ‖ place)`, 128 bits of each.
struct Weights {
    seed: [u8; 32],
    drawn: u64,
}

impl Weights {
    fn next(&mut self) -> [u8; 32] {
        let place = self.drawn.to_le_bytes();
        self.drawn = self.drawn.wrapping_add(1);
        Sha256::new().chain_update(self.seed).chain_update(place).finalize().into()
    }
}

impl TryRng for Weights {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), Infallible> {
        for part in to.chunks_mut(32) {
            part.iter_mut().zip(self.next()).for_each(|(to, from)| *to = from);
        }
        Ok(())
    }
}

impl TryCryptoRng for Weights {}
