//! Where this computer lets others into the clinic itself, over the local network, where the clinic has
//! no server.
//!
//! Rooms and the blobs of invitations lie in memory, for as long as the program runs, and under the
//! rules of a server ([`sync::lobby`]). One computer of the clinic is the door ([`super::list_keeper`]).

use crate::{App, host::Host, open::Session};
use api::{ApiError, ErrorCode, Origin};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use sync::{
    address::pin_of_key,
    carrier::{Carrier, Stop},
    ids::{ClinicId, InviteId, ServerPin, VerifyKey},
    limits::{INVITE_LIFE_MS_MAX, ROOM_LIFE_S_MAX},
    lobby::{Lobby, Put, Room},
    membership::SignedEntry,
    session::{Effect, Failure, RefusedRequest, SyncEvent},
    signing::Signer,
    wire::{
        InvitePut, MembersPage, MembersReply, MembersRequest, Principal, Refusal, RefusalCode,
        RoomGet, RoomMessages, RoomOpen, RoomOpened, RoomPut, RoomStored,
    },
};

use super::{
    copies::question, keys::Keys, list_keeper::refuse_elsewhere, peers::meet_at, server::server_of,
};

/// Where newcomers come in.
#[derive(Debug, Default)]
pub(crate) struct Door {
    /// Where others of the local network reach this computer, while it serves them.
    served_at: Option<String>,
    lobby: Lobby,
    /// The invitations in it, by the key that joins with each.
    invites: BTreeMap<VerifyKey, InviteId>,
    /// How often who may come in has changed.
    turn: u64,
    /// The time, as it was told last: rooms and invitations end by it.
    now_ms: i64,
}

impl Door {
    /// Tells the time.
    pub(crate) const fn tick(&mut self, now_ms: i64) {
        self.now_ms = now_ms;
    }

    /// Whether somebody is let in now, and how often that or the list of computers has changed.
    pub(super) fn stands(&self) -> (bool, u64) {
        (self.lobby.is_open(self.now_ms), self.turn)
    }

    /// Others reach this computer there from now on.
    pub(super) fn serve_at(&mut self, address: Option<String>) {
        self.served_at = address;
    }

    /// Nobody comes in by a room that was opened before.
    pub(crate) fn close_rooms(&mut self) {
        self.lobby.close_rooms();
    }

    /// The holder of this key may come in, by an invitation that lies here.
    pub(super) fn expects(&mut self, invite: VerifyKey, id: InviteId) {
        self.turn = self.turn.wrapping_add(1);
        self.invites.insert(invite, id);
    }

    /// The holder of this key came in.
    pub(super) fn used(&mut self, invite: &VerifyKey) {
        self.turn = self.turn.wrapping_add(1);
        if let Some(id) = self.invites.remove(invite) {
            self.lobby.forget_invite(id);
        }
    }

    /// The blob of an invitation.
    pub(super) fn fetch_invite(&mut self, id: InviteId) -> Option<Vec<u8>> {
        self.lobby.fetch_invite(id, self.now_ms)
    }

    /// Keeps a message in a room.
    pub(super) fn put_in_room(&mut self, put: &RoomPut) -> Option<RoomStored> {
        self.lobby.put_in_room(put, self.now_ms)
    }

    /// What lies in a room.
    pub(super) fn look_into_room(&self, asked: &RoomGet) -> Option<RoomMessages> {
        self.lobby.room(asked.room, self.now_ms).map(|messages| RoomMessages { messages })
    }

    fn open_room(&mut self, asked: &RoomOpen) -> RoomOpened {
        let life_ms = i64::from(asked.life_s.min(ROOM_LIFE_S_MAX)).saturating_mul(1000);
        let ends_at_ms = self.now_ms.saturating_add(life_ms);
        let room = Room { id: asked.room, clinic: asked.clinic, ends_at_ms };
        RoomOpened { verdict: self.lobby.open_room(&room, self.now_ms) }
    }
}

/// What a newcomer must be told to come in here.
pub(super) struct Here {
    /// `host:port`.
    pub(super) address: String,
    /// Of this computer's own key.
    pub(super) pin: ServerPin,
    /// The way to what newcomers find.
    pub(super) carrier: Box<dyn Carrier>,
}

/// That it is not known yet which of two computers goes on as this one.
const COPY_FIRST: &str = "Nothing was done: it is to be said first, under Sync, whether a copy of this \
                          computer is in use. Then let the other one in.";

/// Calls on computers that were met since the program began, before the list of computers grows here: what
/// was entered in it since a copy that was put back is known to them. Who does not answer says nothing.
///
/// # Errors
/// The store's.
pub(super) fn hear_of_list<H: Host>(session: &Session<'_, H>) -> Result<(), ApiError> {
    if server_of(session)?.is_some() {
        return Ok(());
    }
    let on_behalf = Session { host: session.host, open: session.open, origin: Origin::Sync };
    let neighbours = session.open.store.turns().neighbours().clone();
    for address in neighbours.iter().take(NEIGHBOURS_ASKED) {
        if let Err(error) = meet_at(&on_behalf, address) {
            tracing::info!(code = ?error.code, "a computer was not heard of the list");
        }
    }
    Ok(())
}

/// So many of them are called, the last that was met first.
const NEIGHBOURS_ASKED: usize = 3;

/// This computer as the place at which somebody is let in.
///
/// # Errors
/// `invalid` where the list of computers is kept at another one, or this one serves nobody; the
/// store's.
pub(super) fn here<H: Host>(session: &Session<'_, H>, keys: &Keys) -> Result<Here, ApiError> {
    // Of two that are one computer, each would go on with the list.
    if question(session)?.is_some() {
        return Err(ApiError::new(ErrorCode::Invalid, COPY_FIRST));
    }
    refuse_elsewhere(session, keys)?;
    let turns = session.open.store.turns();
    let address = turns.door(session.host.now()).served_at.clone().ok_or_else(not_served)?;
    let pin = pin_of_key(&VerifyKey(keys.signer.public_key()));
    let carrier = Box::new(OwnDoor(turns.shared_door()));
    Ok(Here { address, pin, carrier })
}

/// The way to what newcomers find at this computer.
struct OwnDoor(Arc<Mutex<Door>>);

impl OwnDoor {
    fn door(&self) -> MutexGuard<'_, Door> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Carrier for OwnDoor {
    fn identify(
        &mut self,
        _clinic: ClinicId,
        _principal: Principal,
        _signer: Arc<dyn Signer + Send + Sync>,
    ) {
    }

    fn heed(&mut self, _stop: &Stop) {}

    fn perform(&mut self, effect: Effect) -> Result<SyncEvent, Box<Effect>> {
        Err(Box::new(effect))
    }

    fn members(&mut self, _request: &MembersRequest) -> Result<MembersPage, Failure> {
        Err(not_there())
    }

    fn push_members(&mut self, _entries: Vec<SignedEntry>) -> Result<MembersReply, Failure> {
        Err(not_there())
    }

    fn put_invite(&mut self, put: &InvitePut) -> Result<(), Failure> {
        let mut door = self.door();
        let now_ms = door.now_ms;
        let last_ms = now_ms.saturating_add(INVITE_LIFE_MS_MAX);
        let put = InvitePut { expires_at_ms: put.expires_at_ms.min(last_ms), ..put.clone() };
        let put = door.lobby.put_invite(&put, now_ms);
        drop(door);
        let refused = |code| Err(Failure::Refused(RefusedRequest(Refusal::of(code))));
        match put {
            Put::Kept => Ok(()),
            Put::TooMany => refused(RefusalCode::TooManyInvites),
            Put::Taken => refused(RefusalCode::Malformed),
        }
    }

    fn get_invite(&mut self, id: InviteId) -> Result<Vec<u8>, Failure> {
        self.door().fetch_invite(id).ok_or_else(not_there)
    }

    fn open_room(&mut self, request: &RoomOpen) -> Result<RoomOpened, Failure> {
        Ok(self.door().open_room(request))
    }

    fn put_in_room(&mut self, request: &RoomPut) -> Result<RoomStored, Failure> {
        self.door().put_in_room(request).ok_or_else(not_there)
    }

    fn look_into_room(&mut self, request: &RoomGet) -> Result<RoomMessages, Failure> {
        self.door().look_into_room(request).ok_or_else(not_there)
    }

    fn listen(&mut self) -> Result<(), Failure> {
        Err(not_there())
    }

    fn news(&mut self, _at_most: Duration) -> Result<Option<u64>, Failure> {
        Err(not_there())
    }
}

fn not_there() -> Failure {
    Failure::Refused(RefusedRequest(Refusal::of(RefusalCode::NotFound)))
}

/// Nobody to ask, and nobody reaches this computer.
fn not_served() -> ApiError {
    let way_on = "Switch the local network on, on the Sync page of the window: this computer then lets \
                  another in itself. Or set a server there, or by `fieldchart sync --server URL`.";
    ApiError {
        code: ErrorCode::Invalid,
        findings: vec![clinical::Finding::error("server", "not-reached", way_on)],
        detail:
            "Nothing was done: this computer has no sync server, and is not reached over the local \
                 network."
                .to_owned(),
    }
}

/// Whether somebody is let in over the local network here.
impl<H: Host> App<H> {
    /// Where others of the local network reach this computer, while it serves them: `host:port`.
    pub fn serve_at(&self, address: Option<String>) {
        let Some(open) = self.opened() else { return };
        open.store.turns().door(self.host().now()).serve_at(address);
    }

    /// Whether somebody is let in here now, and a number that is another one whenever who may come in,
    /// or who is of the clinic, has changed by somebody's coming in.
    pub fn door(&self) -> (bool, u64) {
        let Some(open) = self.opened() else { return (false, 0) };
        open.store.turns().door(self.host().now()).stands()
    }
}
