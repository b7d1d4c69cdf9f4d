//! Places among the deeds, a bit for each.

use std::iter::successors;

/// A set of places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Places(Vec<u64>);

impl Places {
    /// Whether a place is in it.
    pub(crate) fn has(&self, at: usize) -> bool {
        self.0.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    /// Puts a place into it.
    pub(crate) fn put(&mut self, at: usize) {
        if self.0.len() <= at / 64 {
            self.0.resize(at / 64 + 1, 0);
        }
        if let Some(word) = self.0.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }

    /// Puts all places of another into it.
    pub(super) fn join(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0.iter_mut().zip(&other.0).for_each(|(word, others)| *word |= others);
    }

    /// Whether all places of another are in it.
    pub(super) fn holds(&self, other: &Self) -> bool {
        other.without(self).next().is_none()
    }

    /// Its places that are not in another, in order.
    pub(super) fn without<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = usize> + 'a {
        self.0.iter().enumerate().flat_map(|(at, word)| {
            let left = word & !other.0.get(at).copied().unwrap_or_default();
            let bits = successors(Some(left), |left| Some(left & left.wrapping_sub(1)));
            bits.take_while(|left| *left != 0).map(move |left| {
                at * 64 + usize::try_from(left.trailing_zeros()).unwrap_or_default()
            })
        })
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }
}

impl FromIterator<usize> for Places {
    fn from_iter<T: IntoIterator<Item = usize>>(places: T) -> Self {
        let mut all = Self::default();
        places.into_iter().for_each(|at| all.put(at));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_places_is_a_set() {
        let check = |one: &[usize], other: &[usize], without: &[usize]| {
            let (a, b): (Places, Places) =
                (one.iter().copied().collect(), other.iter().copied().collect());
            assert_eq!(a.without(&b).collect::<Vec<_>>(), without, "{one:?} {other:?}");
            assert_eq!(b.holds(&a), without.is_empty());
            assert_eq!(a.is_empty(), one.is_empty());
            assert!(one.iter().all(|at| a.has(*at)) && !a.has(1000));
            let mut both = a.clone();
            both.join(&b);
            assert!(both.holds(&a) && both.holds(&b));
        };
        check(&[], &[], &[]);
        check(&[0, 63, 64, 130], &[63], &[0, 64, 130]);
        check(&[63], &[0, 63, 200], &[]);
        check(&[5], &[], &[5]);
    }
}
