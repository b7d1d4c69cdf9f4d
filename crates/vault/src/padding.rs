//! Padmé: lengths rounded so that a size tells little (Nikitin et al., PURBs, PETS 2019).

/// Rounds a length up to one of few: at most 12 % longer, and O(log log length) bits are told.
///
/// Answers `None` where the result does not fit a `u32`.
pub(crate) fn padded_len(length: u32) -> Option<u32> {
    let Some(exponent) = length.checked_ilog2() else { return Some(0) };
    let Some(exponent_bits) = exponent.checked_ilog2() else { return Some(length) };
    let low_bits = exponent.saturating_sub(exponent_bits + 1);
    let mask = (1_u32 << low_bits) - 1;
    Some(length.checked_add(mask)? & !mask)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_few_lengths() {
        for (length, expected) in [
            (0, Some(0)),
            (1, Some(1)),
            (8, Some(8)),
            (9, Some(10)),
            (100, Some(104)),
            (1000, Some(1024)),
            (65_537, Some(67_584)),
            (u32::MAX, None),
        ] {
            assert_eq!(padded_len(length), expected, "{length}");
        }
    }

    proptest! {
        #[test]
        fn never_shorter_at_most_an_eighth_longer_and_stable(length in 0_u32..0xf000_0000) {
            let padded = padded_len(length).unwrap();
            prop_assert!(padded >= length);
            prop_assert!(u64::from(padded - length) * 100 <= u64::from(length) * 12);
            prop_assert_eq!(padded_len(padded), Some(padded));
        }
    }
}
