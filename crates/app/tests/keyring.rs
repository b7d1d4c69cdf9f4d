//! A keyring that was there and is lost, locked or hanging never costs the record.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use crate::support::{Desk, PASSWORD, call, refused};
use api::ErrorCode;
use app::App;
use std::sync::Arc;
use vault::keyring::{KeyringError, MemoryKeyring};

fn create(app: &App<Desk>) -> String {
    let command = api::CreateClinic {
        clinic_name: "Lakeside".into(),
        user_name: "ana".into(),
        name: "Dr Ana Reyes".into(),
        password: PASSWORD.into(),
        device_name: None,
        server: None,
    };
    let code = call(app, command).recovery_code;
    call(app, api::Lock {});
    code
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
