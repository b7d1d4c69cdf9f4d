//! Looking into a file by which another clinic gives a chart.

use super::{
    cards,
    opened::{Opened, in_the_name_of, merge, unseal},
    overwrites::overwrites,
};
use crate::{
    error::ToldResult, host::Host, open::Session, permit::Permit, record::alike_to,
    sync::carried::Carried,
};
use api::{ApiError, FileAct, GivenHere, GivenView, LookAtGiven};
use clinical::{Chart, EntryKind, PatientId, Sharing};
use std::path::Path;

/// Looks into a file; nothing is changed but the audit log.
///
/// # Errors
/// As [`unseal`] and [`merge`].
pub(crate) fn look_at_given<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<LookAtGiven>,
    command: &LookAtGiven,
) -> Result<GivenView, ApiError> {
    let mut carried = Carried::new(session.host, FileAct::ReadGiven);
    let unsealed = unseal(session, Path::new(&command.path), &mut carried)?;
    let left_out = unsealed.given.left_out;
    let opened = merge(session, unsealed)?;
    let here = here(session, &opened)?;
    let alike = match &here {
        GivenHere::New => alike_to(session, &opened.whose)?,
        GivenHere::Merges { .. } | GivenHere::Erased { .. } => Vec::new(),
    };
    let people = session.open.store.people().told()?;
    let view = GivenView {
        patient: opened.patient,
        identity: opened.whose.identity.clone(),
        from: cards::view(session, &opened.from)?,
        by: giver(&opened.sharing),
        counts: counts(&opened.theirs),
        files: u64::try_from(opened.files.len()).unwrap_or(u64::MAX),
        left_out: left_out.into(),
        here,
        alike,
        overwrites: overwrites(&opened),
        hearsay: opened.hearsay.clone(),
        in_our_name: in_the_name_of(&opened.merged.change, &people),
        sharing: opened.sharing,
    };
    session.audit(permit, Some(opened.patient))?;
    Ok(view)
}

/// What would become of it here.
pub(super) fn here<H: Host>(
    session: &Session<'_, H>,
    opened: &Opened,
) -> Result<GivenHere, ApiError> {
    if let Some(erased) = erased(session, opened.patient)? {
        return Ok(erased);
    }
    Ok(if opened.is_new {
        GivenHere::New
    } else {
        GivenHere::Merges { changes: opened.changes, conflicts: opened.conflicts() }
    })
}

/// That a chart was erased here.
///
/// # Errors
/// The store's.
pub(super) fn erased<H: Host>(
    session: &Session<'_, H>,
    patient: PatientId,
) -> Result<Option<GivenHere>, ApiError> {
    if !session.open.store.is_erased(patient).told()? {
        return Ok(None);
    }
    let all = session.open.store.erased().told()?.into_iter();
    let row = all.map(|erased| erased.row).find(|row| row.patient == patient);
    Ok(row.map(|row| GivenHere::Erased { at: row.at, ground: row.ground }))
}

/// Who gave it, by name.
fn giver(sharing: &Sharing) -> String {
    let by = sharing.authors.iter().find(|author| author.id == sharing.by);
    by.map(|author| author.name.clone()).unwrap_or_default()
}

fn counts(chart: &Chart) -> Vec<(EntryKind, u32)> {
    let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    vec![
        (EntryKind::Allergy, count(chart.allergies.len())),
        (EntryKind::Condition, count(chart.conditions.len())),
        (EntryKind::Encounter, count(chart.encounters.len())),
        (EntryKind::Medication, count(chart.medications.len())),
        (EntryKind::Observation, count(chart.observations.len())),
        (EntryKind::Composition, count(chart.compositions.len())),
        (EntryKind::Document, count(chart.documents.len())),
    ]
}
