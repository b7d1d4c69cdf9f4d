//! When the server's log, or a side's table of keys, is read anew, from its start.

use crate::{
    error::ToldResult,
    host::Host,
    open::Session,
    sync::{keys::Keys, names, peer::Peer, receive::UNKNOWN, server::Server},
};
use api::ApiError;
use store::{NamedRow, SetAside};
use sync::{check::QuarantineReason, ids::DeviceId};

/// The reason of envelopes that their device did not sign as they came.
const WRONGLY_SIGNED: &str = QuarantineReason::BadSignature.code();
/// Between two readings for their sake, in milliseconds: a day.
const PAUSE_MS: i64 = 24 * 60 * 60 * 1000;
/// For so long it is hoped that they come rightly signed, in milliseconds: a week.
const HOPE_MS: i64 = 7 * PAUSE_MS;
/// Between two readings of a table of keys for the sake of what lacks one, in milliseconds: an hour.
const KEYS_PAUSE_MS: i64 = 60 * 60 * 1000;
/// Of what was set aside last so many are looked at.
const LOOKED_AT: u32 = 256;

/// Goes back to the start of the server's log where only names are kept of what a computer sealed
/// that is known by now; answers whether it did. What is stored decides, so that a death on the
/// way loses nothing.
pub(super) fn fetch_again<H: Host>(
    session: &Session<'_, H>,
    server: &Server,
    keys: &Keys,
) -> Result<bool, ApiError> {
    let store = &session.open.store;
    let of_names = store.devices_of_names(UNKNOWN).told()?;
    let is_known = |device: &[u8; 16]| keys.members.device(DeviceId(*device)).is_some();
    if !of_names.iter().any(is_known) {
        return Ok(false);
    }
    store.read_log_again(&server.text(), UNKNOWN).told()
}

/// Goes back to the start of the server's log where a known computer's envelopes came with
/// signatures that are not its own: their ids do not name the signature, so that a server, or its
/// disk, can spoil one and pass as the same log. They are asked for again in the next exchange, and
/// then once a day for a week; of all else only the names come.
pub(super) fn fetch_rightly_signed<H: Host>(
    session: &Session<'_, H>,
    server: &Server,
    keys: &Keys,
) -> Result<(), ApiError> {
    let store = &session.open.store;
    let now_ms = session.host.now().unix_ms();
    let since = |ms: i64| now_ms.saturating_sub(ms);
    let is_hoped_for = |aside: &SetAside| {
        aside.reason == WRONGLY_SIGNED
            && since(aside.at.unix_ms()) < HOPE_MS
            && keys.members.device(DeviceId(aside.device)).is_some()
    };
    if !store.set_aside(LOOKED_AT).told()?.iter().any(is_hoped_for) {
        return Ok(());
    }
    let last = store.named(names::READ_ANEW).told()?.and_then(|bytes| bytes.try_into().ok());
    if last.is_some_and(|last| (0..PAUSE_MS).contains(&since(i64::from_be_bytes(last)))) {
        return Ok(());
    }
    let bytes = now_ms.to_be_bytes().to_vec();
    let note = NamedRow { name: names::READ_ANEW.to_owned(), bytes };
    store.forget_cursor(&server.text(), &note).told()
}

/// Has a side's table of keys read from its start where something waits for a key: the side may have
/// kept it back. A key that comes later stands at the end, and is read in any case; a table is long,
/// and one batch whose key nobody gives must not have it read with every exchange.
///
/// # Errors
/// The store's.
pub(super) fn read_keys_anew<H: Host>(
    session: &Session<'_, H>,
    peer: &Peer,
) -> Result<(), ApiError> {
    if !super::waits_for_keys(session)? {
        return Ok(());
    }
    let (store, now_ms) = (&session.open.store, session.host.now().unix_ms());
    let name = format!("{}{}", names::KEYS_READ_ANEW, peer.name());
    let last = store.named(&name).told()?.and_then(|bytes| bytes.try_into().ok());
    let since = last.map(|last| now_ms.saturating_sub(i64::from_be_bytes(last)));
    if since.is_some_and(|since| (0..KEYS_PAUSE_MS).contains(&since)) {
        return Ok(());
    }
    store.remove_named(&peer.keys_read()).told()?;
    store.put_named(&[NamedRow { name, bytes: now_ms.to_be_bytes().to_vec() }]).told()
}
