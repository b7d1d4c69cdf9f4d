//! Which wrapped keys are taken in: the one rule of every table of keys. Who made a key cannot be told,
//! only who brings it: each device has places of its own, so that none takes those of the others.

use std::collections::BTreeMap;

use crate::ids::{DeviceId, DocTag};
use crate::limits::KEYS_PER_DOCUMENT_EPOCH_AND_DEVICE_MAX;
use crate::wire::WrappedKey;

/// What a table holds of the documents of some keys that a device brings.
#[derive(Clone, Debug)]
pub struct HeldKeys<'k> {
    /// Who brings it.
    by: DeviceId,
    /// What comes, and whether it is held.
    came: BTreeMap<&'k WrappedKey, bool>,
    /// How many that it brought are held of each document and epoch; those that name none are of one more.
    counts: BTreeMap<(DocTag, Option<u32>), usize>,
}

impl<'k> HeldKeys<'k> {
    /// Nothing is held, as far as is known yet.
    pub fn before(by: DeviceId, came: &'k [WrappedKey]) -> Self {
        let came = came.iter().map(|key| (key, false)).collect();
        Self { by, came, counts: BTreeMap::new() }
    }

    /// The documents of what comes, once each.
    pub fn documents(&self) -> Vec<DocTag> {
        let mut tags: Vec<_> = self.came.keys().map(|key| key.doc_tag).collect();
        tags.dedup();
        tags
    }

    /// Notes one that is held, and who brought it.
    pub fn hold(&mut self, key: &WrappedKey, brought_by: DeviceId) {
        if brought_by == self.by {
            self.count(key.doc_tag, key.epoch(), 1);
        }
        self.know(key);
    }

    /// Notes that so many more of a document and epoch are held that this device brought.
    pub fn count(&mut self, doc_tag: DocTag, epoch: Option<u32>, more: usize) {
        let count = self.counts.entry((doc_tag, epoch)).or_default();
        *count = count.saturating_add(more);
    }

    /// Notes that this one is held, whoever brought it.
    pub fn know(&mut self, key: &WrappedKey) {
        if let Some(is_held) = self.came.get_mut(key) {
            *is_held = true;
        }
    }

    /// Whether one of those that come is to be kept; it is held from then on.
    pub fn takes(&mut self, key: &WrappedKey) -> bool {
        let Some(is_held) = self.came.get_mut(key) else { return false };
        let count = self.counts.entry((key.doc_tag, key.epoch())).or_default();
        if *is_held || *count >= KEYS_PER_DOCUMENT_EPOCH_AND_DEVICE_MAX {
            return false;
        }
        *is_held = true;
        *count = count.saturating_add(1);
        true
    }
}
