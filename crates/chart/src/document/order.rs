//! The changes of a document in one order on every computer.

use super::Document;
use crate::stamp;
use automerge::{Change, ChangeHash};
use clinical::Instant;
use std::collections::{BTreeMap, BTreeSet};

impl Document {
    /// Every change after those it followed. Of those that came about apart the earlier one stands
    /// first, by the clocks of their computers, then by its name: the order in which they arrived
    /// here is another on each computer.
    pub(super) fn changes_in_order(&mut self) -> Vec<Change> {
        let changes = self.doc.get_changes(&[]);
        let mut waits = BTreeMap::new();
        let mut followers: BTreeMap<ChangeHash, Vec<ChangeHash>> = BTreeMap::new();
        let mut ready = BTreeSet::new();
        for change in &changes {
            waits.insert(change.hash(), change.deps().len());
            change
                .deps()
                .iter()
                .for_each(|it| followers.entry(*it).or_default().push(change.hash()));
            ready.extend(change.deps().is_empty().then(|| (at(change), change.hash())));
        }
        let mut rest: BTreeMap<ChangeHash, Change> =
            changes.into_iter().map(|change| (change.hash(), change)).collect();
        let mut ordered = Vec::with_capacity(rest.len());
        while let Some((_, next)) = ready.pop_first() {
            ordered.extend(rest.remove(&next));
            for follower in followers.remove(&next).unwrap_or_default() {
                let Some(left) = waits.get_mut(&follower) else { continue };
                *left = left.saturating_sub(1);
                let change = rest.get(&follower).filter(|_| *left == 0);
                ready.extend(change.map(|change| (at(change), follower)));
            }
        }
        ordered
    }
}

fn at(change: &Change) -> Instant {
    stamp::stamp_of(change.message(), change.timestamp()).at
}
