//! Making a clinic, its first person and the store on this computer.

use super::{check_new_password, store_keys};
use crate::{
    App,
    audit::OtherDeed,
    error::{Told, ToldResult, folder_refused, not_made},
    hex::hex,
    host::{Host, HostEntropy, make_uuid},
    kept_store::KeptStore,
    open::{DEMONSTRATION, Open, Session},
    sync::{self, Mark},
};
use api::{ApiError, ClinicOpened, CreateClinic};
use chart::ClinicEdit;
use clinical::{Practitioner, PractitionerId, Role, name_findings};
use std::{fs, io};
use store::{NamedRow, Store, StoreError};
use vault::{
    KeyringError, Keyslots, KeyslotsFile, RecoveryCode,
    keyslots::{Created, DeviceBinding, KeyslotsError, NewKeyslots, NewPassword},
};

/// Makes a clinic where there is none. The reply holds the recovery code, once.
///
/// # Errors
/// `already-exists` when any file of a store is there; `invalid` for names and password; a cause
/// of the keyring's or the store's.
pub(crate) fn create_clinic<H: Host>(
    app: &App<H>,
    command: &CreateClinic,
) -> Result<ClinicOpened, ApiError> {
    check_names(command)?;
    check_new_password(&command.password, &command.user_name)?;
    let server = command.server.as_deref().map(sync::check_server).transpose()?;
    let Made { recovery_code, keyring_absent, open } = make_clinic(app, command, false)?;
    if let Some(server) = server {
        sync::keep_server(&Session::of_host(app.host(), &open), &server)?;
    }
    let (recovery_code, session) = (recovery_code.to_text().expose().clone(), open.view());
    app.set_open(Some(open));
    Ok(ClinicOpened { recovery_code, session, keyring_absent })
}

/// A clinic that was just made, open for its first person.
pub(crate) struct Made {
    recovery_code: RecoveryCode,
    keyring_absent: bool,
    /// The clinic.
    pub(crate) open: Open,
}

/// Makes keys, store, first person and the clinic's membership, and opens it for that person.
pub(crate) fn make_clinic<H: Host>(
    app: &App<H>,
    command: &CreateClinic,
    demonstration: bool,
) -> Result<Made, ApiError> {
    let host = app.host();
    ensure_absent(host)?;
    let was_there = host.directory().exists();
    make_folder(host)?;
    let ids = (*make_uuid(host).as_bytes(), *make_uuid(host).as_bytes());
    // Of two that begin at once one goes on, and what one leaves that is cut short is cleared away.
    let user_name = command.user_name.trim().to_owned();
    let mut mark = Mark::set(host, String::new(), user_name, ids.1)?;
    if let Err(exists) = ensure_no_files(host) {
        mark.end(host.directory())?;
        return Err(exists);
    }
    let made = make_held(app, command, ids, demonstration);
    match made.and_then(|made| mark.set_entered().map(|()| made)) {
        Ok(made) => {
            // From here on it says nothing: the next sign-in takes it away where it stays.
            if let Err(error) = mark.end(host.directory()) {
                tracing::warn!(code = ?error.code, "the mark of a clinic that was made stays");
            }
            Ok(made)
        }
        Err(error) => {
            mark.give_up(host)?;
            if !was_there {
                // Only where it is empty; what stays is a folder with nothing of ours.
                drop(fs::remove_dir(host.directory()));
            }
            Err(error)
        }
    }
}

fn make_held<H: Host>(
    app: &App<H>,
    command: &CreateClinic,
    ids: ([u8; 16], [u8; 16]),
    demonstration: bool,
) -> Result<Made, ApiError> {
    let host = app.host();
    let (created, store) = make_store_files(host, ids, &command.user_name, &command.password)?;
    if demonstration {
        let mark = NamedRow { name: DEMONSTRATION.to_owned(), bytes: b"yes".to_vec() };
        store.put_named(&[mark]).told()?;
    }
    let Created { keyslots, unlocked, recovery_code } = created;
    let person = Practitioner {
        id: PractitionerId::from_uuid(make_uuid(host)),
        // As its slot bears it: one name is written in one way.
        user_name: unlocked.user_name.clone(),
        name: command.name.trim().to_owned(),
        role: Role::Admin,
        public_keys: vec![hex(&unlocked.user_keys.public())],
        active: true,
        removed_by: Vec::new(),
        unconfirmed: false,
        credentials: clinical::Credentials::default(),
    };
    let clinic_name = command.clinic_name.trim().to_owned();
    let store = KeptStore::new(store, &unlocked.database_key);
    let open = Open { clinic_name, ..Open::new(host, store, &keyslots, unlocked, person)? };
    let session = Session::of_host(host, &open);
    let name = ClinicEdit::Name(open.clinic_name.clone());
    let permit = session.permit_other(OtherDeed::CreateClinic)?;
    let mut edits = vec![name, ClinicEdit::RecordPerson(open.person.clone())];
    let server = command.server.as_deref().map(sync::check_server).transpose()?;
    edits.extend(server.as_ref().map(sync::said));
    session.edit_clinic(&permit, &edits)?;
    sync::found_clinic(&session, command.device_name.as_deref())?;
    Ok(Made { recovery_code, keyring_absent: lacks_keyring(host, &keyslots), open })
}

/// Whether the password alone protects the store, though nobody chose that: whoever makes or joins
/// a clinic is told.
pub(crate) fn lacks_keyring<H: Host>(host: &H, keyslots: &Keyslots) -> bool {
    keyslots.binding() == DeviceBinding::PasswordOnly && !host.keyring().is_declined()
}

/// Makes the folder of a store, where there is none.
///
/// # Errors
/// `read-only-disk` where it is none or cannot be made; the disk's.
pub(crate) fn make_folder<H: Host>(host: &H) -> Result<(), ApiError> {
    let folder = host.directory();
    let refused = |kind: io::ErrorKind| Err(folder_refused(folder, &kind.into()));
    match Store::make_folder(folder) {
        Err(StoreError::NotFound) => refused(io::ErrorKind::NotFound),
        Err(StoreError::AlreadyExists) => refused(io::ErrorKind::NotADirectory),
        Err(StoreError::Io(error)) => Err(folder_refused(folder, &error)),
        made => made.told(),
    }
}

/// Refuses where any file of a store is. What a joining left that never got far enough to tell
/// anyone is cleared away first.
///
/// # Errors
/// `already-exists`; `store-in-use` while a joining goes on.
pub(crate) fn ensure_absent<H: Host>(host: &H) -> Result<(), ApiError> {
    sync::clear_unready(host)?;
    ensure_no_files(host)
}

fn ensure_no_files<H: Host>(host: &H) -> Result<(), ApiError> {
    if Store::exists(host.directory()) {
        return Err(StoreError::AlreadyExists.told());
    }
    KeyslotsFile::at(host.directory()).ensure_absent(&[]).told()
}

/// Makes the key slots and the database of a new store, where there is none.
///
/// # Errors
/// `already-exists`; a cause of the keyring's or the store's.
pub(crate) fn make_store_files<H: Host>(
    host: &H,
    ids: ([u8; 16], [u8; 16]),
    user: &str,
    password: &str,
) -> Result<(Created, Store), ApiError> {
    let mut created = make_keyslots(host, ids, user, password)?;
    // The slots first: a database whose key is nowhere is worse than slots without a database.
    make_folder(host).inspect_err(|_| created.keyslots.forget_device_secrets(host.keyring()))?;
    KeyslotsFile::at(host.directory()).create(&mut created.keyslots, &[]).told()?;
    let keys = store_keys(&created.unlocked.database_key);
    Ok((created, Store::create(host.directory(), keys).told()?))
}

/// The slots of a new store. Where the computer has no keyring, the password alone must hold.
fn make_keyslots<H: Host>(
    host: &H,
    (clinic, device): ([u8; 16], [u8; 16]),
    user: &str,
    password: &str,
) -> Result<Created, ApiError> {
    let first = NewPassword { user: user.trim(), password, params: host.stretching() };
    let entropy = &mut HostEntropy(host);
    let new = |binding| NewKeyslots { clinic, device, binding, first };
    let bound = Keyslots::create(&new(DeviceBinding::Keyring), host.keyring(), entropy);
    match bound {
        Err(KeyslotsError::DeviceSecretNotStored(KeyringError::Absent | KeyringError::Empty)) => {
            Keyslots::create(&new(DeviceBinding::PasswordOnly), host.keyring(), entropy).told()
        }
        Err(KeyslotsError::DeviceSecretNotStored(error)) => Err(not_made(&error)),
        made => made.told(),
    }
}

fn check_names(command: &CreateClinic) -> Result<(), ApiError> {
    let fields = [
        ("clinicName", command.clinic_name.as_str()),
        ("userName", &command.user_name),
        ("name", &command.name),
    ];
    let findings = name_findings(&fields);
    if findings.is_empty() { Ok(()) } else { Err(ApiError::invalid(findings)) }
}
