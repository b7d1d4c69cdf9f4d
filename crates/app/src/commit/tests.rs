//! What is durable is told as durable, whatever tidying up after it meets.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::{App, Host};
use api::{Command, Event, Origin};
use clinical::{DocumentKind, DocumentRef, Instant, PatientDraft, PatientId, VitalsDraft};
use std::{
    path::Path,
    sync::atomic::{AtomicI64, Ordering},
};
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

/// The piece of a chart that stays open is spoilt in the store, so that every compaction fails and
/// no commit does.
#[test]
fn a_compaction_that_fails_takes_back_no_commit() {
    let folder = tempfile::tempdir().unwrap();
    let app = App::new(Computer { folder, clock: AtomicI64::new(1_795_500_000_000) });
    let (clinic_name, user_name, name) = ("Lakeside".into(), "ana".into(), "Ana".into());
    let password = "a quiet morning in the clinic".into();
    call(&app, api::CreateClinic { clinic_name, user_name, name, password, server: None });
    let draft = PatientDraft { family: "Okello".into(), ..Default::default() };
    let patient = call(&app, api::RegisterPatient { draft });
    pulse(&app, patient, 60);
    let document = DocumentRef::new(DocumentKind::Chart, patient.uuid());
    app.with_session(Origin::Host, |session| {
        let store = &session.open.store;
        let heads = store.heads(document).unwrap().unwrap();
        assert!(store.compact(document, b"no document", &heads).unwrap());
        Ok(())
    })
    .unwrap();
    let loose_max = usize::try_from(store::LOOSE_CHANGES_MAX).unwrap();
    for value in 0..=loose_max {
        pulse(&app, patient, 61 + value);
    }
    app.with_session(Origin::Host, |session| {
        let kept = session.open.store.document(document).unwrap().unwrap();
        assert!(kept.stored().loose.len() > loose_max, "it was due and was not compacted");
        assert!(session.compact(document).is_err());
        Ok(())
    })
    .unwrap();
}
