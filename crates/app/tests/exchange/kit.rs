//! The recovery kit: a clinic comes back where every computer is lost.

use super::{Server, Station, allergy, chart, clinic, join, register, synced};
use crate::support::{PASSWORD, call, refused};
use api::{ErrorCode, Origin, PrintOutcome, RecoveryKit, SyncPhase};
use app::App;
use clinical::{ClinicId, Role};
use uuid::Uuid;

fn make(app: &App<Station>) -> RecoveryKit {
    call(app, api::MakeRecoveryKit { password: PASSWORD.into() })
}

fn with(kit: &RecoveryKit) -> api::RecoverClinic {
    api::RecoverClinic {
        code: kit.code.clone(),
        clinic: kit.clinic,
        server: kit.server.clone(),
        user_name: None,
        device_name: "New laptop".into(),
        password: PASSWORD.into(),
    }
}

fn told(server: &Server, command: api::RecoverClinic) -> api::ApiError {
    App::new(Station::new(server)).call(command, Origin::Host).unwrap_err()
}

#[test]
fn a_clinic_without_any_computer_comes_back_by_the_paper() {
    let server = Server::default();
    let a = clinic(&Station::new(&server));
    let patient = register(&a, "Okello");
    allergy(&a, patient, "Penicillin");
    synced(&a);
    let kit = make(&a);
    assert_eq!(
        (kit.clinic_name.as_str(), kit.people.clone()),
        ("Lakeside", vec!["ana".to_owned()])
    );
    // Keys made since are the kit's too.
    allergy(&a, patient, "Latex");
    call(&a, api::RotateKeys {});
    allergy(&a, patient, "Peanut");
    synced(&a);
    let before = chart(&a, patient);
    let kits = call(&a, api::ListDevices {}).into_iter().filter(|device| device.kit);
    assert_eq!(
        kits.map(|kit| (kit.revoked, kit.name)).collect::<Vec<_>>(),
        [(false, String::new())]
    );
    drop(a);

    let station = Station::new(&server);
    let b = App::new(station.clone());
    let opened = call(&b, with(&kit));
    assert_eq!((opened.session.name.as_str(), opened.session.role), ("Dr Ana Reyes", Role::Admin));
    assert_eq!(opened.session.clinic_name, "Lakeside");
    assert_eq!(chart(&b, patient), before, "three epochs are read");
    synced(&b);
    // It is a computer like any other: it lets others in, and shuts out those that were lost.
    let devices = call(&b, api::ListDevices {});
    let lost = devices.iter().find(|device| !device.here && !device.kit).unwrap();
    call(&b, api::RevokeDevice { device: lost.id });
    let c = join(&Station::new(&server), call(&b, api::MakeDeviceCode {}).code);
    assert_eq!(chart(&c, patient), before);
    drop(b);
    let b = station.sign_in();
    synced(&b);
    let log = call(&b, api::ReadAudit { patient: None, from: api::AuditFrom::Newest, limit: 100 });
    assert_eq!(log.rows.iter().filter(|row| row.resource == "recover-clinic").count(), 1);
    assert!(b.check().unwrap().sound);
}

#[test]
fn a_kit_that_was_replaced_opens_nothing_and_another_code_neither() {
    let server = Server::default();
    let station = Station::new(&server);
    let a = clinic(&station);
    synced(&a);
    let wrong = api::MakeRecoveryKit { password: "not the password of hers".into() };
    assert_eq!(refused(&a, wrong), ErrorCode::WrongPassword);
    let (old, newer) = (make(&a), make(&a));
    let check = |command, code: ErrorCode, words: &str| {
        let error = told(&server, command);
        assert_eq!(error.code, code, "{error}");
        assert!(error.detail.contains(words), "{error}");
    };
    check(with(&old), ErrorCode::BadCode, "a newer kit was made");
    let other = ClinicId::from_uuid(Uuid::from_bytes([9; 16]));
    check(
        api::RecoverClinic { clinic: other, ..with(&newer) },
        ErrorCode::BadCode,
        "the code or the clinic is another's",
    );
    let typed = newer.code.replacen(|sign: char| sign.is_ascii_digit(), "X", 1);
    check(api::RecoverClinic { code: typed, ..with(&newer) }, ErrorCode::BadCode, "mistyped");
    let somebody = Some("rose".to_owned());
    check(
        api::RecoverClinic { user_name: somebody, ..with(&newer) },
        ErrorCode::UnknownUser,
        "brings back ana and nobody else",
    );
    server.set_away(true);
    assert_eq!(told(&server, with(&newer)).code, ErrorCode::Unreachable);
    assert_eq!(
        refused(&a, api::MakeRecoveryKit { password: PASSWORD.into() }),
        ErrorCode::Unreachable
    );
    server.set_away(false);
    // A kit that was removed from the list is void without another.
    let kit = call(&a, api::ListDevices {}).into_iter().find(|it| it.kit && !it.revoked).unwrap();
    call(&a, api::RevokeDevice { device: kit.id });
    check(with(&newer), ErrorCode::BadCode, "a newer kit was made");
    assert_eq!(call(&a, api::SyncNow {}).phase, SyncPhase::Idle);
}

/// A server that kept what the list was when the old kit counted shows it again. The old paper opens
/// that and nothing later.
#[test]
fn an_old_kit_at_a_server_that_goes_back_reads_nothing_sealed_since() {
    let server = Server::default();
    let a = clinic(&Station::new(&server));
    let patient = register(&a, "Okello");
    synced(&a);
    let old = make(&a);
    synced(&a);
    let before = server.state();
    let newer = make(&a);
    allergy(&a, patient, "Penicillin");
    synced(&a);
    let later = server.held();
    let back = Server::of(&before);
    let b = App::new(Station::new(&back));
    call(&b, with(&old));
    assert!(chart(&b, patient).patient.is_some(), "it is a paper with the keys of then");
    back.pass_on(&later);
    let view = call(&b, api::SyncNow {});
    assert!(view.quarantined > 0, "{view:?}");
    assert!(chart(&b, patient).allergies.is_empty(), "what was sealed since is not read");
    // Who met the true list shuts out what the old paper let in, and the new paper counts.
    server.stand(back.state());
    let view = call(&a, api::SyncNow {});
    assert_eq!(view.phase, SyncPhase::Idle, "{view:?}");
    let is_told = |alarm: &api::SyncAlarm| alarm.alarm == api::AlarmKind::MembersMended;
    assert!(view.alarms.iter().any(is_told), "{view:?}");
    let here = call(&b, api::ListDevices {}).iter().find(|it| it.here).unwrap().id;
    let devices = call(&a, api::ListDevices {});
    assert!(devices.iter().any(|it| it.id == here && it.revoked), "{devices:?}");
    let c = App::new(Station::new(&server));
    call(&c, with(&newer));
    assert_eq!(chart(&c, patient).allergies.len(), 1);
}

/// A kit is a secret: it goes to the printer or to a stick, and stays nowhere.
#[test]
fn a_kit_on_a_stick_brings_a_clinic_back_and_nothing_of_it_stays_on_the_computer() {
    let server = Server::default();
    let station = Station::new(&server);
    let a = clinic(&station);
    synced(&a);
    let kit = make(&a);
    let print = |kit: &RecoveryKit, drive: Option<&str>| api::PrintRecoveryKit {
        kit: kit.clone(),
        language: Some("fr".into()),
        drive: drive.map(str::to_owned),
    };
    assert_eq!(refused(&a, print(&kit, Some("STICK"))), ErrorCode::NotFound);
    let stick = tempfile::tempdir().unwrap();
    station.plug("STICK", stick.path());
    let other = ClinicId::from_uuid(Uuid::from_bytes([9; 16]));
    let others = RecoveryKit { clinic: other, ..kit.clone() };
    assert_eq!(refused(&a, print(&others, Some("STICK"))), ErrorCode::Invalid);
    let written = call(&a, print(&kit, Some("STICK")));
    assert_eq!((written.outcome, written.files.len()), (PrintOutcome::File, 2));
    // Nothing is written over.
    assert_eq!(refused(&a, print(&kit, Some("STICK"))), ErrorCode::AlreadyExists);
    assert_eq!(call(&a, print(&kit, None)).outcome, PrintOutcome::Nowhere, "there is no printer");

    assert_eq!(call(&a, api::ListSheets { patient: None, limit: 9 }), [], "it is no sheet");
    let log = call(&a, api::ReadAudit { patient: None, from: api::AuditFrom::Newest, limit: 100 });
    let printed: Vec<_> =
        log.rows.iter().filter(|row| row.resource.contains("print-recovery-kit")).collect();
    assert!(printed.len() >= 2 && printed.iter().all(|row| row.resource == "print-recovery-kit"));
    drop(a);
    let kept = station.copy();
    let (code, groups) = (kit.code.as_bytes(), kit.code.split('-').nth(2).unwrap().as_bytes());
    for (name, bytes) in &kept {
        let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|at| at == needle);
        assert!(!holds(code) && !holds(b"recovery kit 1"), "{name}");
        assert!(groups.len() < 5 || !holds(groups), "{name}");
    }

    let text = std::fs::read_to_string(stick.path().join(&written.files[1])).unwrap();
    let read = api::KitText::read(&text).unwrap();
    let with = api::RecoverClinic {
        code: read.code,
        clinic: read.clinic,
        server: read.server,
        ..with(&kit)
    };
    let b = App::new(Station::new(&server));
    assert_eq!(call(&b, with).session.clinic_name, "Lakeside");
    let pdf = std::fs::read(stick.path().join(&written.files[0])).unwrap();
    assert!(pdf.starts_with(b"%PDF"));
}
