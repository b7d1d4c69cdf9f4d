//! Randomness, passed in by the host.

use std::convert::Infallible;

use hpke::rand_core::{TryCryptoRng, TryRng};
use zeroize::Zeroize;

use crate::Sensitive;

/// A cryptographically secure source of random bytes.
///
/// A host gives the operating system's source. It has no error: a host whose source fails must
/// end the process rather than return, because a key of zeros is worse than no program.
pub trait Entropy {
    /// Fills all of `bytes`.
    fn fill(&mut self, bytes: &mut [u8]);
}

/// Makes `N` random bytes.
pub fn make_array<const N: usize>(entropy: &mut dyn Entropy) -> [u8; N] {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes);
    bytes
}

/// Makes a secret of `N` random bytes.
pub fn make_secret<const N: usize>(entropy: &mut dyn Entropy) -> Sensitive<[u8; N]> {
    let mut secret = Sensitive::new([0; N]);
    entropy.fill(secret.expose_mut());
    secret
}

/// Shows an [`Entropy`] to the HPKE crate as the generator it asks for.
pub(crate) struct EntropyRng<'a>(pub(crate) &'a mut dyn Entropy);

impl TryRng for EntropyRng<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_be_bytes(make_array(self.0)))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_be_bytes(make_array(self.0)))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        bytes.zeroize();
        self.0.fill(bytes);
        Ok(())
    }
}

impl TryCryptoRng for EntropyRng<'_> {}

/// A source that gives the same bytes on every run. For tests alone.
#[cfg(any(test, feature = "test-support"))]
#[derive(Debug, Clone)]
pub struct FixedEntropy {
    seed: u64,
    block: u64,
}

#[cfg(any(test, feature = "test-support"))]
impl FixedEntropy {
    /// Starts the stream that belongs to `seed`.
    pub fn new(seed: u64) -> Self {
        Self { seed, block: 0 }
    }
}

#[cfg(any(test, feature = "test-support"))]
impl Entropy for FixedEntropy {
    fn fill(&mut self, bytes: &mut [u8]) {
        use sha2::Digest;
        for chunk in bytes.chunks_mut(32) {
            let mut hash = sha2::Sha256::new();
            hash.update(self.seed.to_be_bytes());
            hash.update(self.block.to_be_bytes());
            self.block += 1;
            for (to, from) in chunk.iter_mut().zip(hash.finalize()) {
                *to = from;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fixed_source_repeats_itself_and_nothing_else() {
        let (mut one, mut same, mut other) =
            (FixedEntropy::new(1), FixedEntropy::new(1), FixedEntropy::new(2));
        let first: [u8; 40] = make_array(&mut one);
        assert_eq!(first, make_array::<40>(&mut same));
        assert_ne!(first, make_array::<40>(&mut other));
        assert_ne!(first, make_array::<40>(&mut one));
    }

    #[test]
    fn hpke_is_given_the_same_bytes() {
        let mut source = FixedEntropy::new(7);
        let expected: [u8; 8] = make_array(&mut FixedEntropy::new(7));
        let Ok(number) = EntropyRng(&mut source).try_next_u64();
        assert_eq!(number, u64::from_be_bytes(expected));
    }
}
