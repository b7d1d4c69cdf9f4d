//! At which computer the clinic's list of computers grows where there is no server.
//!
//! The list is a chain. A server puts in order what several enter in it; without one it grows at one
//! computer alone, the first in it that is still of the clinic. That one brings it to the clinic's first
//! server, too: brought there by another on which somebody set one, it would lack who was let in
//! meanwhile. Once the record names a server the list grows at its keeper no more, and whoever comes to
//! that server first may bring it.

use crate::{error::ToldResult, host::Host, open::Session};
use api::{ApiError, ErrorCode};
use clinical::Finding;
use store::NamedRow;
use sync::{
    ids::DeviceId,
    membership::{EntryBody, SignedEntry},
};
use uuid::Uuid;

use super::{
    keys::{self, Keys, device_names},
    names,
    server::{Server, clinics_server, own_server, server_of},
};

/// Whether the clinic's list of computers is kept here: the clinic has no server, and this is the first
/// computer in the list that is still of the clinic.
///
/// # Errors
/// The store's.
pub(super) fn keeps_list<H: Host>(session: &Session<'_, H>, keys: &Keys) -> Result<bool, ApiError> {
    Ok(server_of(session)?.is_none() && keeper(session, keys)? == Some(keys.device))
}

/// Refuses where another computer keeps the list.
///
/// # Errors
/// `invalid` with the finding `list-elsewhere`; the store's.
pub(super) fn refuse_elsewhere<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
) -> Result<(), ApiError> {
    match keeper(session, keys)? {
        Some(keeper) if keeper == keys.device => Ok(()),
        keeper => {
            let name = name_of(session, keeper)?;
            let way_on = format!(
                "Without a server one computer keeps the clinic\u{2019}s list of computers, and lets \
                 others in: \u{201c}{name}\u{201d}."
            );
            Err(ApiError {
                code: ErrorCode::Invalid,
                findings: vec![Finding::error("server", "list-elsewhere", way_on.as_str())],
                detail: format!("Nothing was done here; do it on \u{201c}{name}\u{201d}."),
            })
        }
    }
}

/// The name of the computer that brings the list to the clinic's first server, where that is another and
/// the clinic has none that is known here.
///
/// # Errors
/// The store's.
pub(super) fn elsewhere<H: Host>(session: &Session<'_, H>) -> Result<Option<String>, ApiError> {
    // Once the record names one the list grows there, and no longer at its keeper.
    let has_one = clinics_server(session)?.is_some();
    if has_one || (own_server(session)?.is_some() && !is_held_back(session)?) {
        return Ok(None);
    }
    let other = other_keeper(session)?;
    other.map(|keeper| name_of(session, Some(keeper))).transpose()
}

/// Notes whether this computer may bring the list to the server that is being set: not where the clinic
/// has none yet and another computer keeps the list, unless a person says that that one is lost. Answers
/// whether it may.
///
/// # Errors
/// The store's.
pub(super) fn note_first_server<H: Host>(
    session: &Session<'_, H>,
    keeper_lost: bool,
) -> Result<bool, ApiError> {
    let store = &session.open.store;
    if keeper_lost || elsewhere(session)?.is_none() {
        store.remove_named(names::HELD_BACK).told()?;
        return Ok(true);
    }
    let row = NamedRow { name: names::HELD_BACK.to_owned(), bytes: b"yes".to_vec() };
    store.put_named(&[row]).told()?;
    Ok(false)
}

/// Whether this computer must not bring the list to a server that does not know the clinic: a server was
/// set here where another computer keeps the list, and still does.
///
/// # Errors
/// The store's.
pub(super) fn is_held_back<H: Host>(session: &Session<'_, H>) -> Result<bool, ApiError> {
    let is_noted = session.open.store.named(names::HELD_BACK).told()?.is_some();
    Ok(is_noted && other_keeper(session)?.is_some())
}

/// The server knows the clinic. Where it is the one that the record names, what was set here while this
/// computer was held back is forgotten.
///
/// # Errors
/// The store's.
pub(super) fn settle_on<H: Host>(
    session: &Session<'_, H>,
    server: &Server,
) -> Result<(), ApiError> {
    let store = &session.open.store;
    if store.named(names::HELD_BACK).told()?.is_none() {
        return Ok(());
    }
    let own = own_server(session)?;
    if own.as_ref() != Some(server) && clinics_server(session)?.as_ref() == Some(server) {
        store.remove_named(names::SERVER).told()?;
    } else if own.as_ref() != Some(server) {
        // Another one was set meanwhile: nothing is known of that.
        return Ok(());
    }
    store.remove_named(names::HELD_BACK).told()
}

/// That another computer brings the list to the server.
///
/// # Errors
/// The store's.
pub(super) fn held_back<H: Host>(session: &Session<'_, H>) -> Result<ApiError, ApiError> {
    let name = name_of(session, other_keeper(session)?)?;
    let detail = format!(
        "Nothing was lost; work goes on here: the server does not know the clinic, whose list of \
         computers \u{201c}{name}\u{201d} keeps. Set the server there, and this computer goes on by \
         itself; or here once more with --keeper-lost, where that computer is lost."
    );
    Ok(ApiError::new(ErrorCode::ServerElsewhere, detail))
}

/// The computer that keeps the list, where that is another than this.
fn other_keeper<H: Host>(session: &Session<'_, H>) -> Result<Option<DeviceId>, ApiError> {
    let keys = Keys::load(session)?;
    Ok(keeper(session, &keys)?.filter(|keeper| *keeper != keys.device))
}

/// The computer at which the list grows where there is no server.
fn keeper<H: Host>(session: &Session<'_, H>, keys: &Keys) -> Result<Option<DeviceId>, ApiError> {
    let entered = |entry: &SignedEntry| match &entry.entry().body {
        EntryBody::Found(found) => Some(found.device),
        EntryBody::Join(join) => Some(join.device),
        EntryBody::Invite(_) | EntryBody::Kit(_) | EntryBody::Revoke(_) | EntryBody::Epoch(_) => {
            None
        }
    };
    // By what the list itself says: a wish to remove it is not known to all at one time.
    let stays = |device: &DeviceId| keys.members.active().any(|(active, _)| active == *device);
    Ok(keys::entries(session)?.iter().filter_map(entered).find(stays))
}

fn name_of<H: Host>(
    session: &Session<'_, H>,
    device: Option<DeviceId>,
) -> Result<String, ApiError> {
    let id = |device: DeviceId| clinical::DeviceId::from_uuid(Uuid::from_bytes(device.0));
    let names = device_names(session)?;
    Ok(device.and_then(|device| names.get(&id(device)).cloned()).unwrap_or_default())
}
