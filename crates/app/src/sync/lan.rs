//! Whether this computer exchanges with others over the local network.

use crate::{App, error::ToldResult, host::Host, open::Session, permit::Permit};
use api::{ApiError, LanState, Origin, SetLan, Topic};
use store::NamedRow;

use super::names;

/// Says whether this computer serves others over the local network and looks for them.
///
/// # Errors
/// The store's.
pub(crate) fn set_lan<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<SetLan>,
    command: &SetLan,
) -> Result<(), ApiError> {
    session.audit(permit, None)?;
    let store = &session.open.store;
    if !command.on {
        let off = NamedRow { name: names::LAN_OFF.to_owned(), bytes: Vec::new() };
        store.put_named(&[off]).told()?;
    } else if is_lan_off(session)? {
        store.remove_named(names::LAN_OFF).told()?;
    }
    session.tell(vec![Topic::Sync]);
    Ok(())
}

/// Whether somebody has switched it off.
///
/// # Errors
/// The store's.
pub(super) fn is_lan_off<H: Host>(session: &Session<'_, H>) -> Result<bool, ApiError> {
    Ok(session.open.store.named(names::LAN_OFF).told()?.is_some())
}

/// How it stands.
///
/// # Errors
/// The store's.
pub(super) fn lan_state<H: Host>(session: &Session<'_, H>) -> Result<LanState, ApiError> {
    Ok(match (session.host.has_lan(), is_lan_off(session)?) {
        (false, _) => LanState::Absent,
        (true, true) => LanState::Off,
        (true, false) => LanState::On,
    })
}

impl<H: Host> App<H> {
    /// Whether others may be served and looked for over the local network now: somebody is signed
    /// in, and nobody has switched it off. Where that cannot be read, it is not.
    pub fn is_on_lan(&self) -> bool {
        let Some(open) = self.opened() else { return false };
        let session = Session { host: self.host(), open: &open, origin: Origin::Sync };
        is_lan_off(&session).is_ok_and(|off| !off)
    }
}
