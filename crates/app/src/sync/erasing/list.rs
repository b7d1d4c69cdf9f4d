//! The charts that were erased, and what does not hold of it yet.

use super::{packs::is_due, tell::told_of};
use crate::{
    error::ToldResult,
    host::Host,
    open::Session,
    permit::Permit,
    sync::{
        names,
        server::{Server, server_of},
    },
};
use api::{ApiError, ErasedView, ListErased};
use store::Erased;
use sync::{
    cursor::{Cursor, Mark},
    ids::{Chain, LogEpoch},
};

/// Lists the erased charts, the last first.
///
/// # Errors
/// The store's.
pub(crate) fn list_erased<H: Host>(
    session: &Session<'_, H>,
    _permit: &Permit<ListErased>,
    _command: &ListErased,
) -> Result<Vec<ErasedView>, ApiError> {
    let store = &session.open.store;
    let people = store.people().told()?;
    let (swept, told) = (!store.is_unswept().told()?, is_told(session)?);
    let said = !is_due(session)?;
    let packs = store.named_with_prefix(names::STANDING).told()?.len();
    let view = |erased: Erased| {
        let Erased { row, unsent, came } = erased;
        let by = people.iter().find(|person| person.id == row.author);
        ErasedView {
            patient: row.patient,
            number: row.number,
            ground: row.ground,
            by: by.map(|person| person.name.clone()).unwrap_or_default(),
            at: row.at,
            unsent,
            came,
            said,
            server: told,
            swept,
            packs: u64::try_from(packs).unwrap_or(u64::MAX),
        }
    };
    Ok(store.erased().told()?.into_iter().map(view).collect())
}

/// Whether the server took the keys away; `None` where the clinic has none here.
fn is_told<H: Host>(session: &Session<'_, H>) -> Result<Option<bool>, ApiError> {
    let Some(server) = server_of(session)? else { return Ok(None) };
    let told = session.open.store.named(names::ERASED_TOLD).told()?;
    Ok(Some(told.is_some() && told == told_of(session, cursor_of(session, &server)?)?))
}

fn cursor_of<H: Host>(
    session: &Session<'_, H>,
    server: &Server,
) -> Result<Option<Cursor>, ApiError> {
    let name = crate::sync::peer::Peer::server(server).name();
    let kept = session.open.store.cursor(&name).told()?;
    Ok(kept.map(|row| Cursor {
        log_epoch: LogEpoch(row.log_epoch),
        mark: Mark { seq: row.seq, chain: Chain(row.chain) },
    }))
}
