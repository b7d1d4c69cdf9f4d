//! Whose chart a form was opened for.

use crate::words::{IdentityLine, identity_line};
use clinical::{Identity, PatientId};
use jiff::civil::Date;

/// The patient a form writes for, from the moment it was opened: the wrong-patient guard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Subject {
    /// Whose chart.
    pub patient: PatientId,
    /// Who it is.
    pub identity: Identity,
    /// An allergy is in force: that there are none cannot be said.
    pub has_allergies: bool,
}

impl Subject {
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
        let subject = Subject { patient: id(1), identity, has_allergies: false };
        assert!(subject.is_elsewhere(Some(id(2))));
        assert!(!subject.is_elsewhere(Some(id(1))));
        assert!(!subject.is_elsewhere(None));
    }
}
