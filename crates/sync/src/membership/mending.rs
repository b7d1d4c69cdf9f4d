//! Two membership logs that grew apart from one, and what makes them one again.
//!
//! A server that was put back from a copy lost entries, and others took their places. The chain at
//! the server goes on: what the lost branch decided is entered in it again. Whoever holds the lost
//! branch goes over to the server's log once that says everything that counts:
//!
//! - Who was removed on either branch is out.
//! - Who was admitted on the lost branch is in, and who was admitted on the server's stays, unless
//!   that rests on the word of somebody whom the other branch removed. So nobody who was removed can
//!   write a branch from before that and be believed.
//! - A key follows, made by somebody who stays, newer than every epoch of either branch.
//!
//! Every device judges that by itself, from the two signed logs: nothing rests on the server's word.

use std::collections::{BTreeMap, BTreeSet};

use super::{EntryBody, EntryError, Join, Kit, Members, Revocation, Revoke, Role, SignedEntry};
use crate::ids::{ClinicId, DeviceId, VerifyKey};

/// Epochs that are opened at most to be past those of the other branch.
const EPOCHS_AHEAD_MAX: u32 = 1024;

/// What another log lacks of what this device's own decided since the two grew apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mending {
    /// The newest epoch that both know.
    pub common_epoch: u32,
    /// The state after the other log.
    pub other: Members,
    /// What an administrator who stays enters in the other log, in this order; none when it takes
    /// the place of this device's own.
    pub steps: Vec<Step>,
}

/// One thing to enter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The recovery kit of the lost branch, in place of the one before it.
    Kit(Kit),
    /// A device that is out.
    Remove(Revoke),
    /// A device that was admitted: an invite for it, and its join.
    Admit(Join, Role),
    /// A new epoch.
    Epoch,
}

/// Judges another log of the same clinic, of which this device's own is no beginning.
///
/// # Errors
/// [`EntryError`] of the first entry of either that breaks a rule; `Limit` where too many epochs lie
/// between the two.
pub fn mend(
    clinic: ClinicId,
    founding_key: &VerifyKey,
    own: &[SignedEntry],
    other: &[SignedEntry],
) -> Result<Mending, EntryError> {
    let common = own.iter().zip(other).take_while(|(a, b)| a.hash() == b.hash()).count();
    let base_log = own.get(..common).unwrap_or_default();
    let base = Members::replay(clinic, founding_key, base_log)?;
    let own = Branch::new(clinic, founding_key, own, common)?;
    let other = Branch::new(clinic, founding_key, other, common)?;
    let steps = steps(&base, &own, &other)?;
    Ok(Mending { common_epoch: base.epoch(), other: other.members, steps })
}

fn steps(base: &Members, own: &Branch<'_>, other: &Branch<'_>) -> Result<Vec<Step>, EntryError> {
    let (gone_here, gone_there) = (own.removed_since(base), other.removed_since(base));
    let unfounded_here = own.resting_on(base, &gone_there);
    let unfounded_there = other.resting_on(base, &gone_here);
    let mut steps = Vec::new();
    let there = other.kit_since(&unfounded_there);
    // Into a list that is full nobody comes any more: that keeps nobody in who is out.
    let has_room = !other.members.is_full();
    let may_come = |device| has_room && other.members.device(device).is_none();
    let kit = own.kit_since(&unfounded_here);
    let kit = kit.filter(|kit| there.is_none() && may_come(kit.join.device));
    let has_kit = kit.is_some();
    steps.extend(kit.cloned().map(Step::Kit));
    for (device, member) in other.members.active() {
        let cut = match gone_here.get(&device) {
            Some(gone) => gone.cut.iter().map(|(generation, at)| (*generation, *at)).collect(),
            None if unfounded_there.contains(&member.sign_key) => Vec::new(),
            None => continue,
        };
        // The new kit takes its place.
        if !(member.is_kit && has_kit) {
            steps.push(Step::Remove(Revoke { device, cut }));
        }
    }
    for (join, member) in own.joins_since() {
        let is_in = own.members.active().any(|(device, _)| device == join.device);
        if is_in && may_come(join.device) && !unfounded_here.contains(&join.sign_key) {
            steps.push(Step::Admit(join.clone(), member));
        }
    }
    let out: BTreeSet<_> = gone_here.keys().chain(gone_there.keys()).copied().collect();
    let is_followed = other.ends_with_a_key_of(&unfounded_there, &gone_here, &out);
    let epoch_here = own.members.epoch();
    let changed_key = epoch_here > base.epoch() || !out.is_empty() || !unfounded_there.is_empty();
    let is_newer = epoch_here == base.epoch() || other.members.epoch() > epoch_here;
    if !steps.is_empty() || (changed_key && !(is_followed && is_newer)) {
        let ahead = epoch_here.saturating_sub(other.members.epoch()).saturating_add(1);
        if ahead > EPOCHS_AHEAD_MAX {
            return Err(EntryError::Limit);
        }
        steps.extend((0..ahead).map(|_| Step::Epoch));
    }
    Ok(steps)
}

/// A log with where the branch begins.
struct Branch<'a> {
    members: Members,
    entries: &'a [SignedEntry],
    common: usize,
}

impl<'a> Branch<'a> {
    fn new(
        clinic: ClinicId,
        founding_key: &VerifyKey,
        entries: &'a [SignedEntry],
        common: usize,
    ) -> Result<Self, EntryError> {
        let members = Members::replay(clinic, founding_key, entries)?;
        Ok(Self { members, entries, common })
    }

    fn since(&self) -> impl Iterator<Item = &'a SignedEntry> {
        self.entries.iter().skip(self.common)
    }

    /// Who was removed since, and how.
    fn removed_since(&self, base: &Members) -> BTreeMap<DeviceId, &Revocation> {
        let was_in = |device| base.device(device).is_none_or(|member| member.revoked.is_none());
        let gone = self.members.devices().filter_map(|(id, it)| Some((id, it.revoked.as_ref()?)));
        gone.filter(|(device, _)| was_in(*device)).collect()
    }

    /// The keys that have their place since by the word of one of `gone`, or of one of these.
    fn resting_on(
        &self,
        base: &Members,
        gone: &BTreeMap<DeviceId, &Revocation>,
    ) -> BTreeSet<VerifyKey> {
        let key = |device| {
            let known = self.members.device(device).or_else(|| base.device(device));
            known.map(|member| member.sign_key)
        };
        let mut words: BTreeSet<VerifyKey> = gone.keys().copied().filter_map(key).collect();
        let mut resting = BTreeSet::new();
        for (at, entry) in self.entries.iter().enumerate() {
            let entry = entry.entry();
            let is_theirs = words.contains(&entry.author);
            let new = match &entry.body {
                EntryBody::Invite(invite) => invite.invite_key,
                EntryBody::Join(join) => join.sign_key,
                EntryBody::Kit(kit) => kit.join.sign_key,
                EntryBody::Found(_) | EntryBody::Revoke(_) | EntryBody::Epoch(_) => continue,
            };
            let is_new = at >= self.common;
            // What an invite from before lets in rests on it; who came in before does not.
            if is_theirs && (is_new || matches!(entry.body, EntryBody::Invite(_))) {
                words.insert(new);
                if is_new {
                    resting.insert(new);
                }
            }
        }
        resting
    }

    /// Who joined since, as what.
    fn joins_since(&self) -> impl Iterator<Item = (&'a Join, Role)> {
        self.since().filter_map(|entry| {
            let EntryBody::Join(join) = &entry.entry().body else { return None };
            Some((join, self.members.device(join.device)?.role))
        })
    }

    /// The kit that was made since and counts.
    fn kit_since(&self, unfounded: &BTreeSet<VerifyKey>) -> Option<&'a Kit> {
        let kits = self.since().filter_map(|entry| match &entry.entry().body {
            EntryBody::Kit(kit) => Some(kit),
            EntryBody::Found(_)
            | EntryBody::Invite(_)
            | EntryBody::Join(_)
            | EntryBody::Revoke(_)
            | EntryBody::Epoch(_) => None,
        });
        let counts = |kit: &&Kit| {
            let is_in = self.members.active().any(|(device, _)| device == kit.join.device);
            is_in && !unfounded.contains(&kit.join.sign_key)
        };
        kits.filter(counts).last()
    }

    /// Whether the newest key was made since by somebody who stays, and is sealed to nobody who is
    /// out.
    fn ends_with_a_key_of(
        &self,
        unfounded: &BTreeSet<VerifyKey>,
        gone: &BTreeMap<DeviceId, &Revocation>,
        out: &BTreeSet<DeviceId>,
    ) -> bool {
        let last = self.since().filter_map(|entry| match &entry.entry().body {
            EntryBody::Epoch(epoch) => Some((&entry.entry().author, epoch)),
            EntryBody::Found(_)
            | EntryBody::Invite(_)
            | EntryBody::Join(_)
            | EntryBody::Revoke(_)
            | EntryBody::Kit(_) => None,
        });
        let Some((author, epoch)) = last.last() else { return false };
        let is_gone = |key: &VerifyKey| {
            gone.keys().any(|id| self.members.device(*id).is_some_and(|it| it.sign_key == *key))
        };
        let is_out = |device| {
            let member = self.members.device(device);
            out.contains(&device) || member.is_some_and(|it| unfounded.contains(&it.sign_key))
        };
        !unfounded.contains(author)
            && !is_gone(author)
            && !epoch.keys.iter().any(|key| is_out(key.device))
    }
}
