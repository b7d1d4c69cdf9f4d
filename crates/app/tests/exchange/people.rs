//! People come and go; what each computer makes of it.

use super::{Station, call, refused, server::Server, synced, two};
use crate::support::PASSWORD;
use api::{ErrorCode, Stage};
use app::{App, Export, Format};
use clinical::{PractitionerId, Role};

fn sign_in(user: &str) -> api::SignIn {
    api::SignIn { user_name: user.into(), password: PASSWORD.into() }
}

fn add(app: &App<Station>, user: &str, role: Role) -> PractitionerId {
    let (user_name, name) = (user.to_owned(), user.to_uppercase());
    call(app, api::AddPerson { user_name, name, role, password: PASSWORD.into() })
}

fn active(app: &App<Station>, person: PractitionerId) -> bool {
    call(app, api::ListPeople {}).iter().find(|view| view.id == person).unwrap().active
}

#[test]
fn a_person_who_is_removed_signs_in_nowhere_any_more() {
    let server = Server::default();
    let ([_, station], [a, b]) = two(&server);
    // Rose works on the second computer, and is signed in there when she is removed on the first.
    let rose = add(&b, "rose", Role::Clinician);
    synced(&b);
    synced(&a);
    drop(b);
    let b = App::new(station);
    call(&b, sign_in("rose"));
    assert_eq!(refused(&b, api::RemovePerson { person: rose }), ErrorCode::NotPermitted);
    call(&a, api::RemovePerson { person: rose });
    assert!(!active(&a, rose));
    assert_eq!(refused(&a, api::RemovePerson { person: rose }), ErrorCode::NotFound);
    synced(&a);
    call(&b, api::SyncNow {});
    let Stage::SignedOut { users, .. } = call(&b, api::GetStatus {}).stage else {
        panic!("the session of a removed person is over")
    };
    assert_eq!(users, ["ana"], "her slot is gone");
    assert_eq!(refused(&b, sign_in("rose")), ErrorCode::UnknownUser);
    call(&b, sign_in("ana"));
    assert!(!active(&b, rose));
}

#[test]
fn a_person_of_one_computer_is_let_in_on_another() {
    let server = Server::default();
    let ([_, station], [a, b]) = two(&server);
    let rose = add(&a, "rose", Role::Clinician);
    synced(&a);
    synced(&b);
    let let_in = |role: Role, password: &str| api::AddPerson {
        user_name: "Rose".into(),
        name: "Somebody else".into(),
        role,
        password: password.into(),
    };
    let own = "her own words for room two";
    assert_eq!(refused(&b, let_in(Role::Admin, own)), ErrorCode::Invalid, "no way to rise");
    assert_eq!(call(&b, let_in(Role::Clinician, own)), rose);
    assert_eq!(refused(&b, let_in(Role::Clinician, own)), ErrorCode::AlreadyExists);
    synced(&b);
    synced(&a);
    let known = call(&a, api::ListPeople {}).into_iter().find(|view| view.id == rose).unwrap();
    assert_eq!((known.name.as_str(), known.role), ("ROSE", Role::Clinician));
    drop(b);
    let b = App::new(station);
    assert_eq!(refused(&b, sign_in("rose")), ErrorCode::WrongPassword);
    call(&b, api::SignIn { password: own.into(), ..sign_in("rose") });
    // What she is on the first computer goes on as it was.
    call(&a, api::Lock {});
    call(&a, sign_in("rose"));
}

#[test]
fn nobody_removes_themselves_and_one_admin_always_stays() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let me = call(&a, api::ListPeople {})[0].id;
    assert_eq!(refused(&a, api::RemovePerson { person: me }), ErrorCode::Invalid);
    let bo = add(&b, "bo", Role::Admin);
    let cy = add(&b, "cy", Role::Admin);
    call(&b, api::RemovePerson { person: cy });
    synced(&b);
    synced(&a);
    // Two admins remove each other before the computers meet: the clinic keeps both.
    call(&b, api::Lock {});
    call(&b, sign_in("bo"));
    call(&b, api::RemovePerson { person: me });
    call(&a, api::RemovePerson { person: bo });
    for app in [&a, &b, &a, &b] {
        synced(app);
    }
    for app in [&a, &b] {
        assert!(active(app, me) && active(app, bo));
        assert!(!active(app, cy), "who was removed before stays removed");
    }
    // One of them decides, knowing: that holds, and does not begin the dispute anew.
    call(&a, api::RemovePerson { person: bo });
    assert!(active(&a, me) && !active(&a, bo) && !active(&a, cy));
    synced(&a);
    call(&b, api::SyncNow {});
    assert!(matches!(call(&b, api::GetStatus {}).stage, Stage::SignedOut { .. }));
}

#[test]
fn a_password_is_changed_and_a_recovery_code_replaced() {
    let server = Server::default();
    let ([station, _], [a, _b]) = two(&server);
    let new = "a louder evening at the lake";
    let change = |password: &str, new: &str| api::ChangePassword {
        password: password.into(),
        new_password: new.into(),
    };
    assert_eq!(refused(&a, change("another long password", new)), ErrorCode::WrongPassword);
    assert_eq!(refused(&a, change(PASSWORD, "short")), ErrorCode::Invalid);
    call(&a, change(PASSWORD, new));
    let replace = |password: &str| api::ReplaceRecoveryCode { password: password.into() };
    assert_eq!(refused(&a, replace(PASSWORD)), ErrorCode::WrongPassword);
    let first = call(&a, replace(new)).recovery_code;
    let second = call(&a, replace(new)).recovery_code;
    assert_ne!(first, second);
    drop(a);
    let a = App::new(station);
    assert_eq!(refused(&a, sign_in("ana")), ErrorCode::WrongPassword);
    call(&a, api::SignIn { password: new.into(), ..sign_in("ana") });
    synced(&a);
    call(&a, api::Lock {});
    let recover = |code: &str| api::RecoverAccess {
        code: code.into(),
        user_name: "ana".into(),
        password: "an entirely new long password".into(),
    };
    assert_eq!(refused(&a, recover(&first)), ErrorCode::WrongRecoveryCode, "dead at once");
    call(&a, recover(&second));
    assert!(a.check().unwrap().sound);
}

/// How many people go out as at work.
fn exported_at_work(app: &App<Station>) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let export = Export { format: Format::Ndjson, patient: None, out: out.clone() };
    app.export(&export, |_, _| {}).unwrap();
    let lines = std::fs::read_to_string(out.join("Practitioner.ndjson")).unwrap();
    lines.lines().filter(|line| line.contains(r#""active":true"#)).count()
}

#[test]
fn an_administrator_who_was_removed_takes_nothing_over_by_letting_somebody_in() {
    let server = Server::default();
    let (_stations, [a, d]) = two(&server);
    let ana = call(&a, api::ListPeople {})[0].id;
    let dan = add(&d, "dan", Role::Admin);
    synced(&d);
    synced(&a);
    // Ana removes Dan; before he hears of it he lets Eve in and removes Ana.
    call(&a, api::RemovePerson { person: dan });
    call(&d, api::Lock {});
    call(&d, sign_in("dan"));
    let eve = add(&d, "eve", Role::Admin);
    let eli = add(&d, "eli", Role::Clinician);
    call(&d, api::RemovePerson { person: ana });
    for app in [&d, &a, &d] {
        synced(app);
    }
    for app in [&a, &d] {
        let people = call(app, api::ListPeople {});
        let waits = people.iter().find(|view| view.id == eve).unwrap();
        assert!(!waits.active && waits.unconfirmed && !waits.here, "{waits:?}");
        assert!(active(app, ana) && active(app, dan), "they removed each other");
        assert_eq!(exported_at_work(app), 2, "as the list has it");
    }
    assert_eq!(refused(&d, sign_in("eve")), ErrorCode::UnknownUser);
    // Ana decides: Dan leaves, Eli too, who waited, and Eve is let in anew, as a clinician.
    call(&a, api::RemovePerson { person: dan });
    call(&a, api::RemovePerson { person: eli });
    assert_eq!(refused(&a, api::RemovePerson { person: eli }), ErrorCode::NotFound);
    assert_eq!(add(&a, "eve", Role::Clinician), eve);
    synced(&a);
    call(&d, api::SyncNow {});
    assert!(matches!(call(&d, api::GetStatus {}).stage, Stage::SignedOut { .. }));
    assert_eq!(refused(&d, sign_in("dan")), ErrorCode::UnknownUser);
    let people = call(&a, api::ListPeople {});
    let role = |id| people.iter().find(|view| view.id == id).map(|one| (one.active, one.role));
    assert_eq!(role(eve), Some((true, Role::Clinician)));
    assert_eq!(role(ana), Some((true, Role::Admin)));
    assert!(!active(&a, dan));
    let gone = people.iter().find(|view| view.id == eli).unwrap();
    assert!(!gone.active && !gone.unconfirmed, "who was removed waits no more: {gone:?}");
    call(&a, api::Lock {});
    call(&a, sign_in("eve"));
}
