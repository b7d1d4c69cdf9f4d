//! Two computers with one store's keys that both go on.

use super::{Server, Station, allergy, chart, register, server::Spoilt, synced, two};
use crate::support::{call, refused};
use api::{AlarmKind, CopyIs, ErrorCode, SyncPhase, SyncView};
use app::{App, NewBundle};
use clinical::{DeviceId, PatientId};

fn asks(view: &SyncView) -> bool {
    view.alarms.iter().any(|alarm| alarm.alarm == AlarmKind::Copied)
}

fn call_device(app: &App<Station>) -> DeviceId {
    call(app, api::ListDevices {}).into_iter().find(|device| device.here).unwrap().id
}

fn settle(app: &App<Station>, answer: CopyIs) {
    call(app, api::SettleCopy { answer, device_name: "Second laptop".into() });
    // What is recorded from here on bears another id: whoever is signed in signs in again.
    assert_eq!(refused(app, api::ListDevices {}), ErrorCode::SignedOut);
}

/// A clinic of two, and a copy of the first, both of which went on until the copy asks.
fn copied(server: &Server) -> ([Station; 2], [App<Station>; 3], PatientId) {
    let ([station, _other], [a, b]) = two(server);
    let patient = register(&a, "Okello");
    synced(&a);
    drop(a);
    let copy = Station::new(server);
    copy.restore(&station.copy());
    let (a, twin) = (station.sign_in(), copy.sign_in());
    allergy(&a, patient, "Penicillin");
    assert!(!asks(&synced(&a)));
    allergy(&twin, patient, "Latex");
    assert!(!asks(&synced(&twin)), "it may have been put back from a copy: nobody is asked");
    allergy(&a, patient, "Peanut");
    assert!(!asks(&synced(&a)), "this one too");
    // Beside what was typed here meanwhile, which is not sealed yet.
    allergy(&twin, patient, "Eggs");
    let view = call(&twin, api::SyncNow {});
    assert!(asks(&view), "{view:?}");
    assert!(view.alarms.iter().all(|alarm| alarm.alarm != AlarmKind::Restored));
    ([station, copy], [a, twin, b], patient)
}

#[test]
fn a_copy_that_goes_on_becomes_a_computer_of_its_own_and_keeps_its_work() {
    let server = Server::default();
    let ([_, station], [a, twin, b], patient) = copied(&server);
    let old = call_device(&twin);
    server.set_away(true);
    allergy(&twin, patient, "Soy");
    let settle_away =
        api::SettleCopy { answer: CopyIs::SecondComputer, device_name: "Second laptop".into() };
    assert_eq!(refused(&twin, settle_away), ErrorCode::Unreachable);
    server.set_away(false);
    settle(&twin, CopyIs::SecondComputer);
    drop(twin);
    let twin = station.sign_in();
    let new = call_device(&twin);
    assert_ne!(new, old);
    assert!(!asks(&synced(&twin)));
    allergy(&a, patient, "Dust");
    for app in [&a, &twin, &b, &a, &twin] {
        let view = synced(app);
        assert!(!asks(&view), "{view:?}");
    }
    for app in [&a, &twin, &b] {
        assert_eq!(chart(app, patient).allergies.len(), 6, "nobody's work is lost");
        let devices = call(app, api::ListDevices {});
        assert_eq!(devices.iter().filter(|device| !device.revoked).count(), 3);
        assert!(devices.iter().any(|it| it.id == new && it.name == "Second laptop"));
        let alarms = call(app, api::GetSyncState {}).alarms;
        assert!(
            alarms
                .iter()
                .all(|it| !matches!(it.alarm, AlarmKind::Forked { .. } | AlarmKind::Copied)),
            "{alarms:?}"
        );
        assert!(app.check().unwrap().sound);
    }
    // The one that was not asked goes on as it was, and nobody is asked twice.
    assert_eq!(call_device(&a), old);
    assert_eq!(
        refused(&twin, api::SettleCopy { answer: CopyIs::Stolen, device_name: String::new() }),
        ErrorCode::NotFound
    );
    let sealed_by = |device: DeviceId| {
        let id = *device.uuid().as_bytes();
        server.held().0.iter().filter(|envelope| envelope.header().device.0 == id).count()
    };
    assert!(sealed_by(new) >= 1, "what was not sealed yet went out under the new keys");
}

#[test]
fn a_copy_that_was_stolen_is_shut_out_and_this_one_goes_on() {
    let server = Server::default();
    let ([_, station], [thief, twin, b], patient) = copied(&server);
    let old = call_device(&twin);
    settle(&twin, CopyIs::Stolen);
    let twin = {
        drop(twin);
        station.sign_in()
    };
    synced(&twin);
    allergy(&thief, patient, "Made up");
    let SyncPhase::Failed(error) = call(&thief, api::SyncNow {}).phase else { panic!("let in") };
    assert_eq!(error.code, ErrorCode::DeviceRefused);
    synced(&b);
    assert_eq!(chart(&b, patient).allergies.len(), 4);
    assert_eq!(chart(&b, patient), chart(&twin, patient));
    let devices = call(&b, api::ListDevices {});
    assert!(devices.iter().any(|it| it.id == old && it.revoked), "{devices:?}");
}

/// Neither the one that was asked nor anybody else is locked out by an answer that never came.
#[test]
fn a_theft_that_is_cut_short_anywhere_comes_to_its_end() {
    for (pushes, spoilt) in
        [(0, Spoilt::Request), (0, Spoilt::Answer), (1, Spoilt::Request), (1, Spoilt::Answer)]
    {
        let server = Server::default();
        let ([_, station], [thief, twin, b], patient) = copied(&server);
        server.spoil_push_after(pushes, spoilt);
        let stolen = api::SettleCopy { answer: CopyIs::Stolen, device_name: "Second".into() };
        if pushes == 0 {
            assert_eq!(refused(&twin, stolen), ErrorCode::Unreachable);
            settle(&twin, CopyIs::Stolen);
        } else {
            call(&twin, stolen);
        }
        drop(twin);
        let twin = station.sign_in();
        allergy(&twin, patient, "Soy");
        synced(&twin);
        let SyncPhase::Failed(error) = call(&thief, api::SyncNow {}).phase else { panic!("in") };
        assert_eq!(error.code, ErrorCode::DeviceRefused);
        synced(&b);
        assert_eq!(chart(&b, patient).allergies.len(), 5);
        assert_eq!(chart(&b, patient), chart(&twin, patient));
    }
}

#[test]
fn a_computer_that_was_put_back_twice_asks_and_goes_on_as_it_was() {
    let server = Server::default();
    let ([_, station], [_a, twin, _b], _) = copied(&server);
    let id = call_device(&twin);
    let answer = api::SettleCopy { answer: CopyIs::PutBack, device_name: String::new() };
    call(&twin, answer);
    assert!(!asks(&synced(&twin)));
    drop(twin);
    assert_eq!(call_device(&station.sign_in()), id);
}

/// Two that go on as one and meet no server: what each sealed reaches the other by way of a third.
#[test]
fn a_copy_that_exchanges_by_sticks_alone_is_noticed() {
    let server = Server::default();
    let ([station, _other], [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    synced(&a);
    synced(&b);
    drop(a);
    let copy = Station::new(&server);
    copy.restore(&station.copy());
    let (a, twin) = (station.sign_in(), copy.sign_in());
    server.set_away(true);
    let folder = tempfile::tempdir().unwrap();
    let mut files = 0;
    let mut carry = |from: &App<Station>, to: &App<Station>| {
        files += 1;
        let out = folder.path().join(format!("{files}.fcbundle"));
        from.write_bundle(&NewBundle { out: out.clone(), only_for: None }, |_, _| {}).unwrap();
        to.read_bundle(&out, |_, _| {}).unwrap();
    };
    let asked = |app: &App<Station>| asks(&call(app, api::GetSyncState {}));
    for (substance, is_asked) in [("Penicillin", false), ("Latex", true)] {
        allergy(&a, patient, substance);
        carry(&a, &b);
        carry(&b, &twin);
        assert_eq!(asked(&twin), is_asked, "{substance}");
        // A second way for the same, and nothing of the others' own, raises nothing.
        carry(&a, &twin);
        carry(&twin, &b);
        assert!(!asked(&a) && !asked(&b));
        copy.desk.later(2 * 60 * 60 * 1000);
    }
    assert_eq!(chart(&twin, patient), chart(&a, patient));
}
