//! Prescribing: what is typed, read in the shell.

use crate::{PrescriptionView, Recorded};
use clinical::{MedicationId, PatientId};

crate::command::commands! {
    /// Reads a prescription that was typed as one sentence: `amlo 5 od 30`. It records nothing and
    /// looks at no chart.
    ReadPrescription "read-prescription" -> PrescriptionView {
        /// What was typed.
        text: String,
    }
    /// Tells what others may misread in an instruction, each with what to write in its place.
    ReadInstruction "read-instruction" -> Vec<(String, String)> {
        /// What was typed.
        text: String,
    }
    /// Renews a medicine: the same order again as a line of today, in the place of the one it
    /// renews, which is completed. Refused as `disputed` before a dispute of it is decided.
    RenewMedication "renew-medication" -> Recorded {
        /// Whose chart.
        patient: PatientId,
        /// Which medicine; only one that is active is renewed.
        medication: MedicationId,
        /// The heads of the chart that was shown, see [`crate::StopMedication`].
        seen: Option<String>,
        /// What the new line notes.
        note: String,
    }
}
