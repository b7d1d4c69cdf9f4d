//! People whose charts are elsewhere: who is in the packs that may be left, as who made the floor
//! lists them.

use crate::{error::ToldResult, host::Host, open::Session};
use api::ApiError;
use clinical::{Identity, PatientId};
use store::{Elsewhere, ElsewhereRow};
use sync::{
    ids::DeviceId,
    limits::PERSON_BYTES_MAX,
    membership::Members,
    payload::{Listed, People},
};
use uuid::Uuid;

use super::{
    has_whole_record,
    outline::{firsts_are_here, outlined_at, which},
};

/// Names of one person that are listed, and numbers.
const NAMES_LISTED: usize = 3;
const NUMBERS_LISTED: usize = 3;

/// Lists who is in the packs of a floor that may be left, as a computer says: whoever is not here is
/// found by it.
///
/// # Errors
/// The store's.
pub(in crate::sync) fn list_people<H: Host>(
    session: &Session<'_, H>,
    members: &Members,
    (by, people): (DeviceId, &People),
) -> Result<(), ApiError> {
    if has_whole_record(session)? || which(session, (members, by), people.at())?.is_none() {
        return Ok(());
    }
    let place = people.at().mark.seq;
    let outlined = outlined_at(session, place)?;
    let mut rows: Vec<_> = people.people().iter().filter_map(elsewhere_row).collect();
    for row in rows.iter_mut().filter(|row| row.first < row.last) {
        let at = Elsewhere { place, first: row.first, last: row.last };
        let (here, all) = match &outlined {
            Some(outlined) => outlined.held(session, at)?,
            None => (0, 1),
        };
        let is_begun = here > 0 || session.open.store.patient(row.patient).told()?.is_none();
        row.partly = here < all && is_begun;
    }
    session.open.store.list_elsewhere(place, &rows).told()
}

/// Counts as here the charts of which a part was and now all is.
///
/// # Errors
/// The store's.
pub(in crate::sync) fn see_wholes<H: Host>(session: &Session<'_, H>) -> Result<(), ApiError> {
    for (patient, at) in session.open.store.partly_elsewhere().told()? {
        if is_whole(session, at)? {
            session.open.store.settle_elsewhere(patient).told()?;
        }
    }
    Ok(())
}

/// Whether all of a chart came. One that no list names is among those with which work goes on: who is
/// in other packs is listed ahead of the outline.
fn is_whole<H: Host>(session: &Session<'_, H>, at: Elsewhere) -> Result<bool, ApiError> {
    if at.is_unplaced() {
        return firsts_are_here(session);
    }
    let Some(outlined) = outlined_at(session, at.place)? else { return Ok(false) };
    let (here, all) = outlined.held(session, at)?;
    Ok(here == all)
}

/// Somebody as listed; `None` where what is said of them cannot be read.
fn elsewhere_row(listed: &Listed) -> Option<ElsewhereRow> {
    let identity = serde_json::from_slice(&listed.about).ok()?;
    let patient = PatientId::from_uuid(Uuid::from_bytes(listed.id));
    let (first, last) = (listed.first, listed.last);
    Some(ElsewhereRow { patient, first, last, partly: false, identity })
}

/// Somebody as who makes a floor lists them; `None` where there is no room for who they are.
pub(in crate::sync) fn listed(
    patient: PatientId,
    of: (u32, u32),
    identity: &Identity,
) -> Option<Listed> {
    let identity = Identity {
        name: identity.name.iter().take(NAMES_LISTED).cloned().collect(),
        identifier: identity.identifier.iter().take(NUMBERS_LISTED).cloned().collect(),
        ..identity.clone()
    };
    let about = serde_json::to_vec(&identity).ok().filter(|it| it.len() <= PERSON_BYTES_MAX)?;
    Some(Listed { id: patient.uuid().into_bytes(), first: of.0, last: of.1, about })
}
