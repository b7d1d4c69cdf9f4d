//! Which actors of a document are this clinic's, and that nobody else goes by them.
//!
//! An actor goes on with its next number wherever it writes. Whoever makes a change of another clinic
//! under it makes that number twice: the two contradict each other, and of the chart one of our
//! computers would take in what another refuses.

use super::{Document, parse};
use crate::{
    MergeError,
    guard::{Panicked, guarded},
    stamp,
};
use automerge::ActorId;
use clinical::DeviceId;
use std::collections::BTreeSet;

impl Document {
    /// Refuses `given` changes that are not here and go by an actor known as ours: the one that writes
    /// here, and those of which a change that is here, or is `waiting` here, was made on one of our
    /// `devices`.
    ///
    /// # Errors
    /// [`MergeError`]: nothing was merged.
    pub(crate) fn must_not_go_by_ours(
        &mut self,
        given: &[Vec<u8>],
        waiting: &[Vec<u8>],
        devices: &BTreeSet<DeviceId>,
    ) -> Result<(), MergeError> {
        let look = || {
            let ours = self.ours(waiting, devices)?;
            for bytes in given {
                let change = parse(bytes.clone()).ok_or(MergeError::Change)?;
                if ours.contains(change.actor_id()) && !self.has(&change.hash().0) {
                    return Err(MergeError::Ours);
                }
            }
            Ok(())
        };
        guarded(look).map_err(|Panicked| MergeError::Panicked)?
    }

    fn ours(
        &mut self,
        waiting: &[Vec<u8>],
        devices: &BTreeSet<DeviceId>,
    ) -> Result<BTreeSet<ActorId>, MergeError> {
        let is_ours = |message: Option<&str>| devices.contains(&stamp::stamp_of(message, 0).device);
        let mut ours = BTreeSet::from([self.doc.get_actor().clone()]);
        for change in self.doc.get_changes_meta(&[]) {
            if is_ours(change.message.as_deref()) {
                ours.insert(change.actor.into_owned());
            }
        }
        for bytes in waiting {
            let change = parse(bytes.clone()).ok_or(MergeError::Change)?;
            if is_ours(change.message()) {
                ours.insert(change.actor_id().clone());
            }
        }
        Ok(ours)
    }
}
