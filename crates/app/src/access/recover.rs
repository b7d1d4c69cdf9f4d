//! Getting in by the printed recovery code.

use super::{
    attempts::Way,
    check_new_password, enter, open_store,
    sign_in::{note, note_failure},
};
use crate::{
    App,
    audit::OtherDeed,
    error::ToldResult,
    hex::hex,
    host::{Host, HostEntropy},
    open::{Open, Session},
    people::at_work,
    sync,
};
use api::{ApiError, ErrorCode, RecoverAccess, SessionView};
use chart::ClinicEdit;
use clinical::Practitioner;
use vault::{
    KeyringError, Keyslots, KeyslotsFile, RecoveryCode, Unlocked,
    keyslots::{DeviceBinding, KeyslotsError, NewPassword, same_user},
};

/// Opens the store by the recovery code, sets a new password for a person of this computer and
/// signs them in. The person signs with a new key from then on, which is recorded.
///
/// # Errors
/// `wrong-recovery-code`, `unknown-user`, `invalid` for the password; the store's.
pub(crate) fn recover_access<H: Host>(
    app: &App<H>,
    command: &RecoverAccess,
) -> Result<SessionView, ApiError> {
    check_new_password(&command.password, &command.user_name)?;
    let host = app.host();
    sync::refuse_unfinished(host)?;
    let file = KeyslotsFile::at(host.directory());
    let mut keyslots = file.read().told()?.keyslots;
    let code = RecoveryCode::parse(&command.code).map_err(|error| {
        note(app, &keyslots, &command.user_name, Way::RecoverAccess);
        ApiError::new(ErrorCode::WrongRecoveryCode, format!("Nothing was changed: {error}."))
    })?;
    let wrong = |error: &_| {
        note_failure(app, &keyslots, &command.user_name, (error, Way::RecoverAccess));
    };
    let database_key = keyslots.unlock_recovery(&code).inspect_err(wrong).told()?;
    let new = NewPassword {
        user: &command.user_name,
        password: &command.password,
        params: host.stretching(),
    };
    let entropy = &mut HostEntropy(host);
    let unlocked = match keyslots.reset_password(&database_key, new, host.keyring(), entropy) {
        // This computer has no keyring any more: from now on the password alone must hold.
        Err(KeyslotsError::DeviceSecretNotStored(KeyringError::Absent | KeyringError::Empty)) => {
            keyslots.rebind(DeviceBinding::PasswordOnly, host.keyring(), entropy).told()?;
            keyslots.reset_password(&database_key, new, host.keyring(), entropy).told()?
        }
        reset => reset.told()?,
    };
    app.set_open(None);
    record_key(app, &keyslots, &unlocked)?;
    file.write(&mut keyslots).told()?;
    enter(app, &keyslots, unlocked)
}

/// Adds the person's new signing key to the clinic's document.
fn record_key<H: Host>(
    app: &App<H>,
    keyslots: &Keyslots,
    unlocked: &Unlocked,
) -> Result<(), ApiError> {
    let host = app.host();
    let store = open_store(app, &unlocked.database_key).told()?;
    let named = |person: &Practitioner| same_user(&person.user_name, &unlocked.user_name);
    let people = at_work(store.people().told()?);
    let mut person = people.into_iter().find(named).ok_or_else(|| {
        let detail = "Nobody of that name works at the clinic; nothing was changed.";
        ApiError::new(ErrorCode::UnknownUser, detail)
    })?;
    person.public_keys.push(hex(&unlocked.user_keys.public()));
    let open = Open::new(host, store, keyslots, unlocked.clone(), person.clone())?;
    let edit = ClinicEdit::RecordPerson(person);
    let session = Session::of_host(host, &open);
    let permit = session.permit_other(OtherDeed::RecoverAccess)?;
    session.edit_clinic(&permit, &[edit])
}
