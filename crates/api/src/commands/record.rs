//! Writing the chart.

use crate::Recorded;
use clinical::{
    AllergyDraft, ConditionDraft, DetectedIssue, EntryRef, MedicationDraft, MedicationId,
    PatientId, VitalsDraft,
};

crate::command::commands! {
    /// Records an allergy, or that there are none.
    RecordAllergy "record-allergy" -> Recorded {
        /// Whose chart: always the one the form was opened for.
        patient: PatientId,
        /// What was typed.
        draft: AllergyDraft,
    }
    /// Records a problem.
    RecordCondition "record-condition" -> Recorded {
        /// Whose chart.
        patient: PatientId,
        /// What was typed.
        draft: ConditionDraft,
    }
    /// Records a medicine.
    RecordMedication "record-medication" -> Recorded {
        /// Whose chart.
        patient: PatientId,
        /// What was typed.
        draft: MedicationDraft,
    }
    /// Asks what the rules say of a medicine before it is recorded.
    ReviewMedication "review-medication" -> Vec<DetectedIssue> {
        /// Whose chart.
        patient: PatientId,
        /// What was typed so far.
        draft: MedicationDraft,
    }
    /// Changes how a medicine is taken. The dosage is one value: it replaces the whole.
    ChangeDosage "change-dosage" -> Recorded {
        /// Whose chart.
        patient: PatientId,
        /// Which medicine.
        medication: MedicationId,
        /// The new dosage; the other fields are not read.
        draft: MedicationDraft,
    }
    /// Stops a medicine.
    StopMedication "stop-medication" -> Recorded {
        /// Whose chart.
        patient: PatientId,
        /// Which medicine.
        medication: MedicationId,
    }
    /// Records a line of vital signs.
    RecordVitals "record-vitals" -> Recorded {
        /// Whose chart.
        patient: PatientId,
        /// What was typed.
        draft: VitalsDraft,
    }
    /// Marks an entry as recorded by mistake. It is kept and shown struck out.
    WithdrawEntry "withdraw-entry" -> () {
        /// Whose chart.
        patient: PatientId,
        /// Which entry.
        entry: EntryRef,
    }
}
