//! Finding a diagnosis.

use crate::DiagnosisHit;

crate::command::commands! {
    /// Finds diagnoses of ICD-10-CM by what clinicians type, or by code, best first. No patient is
    /// asked about. A blank query finds nothing, and makes the next one quick.
    FindDiagnoses "find-diagnoses" -> Vec<DiagnosisHit> {
        /// What was typed.
        query: String,
        /// At most so many; there is a cap besides.
        limit: u32,
    }
}
