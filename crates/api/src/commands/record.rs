//! Writing the chart.

use crate::{MedicationReview, ProposedOrder, Recorded};
use clinical::{
    AllergyDraft, ConditionDraft, ConditionId, EncounterDraft, EncounterId, EntryRef,
    MedicationDraft, MedicationId, ObservationId, PatientId, VitalsDraft,
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
    ReviewMedication "review-medication" -> MedicationReview {
        /// Whose chart.
        patient: PatientId,
        /// What is about to be ordered.
        order: ProposedOrder,
    }
    /// Changes how a medicine is taken. The dosage is one value: it replaces the whole.
    ChangeDosage "change-dosage" -> Recorded {
        /// Whose chart.
        patient: PatientId,
        /// Which medicine.
        medication: MedicationId,
        /// The heads of the chart that was shown, see [`StopMedication`].
        seen: Option<String>,
        /// The new dosage, and in the note why it was changed; the other fields are not read.
        draft: MedicationDraft,
    }
    /// Stops a medicine.
    StopMedication "stop-medication" -> Recorded {
        /// Whose chart.
        patient: PatientId,
        /// Which medicine.
        medication: MedicationId,
        /// The heads of the chart that was shown: where the medicine was written by a change that
        /// is none of theirs, the command is refused as `changed`, for it is another by now than
        /// the one that was looked at. `None`: whatever it is.
        seen: Option<String>,
        /// Why; may be left blank.
        reason: String,
    }
    /// Ends a problem: it is resolved.
    EndCondition "end-condition" -> Recorded {
        /// Whose chart.
        patient: PatientId,
        /// Which problem.
        condition: ConditionId,
        /// The heads of the chart that was shown, see [`StopMedication`].
        seen: Option<String>,
        /// Since when it is over, as typed; today when blank.
        end: String,
    }
    /// Begins a visit, now.
    BeginEncounter "begin-encounter" -> Recorded {
        /// Whose chart.
        patient: PatientId,
        /// What was typed.
        draft: EncounterDraft,
    }
    /// Ends a visit, now.
    EndEncounter "end-encounter" -> Recorded {
        /// Whose chart.
        patient: PatientId,
        /// Which visit.
        encounter: EncounterId,
        /// The heads of the chart that was shown, see [`StopMedication`].
        seen: Option<String>,
    }
    /// Records a line of vital signs.
    RecordVitals "record-vitals" -> Recorded {
        /// Whose chart.
        patient: PatientId,
        /// What was typed.
        draft: VitalsDraft,
    }
    /// Corrects a vital sign: a new finding in the place of one that stays readable.
    CorrectVitals "correct-vitals" -> Recorded {
        /// Whose chart.
        patient: PatientId,
        /// Which finding.
        observation: ObservationId,
        /// What was typed: the same sign, a pressure with both numbers.
        draft: VitalsDraft,
    }
    /// Takes back what was just recorded: its entries are what they were before; those it began are
    /// marked as recorded by mistake.
    UndoEdit "undo-edit" -> Recorded {
        /// Whose chart.
        patient: PatientId,
        /// What was written, as [`Recorded`] names it.
        entries: Vec<EntryRef>,
        /// The heads of the chart before.
        before: String,
        /// The heads of the chart after it: where one of the entries was written since, nothing is
        /// taken back and the command is refused as `changed`.
        seen: String,
    }
    /// Marks an entry as recorded by mistake. It is kept and shown struck out.
    WithdrawEntry "withdraw-entry" -> () {
        /// Whose chart.
        patient: PatientId,
        /// Which entry.
        entry: EntryRef,
        /// The heads of the chart that was shown, see [`StopMedication`].
        seen: Option<String>,
        /// Why; may be left blank.
        reason: String,
    }
}
