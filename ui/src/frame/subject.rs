//! Whose chart a form was opened for.

use crate::words::{IdentityLine, identity_line};
use clinical::{Identity, PatientId};
use jiff::civil::Date;

/// The patient a form writes for, from the moment it was opened: the wrong-patient guard.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    /// Whose chart.
    pub patient: PatientId,
    /// Who it is.
    pub identity: Identity,
    /// An allergy is in force: that there are none cannot be said.
    pub has_allergies: bool,
    /// The heads of the chart that was on screen when the form was opened; none where the form is
    /// about whatever there is.
    pub heads: Option<String>,
}

/// Whoever it is read from, it is the same patient: a form that is opened again is the same form,
/// whatever was written to the chart meanwhile.
impl PartialEq for Subject {
    fn eq(&self, other: &Self) -> bool {
        self.patient == other.patient
    }
}

impl Eq for Subject {}

impl Subject {
    /// What was on screen, for the command that changes it: what is another by now is not changed.
    pub(crate) fn seen(&self) -> Option<String> {
        self.heads.clone()
    }

    /// Who it is, on one line.
    pub(crate) fn line(&self, today: Date) -> IdentityLine {
        identity_line(&self.identity, today)
    }

    /// Whether another chart than this one is on screen.
    pub(crate) fn is_elsewhere(&self, on_screen: Option<PatientId>) -> bool {
        on_screen.is_some_and(|patient| patient != self.patient)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::{AdministrativeGender, uuid_v7};

    #[test]
    fn a_form_knows_when_another_chart_is_on_screen() {
        let id = |n| PatientId::from_uuid(uuid_v7(n, [0; 10]));
        let identity = Identity {
            name: Vec::new(),
            gender: AdministrativeGender::Unknown,
            birth_date: None,
            birth_date_estimated: false,
            identifier: Vec::new(),
        };
        let heads = Some("a".to_owned());
        let subject = Subject { patient: id(1), identity, has_allergies: false, heads };
        assert!(subject.is_elsewhere(Some(id(2))));
        assert!(!subject.is_elsewhere(Some(id(1))));
        assert!(!subject.is_elsewhere(None));
        assert_eq!(subject.seen(), Some("a".into()));
        // An empty text was handed on by something that ought to have had heads: it is no leave.
        let empty = Subject { heads: Some(String::new()), ..subject.clone() };
        assert_eq!((empty.seen(), empty == subject), (Some(String::new()), true));
        let later = Subject { heads: None, ..subject.clone() };
        assert_eq!((later.seen(), later == subject), (None, true));
        // What a list knows of somebody is less than what their chart knows.
        assert_eq!(Subject { has_allergies: true, ..subject.clone() }, subject);
        assert_ne!(Subject { patient: id(2), ..subject.clone() }, subject);
    }
}
