//! The recovery kit of the clinic: a code on paper that needs no computer of the clinic.
//!
//! Its keys stand in the clinic's list of computers, so that every new key is sealed to it. Who has
//! the paper lets one computer in, with the keys of a kit as another computer would with its own.

use crate::{
    App,
    audit::OtherDeed,
    error::{ToldResult, signed_out},
    hex::hex,
    host::{Host, HostEntropy},
    open::Session,
    people::at_work,
    permit::Permit,
};
use api::{ApiError, ClinicOpened, ErrorCode, MakeRecoveryKit, RecoverClinic, RecoveryKit, Topic};
use clinical::{Practitioner, Role as PersonRole};
use std::sync::Arc;
use sync::{
    carrier::Carrier,
    ids::{ClinicId as Clinic, DeviceId as Device, HpkeKey, VerifyKey},
    membership::{Entry, EntryBody, Invite, Join, Kit, Members, MembersHead, Role, SignedEntry},
    signing::Signer as _,
    wire::{MembersVerdict, Principal},
};
use vault::{
    ClinicKeys, EpochKey, Sensitive, UserKeys,
    invitation::Invitation,
    keyslots::same_user,
    recovery_kit::{KitCode, KitContent},
};

use super::{
    entering::read_log,
    failure::not_joined,
    join::{self, Guest, Stands},
    join_at::JoinAt,
    keys::{DeviceSigner, clinic_of, internal},
    new_entries::{INVITE_LIFE_MS, NewEntries, append, begin},
    server::{check_server, need_server},
    turn::SyncTurn,
    unfinished::Mark,
};

/// Makes a recovery kit in the place of the one before, and a new key with it: the old kit opens
/// nothing that is sealed from then on, and lets nobody in.
///
/// # Errors
/// `wrong-password`; `invalid` where no server is set; the server's; the store's. Where an answer
/// of the server was lost the old kit may be void: a new one is made by trying again.
pub(crate) fn make_recovery_kit<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<MakeRecoveryKit>,
    command: &MakeRecoveryKit,
) -> Result<RecoveryKit, ApiError> {
    session.check_password(&command.password, permit)?;
    let _turn = SyncTurn::wait(session);
    let server = need_server(session)?;
    let (mut keys, mut carrier) = begin(session, &server)?;
    let clinic = clinic_of(session);
    let code = KitCode::make(&mut HostEntropy(session.host));
    let admins = admins(session)?;
    let content = KitContent {
        clinic_name: session.open.clinic_name.clone(),
        founding_key: keys.members.founding_key().0,
        clinic_keys: keys.clinic_keys.clone(),
        people: Sensitive::new(serde_json::to_vec(&admins).map_err(|error| internal(&error))?),
    };
    let sealed = code.seal(&clinic.0, &content, &mut HostEntropy(session.host));
    let kit = Kit { join: join_of(clinic, &code), sealed: sealed.map_err(|e| internal(&e))? };
    let mut new = NewEntries::after(&keys, session.host.now().unix_ms());
    new.add(EntryBody::Kit(kit))?;
    new.add_epoch(session)?;
    let entries = new.into_entries();
    // Before the server has it: nothing is done without its row.
    session.audit(permit, None)?;
    append(session, &mut keys, carrier.as_mut(), &entries)?;
    session.tell(vec![Topic::Sync]);
    Ok(RecoveryKit {
        code: code.to_text().expose().clone(),
        clinic: session.open.clinic,
        clinic_name: session.open.clinic_name.clone(),
        server: server.text(),
        people: admins.into_iter().map(|person| person.user_name).collect(),
    })
}

/// Makes this computer one of a clinic that may have no other left, by its recovery kit.
///
/// # Errors
/// `already-exists`; `bad-code` of one that is mistyped, of another clinic or was replaced;
/// `unknown-user`; `invalid` for the password; the server's, keyring's, store's.
pub(crate) fn recover_clinic<H: Host>(
    app: &App<H>,
    command: &RecoverClinic,
) -> Result<ClinicOpened, ApiError> {
    let host = app.host();
    let code = KitCode::parse(&command.code).map_err(|error| bad_kit(&error))?;
    let opened = match join::stands(host, &hex(&code.derive_id()))? {
        Stands::Ready(mark) => join::resume(app, mark, &command.password)?,
        Stands::Other(old) => enter(app, command, &code, old)?,
    };
    let open = app.opened().ok_or_else(signed_out)?;
    Session::of_host(host, &open).audit(OtherDeed::RecoverClinic, None)?;
    Ok(opened)
}

/// Enters the clinic; where another joining was begun here, it is given up.
fn enter<H: Host>(
    app: &App<H>,
    command: &RecoverClinic,
    code: &KitCode,
    old: Option<Mark>,
) -> Result<ClinicOpened, ApiError> {
    let host = app.host();
    let server = check_server(&command.server)?;
    let mut carrier = host.connect(&server.url, server.pin).map_err(|f| not_joined(&f))?;
    let clinic = Clinic(*command.clinic.uuid().as_bytes());
    let user_name = command.user_name.as_deref();
    let invitation = let_in(host, (clinic, code), user_name, carrier.as_mut())?;
    let guest = Guest {
        invite: hex(&code.derive_id()),
        invitation,
        at: JoinAt::Server(server),
        device_name: &command.device_name,
        password: &command.password,
    };
    join::enter(app, guest, old, carrier.as_mut())
}

/// The administrators at work here, whoever is signed in first.
fn admins<H: Host>(session: &Session<'_, H>) -> Result<Vec<Practitioner>, ApiError> {
    let people = at_work(session.open.store.people().told()?);
    let is_admin = |person: &Practitioner| person.role == PersonRole::Admin;
    let mut admins: Vec<_> = people.into_iter().filter(is_admin).collect();
    admins.sort_by_key(|person| (person.id != session.open.person.id, person.id));
    Ok(admins)
}

fn join_of(clinic: Clinic, code: &KitCode) -> Join {
    let keys = code.derive_keys();
    let hpke_key = HpkeKey(keys.public().hpke_key);
    // It has no name: each window has a word for it.
    Join::prove(clinic, Device(code.derive_id()), hpke_key, Vec::new(), &DeviceSigner(keys))
}

/// Enters an invitation signed by the kit in the list, and answers it.
fn let_in<H: Host>(
    host: &H,
    (clinic, code): (Clinic, &KitCode),
    user_name: Option<&str>,
    carrier: &mut dyn Carrier,
) -> Result<Invitation, ApiError> {
    let signer = Arc::new(DeviceSigner(code.derive_keys()));
    let kit = Device(code.derive_id());
    carrier.identify(clinic, Principal::Device(kit), Arc::<DeviceSigner>::clone(&signer));
    let log = read_log(clinic, carrier).map_err(unknown_kit)?;
    let Recovered { content, members } = recovered(clinic, code, &log)?;
    let person = person_of(&content, user_name)?;
    let invite_keys = UserKeys::make(&mut HostEntropy(host));
    let now_ms = host.now().unix_ms();
    let invite = Invite {
        invite_key: VerifyKey(invite_keys.public()),
        role: Role::Admin,
        expires_at_ms: now_ms.saturating_add(INVITE_LIFE_MS),
    };
    let entry = sign(&signer, clinic, members.head(), (now_ms, EntryBody::Invite(invite)));
    let reply = carrier.push_members(vec![entry]).map_err(|failure| not_joined(&failure))?;
    match reply.verdict {
        MembersVerdict::Stored => {}
        MembersVerdict::Stale | MembersVerdict::Refused(_) | MembersVerdict::Closed => {
            let detail = "The server did not take this computer in; try again.";
            return Err(ApiError::new(ErrorCode::ServerMisbehaves, detail));
        }
    }
    let extra = serde_json::to_vec(&person).map_err(|error| internal(&error))?;
    Ok(Invitation {
        clinic: clinic.0,
        clinic_name: content.clinic_name,
        founding_key: content.founding_key,
        user: *person.id.uuid().as_bytes(),
        user_name: person.user_name,
        invite_keys,
        clinic_keys: content.clinic_keys,
        extra: Sensitive::new(extra),
    })
}

/// What a kit opens in a list.
struct Recovered {
    /// With the keys of every epoch since.
    content: KitContent,
    members: Members,
}

/// Opens the kit in the list of its clinic. What the code opens says who founded the clinic: a list
/// that somebody made up is not taken for the clinic's.
fn recovered(clinic: Clinic, code: &KitCode, log: &[SignedEntry]) -> Result<Recovered, ApiError> {
    let id = Device(code.derive_id());
    let sealed = log.iter().find_map(|entry| match &entry.entry().body {
        EntryBody::Kit(kit) if kit.join.device == id => Some(&kit.sealed),
        EntryBody::Kit(_)
        | EntryBody::Found(_)
        | EntryBody::Invite(_)
        | EntryBody::Join(_)
        | EntryBody::Revoke(_)
        | EntryBody::Epoch(_) => None,
    });
    let sealed = sealed.ok_or_else(|| bad_kit(&"this clinic has no such kit"))?;
    let mut content = code.open(&clinic.0, sealed).map_err(|error| bad_kit(&error))?;
    let members = Members::replay(clinic, &VerifyKey(content.founding_key), log);
    let members = members.map_err(|error| {
        let detail = format!("The clinic was not recovered: {error}.");
        ApiError::new(ErrorCode::ServerMisbehaves, detail)
    })?;
    if !members.active().any(|(device, _)| device == id) {
        return Err(replaced());
    }
    for entry in log {
        take_epoch(&mut content.clinic_keys, (clinic, code, id), entry);
    }
    Ok(Recovered { content, members })
}

fn take_epoch(
    clinic_keys: &mut ClinicKeys,
    (clinic, code, id): (Clinic, &KitCode, Device),
    entry: &SignedEntry,
) -> Option<()> {
    let EntryBody::Epoch(epoch) = &entry.entry().body else { return None };
    let mine = epoch.keys.iter().find(|key| key.device == id)?;
    let keys = code.derive_keys();
    let key = EpochKey::open(&keys, &clinic.0, epoch.number, &mine.sealed).ok()?;
    let is_it = key.derive_commitment(&clinic.0, epoch.number) == epoch.commitment.0;
    is_it.then(|| clinic_keys.add_epoch(epoch.number, key))
}

/// Whom the kit brings back: who is named, or who made it.
fn person_of(content: &KitContent, user_name: Option<&str>) -> Result<Practitioner, ApiError> {
    let people: Vec<Practitioner> =
        serde_json::from_slice(content.people.expose()).map_err(|error| bad_kit(&error))?;
    let names: Vec<_> = people.iter().map(|person| person.user_name.clone()).collect();
    let is_it = |person: &Practitioner| {
        user_name.is_none_or(|user_name| same_user(&person.user_name, user_name))
    };
    people.into_iter().find(is_it).ok_or_else(|| {
        let detail = format!(
            "The clinic was not recovered: the kit brings back {} and nobody else.",
            names.join(", ")
        );
        ApiError::new(ErrorCode::UnknownUser, detail)
    })
}

fn sign(
    signer: &DeviceSigner,
    clinic: Clinic,
    head: MembersHead,
    (at_ms, body): (i64, EntryBody),
) -> SignedEntry {
    let author = VerifyKey(signer.public_key());
    let entry = Entry { clinic, index: head.count, prev: head.hash, at_ms, author, body };
    SignedEntry::sign(entry, signer)
}

/// The code opens no clinic.
fn bad_kit(cause: &dyn std::fmt::Display) -> ApiError {
    ApiError::new(ErrorCode::BadCode, format!("The clinic was not recovered: {cause}."))
}

fn replaced() -> ApiError {
    bad_kit(&"another kit was made since, or this one was removed from the list of computers")
}

/// A server knows nothing of a kit that never was its clinic's, or is void.
fn unknown_kit(error: ApiError) -> ApiError {
    if error.code == ErrorCode::BadCode {
        let why = "the server knows no such clinic or kit: it is another server than the clinic's or a new \
                   one, the code or the clinic is another's, or a newer kit was made";
        bad_kit(&why)
    } else {
        error
    }
}
