//! Where one can be, and what can be open beside it.

use super::Subject;
use api::WhichDraft;
use clinical::{
    ConditionId, EncounterId, EntryRef, MedicationRequest, ObservationId, PatientDraft, PatientId,
    VitalsDraft,
};

/// A page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    /// Finding patients.
    Find,
    /// A chart.
    Chart(PatientId),
    /// The tasks that wait.
    Tasks,
    /// What must be decided.
    Conflicts,
    /// Taking in files.
    Import,
    /// Server, computers, sync.
    Sync,
    /// The people of the clinic.
    People,
    /// Who did what.
    Audit,
    /// What is one's own: the password.
    Account,
}

/// A form or reading beside the page. Whatever writes to a chart carries whose it was opened
/// for, and never asks which chart is on screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sheet {
    /// The keys.
    Keys,
    /// A new patient; what was typed in the find box.
    Register(PatientDraft),
    /// Who the patient is.
    Amend(Subject, PatientDraft),
    /// A new allergy.
    Allergy(Subject),
    /// A new medicine.
    Medication(Subject),
    /// Another dosage of a medicine.
    Dosage(Subject, MedicationRequest),
    /// The end of a medicine.
    Stop(Subject, MedicationRequest),
    /// A new problem.
    Problem(Subject),
    /// The end of a problem, and its words.
    Resolution(Subject, ConditionId, String),
    /// A visit that begins.
    Visit(Subject),
    /// The end of a visit, and its words.
    Departure(Subject, EncounterId, String),
    /// A line of vital signs.
    Vitals(Subject),
    /// Another value of a vital sign, the values so far, and its words.
    Correction(Subject, ObservationId, VitalsDraft, String),
    /// A note.
    Note(Subject, WhichDraft),
    /// An entry recorded by mistake, and its words.
    Withdraw(Subject, EntryRef, String),
    /// What an entry has been, and its words.
    History(Subject, EntryRef, String),
}

impl Sheet {
    /// The note that was begun last.
    pub(crate) fn last_note(subject: Subject) -> Self {
        Self::Note(subject, WhichDraft::Last)
    }

    /// Whose chart it is about.
    pub(crate) fn subject(&self) -> Option<&Subject> {
        match self {
            Self::Keys | Self::Register(_) => None,
            Self::Amend(subject, _)
            | Self::Allergy(subject)
            | Self::Medication(subject)
            | Self::Dosage(subject, _)
            | Self::Stop(subject, _)
            | Self::Problem(subject)
            | Self::Resolution(subject, ..)
            | Self::Visit(subject)
            | Self::Departure(subject, ..)
            | Self::Vitals(subject)
            | Self::Correction(subject, ..)
            | Self::Note(subject, _)
            | Self::Withdraw(subject, ..)
            | Self::History(subject, ..) => Some(subject),
        }
    }

    /// Whether it lies across the page, and not beside it.
    pub(crate) fn is_line(&self) -> bool {
        matches!(self, Self::Vitals(_))
    }
}
