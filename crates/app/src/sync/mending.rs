//! Going over to the server's list of computers where it and this computer's grew apart, as when a
//! server was put back from a copy.
//!
//! What this computer's list decided since is entered in the server's again; once that says
//! everything that counts it takes the place of the own one. Which that is each computer judges from
//! the two signed lists ([`sync::membership::mend`]). An epoch may have had two keys then: the keys
//! of documents that were sealed under either are wrapped once more, under one that all who stay
//! have.

use crate::{error::ToldResult, hex::hex, host::Host, host::HostEntropy, open::Session};
use api::ApiError;
use std::collections::BTreeSet;
use store::NamedRow;
use sync::{
    carrier::Carrier,
    ids::VerifyKey,
    membership::{EntryBody, Invite, Join, Members, Mending, Role, SignedEntry, Step, mend},
    session::{Effect, SyncEvent},
    wire::{MembersVerdict, Principal, PushRequest, WrappedKey},
};
use vault::{UserKeys, document_key::epoch_of_wrapped};

use super::{
    document_keys::{lost_keys, unwrap},
    entering::read_log,
    keys::{InviteSigner, Keys, clinic_of, entries},
    names,
    new_entries::{INVITE_LIFE_MS, NewEntries},
};

/// Others may change the list at the same time, so many times in a row.
const TRIES_MAX: usize = 5;
/// Keys in one message.
const KEYS_AT_A_TIME: usize = 1024;

/// What may be done about a list.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum May {
    /// Entering what it lacks: it is the server's.
    Enter,
    /// Following it, where it lacks nothing and has a newer key: another computer's.
    Follow,
}

/// Goes over to the list of whoever is at the other end, once it says everything that counts of this
/// computer's; answers whether it did.
///
/// # Errors
/// The store's; `internal`.
pub(super) fn mend_list<H: Host>(
    session: &Session<'_, H>,
    carrier: &mut dyn Carrier,
    may: May,
) -> Result<bool, ApiError> {
    for _ in 0..TRIES_MAX {
        let keys = Keys::load(session)?;
        let clinic = clinic_of(session);
        carrier.identify(clinic, Principal::Device(keys.device), keys.signer.clone());
        let Ok(theirs) = read_log(clinic, carrier) else { return Ok(false) };
        let own = entries(session)?;
        let Ok(mending) = mend(clinic, keys.members.founding_key(), &own, &theirs) else {
            return Ok(false);
        };
        if mending.steps.is_empty() {
            let is_newer = mending.other.epoch() > keys.members.epoch();
            let may_follow = may == May::Enter || is_newer;
            return if may_follow {
                go_over(session, (&keys, &own), &mending, &theirs)
            } else {
                Ok(false)
            };
        }
        if may == May::Follow || !may_enter(&keys, &mending) {
            return Ok(false);
        }
        let Some(new) = what_it_lacks(session, &keys, &mending, &theirs) else { return Ok(false) };
        let Ok(reply) = carrier.push_members(new.clone()) else { return Ok(false) };
        match reply.verdict {
            // What was entered is read with the rest, and judged like what anybody entered.
            MembersVerdict::Stored | MembersVerdict::Stale => {}
            MembersVerdict::Refused(_) | MembersVerdict::Closed => return Ok(false),
        }
    }
    Ok(false)
}

/// Whether this computer is one whose word counts in the other list, and goes on to.
fn may_enter(keys: &Keys, mending: &Mending) -> bool {
    let is_admin = |members: &Members| {
        let mut active = members.active();
        active.any(|(device, member)| device == keys.device && member.role == Role::Admin)
    };
    let goes = |step: &Step| matches!(step, Step::Remove(it) if it.device == keys.device);
    is_admin(&keys.members) && is_admin(&mending.other) && !mending.steps.iter().any(goes)
}

/// The entries that the other list lacks; none where one breaks its rules.
///
/// Who is out comes first: where the rest is refused, as by a list that somebody filled with
/// invitations, that alone is entered, and the new key ends the invitations.
fn what_it_lacks<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
    mending: &Mending,
    theirs: &[SignedEntry],
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
    tracing::warn!(code = ?refused.code, "the server's list takes not all that this one says");
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
    (keys, own): (&Keys, &[SignedEntry]),
    mending: &Mending,
    theirs: &[SignedEntry],
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
    let before = mended_since(session)?.unwrap_or(common);
    let bytes = common.min(before).to_be_bytes().to_vec();
    rows.push(NamedRow { name: names::MENDED.to_owned(), bytes });
    rows.extend(theirs.iter().map(names::entry_row));
    session.open.store.replace_named(names::MEMBERSHIP, &rows).told()?;
    tracing::info!("this computer went over to the server's list of computers");
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
