//! The form of a visit: of one that begins, and of somebody who has come and waits.

use super::check;
use crate::{
    CodeableConcept, Encounter, EncounterClass, EncounterId, EncounterStatus, Finding, PartialDate,
    read_day_ahead,
};
use serde::{Deserialize, Serialize};

/// What was typed about a visit that begins now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct EncounterDraft {
    /// Why the patient comes.
    pub reason: String,
    /// Where it takes place; in the clinic when not told.
    pub class: Option<EncounterClass>,
}

impl EncounterDraft {
    /// The visit, begun at `start`, or what is missing or wrong.
    ///
    /// # Errors
    /// One finding for each field to mend.
    pub fn complete(&self, id: EncounterId, start: PartialDate) -> Result<Encounter, Vec<Finding>> {
        let mut findings = Vec::new();
        check::required("reason", &self.reason, &mut findings);
        check::finish(self.visit(id, EncounterStatus::InProgress, start), findings)
    }

    /// The visit of somebody who came at `start` and waits to be seen. Why they come is asked by who
    /// sees them, where it was not said at the desk.
    ///
    /// # Errors
    /// A finding where the reason is no line of text.
    pub fn arrival(&self, id: EncounterId, start: PartialDate) -> Result<Encounter, Vec<Finding>> {
        let mut findings = Vec::new();
        check::line("reason", &self.reason, &mut findings);
        check::finish(self.visit(id, EncounterStatus::Arrived, start), findings)
    }

    fn visit(&self, id: EncounterId, status: EncounterStatus, start: PartialDate) -> Encounter {
        let reason = check::optional(&self.reason).map(CodeableConcept::from_text);
        Encounter {
            id,
            status,
            class: self.class.unwrap_or(EncounterClass::Ambulatory),
            kind: Vec::new(),
            reason: reason.into_iter().collect(),
            start: Some(start),
            end: None,
            participant: Vec::new(),
            follow_up: None,
        }
    }
}

/// What was typed about a visit that goes on: why the patient came, when they are to come again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct EncounterAmendment {
    /// Why the patient came; blank where that is not known.
    pub reason: String,
    /// The next visit as typed, see [`read_day_ahead`]; blank for none.
    pub follow_up: String,
}

impl EncounterAmendment {
    /// What a visit says already.
    pub fn of(visit: &Encounter) -> Self {
        let follow_up = visit.follow_up.as_ref().map(ToString::to_string).unwrap_or_default();
        let reason = visit.reason.first().map(|reason| reason.label().to_owned());
        Self { reason: reason.unwrap_or_default(), follow_up }
    }

    /// The visit with what was typed, or what is wrong. A reason that stays the same keeps its code,
    /// and a day that stays the same may be past by now.
    ///
    /// # Errors
    /// One finding for each field to mend.
    pub fn over(&self, visit: &Encounter, today: &PartialDate) -> Result<Encounter, Vec<Finding>> {
        let mut findings = Vec::new();
        let mut amended = visit.clone();
        let was = Self::of(visit);
        if self.reason.trim() != was.reason {
            let typed = check::line("reason", &self.reason, &mut findings);
            amended.reason = typed.map(CodeableConcept::from_text).into_iter().collect();
        }
        if self.follow_up.trim() != was.follow_up {
            amended.follow_up = next_visit(&self.follow_up, today, &mut findings);
        }
        check::finish(amended, findings)
    }
}

fn next_visit(
    typed: &str,
    today: &PartialDate,
    findings: &mut Vec<Finding>,
) -> Option<PartialDate> {
    let typed = check::optional(typed)?;
    let day = today.date().and_then(|today| read_day_ahead(&typed, today));
    if day.is_none() {
        let detail = "Write a day to come: 14-Dec-2026, 2 weeks, 10 d, or a weekday.";
        findings.push(Finding::error("followUp", "day-ahead", detail));
    }
    day.map(PartialDate::from_date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_changes_a_visit_and_what_is_not_stays() {
        let id = EncounterId::from_uuid(crate::uuid_v7(1, [1; 10]));
        let today: PartialDate = "2026-11-27".parse().unwrap();
        let draft = EncounterDraft { reason: "cough".into(), class: None };
        let mut visit = draft.complete(id, today.clone()).unwrap();
        visit.reason = vec![CodeableConcept {
            coding: vec![crate::Coding::new("http://snomed.info/sct", "49727002", "Cough")],
            text: Some("cough".into()),
        }];
        let amend = |visit: &Encounter, reason: &str, follow_up: &str| {
            let typed = EncounterAmendment { reason: reason.into(), follow_up: follow_up.into() };
            typed.over(visit, &today)
        };
        assert_eq!(amend(&visit, "cough", ""), Ok(visit.clone()));
        let changed = amend(&visit, "cough, fever", "2w").unwrap();
        assert_eq!(changed.reason[0].label(), "cough, fever");
        assert_eq!(changed.follow_up.clone().unwrap().as_str(), "2026-12-11");
        assert_eq!(amend(&changed, "", "").unwrap().reason, []);
        let wrong = amend(&visit, "cough", "2020-01-01").unwrap_err();
        assert_eq!((wrong[0].path.as_str(), wrong[0].code.as_str()), ("followUp", "day-ahead"));
        let old = Encounter { follow_up: Some("2020-01-01".parse().unwrap()), ..visit };
        assert_eq!(amend(&old, "cough", "2020-01-01"), Ok(old.clone()));
    }

    #[test]
    fn a_visit_begins_with_a_reason() {
        let id = EncounterId::from_uuid(crate::uuid_v7(1, [1; 10]));
        let start: PartialDate = "2026-11-24T09:30:00+03:00".parse().unwrap();
        let draft = EncounterDraft { reason: " cough ".into(), class: None };
        let visit = draft.complete(id, start.clone()).unwrap();
        assert_eq!(visit.reason[0].label(), "cough");
        assert_eq!(
            (visit.status, visit.class),
            (EncounterStatus::InProgress, EncounterClass::Ambulatory)
        );
        assert_eq!(visit.start, Some(start.clone()));
        let missing = EncounterDraft::default().complete(id, start).unwrap_err();
        assert_eq!((missing[0].path.as_str(), missing[0].code.as_str()), ("reason", "required"));
    }

    #[test]
    fn who_comes_may_wait_without_a_reason() {
        let id = EncounterId::from_uuid(crate::uuid_v7(1, [1; 10]));
        let start: PartialDate = "2026-11-24T09:30:00+03:00".parse().unwrap();
        let came = |reason: &str| {
            let draft = EncounterDraft { reason: reason.into(), class: None };
            let visit = draft.arrival(id, start.clone()).unwrap();
            assert!(visit.status.is_waiting() && visit.status.is_open());
            visit.reason.first().map(|reason| reason.label().to_owned())
        };
        assert_eq!(came("  "), None);
        assert_eq!(came("cough"), Some("cough".into()));
    }
}
