//! Getting in by the printed recovery code.

use super::{check_new_password, enter, store_keys};
use crate::{
    App,
    error::ToldResult,
    host::{Host, HostEntropy},
    open::{Open, Session, Turns},
};
use api::{ApiError, ErrorCode, Origin, RecoverAccess, SessionView};
use chart::{Actor, ClinicEdit};
use clinical::{ClinicId, DeviceId, Practitioner};
use store::Store;
use uuid::Uuid;
use vault::{
    KeyringError, KeyslotsFile, RecoveryCode, Unlocked,
    keyslots::{DeviceBinding, KeyslotsError, NewPassword},
    random::make_array,
    stretch::StretchParams,
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
    let file = KeyslotsFile::at(host.directory());
    let mut keyslots = file.read().told()?.keyslots;
    let code = RecoveryCode::parse(&command.code).map_err(|error| {
        ApiError::new(ErrorCode::WrongRecoveryCode, format!("Nothing was changed: {error}."))
    })?;
    let database_key = keyslots.unlock_recovery(&code).told()?;
    let new = NewPassword {
        user: &command.user_name,
        password: &command.password,
        params: StretchParams::STANDARD,
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
    record_key(host, &keyslots, &unlocked)?;
    file.write(&mut keyslots).told()?;
    enter(app, &keyslots, unlocked)
}

/// Adds the person's new signing key to the clinic's document.
fn record_key<H: Host>(
    host: &H,
    keyslots: &vault::Keyslots,
    unlocked: &Unlocked,
) -> Result<(), ApiError> {
    let store = Store::open(host.directory(), store_keys(&unlocked.database_key)).told()?;
    let clinic = ClinicId::from_uuid(Uuid::from_bytes(keyslots.clinic()));
    let people = store.people().told()?;
    let clinic_name = store.clinic_name().told()?.unwrap_or_default();
    let named = |person: &Practitioner| {
        person.user_name.to_lowercase() == unlocked.user_name.to_lowercase()
    };
    let mut person = people.into_iter().find(named).ok_or_else(|| {
        ApiError::new(ErrorCode::UnknownUser, "Nobody of that name can sign in on this computer.")
    })?;
    person.public_keys.push(crate::notes::hex(&unlocked.user_keys.public()));
    let open = Open {
        store,
        database_key: unlocked.database_key.clone(),
        user_keys: unlocked.user_keys.clone(),
        person: person.clone(),
        clinic,
        clinic_name,
        device: DeviceId::from_uuid(Uuid::from_bytes(keyslots.device())),
        demonstration: false,
        actor: Actor::from_random(make_array(&mut HostEntropy(host))),
        turns: Turns::default(),
    };
    let session = Session { host, open: &open, origin: Origin::Host };
    session.edit_clinic("recover-access", &[ClinicEdit::RecordPerson(person)])
}
