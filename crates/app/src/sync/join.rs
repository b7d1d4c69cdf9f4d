//! Joining a clinic by the code of one of its computers.
//!
//! Everything the computer needs (its keys, the invitation, the signed entry for the clinic's
//! list of computers) is durable before the entry is sent. So a joining that is cut off, or whose
//! answer is lost, is brought to its end by trying again: the same entry is sent once more, and a
//! server that has it already says so. See [`super::unfinished`] for what stands on disk meanwhile.

use crate::{
    App,
    access::{
        Way, check_new_password, ensure_absent, lacks_keyring, make_folder, make_store_files,
        note_failure, open_store,
    },
    error::ToldResult,
    hex::hex,
    host::{Host, HostEntropy, make_uuid},
    kept_store::KeptStore,
    open::{Open, Session},
};
use api::{ApiError, ClinicOpened, ErrorCode, InvitationView, JoinClinic, ResumeJoining};
use clinical::Practitioner;
use store::Store;
use sync::{
    carrier::Carrier,
    ids::{DeviceId as Device, InviteId},
};
use vault::{
    DeviceKeys, Keyslots, KeyslotsFile, Unlocked, UserKeys, enrolment::EnrolmentCode,
    invitation::Invitation, keyslots::Created,
};

use super::{
    coming::coming_row,
    entering::{self, Entering, UNKNOWN, bad_code},
    failure::not_joined,
    join_at::JoinAt,
    joining::{joining_person, joining_row},
    keys::{key_rows, name_row},
    names,
    peers::meet_at,
    state::{Rest, sync_with},
    unfinished::Mark,
};

/// Joins a clinic: gets the invitation, makes the store, enters the list of computers and fetches
/// the record. Where the last step fails, the computer has joined and the next exchange goes on.
///
/// # Errors
/// `already-exists`; `bad-code`; `invalid` for the password; the server's, keyring's, store's.
pub(crate) fn join_clinic<H: Host>(
    app: &App<H>,
    command: &JoinClinic,
) -> Result<ClinicOpened, ApiError> {
    let host = app.host();
    let code = EnrolmentCode::parse(&command.code).map_err(|error| bad_code(&error))?;
    let invite = hex(&code.secret.derive_invite_id());
    let old = match stands(host, &invite)? {
        Stands::Ready(mark) => return resume(app, mark, &command.password),
        Stands::Other(old) => old,
    };
    let at = JoinAt::of_code(&code);
    let mut carrier = at.connect(host).map_err(|failure| not_joined(&failure))?;
    let invitation = fetch(&code, carrier.as_mut())?;
    let guest = Guest {
        invite,
        invitation,
        at,
        device_name: &command.device_name,
        password: &command.password,
    };
    enter(app, guest, old, carrier.as_mut())
}

/// Whose invitation a code is. Of a joining that was begun with it the name to sign in with is known
/// alone: its invitation may be gone from the server.
///
/// # Errors
/// `already-exists`; `bad-code`; the server's.
pub(super) fn invitation_of<H: Host>(host: &H, code: &str) -> Result<InvitationView, ApiError> {
    let code = EnrolmentCode::parse(code).map_err(|error| bad_code(&error))?;
    if let Stands::Ready(mark) = stands(host, &hex(&code.secret.derive_invite_id()))? {
        let user_name = mark.ready().map(|head| head.user_name.clone()).unwrap_or_default();
        return Ok(InvitationView { clinic_name: String::new(), user_name, name: String::new() });
    }
    let mut carrier =
        JoinAt::of_code(&code).connect(host).map_err(|failure| not_joined(&failure))?;
    let invitation = fetch(&code, carrier.as_mut())?;
    let person: Option<Practitioner> = serde_json::from_slice(invitation.extra.expose()).ok();
    let name = person.map(|person| person.name).unwrap_or_default();
    let Invitation { clinic_name, user_name, .. } = invitation;
    Ok(InvitationView { clinic_name, user_name, name })
}

/// How another joining stands here, if one does.
pub(super) enum Stands {
    /// This one, ready to be brought to its end.
    Ready(Mark),
    /// Another, of which nobody was told, or none.
    Other(Option<Mark>),
}

/// Looks for the joining by an invitation of this name.
///
/// # Errors
/// `already-exists` where this is a computer of a clinic; the disk's.
pub(super) fn stands<H: Host>(host: &H, invite: &str) -> Result<Stands, ApiError> {
    match Mark::take(host.directory())? {
        Some(mark) if mark.ready().is_some_and(|head| head.invite == invite) => {
            return Ok(Stands::Ready(mark));
        }
        // It is a computer of a clinic already: another code finds a store here.
        Some(mark) if mark.has_entered() => drop(mark),
        Some(mark) => return Ok(Stands::Other(Some(mark))),
        None => {}
    }
    ensure_absent(host)?;
    Ok(Stands::Other(None))
}

/// Who enters a clinic by an invitation.
pub(super) struct Guest<'a> {
    /// By what the joining is known again.
    pub(super) invite: String,
    pub(super) invitation: Invitation,
    pub(super) at: JoinAt,
    pub(super) device_name: &'a str,
    pub(super) password: &'a str,
}

/// Makes the store of a computer that joins and enters the list of computers.
///
/// # Errors
/// As joining.
pub(super) fn enter<H: Host>(
    app: &App<H>,
    guest: Guest<'_>,
    old: Option<Mark>,
    carrier: &mut dyn Carrier,
) -> Result<ClinicOpened, ApiError> {
    let host = app.host();
    let Guest { invite, invitation, at, device_name, password } = guest;
    check_new_password(password, &invitation.user_name)?;
    let (device, device_keys) =
        (Device(*make_uuid(host).as_bytes()), DeviceKeys::make(&mut HostEntropy(host)));
    let entering =
        Entering::begin(host, &invitation, (device, &device_keys), device_name, carrier)?;
    if let Some(old) = old {
        // Another code, and it is alive: what was begun with the old one is given up. Nothing is
        // recorded in it. Had the new one been dead, the old joining could still be ended.
        old.give_up(host)?;
        ensure_absent(host)?;
    }
    make_folder(host)?;
    let mut mark = Mark::set(host, invite, invitation.user_name.clone(), device.0)?;
    let joiner = Joiner {
        invitation: &invitation,
        device,
        device_keys: &device_keys,
        entering: &entering,
        at: &at,
    };
    match make_store(host, &joiner, password) {
        Ok((created, store)) => {
            mark.set_ready()?;
            let store = KeptStore::new(store, &created.unlocked.database_key);
            finish(app, mark, created, store)
        }
        Err(error) => {
            // Nobody was told: there is nothing to go on with.
            mark.give_up(host)?;
            Err(error)
        }
    }
}

/// Brings a joining that was interrupted to its end.
///
/// # Errors
/// `no-clinic` where none is under way; as joining.
pub(crate) fn resume_joining<H: Host>(
    app: &App<H>,
    command: &ResumeJoining,
) -> Result<ClinicOpened, ApiError> {
    match Mark::take(app.host().directory())? {
        Some(mark) if mark.ready().is_some() && !mark.has_entered() => {
            resume(app, mark, &command.password)
        }
        Some(_) | None => {
            let detail = "No joining is under way here; join with a code.";
            Err(ApiError::new(ErrorCode::NoClinic, detail))
        }
    }
}

/// Opens the store of a joining again, also of one that has entered. The recovery code that was
/// made with it may never have been seen, so there is a new one.
pub(super) fn resume<H: Host>(
    app: &App<H>,
    mark: Mark,
    password: &str,
) -> Result<ClinicOpened, ApiError> {
    let host = app.host();
    let user = mark.ready().map(|head| head.user_name.clone()).unwrap_or_default();
    let file = KeyslotsFile::at(host.directory());
    let mut keyslots = file.read().told()?.keyslots;
    let unlocked = keyslots
        .unlock(&user, password, host.keyring())
        .inspect_err(|error| note_failure(app, &keyslots, &user, (error, Way::ResumeJoining)))
        .told()?;
    let store = open_store(app, &unlocked.database_key).told()?;
    let entropy = &mut HostEntropy(host);
    let recovery_code = keyslots.replace_recovery_code(&unlocked.database_key, entropy).told()?;
    file.write(&mut keyslots).told()?;
    finish(app, mark, Created { keyslots, unlocked, recovery_code }, store)
}

/// Enters the list of computers and fetches the record. The mark stays until somebody signs in: a
/// death before the recovery code was seen costs nothing.
fn finish<H: Host>(
    app: &App<H>,
    mut mark: Mark,
    created: Created,
    store: KeptStore,
) -> Result<ClinicOpened, ApiError> {
    let host = app.host();
    let Created { keyslots, unlocked, recovery_code } = created;
    let keyring_absent = lacks_keyring(host, &keyslots);
    let open = open_joining(host, store, &keyslots, unlocked)?;
    let session = Session::of_host(host, &open);
    let at = JoinAt::kept(&session)?;
    if let Err(refused) = entering::enter(&session, &at)? {
        // The code is dead and nothing was recorded here: another code finds a clean computer.
        drop(open);
        mark.give_up(host)?;
        return Err(refused);
    }
    mark.set_entered()?;
    fetch_record(&session, &at)?;
    let clinic_name = open.store.clinic_name().told()?;
    let open =
        Open { clinic_name: clinic_name.unwrap_or_else(|| open.clinic_name.clone()), ..open };
    let (recovery_code, session) = (recovery_code.to_text().expose().clone(), open.view());
    app.set_open(Some(open));
    Ok(ClinicOpened { recovery_code, session, keyring_absent })
}

/// Fetches the record where the clinic was joined. What goes wrong now is told by how the sync stands, and
/// is tried again by the next.
fn fetch_record<H: Host>(session: &Session<'_, H>, at: &JoinAt) -> Result<(), ApiError> {
    match at {
        JoinAt::Server(server) => drop(sync_with(session, server, Rest::Leave)?),
        JoinAt::Computer { address, .. } => {
            if let Err(error) = meet_at(session, address) {
                tracing::info!(code = ?error.code, "the record did not come yet");
            }
        }
    }
    Ok(())
}

fn open_joining<H: Host>(
    host: &H,
    store: KeptStore,
    keyslots: &Keyslots,
    unlocked: Unlocked,
) -> Result<Open, ApiError> {
    let lost = || ApiError::new(ErrorCode::Damaged, "The person who joins is not in the store.");
    let key = hex(&unlocked.user_keys.public());
    let is_it = |person: &Practitioner| person.public_keys.contains(&key);
    let person = match joining_person(&store).told()? {
        Some(person) => person,
        // The record has them by now.
        None => store.people().told()?.into_iter().find(is_it).ok_or_else(lost)?,
    };
    let invited = entering::invitation(&store)?.map(|invitation| invitation.clinic_name);
    let open = Open::new(host, store, keyslots, unlocked, person)?;
    Ok(match invited {
        Some(clinic_name) if open.clinic_name.is_empty() => Open { clinic_name, ..open },
        Some(_) | None => open,
    })
}

fn fetch(code: &EnrolmentCode, carrier: &mut dyn Carrier) -> Result<Invitation, ApiError> {
    let id = InviteId(code.secret.derive_invite_id());
    let blob = carrier.get_invite(id).map_err(|failure| {
        let error = not_joined(&failure);
        // A computer at which nobody is let in any more does not answer who is nobody to it.
        let is_gone = [ErrorCode::NotFound, ErrorCode::DeviceRefused].contains(&error.code);
        if is_gone { bad_code(&UNKNOWN) } else { error }
    })?;
    let opened = code.secret.open(&blob).map_err(|error| bad_code(&error))?;
    Invitation::from_bytes(opened.expose()).map_err(|error| bad_code(&error))
}

/// What the store of a computer that joins is made of.
struct Joiner<'a> {
    invitation: &'a Invitation,
    device: Device,
    device_keys: &'a DeviceKeys,
    entering: &'a Entering,
    at: &'a JoinAt,
}

/// Makes the key slots and the store, with everything that is needed to bring the joining to its
/// end.
fn make_store<H: Host>(
    host: &H,
    joiner: &Joiner<'_>,
    password: &str,
) -> Result<(Created, Store), ApiError> {
    let Joiner { invitation, device, device_keys, entering, at } = joiner;
    let ids = (invitation.clinic, device.0);
    let (created, store) = make_store_files(host, ids, &invitation.user_name, password)?;
    let mut rows = key_rows(device_keys, &invitation.clinic_keys, &entering.founding_key());
    rows.extend(entering.log.iter().map(names::entry_row));
    rows.extend(entering.log.iter().filter_map(|e| name_row(&invitation.clinic_keys, e)));
    rows.push(joining_row(&person(invitation, &created.unlocked.user_keys)?)?);
    rows.push(at.row());
    rows.push(coming_row());
    rows.extend(entering.rows(invitation)?);
    store.put_named(&rows).told()?;
    Ok((created, store))
}

/// The person of the invitation, who signs with a new key on this computer.
fn person(invitation: &Invitation, user_keys: &UserKeys) -> Result<Practitioner, ApiError> {
    let person: Practitioner =
        serde_json::from_slice(invitation.extra.expose()).map_err(|error| bad_code(&error))?;
    Ok(Practitioner { public_keys: vec![hex(&user_keys.public())], ..person })
}
