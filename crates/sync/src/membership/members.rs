//! The state that a verified membership log amounts to.

use std::collections::BTreeMap;

use super::{
    Entry, EntryBody, EntryError, Epoch, Found, Invite, Join, Kit, MembersHead, Revoke, Role,
    SignedEntry,
};
use crate::have::{Lane, Position};
use crate::ids::{ClinicId, Commitment, DeviceId, EntryHash, HpkeKey, VerifyKey};
use crate::limits::{DEVICES_MAX, INVITE_LIFE_MS_MAX, MEMBERSHIP_ENTRIES_MAX, OPEN_INVITES_MAX};

/// The devices of a clinic, its open invites and its epochs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Members {
    clinic: ClinicId,
    founding_key: VerifyKey,
    head: MembersHead,
    devices: BTreeMap<DeviceId, Member>,
    invites: BTreeMap<VerifyKey, InviteState>,
    commitments: BTreeMap<u32, Commitment>,
    /// Who is to be shut out and is not yet. No entry of the log asks for it.
    leaving: BTreeMap<DeviceId, Revocation>,
}

/// A device of a clinic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Verifies its envelopes.
    pub sign_key: VerifyKey,
    /// To which epoch keys are sealed.
    pub hpke_key: HpkeKey,
    /// Its name, sealed by the host.
    pub sealed_name: Vec<u8>,
    /// What it may do.
    pub role: Role,
    /// It is no device, but the recovery kit on paper.
    pub is_kit: bool,
    /// When it joined by its own clock, in milliseconds since the Unix epoch.
    pub joined_at_ms: i64,
    /// Set once it is shut out.
    pub revoked: Option<Revocation>,
}

/// How a device was shut out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// The last epoch it may have sealed under.
    pub last_epoch: u32,
    /// How far each of its generations counts.
    pub cut: BTreeMap<u32, Position>,
    /// By the admin's clock, in milliseconds since the Unix epoch.
    pub at_ms: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum InviteState {
    Open(Invite),
    Closed,
}

/// What the membership log says of one place in a device's sequences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The device belongs to the clinic, or did when it sealed this.
    Member,
    /// The device was shut out, and this comes after the cut.
    AfterCut,
    /// The log does not name the device.
    Unknown,
}

impl Members {
    /// The state after a log's first entry. A device that knows its clinic's founding key uses
    /// [`Members::replay`], which compares it.
    ///
    /// # Errors
    /// [`EntryError`] when the entry does not found a clinic.
    pub fn found(first: &SignedEntry) -> Result<Self, EntryError> {
        let entry = first.entry();
        let EntryBody::Found(found) = &entry.body else { return Err(EntryError::Founding) };
        if entry.index != 0 || entry.prev != EntryHash([0; 32]) {
            return Err(EntryError::Chain);
        }
        if !first.is_signed() {
            return Err(EntryError::Signature);
        }
        Ok(Self {
            clinic: entry.clinic,
            founding_key: entry.author,
            head: first.head(),
            devices: BTreeMap::from([(found.device, founder(found, entry))]),
            invites: BTreeMap::new(),
            commitments: BTreeMap::from([(1, found.commitment)]),
            leaving: BTreeMap::new(),
        })
    }

    /// The state after a whole log of the clinic that was founded with `founding_key`.
    ///
    /// # Errors
    /// [`EntryError`] of the first entry that breaks a rule.
    pub fn replay(
        clinic: ClinicId,
        founding_key: &VerifyKey,
        entries: &[SignedEntry],
    ) -> Result<Self, EntryError> {
        let (first, rest) = entries.split_first().ok_or(EntryError::Founding)?;
        let mut members = Self::found(first)?;
        if members.clinic != clinic || members.founding_key != *founding_key {
            return Err(EntryError::Clinic);
        }
        rest.iter().try_for_each(|entry| members.apply(entry))?;
        Ok(members)
    }

    /// Notes that an admin asked for a device to be shut out, where the log does not say so yet.
    /// What it seals beyond the cut waits for a human from now on; which entries may follow is
    /// judged by the log alone.
    pub fn expect_removal(&mut self, removal: &Revoke) {
        let cut = removal.cut.iter().copied().collect();
        let revocation = Revocation { last_epoch: self.epoch(), cut, at_ms: 0 };
        if self.active().any(|(device, _)| device == removal.device) {
            self.leaving.entry(removal.device).or_insert(revocation);
        }
    }

    /// Whether a device is to be shut out, and is not yet.
    pub fn is_leaving(&self, device: DeviceId) -> bool {
        self.leaving.contains_key(&device)
    }

    /// Takes in the next entry. On an error nothing changes.
    ///
    /// # Errors
    /// [`EntryError`] names the rule that the entry breaks.
    pub fn apply(&mut self, signed: &SignedEntry) -> Result<(), EntryError> {
        let entry = signed.entry();
        self.check_place(entry)?;
        if !signed.is_signed() {
            return Err(EntryError::Signature);
        }
        match &entry.body {
            EntryBody::Found(_) => return Err(EntryError::Founding),
            EntryBody::Invite(invite) => self.invite(entry, *invite)?,
            EntryBody::Join(join) => self.join(entry, join)?,
            EntryBody::Revoke(revoke) => self.revoke(entry, revoke)?,
            EntryBody::Epoch(epoch) => self.open_epoch(entry, epoch)?,
            EntryBody::Kit(kit) => self.make_kit(entry, kit)?,
        }
        self.head = signed.head();
        Ok(())
    }

    /// The clinic.
    pub const fn clinic(&self) -> ClinicId {
        self.clinic
    }

    /// The key that signed the first entry.
    pub const fn founding_key(&self) -> &VerifyKey {
        &self.founding_key
    }

    /// Length and last hash of the log.
    pub const fn head(&self) -> MembersHead {
        self.head
    }

    /// A device, active or not.
    pub fn device(&self, device: DeviceId) -> Option<&Member> {
        self.devices.get(&device)
    }

    /// Every device, active or not, by id.
    pub fn devices(&self) -> impl Iterator<Item = (DeviceId, &Member)> {
        self.devices.iter().map(|(device, member)| (*device, member))
    }

    /// Every active device, by id.
    pub fn active(&self) -> impl Iterator<Item = (DeviceId, &Member)> {
        self.devices().filter(|(_, member)| member.revoked.is_none())
    }

    /// Every active device that is not to be shut out, by id.
    pub fn staying(&self) -> impl Iterator<Item = (DeviceId, &Member)> {
        self.active().filter(|(device, _)| !self.is_leaving(*device))
    }

    /// The newest epoch.
    pub fn epoch(&self) -> u32 {
        self.commitments.last_key_value().map_or(1, |(number, _)| *number)
    }

    /// What commits to the key of an epoch.
    pub fn commitment(&self, epoch: u32) -> Option<&Commitment> {
        self.commitments.get(&epoch)
    }

    /// The open invite of a key.
    pub fn open_invite(&self, invite_key: &VerifyKey) -> Option<&Invite> {
        match self.invites.get(invite_key)? {
            InviteState::Open(invite) => Some(invite),
            InviteState::Closed => None,
        }
    }

    /// Every invite by which somebody may join at a time.
    pub fn invites_at(&self, at_ms: i64) -> impl Iterator<Item = &Invite> {
        self.invites.values().filter_map(move |state| match state {
            InviteState::Open(invite) if invite.expires_at_ms >= at_ms => Some(invite),
            InviteState::Open(_) | InviteState::Closed => None,
        })
    }

    /// Where a device's envelope at a counter of `lane`, sealed under `key_epoch`, stands. Of a device
    /// that was shut out whoever has its key can seal another at a counter that counts: those up to
    /// the cut are its own only where [`Self::cut`] follows from them.
    pub fn standing(&self, lane: Lane, counter: u64, key_epoch: u32) -> Standing {
        if !self.devices.contains_key(&lane.device) {
            return Standing::Unknown;
        }
        let Some(revocation) = self.revocation(lane.device) else { return Standing::Member };
        let last = revocation.cut.get(&lane.generation).map_or(0, |position| position.counter);
        if key_epoch <= revocation.last_epoch && counter <= last {
            Standing::Member
        } else {
            Standing::AfterCut
        }
    }

    /// The last envelope that counts of a lane of a device that was shut out or is to be; `None` of
    /// other devices, and where nothing of the lane counts.
    pub fn cut(&self, lane: Lane) -> Option<Position> {
        self.revocation(lane.device)?.cut.get(&lane.generation).copied()
    }

    fn revocation(&self, device: DeviceId) -> Option<&Revocation> {
        let member = self.devices.get(&device)?;
        member.revoked.as_ref().or_else(|| self.leaving.get(&device))
    }

    fn check_place(&self, entry: &Entry) -> Result<(), EntryError> {
        if entry.clinic != self.clinic {
            return Err(EntryError::Clinic);
        }
        if entry.index >= MEMBERSHIP_ENTRIES_MAX {
            return Err(EntryError::Limit);
        }
        if entry.index != self.head.count || entry.prev != self.head.hash {
            return Err(EntryError::Chain);
        }
        Ok(())
    }

    fn check_admin(&self, author: &VerifyKey) -> Result<(), EntryError> {
        let is_admin = self
            .active()
            .any(|(_, member)| member.role == Role::Admin && member.sign_key == *author);
        if is_admin { Ok(()) } else { Err(EntryError::NotAdmin) }
    }

    fn invite(&mut self, entry: &Entry, invite: Invite) -> Result<(), EntryError> {
        self.check_admin(&entry.author)?;
        let life_ms = invite.expires_at_ms.saturating_sub(entry.at_ms);
        if !(1..=INVITE_LIFE_MS_MAX).contains(&life_ms) {
            return Err(EntryError::Expired);
        }
        if self.invites.contains_key(&invite.invite_key) || self.has_key(&invite.invite_key) {
            return Err(EntryError::Known);
        }
        if !self.may_invite_at(entry.at_ms) {
            return Err(EntryError::Limit);
        }
        self.invites.insert(invite.invite_key, InviteState::Open(invite));
        Ok(())
    }

    /// Whether somebody may still join by an invite.
    #[must_use]
    pub fn has_invites_open_at(&self, at_ms: i64) -> bool {
        self.invites_open_at(at_ms) > 0
    }

    /// Whether one more invite may be open.
    #[must_use]
    pub fn may_invite_at(&self, at_ms: i64) -> bool {
        self.invites_open_at(at_ms) < OPEN_INVITES_MAX
    }

    /// Whether no device can be admitted any more, whoever leaves: those that left count.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.devices.len() >= DEVICES_MAX
    }

    fn invites_open_at(&self, at_ms: i64) -> usize {
        self.invites_at(at_ms).count()
    }

    fn has_key(&self, key: &VerifyKey) -> bool {
        self.devices.values().any(|member| member.sign_key == *key)
    }

    fn join(&mut self, entry: &Entry, join: &Join) -> Result<(), EntryError> {
        let invite = *self.open_invite(&entry.author).ok_or(EntryError::NoInvite)?;
        if entry.at_ms > invite.expires_at_ms {
            return Err(EntryError::Expired);
        }
        self.check_new(join)?;
        self.invites.insert(entry.author, InviteState::Closed);
        self.devices.insert(join.device, joined(join, invite.role, entry.at_ms));
        Ok(())
    }

    /// Whether the keys are nobody's yet, and held by who says so.
    fn check_new(&self, join: &Join) -> Result<(), EntryError> {
        if !join.is_proved(self.clinic) {
            return Err(EntryError::Possession);
        }
        let key_is_invite = self.invites.contains_key(&join.sign_key);
        if self.devices.contains_key(&join.device) || self.has_key(&join.sign_key) || key_is_invite
        {
            return Err(EntryError::Known);
        }
        if self.is_full() {
            return Err(EntryError::Limit);
        }
        Ok(())
    }

    fn make_kit(&mut self, entry: &Entry, kit: &Kit) -> Result<(), EntryError> {
        self.check_admin(&entry.author)?;
        self.check_new(&kit.join)?;
        let last_epoch = self.epoch();
        let before = self.devices.values_mut().filter(|it| it.is_kit && it.revoked.is_none());
        for old in before {
            let cut = BTreeMap::new();
            old.revoked = Some(Revocation { last_epoch, cut, at_ms: entry.at_ms });
        }
        let member = Member { is_kit: true, ..joined(&kit.join, Role::Admin, entry.at_ms) };
        self.devices.insert(kit.join.device, member);
        Ok(())
    }

    fn revoke(&mut self, entry: &Entry, revoke: &Revoke) -> Result<(), EntryError> {
        self.check_admin(&entry.author)?;
        // What lies in a safe decides nothing.
        let is_admin = |member: &Member| member.role == Role::Admin && !member.is_kit;
        let admin_is_left =
            self.active().any(|(device, member)| is_admin(member) && device != revoke.device);
        if !admin_is_left {
            return Err(EntryError::LastAdmin);
        }
        let last_epoch = self.epoch();
        let member = self.devices.get_mut(&revoke.device).ok_or(EntryError::UnknownDevice)?;
        if member.revoked.is_some() {
            return Err(EntryError::UnknownDevice);
        }
        let cut = revoke.cut.iter().copied().collect();
        member.revoked = Some(Revocation { last_epoch, cut, at_ms: entry.at_ms });
        self.leaving.remove(&revoke.device);
        Ok(())
    }

    fn open_epoch(&mut self, entry: &Entry, epoch: &Epoch) -> Result<(), EntryError> {
        self.check_admin(&entry.author)?;
        let sealed_to = epoch.keys.iter().map(|key| key.device);
        if epoch.number != self.epoch().saturating_add(1)
            || !sealed_to.eq(self.active().map(|(device, _)| device))
        {
            return Err(EntryError::Epoch);
        }
        self.commitments.insert(epoch.number, epoch.commitment);
        // A blob made before does not hold the new key: its device could read nothing new.
        self.invites.values_mut().for_each(|state| *state = InviteState::Closed);
        Ok(())
    }
}

fn founder(found: &Found, entry: &Entry) -> Member {
    Member {
        sign_key: entry.author,
        hpke_key: found.hpke_key,
        sealed_name: found.sealed_name.clone(),
        role: Role::Admin,
        is_kit: false,
        joined_at_ms: entry.at_ms,
        revoked: None,
    }
}

fn joined(join: &Join, role: Role, at_ms: i64) -> Member {
    Member {
        sign_key: join.sign_key,
        hpke_key: join.hpke_key,
        sealed_name: join.sealed_name.clone(),
        role,
        is_kit: false,
        joined_at_ms: at_ms,
        revoked: None,
    }
}
