//! When charts passed from one clinic to another, and who wrote in them elsewhere.

use crate::{error::ToldResult, host::Host, open::Session, permit::Permit};
use api::{ApiError, ListShared, SharedChart};
use clinical::{ClinicId, PractitionerId, Sharing, display::banner_name};
use std::collections::BTreeMap;
use store::SharingRow;

/// So many are listed.
const SHARED_MAX: u32 = 500;

/// Lists when charts passed from one clinic to another.
///
/// # Errors
/// The store's.
pub(crate) fn list_shared<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<ListShared>,
    _command: &ListShared,
) -> Result<Vec<SharedChart>, ApiError> {
    let rows = session.open.store.sharings(SHARED_MAX).told()?;
    session.audit(permit, None)?;
    let people = session.open.store.people().told()?;
    let people: BTreeMap<_, _> = people.into_iter().map(|one| (one.id, one.name)).collect();
    let item = |SharingRow { patient, sharing }| {
        let identity = session.identity(patient)?;
        let mut names = people.clone();
        name_authors(&mut names, std::slice::from_ref(&sharing), session.open.clinic);
        Ok(SharedChart {
            patient,
            name: identity.as_ref().map(banner_name).unwrap_or_default(),
            by: names.remove(&sharing.by).unwrap_or_default(),
            is_ours: sharing.is_of(session.open.clinic),
            told_by: sharing.told_to(session.open.clinic).map(|by| by.name.clone()),
            sharing,
        })
    };
    rows.into_iter().map(item).collect()
}

/// Adds the people of other clinics who wrote in a chart, each with their clinic beside the name. One
/// of this clinic goes by the name they have here, whatever another clinic says. Where another clinic
/// than the one they are said to be of told it, that one is named with what it says.
pub(crate) fn name_authors(
    names: &mut BTreeMap<PractitionerId, String>,
    shared: &[Sharing],
    own: ClinicId,
) {
    for sharing in shared.iter().filter(|sharing| !sharing.is_of(own)) {
        let from = match sharing.told_to(own) {
            Some(by) => format!("{}: “{}”", by.name, sharing.from.name),
            None => sharing.from.name.clone(),
        };
        for author in &sharing.authors {
            let name = || format!("{} ({from})", author.name);
            names.entry(author.id).or_insert_with(name);
        }
    }
}
