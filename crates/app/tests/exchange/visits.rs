//! A visit that two computers write apart: nothing of it is lost, and people are told.

use super::*;
use api::{CheckedIn, TaskItem, VisitItem};
use clinical::{EncounterDraft, EncounterId, EncounterStatus, EntryKind, EntryRef, SheetDraft};

/// Two computers, and somebody who waits with a cough on both.
struct Waiting {
    _stations: [Station; 2],
    apps: [App<Station>; 2],
    patient: PatientId,
    encounter: EncounterId,
}

impl Waiting {
    fn new() -> Self {
        let server = Server::default();
        let (stations, apps) = two(&server);
        let patient = register(&apps[0], "Okello");
        let encounter = check_in(&apps[0], patient, "cough").encounter;
        let waiting = Self { _stations: stations, apps, patient, encounter };
        waiting.meet();
        waiting
    }

    /// Both have what the other wrote, and what was made of it.
    fn meet(&self) {
        let [a, b] = &self.apps;
        for app in [a, b, a, b, a] {
            synced(app);
        }
        assert_eq!(chart(a, self.patient), chart(b, self.patient));
    }

    fn amend(&self, app: &App<Station>, reason: &str, follow_up: &str) {
        let (patient, encounter) = (self.patient, self.encounter);
        let (reason, follow_up) = (reason.to_owned(), follow_up.to_owned());
        call(app, api::AmendEncounter { patient, encounter, seen: None, reason, follow_up });
    }

    fn see(&self) -> api::SeePatient {
        api::SeePatient { patient: self.patient, encounter: self.encounter, seen: None }
    }

    fn cancel(&self) -> api::CancelEncounter {
        api::CancelEncounter { patient: self.patient, encounter: self.encounter, seen: None }
    }

    fn end(&self) -> api::EndEncounter {
        api::EndEncounter { patient: self.patient, encounter: self.encounter, seen: None }
    }

    fn visit(&self) -> clinical::Encounter {
        chart(&self.apps[0], self.patient).encounters.remove(0)
    }

    fn decide(&self, app: &App<Station>, at: usize) {
        let item = conflicts(app).remove(0);
        let change = item.conflict.versions[at].change.clone();
        let (patient, conflict, seen) = (self.patient, item.conflict.id, Some(item.heads));
        call(app, api::Decide { patient, conflict, change, seen });
        self.meet();
        assert!(self.apps.iter().all(|app| conflicts(app).is_empty()));
    }
}

fn check_in(app: &App<Station>, patient: PatientId, reason: &str) -> CheckedIn {
    let draft = EncounterDraft { reason: reason.into(), class: None };
    call(app, api::CheckIn { patient, draft })
}

fn today(app: &App<Station>) -> Vec<VisitItem> {
    call(app, api::GetToday {}).visits
}

fn tasks(app: &App<Station>) -> Vec<TaskItem> {
    call(app, api::ListTasks { after: None, limit: 9 }).items
}

#[test]
fn the_reason_and_what_became_of_the_visit_are_not_in_each_others_way() {
    let waiting = Waiting::new();
    let [a, b] = &waiting.apps;
    waiting.amend(a, "fever", "2 weeks");
    call(b, waiting.see());
    waiting.meet();
    let visit = waiting.visit();
    assert_eq!((visit.status, visit.reason[0].label()), (EncounterStatus::InProgress, "fever"));
    assert!(visit.follow_up.is_some() && visit.participant.len() == 1);
    assert!(conflicts(a).is_empty() && tasks(a).is_empty());

    let waiting = Waiting::new();
    let [a, b] = &waiting.apps;
    waiting.amend(a, "fever", "");
    call(b, waiting.cancel());
    waiting.meet();
    let visit = waiting.visit();
    assert_eq!((visit.status, visit.reason[0].label()), (EncounterStatus::Cancelled, "fever"));
    assert_eq!(conflicts(a), []);

    let waiting = Waiting::new();
    let [a, b] = &waiting.apps;
    waiting.amend(a, "fever", "");
    waiting.amend(b, "cough", "2 weeks");
    waiting.meet();
    let visit = waiting.visit();
    assert_eq!((visit.reason[0].label(), visit.follow_up.is_some()), ("fever", true));
    assert_eq!(conflicts(b), []);
}

#[test]
fn who_was_seen_was_not_sent_away_and_both_are_told() {
    let waiting = Waiting::new();
    let [a, b] = &waiting.apps;
    call(a, waiting.cancel());
    call(b, waiting.see());
    waiting.meet();
    for app in [a, b] {
        let [item] = today(app).try_into().unwrap();
        assert_eq!((item.status, item.disputed), (EncounterStatus::InProgress, true));
        let [item] = conflicts(app).try_into().unwrap();
        let sides = item.conflict.versions.iter().map(|version| match &version.value {
            clinical::EntryValue::EncounterState(state) => state.status,
            other => panic!("{other:?}"),
        });
        let mut sides: Vec<_> = sides.collect();
        sides.sort();
        assert_eq!(sides, [EncounterStatus::InProgress, EncounterStatus::Cancelled]);
        // Until somebody decides, nothing is written over it.
        assert_eq!(refused(app, waiting.end()), ErrorCode::Disputed);
        assert_eq!(refused(app, waiting.cancel()), ErrorCode::Invalid, "somebody sees them");
        let summary = SheetDraft::Summary(waiting.encounter);
        let (patient, paper, language) = (waiting.patient, None, None);
        let print = api::PrintSheet { patient, sheet: summary, paper, language };
        assert_eq!(refused(app, print), ErrorCode::Disputed);
        // The reason is said all the same.
        waiting.amend(app, "cough, fever", "");
    }
    waiting.meet();
    assert_eq!(waiting.visit().reason[0].label(), "cough, fever");
    let seen = conflicts(a).remove(0).conflict.versions;
    let is_seen = |version: &clinical::Version| match &version.value {
        clinical::EntryValue::EncounterState(state) => state.status == EncounterStatus::InProgress,
        _ => false,
    };
    waiting.decide(b, seen.iter().position(is_seen).unwrap());
    assert_eq!(waiting.visit().status, EncounterStatus::InProgress);
    call(a, waiting.end());
    waiting.meet();
    assert_eq!(waiting.visit().status, EncounterStatus::Finished);
    for app in [a, b] {
        app.rebuild(|_, _| {}).unwrap();
    }
    assert_eq!(chart(a, waiting.patient), chart(b, waiting.patient));
}

#[test]
fn a_visit_on_which_people_disagree_is_listed_whatever_is_read_of_it() {
    let waiting = Waiting::new();
    let [a, b] = &waiting.apps;
    let entry = EntryRef::new(EntryKind::Encounter, waiting.encounter.uuid());
    let (patient, reason) = (waiting.patient, "twice".to_owned());
    call(a, api::WithdrawEntry { patient, entry, seen: None, reason });
    call(b, waiting.see());
    waiting.meet();
    for app in [a, b] {
        let [item] = today(app).try_into().unwrap();
        assert_eq!((item.status, item.disputed), (EncounterStatus::EnteredInError, true));
        assert_eq!(conflicts(app).len(), 1);
    }
    waiting.decide(a, 0);
    assert!(today(a).len() < 2 && today(a) == today(b));
}

#[test]
fn two_reasons_are_both_seen_until_somebody_decides() {
    let waiting = Waiting::new();
    let [a, b] = &waiting.apps;
    waiting.amend(a, "fever", "");
    waiting.amend(b, "rash", "2 weeks");
    waiting.meet();
    for app in [a, b] {
        let [item] = today(app).try_into().unwrap();
        let reason = item.reason.unwrap();
        assert!(["fever / rash", "rash / fever"].contains(&reason.as_str()), "{reason}");
        assert!(item.disputed);
    }
    // The patient is seen meanwhile.
    call(a, waiting.see());
    waiting.meet();
    waiting.decide(b, 0);
    let visit = waiting.visit();
    assert_eq!((visit.status, visit.reason.len()), (EncounterStatus::InProgress, 1));
    assert!(visit.follow_up.is_some(), "the next visit was nobody's dispute");
}

#[test]
fn two_open_visits_are_one_task_everywhere_until_one_is_none() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    for app in [&a, &b, &a] {
        synced(app);
    }
    let first = check_in(&a, patient, "cough");
    let second = check_in(&b, patient, "fever");
    assert!(!first.already && !second.already);
    assert!(tasks(&a).is_empty() && !today(&a)[0].doubled);
    for app in [&a, &b, &a, &b, &a] {
        synced(app);
    }
    let found = tasks(&a).remove(0);
    assert_eq!(found.task.rule, "open-visits");
    assert_eq!(found.visits.len(), 2);
    let subject: Vec<_> = found.task.subject.iter().map(|entry| entry.id).collect();
    let mut visits = [first.encounter.uuid(), second.encounter.uuid()];
    visits.sort();
    assert_eq!(subject, visits);
    for app in [&a, &b] {
        let [one] = tasks(app).try_into().unwrap();
        assert_eq!((one.task.id, one.patient), (found.task.id, patient));
        let listed: Vec<bool> = today(app).iter().map(|item| item.doubled).collect();
        assert_eq!(listed, [true, true]);
    }
    let item = today(&b).into_iter().find(|item| item.encounter == second.encounter).unwrap();
    let entry = EntryRef::new(EntryKind::Encounter, second.encounter.uuid());
    let seen = Some(item.heads);
    call(&b, api::WithdrawEntry { patient, entry, seen, reason: "checked in twice".into() });
    assert_eq!(tasks(&b), [], "what it was about is gone");
    for app in [&b, &a, &b] {
        synced(app);
    }
    for app in [&a, &b] {
        assert_eq!(tasks(app), []);
        let [item] = today(app).try_into().unwrap();
        assert_eq!((item.encounter, item.doubled), (first.encounter, false));
    }
    assert_eq!(chart(&a, patient), chart(&b, patient));
}

/// One side of what was written apart is never put back alone; what nobody wrote apart is.
#[test]
fn the_end_of_a_visit_is_taken_back_where_nothing_is_lost_by_that() {
    let back = |app: &App<Station>, patient, recorded: api::Recorded| {
        let api::Recorded { entries, before, heads: seen, .. } = recorded;
        (api::UndoEdit { patient, entries, before, seen }, chart(app, patient))
    };

    // Why they came was written apart, and is not what the end wrote.
    let waiting = Waiting::new();
    let [a, b] = &waiting.apps;
    waiting.amend(a, "fever", "");
    waiting.amend(b, "cough", "2 weeks");
    waiting.meet();
    call(a, waiting.see());
    let (undo, _) = back(a, waiting.patient, call(a, waiting.end()));
    call(a, undo);
    waiting.meet();
    let visit = waiting.visit();
    assert_eq!((visit.status, visit.follow_up.is_some()), (EncounterStatus::InProgress, true));

    // What became of it was: two saw the patient.
    let waiting = Waiting::new();
    let [a, b] = &waiting.apps;
    call(a, waiting.see());
    call(b, waiting.see());
    waiting.meet();
    let (undo, ended) = back(a, waiting.patient, call(a, waiting.end()));
    assert_eq!(refused(a, undo), ErrorCode::Disputed);
    assert_eq!(chart(a, waiting.patient), ended);
    assert_eq!(waiting.visit().status, EncounterStatus::Finished);
}
