//! Finding a diagnosis in the classification that is part of the program.

use crate::{host::Host, open::Session, permit::Permit};
use api::{ApiError, DiagnosisHit, FindDiagnoses};
use care::diagnosis::{self, Found, Matched};

/// More than this are never given.
const HITS_MAX: usize = 50;

/// Finds diagnoses. Nothing of a patient is asked or shown: no audit row.
///
/// # Errors
/// None of its own.
pub(crate) fn find_diagnoses<H: Host>(
    _session: &Session<'_, H>,
    _permit: &Permit<FindDiagnoses>,
    command: &FindDiagnoses,
) -> Result<Vec<DiagnosisHit>, ApiError> {
    let limit = usize::try_from(command.limit).unwrap_or(HITS_MAX).min(HITS_MAX);
    Ok(diagnosis::find(&command.query, limit).into_iter().map(hit).collect())
}

fn hit(found: Found) -> DiagnosisHit {
    let matched = match found.matched {
        Matched::Code => "code",
        Matched::Words => "words",
        Matched::Spelling => "spelling",
        Matched::Partly => "partly",
    };
    DiagnosisHit { code: found.code, display: found.display, matched: matched.to_owned() }
}
