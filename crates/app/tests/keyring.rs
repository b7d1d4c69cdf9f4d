//! A keyring that was there and is lost, locked or hanging never costs the record.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use crate::support::{self, Desk, PASSWORD, call, refused};
use api::{ErrorCode, Origin};
use app::App;
use std::sync::Arc;
use vault::keyring::{KeyringError, MemoryKeyring};

fn create(app: &App<Desk>) -> String {
    let code = support::create(app, None).recovery_code;
    call(app, api::Lock {});
    code
}

/// Where the password alone must hold and nobody chose that, it is said; where a keyring is there
/// and cannot be used, nothing is made.
#[test]
fn a_clinic_is_made_with_a_keyring_or_that_is_said() {
    let make = |fault: Option<KeyringError>| {
        let keyring = Arc::new(MemoryKeyring::default());
        keyring.fail_with(fault);
        let app = App::new(Desk::with_keyring(keyring.clone()));
        let command = api::CreateClinic {
            clinic_name: "Lakeside".into(),
            user_name: "ana".into(),
            name: "Dr Ana Reyes".into(),
            password: PASSWORD.into(),
            device_name: None,
            server: None,
        };
        let made = app.call(command, Origin::Host);
        if made.is_err() {
            keyring.fail_with(None);
            assert_eq!(keyring.names(), Vec::<String>::new());
            assert_eq!(std::fs::read_dir(app.host().path()).unwrap().count(), 0);
            assert!(!support::create(&app, None).keyring_absent);
        }
        made
    };
    let check = |fault: Option<KeyringError>, absent: bool| {
        assert_eq!(make(fault.clone()).unwrap().keyring_absent, absent, "{fault:?}");
    };
    check(None, false);
    check(Some(KeyringError::Absent), true);
    check(Some(KeyringError::Empty), true);
    assert!(!support::create(&App::new(Desk::new()), None).keyring_absent, "it was chosen");
    let check = |fault: KeyringError, code: ErrorCode| {
        let told = make(Some(fault)).unwrap_err();
        assert_eq!(told.code, code);
        assert!(told.detail.starts_with("Nothing was made: "), "{told}");
    };
    check(KeyringError::Locked, ErrorCode::KeyringLocked);
    check(KeyringError::TimedOut, ErrorCode::KeyringTimedOut);
    check(KeyringError::Failed("bus".into()), ErrorCode::KeyringAbsent);
}

fn sign_in() -> api::SignIn {
    api::SignIn { user_name: "ana".into(), password: PASSWORD.into() }
}

#[test]
fn each_fault_of_the_keyring_has_a_message_and_costs_nothing() {
    let keyring = Arc::new(MemoryKeyring::default());
    let app = App::new(Desk::with_keyring(keyring.clone()));
    create(&app);
    let check = |fault: KeyringError, code: ErrorCode| {
        keyring.fail_with(Some(fault));
        assert_eq!(refused(&app, sign_in()), code);
        keyring.fail_with(None);
        call(&app, sign_in());
        call(&app, api::Lock {});
    };
    check(KeyringError::Absent, ErrorCode::KeyringAbsent);
    check(KeyringError::Empty, ErrorCode::KeyringEmpty);
    check(KeyringError::Locked, ErrorCode::KeyringLocked);
    check(KeyringError::TimedOut, ErrorCode::KeyringTimedOut);
    check(KeyringError::BadData, ErrorCode::KeyringEmpty);
    check(KeyringError::Failed("bus".into()), ErrorCode::KeyringAbsent);
}

#[test]
fn a_lost_keyring_is_replaced_by_the_recovery_code() {
    for lost_for_good in [false, true] {
        let keyring = Arc::new(MemoryKeyring::default());
        let app = App::new(Desk::with_keyring(keyring.clone()));
        let code = create(&app);
        keyring.wipe();
        if lost_for_good {
            keyring.fail_with(Some(KeyringError::Absent));
        }
        let told = if lost_for_good { ErrorCode::KeyringAbsent } else { ErrorCode::KeyringEmpty };
        assert_eq!(refused(&app, sign_in()), told);
        let password = "an entirely new long password".to_owned();
        let user_name = "ana".to_owned();
        call(&app, api::RecoverAccess { code, user_name, password: password.clone() });
        call(&app, api::Lock {});
        call(&app, api::SignIn { user_name: "ana".into(), password });
    }
}
