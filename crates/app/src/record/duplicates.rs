//! Whether somebody who is being registered is known already.

use crate::{error::ToldResult, host::Host, open::Session, permit::Permit};
use api::{ApiError, DuplicateHit, FindDuplicates};
use clinical::{Patient, PatientId, uuid_v7};
use std::collections::BTreeSet;
use store::{Alike, Likeness};

/// More would not be read while one types.
const DUPLICATES_MAX: u32 = 5;

/// Finds who may be the same person, the most alike first. What cannot be read of the draft yet is
/// left out of the comparison.
///
/// # Errors
/// `internal` when the clock is out of the calendar's range; the store's.
pub(crate) fn find_duplicates<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<FindDuplicates>,
    command: &FindDuplicates,
) -> Result<Vec<DuplicateHit>, ApiError> {
    let nobody = PatientId::from_uuid(uuid_v7(0, [0; 10]));
    let typed = command.draft.so_far(nobody, &session.today_or_told()?);
    let found = session.open.store.find_alike(&typed, DUPLICATES_MAX).told()?;
    session.audit(permit, None)?;
    let found = found.into_iter().map(|alike| duplicate(session, alike));
    found.collect::<Result<Vec<_>, _>>().map(once)
}

/// Who here may be the same person as somebody of whom another clinic tells.
///
/// # Errors
/// The store's.
pub(crate) fn alike_to<H: Host>(
    session: &Session<'_, H>,
    patient: &Patient,
) -> Result<Vec<DuplicateHit>, ApiError> {
    let found = session.open.store.find_alike(patient, DUPLICATES_MAX).told()?;
    let found = found.into_iter().map(|alike| duplicate(session, alike));
    found.collect::<Result<Vec<_>, _>>().map(once)
}

fn duplicate<H: Host>(session: &Session<'_, H>, alike: Alike) -> Result<DuplicateHit, ApiError> {
    let reasons = alike.reasons.iter().map(|reason| code(*reason).to_owned()).collect();
    let group = session.group(alike.row.patient.id)?;
    let hit = session.hit_of(&group, (alike.row, alike.here), "duplicate")?;
    Ok(DuplicateHit { hit, reasons, strong: alike.strong })
}

/// Each person once: charts of one person are no duplicates of each other.
fn once(all: Vec<DuplicateHit>) -> Vec<DuplicateHit> {
    let mut shown = BTreeSet::new();
    all.into_iter().filter(|one| shown.insert(one.hit.patient)).collect()
}

const fn code(reason: Likeness) -> &'static str {
    match reason {
        Likeness::Identifier => "identifier",
        Likeness::Name => "name",
        Likeness::SwappedNames => "swapped-names",
        Likeness::Phone => "phone",
        Likeness::BirthDate => "birth-date",
        Likeness::SimilarName => "similar-name",
        Likeness::SwappedBirthDate => "swapped-birth-date",
        Likeness::CloseBirthDate => "close-birth-date",
        Likeness::FamilyName => "family-name",
        Likeness::City => "city",
    }
}
