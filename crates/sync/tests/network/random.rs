//! A small generator (SplitMix64): the same seed gives the same history everywhere.

#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// Far from those of the seeds beside it: by [`Self::new`] they are one stream, begun a draw later.
    pub(crate) fn of_its_own(seed: u64) -> Self {
        Self::new(Self::new(seed).next())
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    /// Whether something that happens `permille` times in a thousand happens now.
    pub(crate) fn happens(&mut self, permille: u64) -> bool {
        self.next() % 1000 < permille
    }
}
