//! What is durable is told as durable, whatever tidying up after it meets.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use super::topics_of;
use crate::{App, Host, audit::Deed, error::ToldResult, open::Session};
use api::{ApiError, Command, Event, Origin, Topic};
use chart::ChartEdit;
use clinical::{
    CompositionId, DocumentKind, DocumentRef, EntryKind, Instant, ObservationId, PatientDraft,
    PatientId, VitalsDraft,
};
use std::{
    collections::BTreeSet,
    path::Path,
    sync::atomic::{AtomicI64, Ordering},
};
use store::{Commit, TouchedDocument as Touched};
use vault::{KeyringPort, keyring::NoKeyring, stretch::StretchParams};

struct Computer {
    folder: tempfile::TempDir,
    clock: AtomicI64,
}

impl Host for Computer {
    fn now(&self) -> Instant {
        Instant::from_unix_ms(self.clock.fetch_add(1, Ordering::SeqCst))
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).unwrap();
    }

    fn stretching(&self) -> StretchParams {
        StretchParams::FLOOR
    }

    fn keyring(&self) -> &dyn KeyringPort {
        &NoKeyring
    }

    fn directory(&self) -> &Path {
        self.folder.path()
    }

    fn device_name(&self) -> String {
        "Desk".to_owned()
    }

    fn emit(&self, _event: Event) {}
}

fn call<C: Command>(app: &App<Computer>, command: C) -> C::Reply {
    app.call(command, Origin::Host).unwrap()
}

fn pulse(app: &App<Computer>, patient: PatientId, value: usize) {
    let values = [("heartRate".to_owned(), value.to_string())].into();
    call(app, api::RecordVitals { patient, draft: VitalsDraft { values, encounter: None } });
}

/// The window that wrote goes by the contract's list, the others by what was committed.
#[test]
fn a_window_touches_after_its_own_write_all_that_the_others_are_told() {
    let id = uuid::Uuid::from_u128(7);
    let (patient, draft) = (PatientId::from_uuid(id), CompositionId::from_uuid(id));
    let told = |touched| -> BTreeSet<Topic> {
        let committed = store::Committed { touched: vec![touched], ..Default::default() };
        topics_of(&committed).into_iter().collect()
    };
    let told_of_chart = |kinds: &[EntryKind]| told(Touched::Chart(patient, kinds.to_vec()));
    let check = |told: BTreeSet<Topic>, own: &[Topic], left_out: &[Topic]| {
        let missing: Vec<_> = own.iter().filter(|topic| !told.contains(topic)).copied().collect();
        assert_eq!(missing, left_out);
        assert!(told.iter().all(|topic| own.contains(topic)), "{told:?} and not {own:?}");
    };
    let own = api::chart_topics(patient);
    let all = EntryKind::ALL.map(|(kind, _)| kind);
    check(told_of_chart(&all), &own, &[]);
    for kind in all {
        let shown = [
            (Topic::Patients, &[EntryKind::Patient][..]),
            (Topic::Today, &[EntryKind::Patient, EntryKind::Encounter]),
            (Topic::Tasks, &[EntryKind::Task]),
        ];
        let left_out =
            shown.into_iter().filter(|(_, of)| !of.contains(&kind)).map(|(topic, _)| topic);
        check(told_of_chart(&[kind]), &own, &left_out.collect::<Vec<_>>());
    }
    let own = api::draft_topics(draft, patient);
    check(told(Touched::Draft(draft, Some(patient))), &own, &[]);
    check(told(Touched::Draft(draft, None)), &own, &[Topic::Chart(patient), Topic::Today]);
    check(told(Touched::Clinic), &api::clinic_topics(), &[]);
}

#[test]
fn a_compaction_that_fails_takes_back_no_commit() {
    let folder = tempfile::tempdir().unwrap();
    let app = App::new(Computer { folder, clock: AtomicI64::new(1_795_500_000_000) });
    let (clinic_name, user_name, name) = ("Lakeside".into(), "ana".into(), "Ana".into());
    let password = "a quiet morning in the clinic".into();
    let (device_name, server) = (None, None);
    let create = api::CreateClinic { clinic_name, user_name, name, password, device_name, server };
    call(&app, create);
    let draft = PatientDraft { family: "Okello".into(), ..Default::default() };
    let patient = call(&app, api::RegisterPatient { draft });
    let name = DocumentRef::new(DocumentKind::Chart, patient.uuid());
    let loose_max = usize::try_from(store::LOOSE_CHANGES_MAX).unwrap();
    let loose = || {
        let of = |session: &Session<'_, Computer>| session.open.store.document(name).told();
        app.with_session(Origin::Host, of).unwrap().unwrap().stored().loose.len()
    };
    for value in loose()..loose_max {
        pulse(&app, patient, 60 + value);
    }
    assert_eq!(loose(), loose_max, "the next one makes it due");
    app.with_session(Origin::Host, |session| {
        let mut document = session.load_chart(patient)?;
        let values = [("heartRate".to_owned(), "60".to_owned())].into();
        let draft = VitalsDraft { values, encounter: None };
        let id = || ObservationId::from_uuid(session.make_uuid());
        let pulse = draft.complete(id, &session.moment()?).unwrap().remove(0);
        let edits = [ChartEdit::RecordObservation(pulse)];
        let record = session.chart_record(Deed::RULES, patient, &mut document, &edits).told()?;
        let mut asked = Vec::new();
        session.commit_with(Commit::local(vec![record]), |due| {
            asked.push(due);
            Err(ApiError::new(api::ErrorCode::Internal, "The disk is full."))
        })?;
        assert_eq!(asked, [name]);
        Ok(())
    })
    .unwrap();
    assert_eq!(loose(), loose_max + 1, "it is kept, and was not compacted");
    pulse(&app, patient, 60);
    assert_eq!(loose(), 0, "the next one is compacted");
}
