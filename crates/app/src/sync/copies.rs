//! Two computers that work with one store's keys: the one that notices asks an administrator once.
//!
//! A store that was put back from a copy finds once that its own sequences went on without it, and
//! goes on under a new generation; nobody is asked. A living other goes on too, and opens generations
//! of its own: whoever finds, after it had opened one, that somebody opened another since, is asked
//! about. Either answer but "put back" gives this copy keys of its own, and with them a place in the
//! list of computers; what it has not sealed yet goes out under them.

use crate::{
    error::{ToldResult, not_found},
    host::{Host, HostEntropy},
    open::Session,
    permit::Permit,
};
use api::{AlarmKind, ApiError, CopyIs, SettleCopy, SyncAlarm, Topic};
use clinical::{DeviceId, Instant};
use std::{collections::BTreeMap, sync::Arc};
use store::{NamedRow, Receipt, ReplicaRow, Sealing, Store, StoreError};
use sync::{
    carrier::Carrier,
    ids::{DeviceId as Device, EnvelopeId, HpkeKey, VerifyKey},
    membership::{EntryBody, Invite, Join, Revoke, Role},
    payload::Notice,
};
use uuid::Uuid;
use vault::{DeviceKeys, UserKeys};

use super::{
    devices::cut_of,
    keys::{DeviceSigner, InviteSigner, Keys, clinic_of, internal, seal_name},
    names,
    new_entries::{INVITE_LIFE_MS, NewEntries, append, begin},
    server::need_server,
    turn::SyncTurn,
    wishes::{notice_row, wish_rows},
};

/// What others give of what was lost comes within so long: an hour.
const COMES_TOGETHER_MS: i64 = 60 * 60 * 1000;
/// What an administrator is asked.
pub(super) const QUESTION: &str = "This computer and another work with the same keys: one is a copy of the other. \
     What both recorded is kept. An administrator should say whether the other is a second computer \
     of the clinic, which keeps its data and gets keys of its own, or was stolen: on the computer that \
     asks, on one of the two alone, under Sync or by `device copied`.";

/// Notes that this computer's own sequences went on without it, so that `opened` is the generation it
/// goes on in; asks where a living other did that.
///
/// # Errors
/// The store's.
pub(super) fn note_sighting<H: Host>(
    session: &Session<'_, H>,
    opened: u32,
) -> Result<(), ApiError> {
    let now = session.host.now();
    let before = sighting(session)?;
    let mut rows = vec![at_row(names::SIGHTING, &opened.to_be_bytes(), now)];
    // The one it opened itself was newer than all there were: somebody opened another since.
    if before.is_some_and(|before| opened > before.saturating_add(1)) {
        rows.push(at_row(names::COPIED, &[], now));
    }
    session.open.store.put_named(&rows).told()
}

/// Notes that others than the server gave what this computer sealed for others than the server, and
/// does not hold. Once, it was put back from a copy; where more of it comes later, a living other
/// goes on, and it is asked about.
///
/// # Errors
/// The store's.
pub(super) fn note_strange<H: Host>(session: &Session<'_, H>) -> Result<(), ApiError> {
    let now = session.host.now();
    let kept = session.open.store.named(names::STRANGE).told()?;
    let first = kept.as_deref().and_then(read_at).map(|(_, at)| at);
    let row = match first {
        None => at_row(names::STRANGE, &[], now),
        // A clock that was ahead says nothing of when it was: then it is noted anew.
        Some(first) if now < first => at_row(names::STRANGE, &[], now),
        Some(first) if now.unix_ms().saturating_sub(first.unix_ms()) < COMES_TOGETHER_MS => {
            return Ok(());
        }
        Some(_) => at_row(names::COPIED, &[], now),
    };
    session.open.store.put_named(&[row]).told()
}

/// The question that waits for an administrator.
///
/// # Errors
/// The store's.
pub(super) fn question<H: Host>(session: &Session<'_, H>) -> Result<Option<SyncAlarm>, ApiError> {
    let asked = session.open.store.named(names::COPIED).told()?;
    let at = asked.as_deref().and_then(|bytes| read_at(bytes).map(|(_, at)| at));
    let parted = parted(session)?;
    let is_open = |at: &Instant| parted.get(&session.open.device).is_none_or(|then| then < at);
    let alarm =
        |at| SyncAlarm { at, alarm: AlarmKind::Copied, detail: QUESTION.to_owned(), seen: None };
    Ok(at.filter(is_open).map(alarm))
}

/// Whether this computer may be one of two that go on as one: somebody is asked, or something was seen
/// lately of which it is not known yet whether a living other did it.
///
/// # Errors
/// The store's.
pub(super) fn may_be_two<H: Host>(session: &Session<'_, H>) -> Result<bool, ApiError> {
    if question(session)?.is_some() {
        return Ok(true);
    }
    let now_ms = session.host.now().unix_ms();
    let kept = session.open.store.named(names::STRANGE).told()?;
    let seen = kept.as_deref().and_then(read_at).map(|(_, at)| now_ms - at.unix_ms());
    Ok(seen.is_some_and(|ago_ms| (0..COMES_TOGETHER_MS).contains(&ago_ms)))
}

/// The alarms that nothing was done about yet: of two that worked as one, one has other keys now.
///
/// # Errors
/// The store's.
pub(super) fn unsettled<H: Host>(
    session: &Session<'_, H>,
    raised: Vec<SyncAlarm>,
) -> Result<Vec<SyncAlarm>, ApiError> {
    let parted = parted(session)?;
    let settled =
        |device: &DeviceId, at: Instant| parted.get(device).is_some_and(|then| *then >= at);
    let is_open = |alarm: &SyncAlarm| match &alarm.alarm {
        AlarmKind::Forked { device, .. } => !settled(device, alarm.at),
        AlarmKind::Restored => !settled(&session.open.device, alarm.at),
        AlarmKind::ClockAhead { .. }
        | AlarmKind::ClockBehind { .. }
        | AlarmKind::LogReplaced
        | AlarmKind::HistoriesDiffer { .. }
        | AlarmKind::Misnamed
        | AlarmKind::SetAsideFull
        | AlarmKind::PushRefused
        | AlarmKind::OverQuota
        | AlarmKind::ServerMisbehaves
        | AlarmKind::LogContradicts
        | AlarmKind::MembersContradict
        | AlarmKind::MembersMended
        | AlarmKind::KeysWithheld
        | AlarmKind::Revoked
        | AlarmKind::NumbersDiffered
        | AlarmKind::FloorUnproven
        | AlarmKind::Copied => true,
    };
    Ok(raised.into_iter().filter(is_open).collect())
}

/// The id of this computer, where it is another than its key slots say.
///
/// # Errors
/// The store's.
pub(crate) fn own_device(store: &Store) -> Result<Option<DeviceId>, StoreError> {
    let kept = store.named(names::DEVICE)?;
    let id = kept.and_then(|bytes| Uuid::from_slice(&bytes).ok());
    Ok(id.map(DeviceId::from_uuid))
}

/// Where it is kept that a copy has keys of its own.
pub(super) fn parted_row(from: Device, now: Instant) -> NamedRow {
    at_row(&format!("{}{}", names::PARTED, Uuid::from_bytes(from.0)), &[], now)
}

/// Answers the question whether this computer has a living copy.
///
/// # Errors
/// `not-found` where nobody asks; `invalid` where no server is set; the server's: nothing was
/// changed, or trying again goes on; the store's.
pub(crate) fn settle_copy<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<SettleCopy>,
    command: &SettleCopy,
) -> Result<(), ApiError> {
    let _turn = SyncTurn::wait(session);
    if question(session)?.is_none() {
        return Err(not_found("question about a copy"));
    }
    match command.answer {
        CopyIs::PutBack => {
            session.audit(permit, None)?;
            session.open.store.remove_named(names::COPIED).told()?;
            session.open.store.remove_named(names::SIGHTING).told()?;
            session.open.store.remove_named(names::STRANGE).told()?;
        }
        CopyIs::SecondComputer => part(session, permit, (&command.device_name, false))?,
        CopyIs::Stolen => part(session, permit, (&command.device_name, true))?,
    }
    session.tell(vec![Topic::Sync]);
    Ok(())
}

/// Gives this copy keys and a place of its own; shuts out whoever goes on with the old ones where
/// they were `stolen`. Whoever is signed in signs in again: what is recorded bears the new one.
fn part<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<SettleCopy>,
    (device_name, stolen): (&str, bool),
) -> Result<(), ApiError> {
    let server = need_server(session)?;
    let (keys, mut carrier) = begin(session, &server)?;
    let from = keys.device;
    let own = own_keys(session)?;
    session.audit(permit, None)?;
    let mut own = Keys { signer: Arc::new(DeviceSigner(own.1)), device: own.0, ..keys.clone() };
    if keys.members.device(own.device).is_none() {
        let entries = entrance(session, (&keys, &own), device_name)?;
        let mut keys = keys;
        append(session, &mut keys, carrier.as_mut(), &entries)?;
        own.members = keys.members;
    }
    // A wish, with the keys it is entered by: once they are kept, whatever fails is tried again.
    let removal = if stolen && own.members.active().any(|(device, _)| device == from) {
        Some(Revoke { device: from, cut: cut_of(session, from)? })
    } else {
        None
    };
    let now = session.host.now();
    let mut named = vec![
        NamedRow {
            name: names::DEVICE_KEYS.to_owned(),
            bytes: own.signer.0.to_bytes().expose().clone(),
        },
        NamedRow { name: names::DEVICE.to_owned(), bytes: own.device.0.to_vec() },
        parted_row(from, now),
        parted_row(own.device, now),
        notice_row(&Notice::Parted { from }),
    ];
    let wish = removal.clone().map(Notice::Remove);
    named.extend(wish.iter().flat_map(wish_rows));
    let (generation, counter, prev_id) = (0, 0, EnvelopeId::NONE.0);
    let replica = ReplicaRow { device: own.device.0, generation, counter, prev_id };
    let receipt = Receipt { named, ..Receipt::default() };
    let sealing = Sealing { replica: Some(replica), receipt, ..Sealing::default() };
    session.open.store.seal(&sealing).told()?;
    for name in [names::PARTING, names::COPIED, names::SIGHTING, names::STRANGE] {
        session.open.store.remove_named(name).told()?;
    }
    if let Some(removal) = removal
        && let Err(error) = shut_out(session, (&mut own, removal), carrier.as_mut())
    {
        tracing::warn!(code = ?error.code, "a stolen computer is shut out by the next exchange");
    }
    session.open.end();
    Ok(())
}

/// The keys this copy is to have, kept before anybody is told of them: trying again goes on with
/// the same.
fn own_keys<H: Host>(session: &Session<'_, H>) -> Result<(Device, DeviceKeys), ApiError> {
    let store = &session.open.store;
    if let Some(kept) = store.named(names::PARTING).told()?
        && let Some((id, keys)) = kept.split_first_chunk::<16>()
    {
        return Ok((Device(*id), DeviceKeys::from_bytes(keys).map_err(|e| internal(&e))?));
    }
    let keys = DeviceKeys::make(&mut HostEntropy(session.host));
    let id = Device(*session.make_uuid().as_bytes());
    let bytes = [&id.0[..], keys.to_bytes().expose()].concat();
    store.put_named(&[NamedRow { name: names::PARTING.to_owned(), bytes }]).told()?;
    Ok((id, keys))
}

/// The entries by which this copy gets its place, of which the first is signed with the old keys.
fn entrance<H: Host>(
    session: &Session<'_, H>,
    (keys, own): (&Keys, &Keys),
    device_name: &str,
) -> Result<Vec<sync::membership::SignedEntry>, ApiError> {
    let invite_keys = UserKeys::make(&mut HostEntropy(session.host));
    let now_ms = session.host.now().unix_ms();
    let invite = Invite {
        invite_key: VerifyKey(invite_keys.public()),
        role: Role::Admin,
        expires_at_ms: now_ms.saturating_add(INVITE_LIFE_MS),
    };
    let name = seal_name(session, &keys.clinic_keys, own.device, device_name)?;
    let hpke_key = HpkeKey(own.signer.0.public().hpke_key);
    let join = Join::prove(clinic_of(session), own.device, hpke_key, name, own.signer.as_ref());
    let mut new = NewEntries::after(keys, now_ms);
    new.add(EntryBody::Invite(invite))?;
    new.add_as(&InviteSigner(invite_keys), EntryBody::Join(join))?;
    Ok(new.into_entries())
}

/// Shuts out whoever works with the keys this copy had: what it holds of theirs counts.
fn shut_out<H: Host>(
    session: &Session<'_, H>,
    (own, removal): (&mut Keys, Revoke),
    carrier: &mut dyn Carrier,
) -> Result<(), ApiError> {
    let mut new = NewEntries::after(own, session.host.now().unix_ms());
    new.add(EntryBody::Revoke(removal))?;
    new.add_epoch(session)?;
    let entries = new.into_entries();
    carrier.identify(
        clinic_of(session),
        sync::wire::Principal::Device(own.device),
        own.signer.clone(),
    );
    append(session, own, carrier, &entries)
}

/// The generation that was opened when this computer's sequences were last seen to have gone on
/// without it, unless that was settled since.
fn sighting<H: Host>(session: &Session<'_, H>) -> Result<Option<u32>, ApiError> {
    let kept = session.open.store.named(names::SIGHTING).told()?;
    let Some((opened, at)) = kept.as_deref().and_then(read_at) else { return Ok(None) };
    let settled = parted(session)?.get(&session.open.device).is_some_and(|then| *then >= at);
    Ok(opened.try_into().ok().map(u32::from_be_bytes).filter(|_| !settled))
}

/// When it was heard that one of two who worked as a computer has keys of its own.
fn parted<H: Host>(session: &Session<'_, H>) -> Result<BTreeMap<DeviceId, Instant>, ApiError> {
    let rows = session.open.store.named_with_prefix(names::PARTED).told()?;
    let read = |row: NamedRow| {
        let id = Uuid::try_parse(row.name.strip_prefix(names::PARTED)?).ok()?;
        Some((DeviceId::from_uuid(id), read_at(&row.bytes)?.1))
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// A small value with when it was kept.
fn at_row(name: &str, value: &[u8], at: Instant) -> NamedRow {
    let bytes = [value, &at.unix_ms().to_be_bytes()[..]].concat();
    NamedRow { name: name.to_owned(), bytes }
}

fn read_at(bytes: &[u8]) -> Option<(&[u8], Instant)> {
    let (value, at) = bytes.split_last_chunk::<8>()?;
    Some((value, Instant::from_unix_ms(i64::from_be_bytes(*at))))
}
