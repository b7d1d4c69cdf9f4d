//! Setting the server to sync with, and saying it in the record.

use crate::{audit::OtherDeed, error::ToldResult, host::Host, open::Session, permit::Permit};
use api::{ApiError, SetServer, Topic};
use store::NamedRow;

use super::{
    list_keeper::note_first_server,
    names,
    peer::Peer,
    server::{Server, check_server, clinics_server, keep_server, own_server, said},
};

/// Sets the server to sync with: here, and where it is the clinic's first for computers that were told of
/// none, once it was met.
///
/// # Errors
/// `invalid`; the store's.
pub(crate) fn set_server<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<SetServer>,
    command: &SetServer,
) -> Result<(), ApiError> {
    let server = check_server(&command.server)?;
    session.audit(permit, None)?;
    let store = &session.open.store;
    if note_first_server(session, command.keeper_lost)? && is_first(session)? {
        let bytes = server.text().into_bytes();
        store.put_named(&[NamedRow { name: names::TO_SAY.to_owned(), bytes }]).told()?;
    } else {
        store.remove_named(names::TO_SAY).told()?;
    }
    keep_server(session, &server)?;
    session.tell(vec![Topic::Sync]);
    Ok(())
}

/// Says in the record that this server is the clinic's, where it is its first and was met just now;
/// whether it did.
///
/// # Errors
/// The store's.
pub(super) fn say_first<H: Host>(
    session: &Session<'_, H>,
    server: &Server,
) -> Result<bool, ApiError> {
    let store = &session.open.store;
    let to_say = store.named(names::TO_SAY).told()?;
    if to_say.is_none_or(|to_say| to_say != server.text().into_bytes()) {
        return Ok(false);
    }
    // An administrator set it; whoever is signed in by now.
    let permit = session.permit_other(OtherDeed::SayServer)?;
    session.edit_clinic(&permit, &[said(server)])?;
    store.remove_named(names::TO_SAY).told()?;
    Ok(true)
}

/// Whether the clinic has no server: its record names none, or one that was typed here and never met.
/// Where it has one, another is this computer's alone.
fn is_first<H: Host>(session: &Session<'_, H>) -> Result<bool, ApiError> {
    let Some(clinics) = clinics_server(session)? else { return Ok(true) };
    let is_own = own_server(session)?.is_some_and(|own| own == clinics);
    let met = session.open.store.cursor(&Peer::server(&clinics).name()).told()?;
    Ok(is_own && met.is_none())
}
