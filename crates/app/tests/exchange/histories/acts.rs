//! What people do, and what happens to their computers.

use super::happened::Deed;
use super::model::Fact;
use super::world::{World, ids};
use crate::exchange::medication;
use crate::support::call;
use api::{ErrorCode, Recorded};
use clinical::{
    AllergyDraft, DocumentCategory, DocumentDraft, DocumentReferenceId, NoteSectionCode,
    PatientDraft, PatientId, SharingDraft, SharingGround, chart_number,
};
use uuid::Uuid;

/// Why nothing is written to a chart, or read of it.
const NOT_HERE: [ErrorCode; 2] = [ErrorCode::NotFound, ErrorCode::ChartNotHere];
const NOT_HERE_OR_NOT_SO: [ErrorCode; 3] =
    [ErrorCode::NotFound, ErrorCode::ChartNotHere, ErrorCode::Invalid];
/// Why nothing comes back: what another computer of this clinic wrote in it has not come here yet.
const NOT_HERE_OR_NOT_ALL: [ErrorCode; 3] =
    [ErrorCode::NotFound, ErrorCode::ChartNotHere, ErrorCode::UnreadableFile];

impl World {
    pub(super) fn act(&mut self) {
        let at = self.random.below(self.places.len());
        let other = self.random.below(self.places.len());
        let what = self.random.below(48);
        println!("act {what} at {at}, {other}");
        match what {
            0..=2 => self.register(at),
            3..=6 => self.allergy(at),
            7..=8 => self.medicine(at),
            9..=10 => self.document(at),
            11 => self.note(at),
            12..=18 => {
                self.exchange(at);
            }
            19 => {
                let answers = 1 + self.random.below(12);
                self.exchange_cut(at, answers);
            }
            20..=22 => self.meet(at, other),
            23 => self.carry(at, other),
            24..=25 => self.erase(at),
            26..=28 => self.merge(at),
            29 => self.separate(at),
            30 => self.give(at, other),
            31 => {
                self.restart(at);
                self.happened.note(Deed::Restarted);
            }
            32..=33 => self.make_floor(at),
            34 => self.later(40),
            35 => self.join(),
            36..=37 => self.fetch(at),
            38 if self.faults.restored => self.copy_or_restore(at),
            39 if self.faults.rolled_back => self.copy_or_restore_server(),
            40..=42 if self.faults.restored => self.copy(at),
            43..=45 => self.remove(at, other),
            _ => self.rotate(at),
        }
    }

    fn word(&mut self, kind: &str) -> String {
        self.words += 1;
        format!("{kind}{}", self.words)
    }

    fn somebody(&mut self) -> Option<PatientId> {
        let people = self.record.people.len();
        (people > 0).then(|| self.record.people[self.random.below(people)])
    }

    pub(super) fn register(&mut self, at: usize) {
        let draft = PatientDraft {
            family: self.word("Okello"),
            given: "Amina".into(),
            ..PatientDraft::default()
        };
        let patient = call(self.app(at), api::RegisterPatient { draft });
        self.record.people.push(patient);
        self.places[at].held.facts.insert(Fact::Registered(patient));
    }

    /// Notes what was written, in the chart that holds it.
    fn wrote(&mut self, at: usize, patient: PatientId, recorded: Option<Recorded>) -> Option<Uuid> {
        let id = recorded?.entries[0].id;
        let chart = call(self.app(at), api::OpenChart { patient }).patient;
        self.record.chart_of.insert(id, chart);
        self.places[at].held.facts.insert(Fact::Entry(chart, id));
        Some(id)
    }

    fn allergy(&mut self, at: usize) {
        let Some(patient) = self.somebody() else { return };
        let substance =
            if self.random.happens(300) { "Penicillin".into() } else { self.word("Dust") };
        let draft = AllergyDraft { substance, ..AllergyDraft::default() };
        let recorded = self.attempt(at, api::RecordAllergy { patient, draft }, &NOT_HERE);
        self.wrote(at, patient, recorded);
    }

    fn medicine(&mut self, at: usize) {
        let Some(patient) = self.somebody() else { return };
        let draft = medication("Amoxicillin", "500", "3");
        let recorded = self.attempt(at, api::RecordMedication { patient, draft }, &NOT_HERE);
        self.wrote(at, patient, recorded);
    }

    fn document(&mut self, at: usize) {
        let Some(patient) = self.somebody() else { return };
        let path = self.path("letter");
        let bytes = format!("%PDF-1.7\n{}\n", path.display()).into_bytes();
        std::fs::write(&path, &bytes).unwrap();
        let draft = DocumentDraft { title: "Letter".into(), category: DocumentCategory::Letter };
        let path = path.display().to_string();
        let recorded = self.attempt(at, api::AddDocument { patient, path, draft }, &NOT_HERE);
        if let Some(id) = self.wrote(at, patient, recorded) {
            let chart = self.record.chart_of[&id];
            let id = DocumentReferenceId::from_uuid(id);
            self.record.documents.insert(id, (chart, bytes));
            self.places[at].held.files.insert(id);
            self.happened.note(Deed::Attached);
        }
    }

    fn note(&mut self, at: usize) {
        let Some(patient) = self.somebody() else { return };
        let open = api::OpenDraft { patient, which: api::WhichDraft::Last };
        let Some(draft) = self.attempt(at, open, &NOT_HERE) else { return };
        let (draft, text) = (draft.id, self.word("Rest "));
        let section = NoteSectionCode::Plan;
        call(self.app(at), api::SaveDraft { draft, section, text, settled: true });
        self.happened.note(Deed::Noted);
    }

    fn erase(&mut self, at: usize) {
        let Some(patient) = self.somebody() else { return };
        let Some(view) = self.attempt(at, api::OpenChart { patient }, &NOT_HERE) else { return };
        let identity = view.chart.patient.unwrap().identity;
        let number = chart_number(&identity, patient);
        let ground = "asked for by the patient".to_owned();
        let command = api::EraseChart { patient, number, ground };
        if self.attempt(at, command, &NOT_HERE_OR_NOT_SO).is_some() {
            println!("{patient} is erased at {at}");
            self.places[at].held.facts.insert(Fact::Erased(patient));
            self.record.ever_erased.insert(patient);
            self.happened.note(Deed::Erased);
            self.check_what_is_read(at);
        }
    }

    fn merge(&mut self, at: usize) {
        let (Some(patient), Some(other)) = (self.somebody(), self.somebody()) else { return };
        let merge = api::MergePatients { patient, other };
        if self.attempt(at, merge, &NOT_HERE_OR_NOT_SO).is_some() {
            self.happened.note(Deed::Merged);
        }
        self.check_what_is_read(at);
    }

    fn separate(&mut self, at: usize) {
        let Some(patient) = self.somebody() else { return };
        let from = self.record.people.iter().position(|one| *one == patient).unwrap();
        // The next who is one with somebody.
        let (before, after) = self.record.people.split_at(from);
        let pair = after.iter().chain(before).find_map(|patient| {
            let view = self.attempt(at, api::OpenChart { patient: *patient }, &NOT_HERE)?;
            Some((view.patient, view.also.first()?.patient))
        });
        if let Some((patient, other)) = pair {
            call(self.app(at), api::SeparatePatients { patient, other });
            self.happened.note(Deed::Parted);
            self.check_what_is_read(at);
        }
    }

    /// A chart goes to the other clinic, is written in there, and comes back to any computer.
    fn give(&mut self, at: usize, back_at: usize) {
        let Some(patient) = self.somebody() else { return };
        let path = self.path("given").display().to_string();
        let card = call(&self.hilltop, api::GetCard {}).card;
        let draft =
            SharingDraft { ground: Some(SharingGround::Referral), ..SharingDraft::default() };
        let share = api::ShareChart {
            patient,
            card,
            compared: true,
            draft: draft.clone(),
            path: path.clone(),
        };
        if self.attempt(at, share, &NOT_HERE_OR_NOT_SO).is_none() {
            return;
        }
        let look = call(&self.hilltop, api::LookAtGiven { path: path.clone() });
        let seen = look.overwrites.map(|overwrites| overwrites.seen);
        call(&self.hilltop, api::TakeInGiven { path, compared: true, seen });
        let substance = self.word("Pollen");
        let allergy = AllergyDraft { substance, ..AllergyDraft::default() };
        let recorded = call(&self.hilltop, api::RecordAllergy { patient, draft: allergy });
        self.record.chart_of.insert(recorded.entries[0].id, patient);
        let chart = call(&self.hilltop, api::OpenChart { patient }).chart;

        let path = self.path("given").display().to_string();
        let card = call(self.app(back_at), api::GetCard {}).card;
        let share = api::ShareChart { patient, card, compared: true, draft, path: path.clone() };
        call(&self.hilltop, share);
        let look = api::LookAtGiven { path: path.clone() };
        // One that was erased is not brought back, and one that is elsewhere is fetched first.
        let codes = if at == back_at { &NOT_HERE[..] } else { &NOT_HERE_OR_NOT_ALL };
        let Some(look) = self.attempt(back_at, look, codes) else { return };
        let seen = look.overwrites.map(|overwrites| overwrites.seen);
        let take = api::TakeInGiven { path, compared: true, seen };
        if self.attempt(back_at, take, &NOT_HERE).is_some() {
            let came = ids(&chart).into_iter().map(|id| Fact::Entry(patient, id));
            let held = &mut self.places[back_at].held;
            held.facts.extend(came.chain([Fact::Registered(patient)]));
            self.happened.note(Deed::CameBack);
            self.check_what_is_read(back_at);
        }
    }

    /// A chart that was left at the server is opened.
    pub(super) fn fetch(&mut self, at: usize) {
        let Some(patient) = self.somebody() else { return };
        if !self.places[at].is_part() {
            return;
        }
        self.exchange(at);
        if self.is_elsewhere(at, patient) {
            call(self.app(at), api::FetchChart { patient });
            self.happened.note(Deed::Fetched);
            let held = ids(&call(self.app(at), api::OpenChart { patient }).chart);
            let given = self.places[at].read.entries(patient);
            assert!(held.is_superset(&given), "place {at}, {patient}: {held:?} of {given:?}");
            self.take(at, &super::model::Held::default());
        }
    }
}
