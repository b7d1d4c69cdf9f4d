//! The clinic's computers: inviting one, listing them, ending a membership.

use crate::{
    audit::Deed,
    error::ToldResult,
    host::{Host, HostEntropy},
    open::Session,
    permit::Permit,
};
use api::{
    ApiError, DeviceCode, DeviceView, ErrorCode, ListDevices, MakeDeviceCode, RevokeDevice,
    SquareCode, Topic,
};
use clinical::{DeviceId, Instant};
use store::SELF;
use sync::{
    carrier::Carrier,
    have::Position,
    ids::{DeviceId as Device, EnvelopeId, InviteId, ServerPin, VerifyKey},
    membership::{EntryBody, Invite, Revoke, Role},
    payload::Notice,
    wire::InvitePut,
};
use uuid::Uuid;
use vault::{
    Sensitive, UserKeys,
    enrolment::{EnrolmentCode, InviteSecret},
    invitation::Invitation,
};

use super::{
    door::{Here, hear_of_list, here},
    exchange::Desk,
    failure::told_failure,
    heard_from::heard_from,
    join_at::LAN,
    keys::{Keys, clinic_of, device_names, internal},
    new_entries::{NewEntries, append, begin, begin_or_wish, enter_at_once, is_of_the_server},
    peer::Peer,
    server::{Server, server_of},
    state::ahead_ms,
    turn::SyncTurn,
    wishes::{enter_here, wish},
};

/// A code works for a day.
const CODE_LIFE_MS: i64 = 24 * 60 * 60 * 1000;

/// Makes a code another computer can join with, once.
///
/// # Errors
/// `invalid` where no server is set and this computer cannot let others in itself; `unreachable` and the
/// server's other ones: a code is of use only once the server has the invitation. The store's.
pub(crate) fn make_device_code<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<MakeDeviceCode>,
    _command: &MakeDeviceCode,
) -> Result<DeviceCode, ApiError> {
    let (code, expires_at) = invite(session, permit)?;
    let code = code.to_text().expose().clone();
    let square = print::square(&code).map(|(side, path)| SquareCode { side, path });
    Ok(DeviceCode { code, expires_at, square })
}

/// Invites another computer: enters the invitation in the list of computers, leaves its content,
/// sealed, at the server, or where there is none at this computer for who comes to it over the local
/// network, and answers the code that opens it and until when it does.
///
/// # Errors
/// As making a code.
pub(super) fn invite<H: Host>(
    session: &Session<'_, H>,
    deed: impl Into<Deed>,
) -> Result<(EnrolmentCode, Instant), ApiError> {
    hear_of_list(session)?;
    let _turn = SyncTurn::wait(session);
    let mut list = ListAt::begin(session)?;
    let entropy = &mut HostEntropy(session.host);
    let invite_keys = UserKeys::make(entropy);
    let invite_key = VerifyKey(invite_keys.public());
    let secret = InviteSecret::make(entropy);
    // By the clock that says when it ends, which is the server's: a wrong one here would end it before it
    // begins. What other computers' clocks say is nothing to it.
    let ahead_ms = if list.is_here { 0 } else { ahead_ms(session)? };
    let now_ms = session.host.now().unix_ms().saturating_sub(ahead_ms);
    let expires_at_ms = now_ms.saturating_add(CODE_LIFE_MS);
    if !list.keys.members.may_invite_at(now_ms) {
        let detail = "As many codes as may be wait to be used; use one of them, or wait until some \
                      end. Nothing was changed.";
        return Err(ApiError::new(ErrorCode::TooManyCodes, detail));
    }
    let invite = Invite { invite_key, role: Role::Admin, expires_at_ms };
    list.enter(session, (now_ms, EntryBody::Invite(invite)), deed)?;
    let blob = invitation(session, &list.keys, invite_keys)?;
    let put = InvitePut {
        clinic: clinic_of(session),
        id: InviteId(secret.derive_invite_id()),
        expires_at_ms,
        blob: secret.seal(blob.expose(), entropy),
    };
    list.carrier.put_invite(&put).map_err(|failure| told_failure(&failure))?;
    if list.is_here {
        session.open.store.turns().door(session.host.now()).expects(invite_key, put.id);
    }
    let code = EnrolmentCode::new(&list.url, list.pin.0, secret).map_err(|e| internal(&e))?;
    Ok((code, Instant::from_unix_ms(expires_at_ms)))
}

/// Where the clinic's list of computers grows, and newcomers come in.
struct ListAt {
    keys: Keys,
    carrier: Box<dyn Carrier>,
    /// What a code says of the place.
    url: String,
    pin: ServerPin,
    /// Whether that is this computer.
    is_here: bool,
}

impl ListAt {
    /// The server; where none is set, this computer itself.
    fn begin<H: Host>(session: &Session<'_, H>) -> Result<Self, ApiError> {
        if let Some(Server { url, pin }) = server_of(session)? {
            let (keys, carrier) = begin(session, &Server { url: url.clone(), pin })?;
            return Ok(Self { keys, carrier, url, pin, is_here: false });
        }
        let keys = Keys::load(session)?;
        let Here { address, pin, carrier } = here(session, &keys)?;
        Ok(Self { keys, carrier, url: format!("{LAN}{address}"), pin, is_here: true })
    }

    /// Enters something in the list, after its row: a disk that takes none lets nobody in.
    fn enter<H: Host>(
        &mut self,
        session: &Session<'_, H>,
        (at_ms, body): (i64, EntryBody),
        deed: impl Into<Deed>,
    ) -> Result<(), ApiError> {
        // A server says where others were quicker. Here nobody enters something in between.
        let _alone = self.is_here.then(|| session.open.store.turns().take_in_beside());
        if self.is_here {
            self.keys = Keys::load(session)?;
        }
        let mut new = NewEntries::after(&self.keys, at_ms);
        new.add(body)?;
        let entries = new.into_entries();
        session.audit(deed, None)?;
        if !self.is_here {
            return append(session, &mut self.keys, self.carrier.as_mut(), &entries);
        }
        let rows = self.keys.take_entries(&entries).map_err(|error| internal(&error))?;
        session.open.store.put_named(&rows).told()
    }
}

/// Lists the clinic's computers, this one first, then by name.
///
/// # Errors
/// The store's.
pub(crate) fn list_devices<H: Host>(
    session: &Session<'_, H>,
    _permit: &Permit<ListDevices>,
    _command: &ListDevices,
) -> Result<Vec<DeviceView>, ApiError> {
    let keys = Keys::load(session)?;
    let names = device_names(session)?;
    let heard = heard_from(session)?;
    let view = |(device, member): (Device, &sync::membership::Member)| {
        let id = DeviceId::from_uuid(Uuid::from_bytes(device.0));
        DeviceView {
            id,
            name: names.get(&id).cloned().unwrap_or_default(),
            here: device == keys.device,
            revoked: member.revoked.is_some(),
            leaving: keys.members.is_leaving(device),
            kit: member.is_kit,
            heard: heard.get(&id).copied(),
        }
    };
    let mut devices: Vec<_> = keys.members.devices().map(view).collect();
    devices.sort_by(|a, b| (!a.here, &a.name, a.id).cmp(&(!b.here, &b.name, b.id)));
    Ok(devices)
}

/// Ends a computer's membership: what it sends from now on waits for a person, and what others
/// seal from now on it cannot read. Where the server cannot be reached that is a wish: it counts
/// here at once, and wherever it arrives, and whoever meets the server first enters it in the list;
/// until then this computer has no new key to seal with. Where the clinic has no server the computer
/// that keeps the list enters it, this one or another that hears of it.
///
/// # Errors
/// `not-found`, `invalid` for this computer itself; the server's, but for one that is away; the
/// store's.
pub(crate) fn revoke_device<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<RevokeDevice>,
    command: &RevokeDevice,
) -> Result<(), ApiError> {
    hear_of_list(session)?;
    let _turn = SyncTurn::wait(session);
    let device = Device(*command.device.uuid().as_bytes());
    if command.device == session.open.device {
        let detail = "This computer cannot remove itself; do it from another one.";
        return Err(ApiError::new(ErrorCode::Invalid, detail));
    }
    let Some(server) = server_of(session)? else {
        let keys = Keys::load(session)?;
        must_stay(&keys, device)?;
        session.audit(permit, None)?;
        wish(session, &Notice::Remove(Revoke { device, cut: cut_of(session, device)? }))?;
        // Under the key that all have, also who has another end of the list.
        Desk::new(session, Peer::Anyone, keys)?.alone(Desk::seal_word)?;
        enter_here(session)?;
        session.tell(vec![Topic::Sync]);
        return Ok(());
    };
    let begun = begin_or_wish(session, &server)?;
    let keys = begun.as_ref().map_or_else(|_| Keys::load(session), |(keys, _)| Ok(keys.clone()))?;
    must_stay(&keys, device)?;
    let revoke = Revoke { device, cut: cut_of(session, device)? };
    let (mut keys, mut carrier) = match begun {
        Ok(begun) => begun,
        Err(why_not) => {
            session.audit(permit, None)?;
            wish(session, &Notice::Remove(revoke))?;
            enter_at_once(session, &server, why_not)?;
            session.tell(vec![Topic::Sync]);
            return Ok(());
        }
    };
    let mut new = NewEntries::after(&keys, session.host.now().unix_ms());
    new.add(EntryBody::Revoke(revoke.clone()))?;
    new.add_epoch(session)?;
    let entries = new.into_entries();
    // Before the server has it: nothing is done without its row.
    session.audit(permit, None)?;
    // The record says it too, under the key that all have who know the list as it is now: that may be
    // all of it that comes back where a server is put back from a copy.
    wish(session, &Notice::Remove(revoke))?;
    let mut desk = Desk::new(session, Peer::server(&server), keys.clone())?;
    desk.alone(Desk::seal_word)?;
    match append(session, &mut keys, carrier.as_mut(), &entries) {
        Ok(()) => {}
        // Others changed the list at the same moment, the answer was lost, or the server takes no entry
        // from here: it is a wish by now.
        Err(error) if is_of_the_server(error.code) || error.code == ErrorCode::DeviceRefused => {
            enter_at_once(session, &server, error.code)?;
        }
        Err(error) => return Err(error),
    }
    session.tell(vec![Topic::Sync]);
    Ok(())
}

/// Refuses what nobody could remove: a computer that was removed, or none at all.
fn must_stay(keys: &Keys, device: Device) -> Result<(), ApiError> {
    if keys.members.staying().any(|(staying, _)| staying == device) {
        return Ok(());
    }
    if keys.members.device(device).is_none() {
        return Err(crate::error::not_found("computer"));
    }
    let detail = "This computer was removed already; nothing was changed.";
    Err(ApiError::new(ErrorCode::NotFound, detail))
}

fn invitation<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
    invite_keys: UserKeys,
) -> Result<Sensitive<Vec<u8>>, ApiError> {
    let person = &session.open.person;
    let extra = serde_json::to_vec(person).map_err(|error| internal(&error))?;
    let invitation = Invitation {
        clinic: clinic_of(session).0,
        clinic_name: session.open.clinic_name.clone(),
        founding_key: keys.members.founding_key().0,
        user: *person.id.uuid().as_bytes(),
        user_name: person.user_name.clone(),
        invite_keys,
        clinic_keys: keys.clinic_keys.clone(),
        extra: Sensitive::new(extra),
    };
    invitation.to_bytes().map_err(|error| internal(&error))
}

/// How far this computer holds another's envelopes.
///
/// # Errors
/// The store's.
pub(super) fn cut_of<H: Host>(
    session: &Session<'_, H>,
    device: Device,
) -> Result<Vec<(u32, Position)>, ApiError> {
    let held = session.open.store.have(SELF).told()?;
    let of_device = held.into_iter().filter(|row| row.device == device.0);
    let cut = of_device
        .map(|row| (row.generation, Position { counter: row.counter, id: EnvelopeId(row.id) }));
    Ok(cut.collect())
}
