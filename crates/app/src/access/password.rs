//! New passwords, and the keys a store opens with.

use api::ApiError;
use clinical::Finding;
use store::StoreKeys;
use vault::{DatabaseKey, password::PasswordFinding};

/// Judges a new password.
///
/// # Errors
/// `invalid` with a finding for each thing to mend.
pub(crate) fn check_new_password(password: &str, user_name: &str) -> Result<(), ApiError> {
    let findings: Vec<Finding> = vault::password::findings(password, user_name)
        .into_iter()
        .map(|finding| {
            let (code, detail) = match finding {
                PasswordFinding::TooShort { .. } => (
                    "password-short",
                    "Please take at least 12 characters, or four different words.",
                ),
                PasswordFinding::TooCommon => {
                    ("password-common", "This is among the first that thieves try.")
                }
                PasswordFinding::Repetitive => {
                    ("password-repetitive", "This is one piece repeated, or a plain run.")
                }
                PasswordFinding::ContainsUserName => {
                    ("password-name", "Please keep your own name out of it.")
                }
            };
            Finding::error("password", code, detail)
        })
        .collect();
    if findings.is_empty() { Ok(()) } else { Err(ApiError::invalid(findings)) }
}

/// The keys of database and anchor.
pub(crate) fn store_keys(database_key: &DatabaseKey) -> StoreKeys {
    StoreKeys::new(*database_key.expose(), *database_key.derive_anchor_key().expose())
}
