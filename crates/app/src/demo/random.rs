//! The one source of chance in the demonstration: SplitMix64 (Steele, Lea and Flood, "Fast
//! splittable pseudorandom number generators", OOPSLA 2014). It keeps no secret.

/// A stream of numbers that depends on its seed alone.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

const GOLDEN_GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

impl Random {
    /// The stream of one patient of one demonstration.
    pub(super) fn of(seed: u64, index: u64) -> Self {
        let mut of_seed = Self(seed);
        let start = of_seed.next();
        Self(start ^ index.wrapping_add(1).wrapping_mul(GOLDEN_GAMMA))
    }

    /// The next 64 bits.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN_GAMMA);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number of `low..=high`; `low` when the range is empty.
    pub(super) fn within(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high.saturating_sub(low)).unwrap_or(0).saturating_add(1);
        let scaled = (u128::from(self.next()) * u128::from(width)) >> 64;
        low.saturating_add(i64::try_from(scaled).unwrap_or(0))
    }

    /// A number around `middle`, at most `spread` away and mostly near.
    pub(super) fn near(&mut self, middle: i64, spread: i64) -> i64 {
        middle + (self.within(-spread, spread) + self.within(-spread, spread)) / 2
    }

    /// True so many times in a hundred.
    pub(super) fn percent(&mut self, chance: i64) -> bool {
        self.within(1, 100) <= chance
    }

    /// One of a list; `None` when it is empty.
    pub(super) fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        let last = i64::try_from(list.len()).unwrap_or(0) - 1;
        list.get(usize::try_from(self.within(0, last)).ok()?)
    }

    /// One word of a list; empty when the list is.
    pub(super) fn word(&mut self, list: &[&'static str]) -> &'static str {
        self.pick(list).copied().unwrap_or_default()
    }

    /// Ten bytes for an id.
    pub(super) fn ten_bytes(&mut self) -> [u8; 10] {
        let (first, second) = (self.next().to_be_bytes(), self.next().to_be_bytes());
        let mut bytes = [0; 10];
        for (byte, chance) in bytes.iter_mut().zip(first.into_iter().chain(second)) {
            *byte = chance;
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_stream_is_that_of_the_paper() {
        // First outputs of SplitMix64 for seed 0, as java.util.SplittableRandom gives them.
        let mut random = Random(0);
        assert_eq!(random.next(), 0xe220_a839_7b1d_cdaf);
        assert_eq!(random.next(), 0x6e78_9e6a_a1b9_65f4);
    }

    proptest! {
        #[test]
        fn numbers_stay_within(seed: u64, low in -1000_i64..1000, width in 0_i64..1000) {
            let mut random = Random::of(seed, 7);
            for _ in 0..20 {
                prop_assert!((low..=low + width).contains(&random.within(low, low + width)));
            }
        }
    }
}
