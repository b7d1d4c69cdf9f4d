//! A new key for the clinic, without removing anybody.

use crate::{host::Host, open::Session, permit::Permit};
use api::{ApiError, KeysRotated, RotateKeys, Topic};

use sync::payload::Notice;

use super::{
    door::hear_of_list,
    keys::Keys,
    new_entries::{NewEntries, append, begin_or_wish, enter_at_once},
    server::server_of,
    turn::SyncTurn,
    wishes::{enter_here, wish},
};

/// Begins a new epoch: its key is sealed to every computer of the clinic, and what is sealed from
/// then on is sealed under it. What was sealed before stays readable. Open codes end with it. Where
/// the server cannot be reached that is a wish, which whoever meets it first enters; where the clinic
/// has none, the computer that keeps the list does.
///
/// # Errors
/// The server's, but for one that is away; the store's.
pub(crate) fn rotate_keys<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<RotateKeys>,
    _command: &RotateKeys,
) -> Result<KeysRotated, ApiError> {
    hear_of_list(session)?;
    let _turn = SyncTurn::wait(session);
    let Some(server) = server_of(session)? else {
        return wish_for_one(session, permit, || enter_here(session).map(drop));
    };
    let (mut keys, mut carrier) = match begin_or_wish(session, &server)? {
        Ok(begun) => begun,
        Err(why_not) => {
            return wish_for_one(session, permit, || enter_at_once(session, &server, why_not));
        }
    };
    let mut new = NewEntries::after(&keys, session.host.now().unix_ms());
    new.add_epoch(session)?;
    let entries = new.into_entries();
    // Before the server has it: nothing is done without its row.
    session.audit(permit, None)?;
    append(session, &mut keys, carrier.as_mut(), &entries)?;
    session.tell(vec![Topic::Sync]);
    Ok(KeysRotated { epoch: keys.members.epoch(), entered: true })
}

/// Has an epoch follow the newest one that is known here; `enter` tries to enter it now.
fn wish_for_one<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<RotateKeys>,
    enter: impl FnOnce() -> Result<(), ApiError>,
) -> Result<KeysRotated, ApiError> {
    let after = Keys::load(session)?.members.epoch();
    session.audit(permit, None)?;
    wish(session, &Notice::Rotate { after })?;
    enter()?;
    session.tell(vec![Topic::Sync]);
    let entered = Keys::load(session)?.members.epoch() > after;
    Ok(KeysRotated { epoch: after.saturating_add(1), entered })
}
