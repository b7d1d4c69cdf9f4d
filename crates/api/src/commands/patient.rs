//! Finding and registering patients.

use crate::{DuplicateHit, PatientHit, PatientsCompared};
use clinical::{PatientDraft, PatientId};

crate::command::commands! {
    /// Finds patients by name in any script, phone, identifier or birth date as people type it;
    /// an empty query gives the patients last changed.
    FindPatients "find-patients" -> Vec<PatientHit> {
        /// What was typed.
        query: String,
        /// At most so many; the store has a cap of its own.
        limit: u32,
    }
    /// Finds who may be the same person as somebody who is about to be registered, the most alike
    /// first; what of the draft cannot be read yet is left out. It stops nobody.
    FindDuplicates "find-duplicates" -> Vec<DuplicateHit> {
        /// What was typed so far.
        draft: PatientDraft,
    }
    /// Registers a patient.
    RegisterPatient "register-patient" -> PatientId {
        /// What was typed.
        draft: PatientDraft,
    }
    /// Changes who the patient is and how to reach them.
    AmendPatient "amend-patient" -> () {
        /// Whom.
        patient: PatientId,
        /// The heads of the chart that was shown, see [`crate::StopMedication`].
        seen: Option<String>,
        /// What was typed.
        draft: PatientDraft,
    }
    /// Shows two people side by side who may be one, before they are merged.
    ComparePatients "compare-patients" -> PatientsCompared {
        /// The one.
        patient: PatientId,
        /// The other.
        other: PatientId,
    }
    /// Says that two charts are of one person, and which of them is gone on with. Nothing is copied:
    /// both are shown as one until they are separated.
    MergePatients "merge-patients" -> () {
        /// The chart that is gone on with.
        patient: PatientId,
        /// The other.
        other: PatientId,
    }
    /// Says that a chart is not of the same person as others after all.
    SeparatePatients "separate-patients" -> () {
        /// One of the charts of the person.
        patient: PatientId,
        /// The chart that is taken out.
        other: PatientId,
    }
}
