//! Whether somebody who is being registered is known already.

use crate::{error::ToldResult, host::Host, lists::hit, open::Session, permit::Permit};
use api::{ApiError, DuplicateHit, FindDuplicates, PatientHit};
use clinical::{Patient, PatientId, uuid_v7};
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
    Ok(found.into_iter().map(duplicate).collect())
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
    Ok(found.into_iter().map(duplicate).collect())
}

fn duplicate(alike: Alike) -> DuplicateHit {
    let reasons = alike.reasons.iter().map(|reason| code(*reason).to_owned()).collect();
    let hit = PatientHit { elsewhere: !alike.here, ..hit(alike.row, "duplicate") };
    DuplicateHit { hit, reasons, strong: alike.strong }
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
