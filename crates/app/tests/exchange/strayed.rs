//! The mark of a joining beside a store that it was not made for: a backup put into a folder where
//! a joining had died, or a mark that was damaged. The store is never given up with it.

use super::{Station, allergy, call, chart, clinic, refused, register, server::Server, synced};
use crate::support::PASSWORD;
use api::{ErrorCode, Stage};
use app::App;

const MARK: &str = "fieldchart.joining";

fn create() -> api::CreateClinic {
    api::CreateClinic {
        clinic_name: "Other".into(),
        user_name: "bo".into(),
        name: "Bo".into(),
        password: PASSWORD.into(),
        device_name: None,
        server: None,
    }
}

fn sign_in() -> api::SignIn {
    api::SignIn { user_name: "ana".into(), password: PASSWORD.into() }
}

/// A mark as a computer of this id leaves it.
fn mark(device: &str, rest: &str) -> Vec<u8> {
    let head = format!(
        r#"{{"version":1,"invite":"ab","userName":"ana","token":"cd","device":"{device}"}}"#
    );
    format!("{head}\n{rest}").into_bytes()
}

/// Puts the mark beside a clinic's only store, and tries to begin anew in every way there is.
fn check(name: &str, bytes: &[u8], may_sign_in: bool) {
    let server = Server::default();
    let station = Station::new(&server);
    let app = clinic(&station);
    let patient = register(&app, "Okello");
    allergy(&app, patient, "Penicillin");
    synced(&app);
    let code = call(&app, api::MakeDeviceCode {}).code;
    drop(app);
    std::fs::write(station.desk.path().join(MARK), bytes).unwrap();
    let app = App::new(station.clone());
    let stage = call(&app, api::GetStatus {}).stage;
    let device_name = "Room 2".to_owned();
    let join = api::JoinClinic { code, device_name, password: PASSWORD.into() };
    for refusal in [refused(&app, create()), refused(&app, join)] {
        assert!(
            matches!(refusal, ErrorCode::AlreadyExists | ErrorCode::Damaged),
            "{name}: {refusal:?}"
        );
    }
    if may_sign_in {
        assert!(matches!(stage, Stage::SignedOut { .. }), "{name}: {stage:?}");
    } else {
        assert!(matches!(stage, Stage::Blocked(_)), "{name}: {stage:?}");
        assert_eq!(refused(&app, sign_in()), ErrorCode::Damaged, "{name}");
        std::fs::remove_file(station.desk.path().join(MARK)).unwrap();
    }
    call(&app, sign_in());
    assert_eq!(chart(&app, patient).allergies.len(), 1, "{name}");
    assert!(app.check().unwrap().sound, "{name}");
}

#[test]
fn a_store_a_mark_was_not_made_for_is_never_given_up() {
    let other = "0123456789abcdef0123456789abcdef";
    check("empty", b"", false);
    check("cut short", &mark(other, "")[..20], false);
    check("of a form without its computer", b"{\"version\":1,\"invite\":\"ab\"}\n", false);
    check("another's, begun", &mark(other, ""), true);
    check("another's, ready", &mark(other, "\nready\n"), true);
    check("another's, given up", &mark(other, "\nready\n\nover\n"), true);
    check("entered", &mark(other, "\nready\n\nentered\n"), true);
    check("entered, its head spoilt", b"{\"ver\n\nready\n\nentered\n", true);
}
