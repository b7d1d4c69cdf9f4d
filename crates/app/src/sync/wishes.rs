//! What an administrator decided about the clinic's computers where the server could not be asked.
//!
//! The list of computers is one for all: where there is a server it grows there alone, and where the
//! clinic has none, at the computer that keeps it ([`super::list_keeper`]). What is decided without that
//! one is a wish: it counts on this computer at once, travels as a notice by whatever way there is and
//! counts where it arrives; whoever meets the server first enters it in the list, or the keeper does once
//! it hears of it. One that the list fulfils already, as where two decided the same apart, is passed over.

use crate::{error::ToldResult, hex::hex, host::Host, open::Session};
use api::{ApiError, Topic};
use clinical::Instant;
use sha2::{Digest as _, Sha256};
use store::NamedRow;
use sync::{
    carrier::Carrier,
    codec::Canonical as _,
    envelope::Envelope,
    membership::{EntryBody, Members, Revoke, Role, SignedEntry},
    payload::Notice,
    wire::{MembersRequest, MembersVerdict},
};

use super::{
    copies::{may_be_two, parted_row},
    erasing::heard_row,
    exchange::Desk,
    keys::{Keys, internal},
    list_keeper::keeps_list,
    names,
    new_entries::NewEntries,
    peer::Peer,
    server::Server,
    token,
};

/// Others may change the list at the same time, so many times in a row.
const TRIES_MAX: usize = 5;
/// Pages of the list read at most: a server may not keep us reading.
const PAGES_MAX: usize = 1000;

/// Keeps a wish: it counts from now on, and the others are told with what is sealed next.
///
/// # Errors
/// The store's.
pub(super) fn wish<H: Host>(session: &Session<'_, H>, wish: &Notice) -> Result<(), ApiError> {
    session.open.store.put_named(&wish_rows(wish)).told()
}

/// Where a wish is kept, and that the others are to be told.
pub(super) fn wish_rows(wish: &Notice) -> [NamedRow; 2] {
    [row(names::WISHES, wish), notice_row(wish)]
}

/// What this computer has to tell the others and has not sealed yet, with the name of its row.
///
/// # Errors
/// The store's.
pub(super) fn due<H: Host>(session: &Session<'_, H>) -> Result<Vec<(String, Notice)>, ApiError> {
    let rows = session.open.store.named_with_prefix(names::NOTICES).told()?;
    let read = |row: NamedRow| Some((row.name, Notice::from_bytes(&row.bytes).ok()?));
    Ok(rows.into_iter().filter_map(read).collect())
}

/// What is to be kept of what a computer told.
pub(super) fn heard(
    keys: &Keys,
    envelope: &Envelope,
    notice: &Notice,
    now: Instant,
) -> Option<NamedRow> {
    let from = envelope.header().device;
    let is_admin = keys.members.device(from).is_some_and(|member| member.role == Role::Admin);
    match notice {
        Notice::Remove(_) | Notice::Rotate { .. } if is_admin => Some(row(names::WISHES, notice)),
        Notice::Parted { from } if is_admin => Some(parted_row(*from, now)),
        Notice::Erase(erasure) if is_admin => Some(heard_row(envelope.id(), erasure)),
        Notice::Remove(_) | Notice::Rotate { .. } | Notice::Parted { .. } | Notice::Erase(_) => {
            None
        }
    }
}

/// The computers that are to be shut out, by the word of this computer or another.
///
/// # Errors
/// The store's.
pub(super) fn removals<H: Host>(session: &Session<'_, H>) -> Result<Vec<Revoke>, ApiError> {
    let removal = |wish| match wish {
        Notice::Remove(revoke) => Some(revoke),
        Notice::Rotate { .. } | Notice::Parted { .. } | Notice::Erase(_) => None,
    };
    Ok(wishes(session)?.into_iter().filter_map(removal).collect())
}

/// Enters in the list what is wished for and it does not say yet, before anything is sealed for the
/// server. What the server or the network does meanwhile the exchange that follows will tell.
///
/// # Errors
/// The store's; `internal`.
pub(super) fn enter_wishes<H: Host>(
    session: &Session<'_, H>,
    server: &Server,
    carrier: &mut dyn Carrier,
) -> Result<(), ApiError> {
    for _ in 0..TRIES_MAX {
        let keys = Keys::load(session)?;
        if open_wishes(session, &keys.members)?.is_empty() {
            return Ok(());
        }
        token::identify(session, (server, &keys), carrier)?;
        let mut desk = Desk::new(session, Peer::server(server), keys)?;
        if !catch_up(&mut desk, carrier)? {
            return Ok(());
        }
        let entries = entries_for(session, &desk.keys)?;
        if entries.is_empty() {
            return Ok(());
        }
        let Ok(reply) = carrier.push_members(entries.clone()) else { return Ok(()) };
        match reply.verdict {
            MembersVerdict::Stored => {
                // Where something stands in the way, the exchange fetches them again.
                let _kept = desk.alone(|desk| desk.take_members(&entries))?;
                session.tell(vec![Topic::Sync]);
                return Ok(());
            }
            MembersVerdict::Stale => {}
            MembersVerdict::Refused(_) | MembersVerdict::Closed => return Ok(()),
        }
    }
    Ok(())
}

/// Enters in the list what is wished for and it does not say yet, where the clinic has no server and this
/// computer keeps the list: whoever meets it then is told. To be asked for once another computer was heard
/// of the list, where one is there: in a store that was put back from a copy it may lack what was entered
/// since.
///
/// # Errors
/// The store's; `internal`.
pub(super) fn enter_here<H: Host>(session: &Session<'_, H>) -> Result<(), ApiError> {
    if wishes(session)?.is_empty() {
        return Ok(());
    }
    let _alone = session.open.store.turns().take_in_beside();
    let mut keys = Keys::load(session)?;
    // Of two that are one computer, each would go on with the list.
    if !keeps_list(session, &keys)? || may_be_two(session)? {
        return Ok(());
    }
    // That it is to go itself keeps it from entering nobody else.
    let here = keys.device;
    let is_others = |wish: &Notice| !matches!(wish, Notice::Remove(it) if it.device == here);
    let wishes = open_wishes(session, &keys.members)?.into_iter().filter(is_others);
    let rows = match entries_of(session, &keys, wishes) {
        Ok(entries) if entries.is_empty() => return Ok(()),
        Ok(entries) => keys.take_entries(&entries).map_err(|error| internal(&error)),
        Err(error) => Err(error),
    };
    match rows {
        Ok(rows) => session.open.store.put_named(&rows).told()?,
        // What was exchanged went well all the same; the wish counts where it is heard.
        Err(error) => tracing::warn!(code = ?error.code, "what is wished for cannot be entered"),
    }
    session.tell(vec![Topic::Sync]);
    Ok(())
}

/// Reads the list to its end; `false` where it cannot be.
fn catch_up<H: Host>(
    desk: &mut Desk<'_, '_, H>,
    carrier: &mut dyn Carrier,
) -> Result<bool, ApiError> {
    for _ in 0..PAGES_MAX {
        let clinic = desk.keys.members.clinic();
        let from = desk.keys.members.head().count;
        let Ok(page) = carrier.members(&MembersRequest { clinic, from }) else { return Ok(false) };
        if page.entries.is_empty() {
            return Ok(page.head == desk.keys.members.head());
        }
        if desk.alone(|desk| desk.take_members(&page.entries))?.is_err() {
            return Ok(false);
        }
    }
    Ok(false)
}

/// The entries that fulfil every wish that can be: a computer that is to be shut out itself, and one
/// that would leave the clinic without any, changes nothing.
fn entries_for<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
) -> Result<Vec<SignedEntry>, ApiError> {
    if keys.members.is_leaving(keys.device) {
        return Ok(Vec::new());
    }
    entries_of(session, keys, open_wishes(session, &keys.members)?)
}

/// The entries that fulfil wishes, with a new key where there are any.
fn entries_of<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
    wishes: impl IntoIterator<Item = Notice>,
) -> Result<Vec<SignedEntry>, ApiError> {
    let mut new = NewEntries::after(keys, session.host.now().unix_ms());
    let mut changes = false;
    for wish in wishes {
        changes |= match wish {
            Notice::Remove(revoke) => new.add(EntryBody::Revoke(revoke)).is_ok(),
            Notice::Rotate { .. } => true,
            Notice::Parted { .. } | Notice::Erase(_) => false,
        };
    }
    if !changes {
        return Ok(Vec::new());
    }
    new.add_epoch(session)?;
    Ok(new.into_entries())
}

/// The wishes that the list does not fulfil yet.
fn open_wishes<H: Host>(
    session: &Session<'_, H>,
    members: &Members,
) -> Result<Vec<Notice>, ApiError> {
    let is_open = |wish: &Notice| match wish {
        Notice::Remove(revoke) => members.is_leaving(revoke.device),
        // A list that has not come so far yet is read on first.
        Notice::Rotate { after } => members.epoch() == *after,
        Notice::Parted { .. } | Notice::Erase(_) => false,
    };
    Ok(wishes(session)?.into_iter().filter(is_open).collect())
}

fn wishes<H: Host>(session: &Session<'_, H>) -> Result<Vec<Notice>, ApiError> {
    let rows = session.open.store.named_with_prefix(names::WISHES).told()?;
    Ok(rows.iter().filter_map(|row| Notice::from_bytes(&row.bytes).ok()).collect())
}

/// Where what this computer has to tell the others is kept until it is sealed.
pub(super) fn notice_row(notice: &Notice) -> NamedRow {
    row(names::NOTICES, notice)
}

/// Where a notice is kept: twice the same is one row.
fn row(under: &str, notice: &Notice) -> NamedRow {
    let bytes = notice.to_bytes();
    let digest: [u8; 32] = Sha256::digest(&bytes).into();
    NamedRow { name: format!("{under}{}", hex(digest.get(..16).unwrap_or_default())), bytes }
}
