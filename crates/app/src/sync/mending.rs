//! Going over to the server's list of computers where it and this computer's grew apart, as when a
//! server was put back from a copy; where there is no server, to another computer's, as when the computer
//! that keeps the list was put back.
//!
//! What this computer's list decided since is entered in the server's again; once that says
//! everything that counts it takes the place of the own one. Which that is each computer judges from
//! the two signed lists ([`sync::membership::mend`]). An epoch may have had two keys then: the keys
//! of documents that were sealed under either are wrapped once more, under one that all who stay
//! have.

use crate::{
    audit::Deed, error::ToldResult, hex::hex, host::Host, host::HostEntropy, open::Session,
};
use api::ApiError;
use std::collections::BTreeSet;
use store::NamedRow;
use sync::{
    carrier::Carrier,
    ids::{DeviceId, VerifyKey},
    membership::{EntryBody, Invite, Join, Members, Mending, Role, SignedEntry, Step, mend},
    session::{Effect, SyncEvent},
    wire::{MembersVerdict, Principal, PushRequest, WrappedKey},
};
use vault::{UserKeys, document_key::epoch_of_wrapped};

use super::{
    document_keys::{lost_keys, unwrap},
    entering::read_log,
    keys::{InviteSigner, Keys, clinic_of, entries},
    list_keeper::keeps_list,
    names,
    new_entries::{INVITE_LIFE_MS, NewEntries},
};

/// Others may change the list at the same time, so many times in a row.
const TRIES_MAX: usize = 5;
/// Keys in one message.
const KEYS_AT_A_TIME: usize = 1024;

/// Goes over to the server's list, once it says everything that counts of this computer's, which enters
/// in it what it lacks; answers whether it did.
///
/// # Errors
/// The store's; `internal`.
pub(super) fn mend_list<H: Host>(
    session: &Session<'_, H>,
    carrier: &mut dyn Carrier,
) -> Result<bool, ApiError> {
    for _ in 0..TRIES_MAX {
        let Some(theirs) = read_theirs(session, carrier)? else { return Ok(false) };
        let Some(apart) = Apart::of(session, theirs)? else { return Ok(false) };
        if apart.mending.steps.is_empty() {
            return go_over(session, &apart);
        }
        if !apart.may_enter() {
            return Ok(false);
        }
        let Some(new) = what_it_lacks(session, &apart) else { return Ok(false) };
        let Ok(reply) = carrier.push_members(new) else { return Ok(false) };
        match reply.verdict {
            // What was entered is read with the rest, and judged like what anybody entered.
            MembersVerdict::Stored | MembersVerdict::Stale => {}
            MembersVerdict::Refused(_) | MembersVerdict::Closed => return Ok(false),
        }
    }
    Ok(false)
}

/// What became of two computers' lists that grew apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mended {
    /// This computer went over to the other list, or to what goes on from it.
    Over,
    /// Whoever has the other list goes over to this one by itself.
    Follows,
    /// Nothing: they are two still.
    No,
}

/// Goes over to the list of another computer that answers, as [`mend_with`].
///
/// # Errors
/// The store's; `internal`.
pub(super) fn mend_by<H: Host>(
    session: &Session<'_, H>,
    carrier: &mut dyn Carrier,
) -> Result<Mended, ApiError> {
    match read_theirs(session, carrier)? {
        Some(theirs) => mend_with(session, theirs),
        None => Ok(Mended::No),
    }
}

/// Goes over to the list of another computer, where that lacks nothing and has a newer key; and where the
/// clinic's list is kept here, with what it lacks entered behind it, for the others to follow.
///
/// Who is out is guessed by nobody: where one list alone says so of somebody, nothing is entered, and a
/// server decides.
///
/// # Errors
/// The store's; `internal`.
pub(super) fn mend_with<H: Host>(
    session: &Session<'_, H>,
    theirs: Vec<SignedEntry>,
) -> Result<Mended, ApiError> {
    let Some(mut apart) = Apart::of(session, theirs)? else { return Ok(Mended::No) };
    // Of two who entered in each other's list there would be no end.
    if apart.is_followed() {
        return Ok(Mended::Follows);
    }
    let is_kept_here = keeps_list(session, &apart.keys)?;
    if !apart.mending.steps.is_empty()
        && (!is_kept_here || !apart.may_enter() || apart.says_who_is_out())
    {
        return Ok(Mended::No);
    }
    for _ in 0..TRIES_MAX {
        if apart.mending.steps.is_empty() {
            let may_follow = is_kept_here || apart.is_newer();
            let is_over = may_follow && go_over(session, &apart)?;
            return Ok(if is_over { Mended::Over } else { Mended::No });
        }
        let Some(new) = what_it_lacks(session, &apart) else { return Ok(Mended::No) };
        // Judged like what anybody entered.
        match Apart::of(session, [apart.theirs, new].concat())? {
            Some(longer) => apart = longer,
            None => return Ok(Mended::No),
        }
    }
    Ok(Mended::No)
}

/// The whole list of whoever is at the other end.
fn read_theirs<H: Host>(
    session: &Session<'_, H>,
    carrier: &mut dyn Carrier,
) -> Result<Option<Vec<SignedEntry>>, ApiError> {
    let Keys { device, signer, .. } = Keys::load(session)?;
    let clinic = clinic_of(session);
    carrier.identify(clinic, Principal::Device(device), signer);
    Ok(read_log(clinic, carrier).ok())
}

/// Two lists that grew apart.
struct Apart {
    keys: Keys,
    own: Vec<SignedEntry>,
    theirs: Vec<SignedEntry>,
    mending: Mending,
}

impl Apart {
    /// This computer's list and another; none where one of them breaks its rules.
    fn of<H: Host>(
        session: &Session<'_, H>,
        theirs: Vec<SignedEntry>,
    ) -> Result<Option<Self>, ApiError> {
        let (keys, own) = (Keys::load(session)?, entries(session)?);
        let mending = mend(clinic_of(session), keys.members.founding_key(), &own, &theirs);
        Ok(mending.ok().map(|mending| Self { keys, own, theirs, mending }))
    }

    /// Whether the other list has a newer key.
    fn is_newer(&self) -> bool {
        self.mending.other.epoch() > self.keys.members.epoch()
    }

    /// Whether this computer is one whose word counts in the other list, and goes on to.
    fn may_enter(&self) -> bool {
        let device = self.keys.device;
        let is_admin = |members: &Members| {
            let mut active = members.active();
            active.any(|(active, member)| active == device && member.role == Role::Admin)
        };
        let goes = |step: &Step| matches!(step, Step::Remove(it) if it.device == device);
        let stays = !self.mending.steps.iter().any(goes);
        stays && is_admin(&self.keys.members) && is_admin(&self.mending.other)
    }

    /// Whether one of the lists says of somebody, since they parted, that they are out, and the other
    /// does not.
    fn says_who_is_out(&self) -> bool {
        let pairs = self.own.iter().zip(&self.theirs);
        let common = pairs.take_while(|(own, theirs)| own.hash() == theirs.hash()).count();
        let out = |list: &[SignedEntry]| -> BTreeSet<DeviceId> {
            let since = list.iter().skip(common).map(|entry| &entry.entry().body);
            let device = |body: &EntryBody| match body {
                EntryBody::Revoke(revoke) => Some(revoke.device),
                EntryBody::Found(_)
                | EntryBody::Invite(_)
                | EntryBody::Join(_)
                | EntryBody::Kit(_)
                | EntryBody::Epoch(_) => None,
            };
            since.filter_map(device).collect()
        };
        out(&self.own) != out(&self.theirs)
    }

    /// Whether whoever has the other list goes over to this computer's by itself.
    fn is_followed(&self) -> bool {
        let members = &self.keys.members;
        let from_there = mend(members.clinic(), members.founding_key(), &self.theirs, &self.own);
        let lacks_nothing = from_there.is_ok_and(|mending| mending.steps.is_empty());
        lacks_nothing && members.epoch() > self.mending.other.epoch()
    }
}

/// The entries that the other list lacks; none where one breaks its rules.
///
/// Who is out comes first: where the rest is refused, as by a list that somebody filled with
/// invitations, that alone is entered, and the new key ends the invitations.
fn what_it_lacks<H: Host>(
    session: &Session<'_, H>,
    Apart { keys, theirs, mending, .. }: &Apart,
) -> Option<Vec<SignedEntry>> {
    let there = Keys { members: mending.other.clone(), ..keys.clone() };
    // An entry is not older than the one it follows says: clocks differ.
    let last_ms = theirs.last().map_or(0, |entry| entry.entry().at_ms);
    let now_ms = session.host.now().unix_ms().max(last_ms);
    let enter = |steps: &[&Step]| -> Result<Vec<SignedEntry>, ApiError> {
        let mut new = NewEntries::after(&there, now_ms);
        for step in steps {
            match step {
                Step::Kit(kit) => new.add(EntryBody::Kit(kit.clone()))?,
                Step::Remove(revoke) => new.add(EntryBody::Revoke(revoke.clone()))?,
                Step::Admit(join, role) => admit(session, &mut new, (join, *role), now_ms)?,
                Step::Epoch => new.add_epoch(session)?,
            }
        }
        Ok(new.into_entries())
    };
    let all: Vec<&Step> = mending.steps.iter().collect();
    let refused = match enter(&all) {
        Ok(new) => return Some(new),
        Err(error) => error,
    };
    tracing::warn!(code = ?refused.code, "the other list takes not all that this one says");
    let is_out = |step: &&Step| matches!(step, Step::Remove(_) | Step::Epoch);
    let out: Vec<&Step> = mending.steps.iter().filter(is_out).collect();
    let shuts_out = out.iter().any(|step| matches!(step, Step::Remove(_)));
    let is_of_use = shuts_out || mending.other.has_invites_open_at(now_ms);
    if is_of_use { enter(&out).ok() } else { None }
}

/// Lets a computer in again, by its own proof that it holds its keys.
fn admit<H: Host>(
    session: &Session<'_, H>,
    new: &mut NewEntries<'_>,
    (join, role): (&Join, Role),
    now_ms: i64,
) -> Result<(), ApiError> {
    let invite_keys = UserKeys::make(&mut HostEntropy(session.host));
    let invite_key = VerifyKey(invite_keys.public());
    let expires_at_ms = now_ms.saturating_add(INVITE_LIFE_MS);
    new.add(EntryBody::Invite(Invite { invite_key, role, expires_at_ms }))?;
    new.add_as(&InviteSigner(invite_keys), EntryBody::Join(join.clone()))
}

/// Keeps the other list in place of the own one, with its keys and what is known of the lost ones, in
/// one step; not where the own one changed meanwhile.
fn go_over<H: Host>(
    session: &Session<'_, H>,
    Apart { keys, own, theirs, mending }: &Apart,
) -> Result<bool, ApiError> {
    let common = mending.common_epoch;
    let Some(mut rows) = keys.on_list(&mending.other, theirs, common) else {
        return Ok(false);
    };
    let _alone = session.open.store.turns().take_in_beside();
    if entries(session)?.last().map(SignedEntry::hash) != own.last().map(SignedEntry::hash) {
        return Ok(false);
    }
    let end = own.last().map(|entry| hex(entry.hash().as_bytes())).unwrap_or_default();
    let bytes = keys.clinic_keys.to_bytes().expose().clone();
    rows.push(NamedRow { name: format!("{}{end}", names::LOST_KEYS), bytes });
    session.open.store.record_audit(&[session.event(Deed::MENDING, None)]).told()?;
    let before = mended_since(session)?.unwrap_or(common);
    let bytes = common.min(before).to_be_bytes().to_vec();
    rows.push(NamedRow { name: names::MENDED.to_owned(), bytes });
    rows.extend(theirs.iter().map(names::entry_row));
    session.open.store.replace_named(names::MEMBERSHIP, &rows).told()?;
    tracing::info!("this computer went over to the other list of computers");
    Ok(true)
}

/// Wraps once more the keys of documents that were sealed under an epoch of which two lists had a key
/// each, and gives them to the server, once everything was exchanged after the lists became one.
///
/// # Errors
/// The store's.
pub(super) fn wrap_anew<H: Host>(
    session: &Session<'_, H>,
    carrier: &mut dyn Carrier,
) -> Result<(), ApiError> {
    let Some(since) = mended_since(session)? else { return Ok(()) };
    let keys = Keys::load(session)?;
    let anew = wrapped_anew(session, &keys, since)?;
    session.open.store.put_named(&anew.iter().map(names::key_row).collect::<Vec<_>>()).told()?;
    for some in anew.chunks(KEYS_AT_A_TIME) {
        let keys = some.to_vec();
        let push = PushRequest { clinic: clinic_of(session), keys, envelopes: Vec::new() };
        // Where it did not arrive, the next exchange does it again: it makes the same bytes.
        let Ok(SyncEvent::Pushed(_)) = carrier.perform(Effect::SendPush(push)) else {
            return Ok(());
        };
    }
    session.open.store.remove_named(names::MENDED).told()
}

/// The same where there is no server to give them to: they go along with what is exchanged.
///
/// # Errors
/// The store's.
pub(super) fn wrap_here<H: Host>(session: &Session<'_, H>) -> Result<(), ApiError> {
    let Some(since) = mended_since(session)? else { return Ok(()) };
    let anew = wrapped_anew(session, &Keys::load(session)?, since)?;
    session.open.store.put_named(&anew.iter().map(names::key_row).collect::<Vec<_>>()).told()
}

/// The keys of documents of the epochs after one, under the newest epoch's key.
fn wrapped_anew<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
    since: u32,
) -> Result<Vec<WrappedKey>, ApiError> {
    let clinic = clinic_of(session);
    let Some((newest, under)) = keys.clinic_keys.current() else { return Ok(Vec::new()) };
    let lost = lost_keys(session)?;
    let known: Vec<_> = std::iter::once(&keys.clinic_keys).chain(&lost).collect();
    let rows = session.open.store.named_with_prefix(names::DOCUMENT_KEYS).told()?;
    let mut anew = BTreeSet::new();
    for key in rows.iter().filter_map(names::key_of_row) {
        let is_between = |epoch: u32| epoch > since && epoch < newest;
        if !epoch_of_wrapped(&key.wrapped).is_ok_and(is_between) {
            continue;
        }
        let Some(opened) = known.iter().find_map(|keys| unwrap(keys, &clinic.0, &key)) else {
            continue;
        };
        let wrapped = opened.wrap_later((newest, under), &clinic.0, &key.doc_tag.0);
        anew.insert(WrappedKey { doc_tag: key.doc_tag, wrapped });
    }
    Ok(anew.into_iter().collect())
}

/// The newest epoch that two lists knew which became one, while keys are to be wrapped anew.
fn mended_since<H: Host>(session: &Session<'_, H>) -> Result<Option<u32>, ApiError> {
    let kept = session.open.store.named(names::MENDED).told()?;
    Ok(kept.and_then(|bytes| bytes.try_into().ok()).map(u32::from_be_bytes))
}
