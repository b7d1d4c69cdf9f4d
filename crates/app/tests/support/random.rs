//! A small generator (SplitMix64): the same seed draws the same everywhere.

/// What is drawn from one seed.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 up to this one, which is not among them.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound).unwrap()).unwrap()
    }

    /// Whether something that happens `permille` times in a thousand happens now.
    pub(crate) fn happens(&mut self, permille: u64) -> bool {
        self.next() % 1000 < permille
    }

    pub(crate) fn fill(&mut self, bytes: &mut [u8]) {
        for some in bytes.chunks_mut(8) {
            let drawn = self.next().to_be_bytes();
            some.iter_mut().zip(drawn).for_each(|(byte, drawn)| *byte = drawn);
        }
    }
}
