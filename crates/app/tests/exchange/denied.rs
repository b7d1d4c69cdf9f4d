//! What was not done leaves a row too: refused to a role, or failed for a wrong password.

use super::{Station, call, clinic, refused, register, server::Server};
use crate::support::PASSWORD;
use api::{AuditFrom, AuditItem, ErrorCode, Origin};
use app::App;
use clinical::Role;
use serde_json::json;

fn sign_in(user: &str, password: &str) -> api::SignIn {
    api::SignIn { user_name: user.into(), password: password.into() }
}

fn add(app: &App<Station>, user: &str, role: Role) {
    let (user_name, name, password) = (user.to_owned(), user.to_uppercase(), PASSWORD.into());
    call(app, api::AddPerson { user_name, name, role, password });
}

/// The newest rows of the log, in the order in which they were written.
fn newest(app: &App<Station>) -> Vec<AuditItem> {
    call(app, api::ReadAudit { patient: None, from: AuditFrom::Newest, limit: 500 }).rows
}

/// Rows that are no success: outcome, resource and who.
fn undone(rows: &[AuditItem]) -> Vec<(&str, &str, &str)> {
    let rows = rows.iter().filter(|row| row.outcome != "success");
    rows.map(|row| (row.outcome.as_str(), row.resource.as_str(), row.name.as_str())).collect()
}

#[test]
fn every_command_refused_to_a_role_leaves_one_row() {
    let server = Server::default();
    let station = Station::new(&server);
    let a = clinic(&station);
    let patient = register(&a, "Okello");
    add(&a, "cleo", Role::Clinician);
    add(&a, "rose", Role::Reception);
    let mut wanted = Vec::new();
    for (user, name, role) in [("cleo", "CLEO", Role::Clinician), ("rose", "ROSE", Role::Reception)]
    {
        call(&a, api::Lock {});
        call(&a, sign_in(user, PASSWORD));
        let door = ["get-status", "create-clinic", "create-demonstration", "join-clinic"];
        let door = door.into_iter().chain([
            "resume-joining",
            "enter-room",
            "get-entrance",
            "answer-entrance",
            "leave-room",
            "join-admitted",
            "read-invitation",
            "sign-in",
            "recover-access",
            "recover-clinic",
            "lock",
            "speak",
        ]);
        let door: Vec<&str> = door.collect();
        let names = api::command_names();
        let mut denied =
            names.into_iter().filter(|one| !door.contains(one) && !app::may(role, one));
        for command in denied.by_ref() {
            let answer = a.dispatch(command, json!({ "patient": patient }), Origin::Host);
            assert_eq!(answer.unwrap_err().code, ErrorCode::NotPermitted, "{command}");
            wanted.push(("refused", command, name));
        }
        let out = station.desk.path().join("all.ndjson");
        let export = app::Export { format: app::Format::Ndjson, patient: None, out };
        assert_eq!(a.export(&export, |_, _| {}).unwrap_err().code, ErrorCode::NotPermitted);
        assert_eq!(a.check().unwrap_err().code, ErrorCode::NotPermitted);
        assert_eq!(a.rebuild(|_, _| {}).unwrap_err().code, ErrorCode::NotPermitted);
        assert_eq!(a.import(&[], |_, _| {}).unwrap_err().code, ErrorCode::NotPermitted);
        wanted
            .extend(["export", "check", "rebuild", "import-files"].map(|of| ("refused", of, name)));
    }
    assert!(wanted.len() > 40, "there is much that reception may not do: {wanted:?}");
    call(&a, api::Lock {});
    call(&a, sign_in("ana", PASSWORD));
    let rows = newest(&a);
    assert_eq!(undone(&rows), wanted);
    let commands = rows.iter().filter(|row| row.outcome == "refused" && row.patient.is_some());
    assert!(commands.clone().count() > 30, "the patient it was about is named");
    assert!(commands.clone().all(|row| row.patient == Some(patient)));
}

#[test]
fn a_wrong_password_leaves_a_row_with_the_next_sign_in() {
    let server = Server::default();
    let station = Station::new(&server);
    let a = clinic(&station);
    add(&a, "rose", Role::Reception);
    let replace = || call(&a, api::ReplaceRecoveryCode { password: PASSWORD.into() });
    let [code, _] = [replace(), replace()].map(|made| made.recovery_code);
    drop(a);
    let a = App::new(station.clone());
    let wrong = |user: &str| refused(&a, sign_in(user, "hunter2 hunter2 hunter2"));
    assert_eq!(wrong("Rose"), ErrorCode::WrongPassword);
    assert_eq!(wrong("rose"), ErrorCode::WrongPassword);
    assert_eq!(wrong("my password is this"), ErrorCode::UnknownUser);
    let recover = api::RecoverAccess {
        code: code.clone(),
        user_name: "my password is this".into(),
        password: PASSWORD.into(),
    };
    assert_eq!(refused(&a, recover), ErrorCode::WrongRecoveryCode);
    // A code that cannot be one is an attempt too.
    let recover = api::RecoverAccess {
        code: "hunter2".into(),
        user_name: "rose".into(),
        password: PASSWORD.into(),
    };
    assert_eq!(refused(&a, recover), ErrorCode::WrongRecoveryCode);
    // What is kept meanwhile holds nothing that was typed but the name of a slot.
    let kept = std::fs::read_to_string(station.desk.path().join("fieldchart.attempts")).unwrap();
    assert!(kept.contains("rose"), "{kept}");
    for typed in ["hunter2", "my password", &code[..8], "Rose"] {
        assert!(!kept.contains(typed), "{typed}: {kept}");
    }
    drop(a);
    let a = App::new(station.clone());
    call(&a, sign_in("ana", PASSWORD));
    let rows = newest(&a);
    let failed = [("failure", "sign-in", "ROSE"), ("failure", "sign-in", "ROSE")];
    assert_eq!(undone(&rows)[..2], failed);
    let codes = undone(&rows).into_iter().filter(|row| row.1 == "recover-access");
    assert_eq!(codes.map(|row| row.0).collect::<Vec<_>>(), ["failure", "failure"]);
    assert!(!station.desk.path().join("fieldchart.attempts").exists());
    // While somebody is signed in the chain is there: the row is written at once.
    assert_eq!(refused(&a, sign_in("rose", "hunter2 hunter2 hunter2")), ErrorCode::WrongPassword);
    let again = newest(&a);
    assert_eq!(undone(&again).len(), undone(&rows).len() + 1, "and none twice");
    assert_eq!(undone(&again).last(), Some(&("failure", "sign-in", "ROSE")));
    let change = api::ChangePassword {
        password: "hunter2 hunter2 hunter2".into(),
        new_password: "a louder evening at the lake".into(),
    };
    assert_eq!(refused(&a, change), ErrorCode::WrongPassword);
    let replace = api::ReplaceRecoveryCode { password: "hunter2 hunter2 hunter2".into() };
    assert_eq!(refused(&a, replace), ErrorCode::WrongPassword);
    let rows = newest(&a);
    let last_two = undone(&rows).split_off(undone(&rows).len() - 2);
    assert_eq!(
        last_two.iter().map(|row| (row.0, row.1)).collect::<Vec<_>>(),
        [("failure", "change-password"), ("failure", "replace-recovery-code"),]
    );
    assert!(a.check().unwrap().sound);
}
