//! What must hold: at a computer after each exchange, and everywhere once all have met.

use super::happened::Deed;
use super::world::{World, ids};
use crate::support::call;
use api::{AlarmKind, ChartView, ErrorCode, Hold, Origin, SyncPhase};
use clinical::{DocumentRef, PatientId};
use std::collections::{BTreeMap, BTreeSet};
use store::Fingerprint;

/// All have met, and nothing moves any more, after so many rounds.
const ROUNDS_MAX: usize = 12;

/// What there is at a computer of each document, to be compared.
type Fingerprints = BTreeMap<DocumentRef, Fingerprint>;

impl World {
    /// A computer shows all it is known to hold, nothing that is erased, and no part for the whole.
    pub(super) fn check_what_is_read(&self, at: usize) {
        self.check_as_far(at, self.faults.rolled_back);
    }

    /// The same; what a server that was put back is given again by others is told in the exchange that
    /// follows, so that `late` an erased chart may still be shown.
    fn check_as_far(&self, at: usize, late: bool) {
        let (place, app) = (&self.places[at], self.app(at));
        let is_part = place.is_part();
        for patient in &self.record.people {
            let held = &place.held;
            let is_known = held.of(*patient).next().is_some();
            match app.call(api::OpenChart { patient: *patient }, Origin::Host) {
                Ok(view) => {
                    if held.is_erased(*patient) {
                        assert!(late, "place {at} shows {patient}");
                        continue;
                    }
                    let (here, known) = (ids(&view.chart), held.entries(*patient));
                    assert!(here.is_superset(&known), "place {at} lost of {patient}: {known:?}");
                    self.check_whose(at, *patient, &view);
                }
                Err(error) if error.code == ErrorCode::NotFound => {
                    let is_gone = self.record.ever_erased.contains(patient);
                    assert!(!is_known || is_gone, "place {at} lost {patient}: {error}");
                }
                Err(error) => {
                    let is_not_here = error.code == ErrorCode::ChartNotHere;
                    assert!(is_part && is_not_here, "place {at}, {patient}: {error}");
                }
            }
        }
        let hits = call(app, api::FindPatients { query: "amina".into(), limit: 99 });
        let found: BTreeSet<PatientId> = hits.iter().map(|hit| hit.patient).collect();
        assert_eq!(found.len(), hits.len(), "place {at} finds somebody twice");
        let is_shown = |patient: &PatientId| late || !place.held.is_erased(*patient);
        assert!(found.iter().all(is_shown), "place {at}");
    }

    /// What is shown of somebody was written in a chart of theirs.
    fn check_whose(&self, at: usize, patient: PatientId, view: &ChartView) {
        let charts: BTreeSet<PatientId> =
            view.also.iter().map(|it| it.patient).chain([view.patient]).collect();
        assert!(charts.contains(&patient), "place {at}");
        for id in ids(&view.chart) {
            let chart = self.record.chart_of[&id];
            assert!(charts.contains(&chart), "place {at}: {id} of {chart} is shown of {patient}");
        }
    }

    /// The network works again; everybody meets the server until nothing moves, then all hold all.
    pub(super) fn heal(&mut self) {
        self.mend_the_line();
        self.part_the_twins();
        self.come_to_rest();
        self.check_computers();
        for at in 0..self.places.len() {
            for patient in self.record.people.clone() {
                if self.is_elsewhere(at, patient) {
                    call(self.app(at), api::FetchChart { patient });
                    let opened = call(self.app(at), api::OpenChart { patient }).chart;
                    let known = self.everywhere().entries(patient);
                    assert!(ids(&opened).is_superset(&known), "place {at}, {patient}");
                }
            }
            call(self.app(at), api::SetHold { hold: Hold::All });
        }
        self.come_to_rest();
        self.check_all();
    }

    fn come_to_rest(&mut self) {
        for _ in 0..ROUNDS_MAX {
            let mut moved = false;
            for at in 0..self.places.len() {
                moved |= self.exchange(at);
            }
            if !moved {
                return;
            }
        }
        panic!("it never comes to rest");
    }

    fn check_all(&self) {
        let known = self.everywhere();
        for (at, place) in self.places.iter().enumerate() {
            let view = call(place.app(), api::GetSyncState {});
            assert_eq!(view.phase, SyncPhase::Idle, "place {at}");
            assert_eq!((view.to_send, view.quarantined), (0, 0), "place {at}: {view:?}");
            assert_eq!(view.coming, None, "place {at}");
            let wrong = view.alarms.iter().find(|raised| !self.may_be_told(&raised.alarm));
            assert_eq!(wrong, None, "place {at}");
            for erased in call(place.app(), api::ListErased {}) {
                let (said, told) = (erased.said, erased.server);
                assert_eq!((said, told, erased.packs), (true, Some(true), 0), "place {at}");
            }
            assert!(place.app().check().unwrap().sound, "place {at}");
            self.check_as_far(at, false);
        }
        self.check_bits();
        for patient in &self.record.people {
            self.check_same(*patient, &known.entries(*patient), known.is_erased(*patient));
        }
        self.check_documents(&known.files);
    }

    /// Who holds the same of a document has the same made of it, whatever else is or is not there
    /// yet, and however it came.
    pub(super) fn check_what_is_alike(&self) {
        let mut met: BTreeMap<DocumentRef, Vec<(usize, Fingerprint)>> = BTreeMap::new();
        for at in 0..self.places.len() {
            for (name, here) in self.fingerprints(at) {
                let others = met.entry(name).or_default();
                if let Some((other, there)) = others.iter().find(|it| it.1.heads == here.heads) {
                    let differ = tables_that_differ(&here, there);
                    assert!(differ.is_empty(), "places {other}, {at}: {name:?}: {differ:?}");
                } else {
                    others.push((at, here));
                }
            }
        }
    }

    /// All hold all: the heads of every document are the same at each, and every row that is made of
    /// them, bit for bit, and still once all rows were made again.
    fn check_bits(&self) {
        let first = self.fingerprints(0);
        for (at, place) in self.places.iter().enumerate() {
            check_alike(&first, &self.fingerprints(at), &format!("places 0, {at}"));
            place.app().rebuild(|_, _| {}).unwrap();
            let again = self.fingerprints(at);
            check_alike(&first, &again, &format!("place {at}, its rows made again"));
        }
    }

    fn fingerprints(&self, at: usize) -> Fingerprints {
        self.app(at).fingerprints_measured().unwrap()
    }

    /// What a chart is alike at all computers.
    fn check_same(&self, patient: PatientId, known: &BTreeSet<uuid::Uuid>, is_erased: bool) {
        let read = |at: usize| match self.app(at).call(api::OpenChart { patient }, Origin::Host) {
            Ok(view) => Some(view),
            Err(error) => {
                assert_eq!(error.code, ErrorCode::NotFound, "place {at}: {error}");
                None
            }
        };
        let first = read(0);
        assert!(!is_erased || first.is_none(), "{patient} is erased and shown");
        if let Some(view) = &first {
            assert!(ids(&view.chart).is_superset(known), "lost of {patient}");
            assert_eq!(view.waiting, [], "{patient} waits for ever");
        } else {
            let may_be_gone = known.is_empty() || self.record.ever_erased.contains(&patient);
            assert!(may_be_gone, "{patient} is lost");
        }
        let part = |view: &ChartView| {
            let also: Vec<PatientId> = view.also.iter().map(|it| it.patient).collect();
            (view.patient, also, view.chart.clone(), view.advice.clone(), view.drafts.clone())
        };
        for at in 1..self.places.len() {
            let here = read(at);
            assert_eq!(here.as_ref().map(part), first.as_ref().map(part), "place {at}");
        }
    }

    /// The bytes of each document are to be had at each computer, and are what they were.
    fn check_documents(&self, files: &BTreeSet<clinical::DocumentReferenceId>) {
        for document in files {
            let (patient, bytes) = &self.record.documents[document];
            for (at, place) in self.places.iter().enumerate() {
                let open = api::OpenChart { patient: *patient };
                let Ok(view) = place.app().call(open, Origin::Host) else { continue };
                assert!(view.chart.documents.iter().any(|it| it.id == *document), "place {at}");
                let path = self.stick.path().join(format!("out-{at}-{document}"));
                let out = path.display().to_string();
                let save = api::SaveDocument { patient: *patient, document: *document, path: out };
                call(place.app(), save);
                assert_eq!(&std::fs::read(&path).unwrap(), bytes, "place {at}");
                std::fs::remove_file(path).unwrap();
            }
        }
    }

    /// Nothing was moved: once nobody is one with anybody, each chart holds what was written in it.
    pub(super) fn part_all_who_were_joined(&mut self) {
        for patient in self.record.people.clone() {
            let Ok(view) = self.app(0).call(api::OpenChart { patient }, Origin::Host) else {
                continue;
            };
            for other in view.also.iter().map(|it| it.patient) {
                let patient = view.patient;
                match self.app(0).call(api::SeparatePatients { patient, other }, Origin::Host) {
                    Ok(()) => {}
                    // It was joined by one that was separated just now.
                    Err(error) => assert_eq!(error.code, ErrorCode::Invalid, "{error}"),
                }
            }
        }
        self.come_to_rest();
        self.check_all();
        for patient in &self.record.people {
            if let Ok(view) = self.app(0).call(api::OpenChart { patient: *patient }, Origin::Host) {
                assert_eq!((view.patient, view.also), (*patient, vec![]));
            }
        }
    }

    /// Whether an alarm is of what happened here.
    fn may_be_told(&self, alarm: &AlarmKind) -> bool {
        match alarm {
            AlarmKind::Restored | AlarmKind::Forked { .. } | AlarmKind::Copied => {
                self.faults.restored || self.happened.has(Deed::Copied)
            }
            AlarmKind::LogReplaced
            | AlarmKind::HistoriesDiffer { .. }
            | AlarmKind::FloorUnproven
            | AlarmKind::MembersMended => self.faults.rolled_back,
            AlarmKind::ClockAhead { .. }
            | AlarmKind::ClockBehind { .. }
            | AlarmKind::Misnamed
            | AlarmKind::SetAsideFull
            | AlarmKind::PushRefused
            | AlarmKind::OverQuota
            | AlarmKind::ServerMisbehaves
            | AlarmKind::LogContradicts
            | AlarmKind::MembersContradict
            | AlarmKind::KeysWithheld
            | AlarmKind::Revoked
            | AlarmKind::NumbersDiffered => false,
        }
    }
}

/// Two computers hold the same documents, and have the same made of each.
fn check_alike(one: &Fingerprints, other: &Fingerprints, between: &str) {
    let names: BTreeSet<&DocumentRef> = one.keys().chain(other.keys()).collect();
    for name in names {
        let (Some(here), Some(there)) = (one.get(name), other.get(name)) else {
            panic!("{between}: only one has {name:?}")
        };
        assert_eq!(here.heads, there.heads, "{between}: {name:?}");
        let differ = tables_that_differ(here, there);
        assert!(differ.is_empty(), "{between}: {name:?}: {differ:?}");
    }
}

/// The tables in which the rows of one document are not the same.
fn tables_that_differ(one: &Fingerprint, other: &Fingerprint) -> BTreeSet<&'static str> {
    let tables = one.rows.keys().chain(other.rows.keys()).copied();
    tables.filter(|table| one.rows.get(table) != other.rows.get(table)).collect()
}
