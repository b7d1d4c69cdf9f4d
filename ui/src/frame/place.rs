//! Where one can be, and what can be open beside it.

use super::Subject;
use api::WhichDraft;
use clinical::{
    Coding, ConditionId, DocumentReference, EncounterId, EntryRef, MedicationRequest,
    ObservationId, PatientDraft, PatientId, VitalsDraft,
};

/// A page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    /// Who is here today.
    Today,
    /// Finding patients.
    Find,
    /// A chart.
    Chart(PatientId),
    /// A visit that goes on.
    Visit(PatientId, EncounterId),
    /// What must be decided, and the tasks that wait.
    Inbox,
    /// Taking in files.
    Import,
    /// Server, computers, sync.
    Sync,
    /// The people of the clinic.
    People,
    /// What the clinic's paper says.
    Letterhead,
    /// Who did what.
    Audit,
    /// What is one's own: the password.
    Account,
}

impl Route {
    /// Whose chart is on screen.
    pub(crate) fn patient(self) -> Option<PatientId> {
        match self {
            Self::Chart(patient) | Self::Visit(patient, _) => Some(patient),
            Self::Today
            | Self::Find
            | Self::Inbox
            | Self::Import
            | Self::Sync
            | Self::People
            | Self::Letterhead
            | Self::Audit
            | Self::Account => None,
        }
    }

    /// The page of the rail it belongs to.
    pub(crate) fn station(self) -> Self {
        match self {
            Self::Chart(_) => Self::Find,
            Self::Visit(..) => Self::Today,
            Self::Today
            | Self::Find
            | Self::Inbox
            | Self::Import
            | Self::Sync
            | Self::People
            | Self::Letterhead
            | Self::Audit
            | Self::Account => self,
        }
    }
}

/// A form or reading beside the page. Whatever writes to a chart carries whose it was opened
/// for, and never asks which chart is on screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sheet {
    /// The keys.
    Keys,
    /// A new patient; what was typed in the find box.
    Register(PatientDraft),
    /// A chart that is not on this computer.
    Fetch(Subject),
    /// Who the patient is.
    Amend(Subject, PatientDraft),
    /// A new allergy.
    Allergy(Subject),
    /// A new medicine.
    Medication(Subject),
    /// Another dosage of a medicine.
    Dosage(Subject, MedicationRequest),
    /// A medicine again, as a line of today.
    Renewal(Subject, MedicationRequest),
    /// The end of a medicine.
    Stop(Subject, MedicationRequest),
    /// A new problem.
    Problem(Subject),
    /// A problem whose diagnosis is chosen.
    Diagnosis(Subject, Coding),
    /// The end of a problem, and its words.
    Resolution(Subject, ConditionId, String),
    /// A visit that begins.
    Visit(Subject),
    /// Somebody who has come and is to wait.
    CheckIn(Subject),
    /// The end of a visit: what is signed and printed.
    Finish(Subject, EncounterId),
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
    /// Printing about a patient; the visit it is of, where it is of one.
    Print(Subject, Option<EncounterId>),
    /// Printing labels of who it is.
    Label(Subject),
    /// What was printed, by its number.
    Document(Subject, String),
    /// A document that is put into a chart.
    AddFile(Subject),
    /// A document of a chart.
    File(Subject, Box<DocumentReference>),
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
            | Self::Fetch(subject)
            | Self::Allergy(subject)
            | Self::Medication(subject)
            | Self::Dosage(subject, _)
            | Self::Renewal(subject, _)
            | Self::Stop(subject, _)
            | Self::Problem(subject)
            | Self::Diagnosis(subject, _)
            | Self::Resolution(subject, ..)
            | Self::Visit(subject)
            | Self::CheckIn(subject)
            | Self::Finish(subject, _)
            | Self::Departure(subject, ..)
            | Self::Vitals(subject)
            | Self::Correction(subject, ..)
            | Self::Note(subject, _)
            | Self::Withdraw(subject, ..)
            | Self::Print(subject, _)
            | Self::Label(subject)
            | Self::Document(subject, _)
            | Self::AddFile(subject)
            | Self::File(subject, _)
            | Self::History(subject, ..) => Some(subject),
        }
    }

    /// Whether it is what another is, drawn from the same chart where it is about what the chart
    /// has: what came since must be looked at before it is changed.
    pub(crate) fn is_as_fresh_as(&self, other: &Self) -> bool {
        self == other && self.looked_at() == other.looked_at()
    }

    /// The heads that are handed back, where it changes what was on screen.
    fn looked_at(&self) -> Option<&str> {
        match self {
            Self::Amend(subject, _)
            | Self::Dosage(subject, _)
            | Self::Renewal(subject, _)
            | Self::Stop(subject, _)
            | Self::Resolution(subject, ..)
            | Self::Departure(subject, ..)
            | Self::Withdraw(subject, ..) => subject.heads.as_deref(),
            Self::Keys
            | Self::Register(_)
            | Self::Fetch(_)
            | Self::Allergy(_)
            | Self::Medication(_)
            | Self::Problem(_)
            | Self::Diagnosis(..)
            | Self::Visit(_)
            | Self::CheckIn(_)
            | Self::Finish(..)
            | Self::Vitals(_)
            | Self::Correction(..)
            | Self::Note(..)
            | Self::Print(..)
            | Self::Label(_)
            | Self::Document(..)
            | Self::AddFile(_)
            | Self::File(..)
            | Self::History(..) => None,
        }
    }

    /// Whether it lies across the page, and not beside it.
    pub(crate) fn is_line(&self) -> bool {
        matches!(self, Self::Vitals(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::{AdministrativeGender, EntryKind, Identity, uuid_v7};

    fn subject(heads: &str) -> Subject {
        let identity = Identity {
            name: Vec::new(),
            gender: AdministrativeGender::Unknown,
            birth_date: None,
            birth_date_estimated: false,
            identifier: Vec::new(),
        };
        let patient = PatientId::from_uuid(uuid_v7(1, [0; 10]));
        Subject { patient, identity, has_allergies: false, heads: Some(heads.to_owned()) }
    }

    #[test]
    fn what_changes_an_entry_is_drawn_anew_from_a_newer_chart() {
        let id = uuid_v7(2, [0; 10]);
        let entry = EntryRef::new(EntryKind::Encounter, id);
        let (condition, visit) = (ConditionId::from_uuid(id), EncounterId::from_uuid(id));
        let none = String::new;
        let check = |sheet: &dyn Fn(Subject) -> Sheet, want: bool| {
            let [old, same, newer] = ["a", "a", "b"].map(|heads| sheet(subject(heads)));
            assert!(old.is_as_fresh_as(&same), "{old:?}");
            assert!(old == newer, "the same form: {old:?}");
            assert_eq!(old.is_as_fresh_as(&newer), want, "{old:?}");
        };
        check(&|whom| Sheet::Amend(whom, PatientDraft::default()), false);
        check(&|whom| Sheet::Withdraw(whom, entry, none()), false);
        check(&|whom| Sheet::Resolution(whom, condition, none()), false);
        check(&|whom| Sheet::Departure(whom, visit, none()), false);
        check(&Sheet::Allergy, true);
        check(&Sheet::last_note, true);
        check(&|_| Sheet::Keys, true);
    }
}
