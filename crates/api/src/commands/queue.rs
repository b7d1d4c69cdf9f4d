//! Who is here: check-in, the day's visits, being seen.

use crate::{CheckedIn, Recorded, TodayView};
use clinical::{EncounterDraft, EncounterId, PatientId};

crate::command::commands! {
    /// Records that a patient has come and waits, now. Who is here already is not checked in twice.
    CheckIn "check-in" -> CheckedIn {
        /// Who has come.
        patient: PatientId,
        /// What was said at the desk; the reason may be left out.
        draft: EncounterDraft,
    }
    /// Lists who waits, who is being seen and who has gone today, with the visits of the days before
    /// that nobody ended.
    GetToday "get-today" -> TodayView {}
    /// Begins to see a patient who waits: whoever is signed in sees them. Who is seen by somebody
    /// else is then seen by both.
    SeePatient "see-patient" -> () {
        /// Whose chart.
        patient: PatientId,
        /// Which visit.
        encounter: EncounterId,
        /// The heads of the chart that was shown, see [`crate::StopMedication`].
        seen: Option<String>,
    }
    /// Records that a patient who waited has gone unseen, or was checked in by mistake.
    CancelEncounter "cancel-encounter" -> () {
        /// Whose chart.
        patient: PatientId,
        /// Which visit.
        encounter: EncounterId,
        /// The heads of the chart that was shown, see [`crate::StopMedication`].
        seen: Option<String>,
    }
    /// Says why a patient came and when they are to come again. What is blank is not known.
    AmendEncounter "amend-encounter" -> Recorded {
        /// Whose chart.
        patient: PatientId,
        /// Which visit.
        encounter: EncounterId,
        /// The heads of the chart that was shown, see [`crate::StopMedication`]: what somebody else
        /// wrote since is not written over.
        seen: Option<String>,
        /// Why they came.
        reason: String,
        /// When they are to come again, as typed: a date, or how long from now (`2 weeks`).
        follow_up: String,
    }
}
