//! A device's table of wrapped keys.

use sync::wire::WrappedKey;

/// Wrapped keys in the order in which they came: whoever has read as far as a place has what stands
/// before it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keys(Vec<WrappedKey>);

impl Keys {
    /// The keys, in their places.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &WrappedKey> {
        self.0.iter()
    }

    /// Adds one that is not there yet.
    pub(crate) fn insert(&mut self, key: WrappedKey) {
        if !self.0.contains(&key) {
            self.0.push(key);
        }
    }
}

impl Extend<WrappedKey> for Keys {
    fn extend<I: IntoIterator<Item = WrappedKey>>(&mut self, keys: I) {
        keys.into_iter().for_each(|key| self.insert(key));
    }
}

impl FromIterator<WrappedKey> for Keys {
    fn from_iter<I: IntoIterator<Item = WrappedKey>>(keys: I) -> Self {
        let mut all = Self::default();
        all.extend(keys);
        all
    }
}
