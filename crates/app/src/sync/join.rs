//! Joining a clinic by the code of one of its computers.

use crate::{
    App,
    access::{check_new_password, ensure_absent, make_store_files},
    error::ToldResult,
    host::{Host, HostEntropy, make_uuid},
    open::{Open, Session, Turns},
};
use api::{ApiError, ErrorCode, JoinClinic, Origin, SessionView};
use chart::Actor;
use clinical::{ClinicId, DeviceId, Practitioner};
use std::sync::Arc;
use sync::{
    carrier::Carrier,
    ids::{ClinicId as Clinic, DeviceId as Device, HpkeKey, InviteId, ServerPin, VerifyKey},
    membership::{Entry, EntryBody, Join, Members, SignedEntry},
    signing::Signer as _,
    wire::{MembersRequest, MembersVerdict, Principal},
};
use uuid::Uuid;
use vault::{
    DeviceKeys, UserKeys, enrolment::EnrolmentCode, invitation::Invitation, random::make_array,
};

use super::{
    failure::told_failure,
    joining::joining_row,
    keys::{DeviceSigner, InviteSigner, key_rows, name_row, sealed_name},
    names,
    server::{Server, keep_server},
    state::sync_with,
};

/// Membership entries read at most: a server may not keep us reading.
const PAGES_MAX: usize = 1000;

/// Joins a clinic: gets the invitation, enters the membership log, makes the store and fetches
/// the record. Where the last step fails, the computer has joined and the next exchange goes on.
///
/// # Errors
/// `already-exists`; `bad-code`; `invalid` for the password; the server's, keyring's, store's.
pub(crate) fn join_clinic<H: Host>(
    app: &App<H>,
    command: &JoinClinic,
) -> Result<SessionView, ApiError> {
    let JoinClinic { code, device_name, password } = command;
    let host = app.host();
    ensure_absent(host)?;
    let code = EnrolmentCode::parse(code).map_err(|error| bad_code(&error))?;
    let server = Server { url: code.server_url.clone(), pin: ServerPin(code.spki_pin) };
    let mut carrier = host.connect(&server.url, server.pin).map_err(|f| told_failure(&f))?;
    let invitation = fetch(&code, carrier.as_mut())?;
    check_new_password(password, &invitation.user_name)?;
    let joined = enter_log(host, &invitation, device_name, carrier.as_mut())?;
    let open = make_store(app, password, &invitation, &joined)?;
    let session = Session { host, open: &open, origin: Origin::Host };
    keep_server(&session, &server)?;
    // What goes wrong now is in the note of the sync, and is tried again by the next.
    drop(sync_with(&session, &server)?);
    let clinic_name = open.store.clinic_name().told()?;
    let view = open.view();
    app.set_open(Some(open));
    Ok(SessionView { clinic_name: clinic_name.unwrap_or(view.clinic_name.clone()), ..view })
}

fn fetch(code: &EnrolmentCode, carrier: &mut dyn Carrier) -> Result<Invitation, ApiError> {
    let id = InviteId(code.secret.derive_invite_id());
    let blob = carrier.get_invite(id).map_err(|failure| {
        let error = told_failure(&failure);
        if error.code == ErrorCode::NotFound { bad_code(&failure) } else { error }
    })?;
    let opened = code.secret.open(&blob).map_err(|error| bad_code(&error))?;
    Invitation::from_bytes(opened.expose()).map_err(|error| bad_code(&error))
}

fn bad_code(error: &dyn std::error::Error) -> ApiError {
    let help = "Ask for a new code; each works once and for a day.";
    ApiError::new(ErrorCode::BadCode, format!("The clinic was not joined: {error}. {help}"))
}

/// What entering the membership log has made.
struct Joined {
    device: Device,
    device_keys: DeviceKeys,
    entries: Vec<SignedEntry>,
}

/// Reads the membership log and appends this computer to it with the invite's key.
fn enter_log<H: Host>(
    host: &H,
    invitation: &Invitation,
    device_name: &str,
    carrier: &mut dyn Carrier,
) -> Result<Joined, ApiError> {
    let clinic = Clinic(invitation.clinic);
    let invite_key = VerifyKey(invitation.invite_keys.public());
    let signer = Arc::new(InviteSigner(invitation.invite_keys.clone()));
    carrier.identify(clinic, Principal::Invite(invite_key), signer.clone());
    let mut entries = read_log(clinic, carrier)?;
    let founding = VerifyKey(invitation.founding_key);
    let members = Members::replay(clinic, &founding, &entries).map_err(|error| {
        ApiError::new(ErrorCode::ServerMisbehaves, format!("The clinic was not joined: {error}."))
    })?;
    if members.open_invite(&invite_key).is_none() {
        return Err(bad_code(&sync::membership::EntryError::NoInvite));
    }
    let entropy = &mut HostEntropy(host);
    let device_keys = DeviceKeys::make(entropy);
    let device = Device(*make_uuid(host).as_bytes());
    let name = sealed_name(entropy, &invitation.clinic_keys, clinic, device, device_name.trim())?;
    let hpke_key = HpkeKey(device_keys.public().hpke_key);
    let device_signer = DeviceSigner(device_keys.clone());
    let join = Join::prove(clinic, device, hpke_key, name, &device_signer);
    let head = members.head();
    let entry = Entry {
        clinic,
        index: head.count,
        prev: head.hash,
        at_ms: host.now().unix_ms(),
        author: VerifyKey(signer.public_key()),
        body: EntryBody::Join(join),
    };
    let entry = SignedEntry::sign(entry, signer.as_ref());
    let reply = carrier.push_members(vec![entry.clone()]).map_err(|f| told_failure(&f))?;
    match reply.verdict {
        MembersVerdict::Stored => {}
        MembersVerdict::Refused(error) => return Err(bad_code(&error)),
        MembersVerdict::Stale | MembersVerdict::Closed => {
            let detail = "The list of computers changed at the same time; try again.";
            return Err(ApiError::new(ErrorCode::ServerMisbehaves, detail));
        }
    }
    entries.push(entry);
    Ok(Joined { device, device_keys, entries })
}

fn read_log(clinic: Clinic, carrier: &mut dyn Carrier) -> Result<Vec<SignedEntry>, ApiError> {
    let mut entries: Vec<SignedEntry> = Vec::new();
    for _ in 0..PAGES_MAX {
        let from = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        let page = carrier.members(&MembersRequest { clinic, from });
        let page = page.map_err(|failure| match told_failure(&failure) {
            // Whoever holds a used or expired invite is nobody to the server.
            error if error.code == ErrorCode::DeviceRefused => bad_code(&failure),
            error => error,
        })?;
        let is_last = page.entries.is_empty();
        entries.extend(page.entries);
        if is_last || entries.len() >= usize::try_from(page.head.count).unwrap_or(usize::MAX) {
            break;
        }
    }
    Ok(entries)
}

/// Makes the store with everything the computer was given, and signs the person in.
fn make_store<H: Host>(
    app: &App<H>,
    password: &str,
    invitation: &Invitation,
    joined: &Joined,
) -> Result<Open, ApiError> {
    let host = app.host();
    let ids = (invitation.clinic, joined.device.0);
    let (created, store) = make_store_files(host, ids, &invitation.user_name, password)?;
    let person = person(invitation, &created.unlocked.user_keys)?;
    let founding = VerifyKey(invitation.founding_key);
    let mut rows = key_rows(&joined.device_keys, &invitation.clinic_keys, &founding);
    rows.extend(joined.entries.iter().map(names::entry_row));
    let opened = joined.entries.iter().filter_map(|e| name_row(&invitation.clinic_keys, e));
    rows.extend(opened);
    rows.push(joining_row(&person)?);
    store.put_named(&rows).told()?;
    Ok(Open {
        store,
        database_key: created.unlocked.database_key.clone(),
        user_keys: created.unlocked.user_keys,
        person,
        clinic: ClinicId::from_uuid(Uuid::from_bytes(invitation.clinic)),
        clinic_name: invitation.clinic_name.clone(),
        device: DeviceId::from_uuid(Uuid::from_bytes(joined.device.0)),
        demonstration: false,
        actor: Actor::from_random(make_array(&mut HostEntropy(host))),
        turns: Turns::default(),
    })
}

/// The person of the invitation, who signs with a new key on this computer.
fn person(invitation: &Invitation, user_keys: &UserKeys) -> Result<Practitioner, ApiError> {
    let person: Practitioner =
        serde_json::from_slice(invitation.extra.expose()).map_err(|error| bad_code(&error))?;
    Ok(Practitioner { public_keys: vec![crate::notes::hex(&user_keys.public())], ..person })
}
