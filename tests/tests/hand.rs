//! Whoever signs, outside any program of ours.
#![allow(clippy::expect_used, reason = "what goes wrong here ends the test")]

use sync::signing::Signer;
use vault::{DeviceKeys, Entropy};

/// The keys of a computer, in other hands.
pub(crate) struct Hand(pub(crate) DeviceKeys);

impl Hand {
    /// Of nobody the clinic knows.
    pub(crate) fn of_a_stranger() -> Self {
        Self(DeviceKeys::make(&mut Chance))
    }
}

impl Signer for Hand {
    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message)
    }

    fn public_key(&self) -> [u8; 32] {
        self.0.public().sign_key
    }
}

struct Chance;

impl Entropy for Chance {
    fn fill(&mut self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("randomness");
    }
}
