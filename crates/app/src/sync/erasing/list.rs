//! The charts that were erased, and what does not hold of it yet.

use super::{packs::due_of, tell::told_of_chart};
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
use clinical::PatientId;
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
    let swept = !store.is_unswept().told()?;
    let due = due_of(session)?;
    let packs = store.named_with_prefix(names::STANDING).told()?.len();
    let view = |erased: Erased| {
        let Erased { row, unsent, came } = erased;
        let by = people.iter().find(|person| person.id == row.author);
        Ok(ErasedView {
            patient: row.patient,
            number: row.number,
            ground: row.ground,
            by: by.map(|person| person.name.clone()).unwrap_or_default(),
            at: row.at,
            unsent,
            came,
            said: !due.contains(&row.patient),
            server: is_told(session, row.patient)?,
            swept,
            packs: u64::try_from(packs).unwrap_or(u64::MAX),
        })
    };
    store.erased().told()?.into_iter().map(view).collect()
}

/// Whether the server took the keys of a chart away; `None` where the clinic has none here.
fn is_told<H: Host>(
    session: &Session<'_, H>,
    patient: PatientId,
) -> Result<Option<bool>, ApiError> {
    let Some(server) = server_of(session)? else { return Ok(None) };
    let Some(row) = told_of_chart(session, cursor_of(session, &server)?, patient)? else {
        return Ok(Some(false));
    };
    Ok(Some(session.open.store.named(&row.name).told()? == Some(row.bytes)))
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
