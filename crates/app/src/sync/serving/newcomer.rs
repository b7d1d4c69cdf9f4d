//! Answering who is of no clinic yet and comes in here: the rooms and invitations of this computer, and
//! its list of computers for who holds the key of an open invitation.

use crate::{
    App,
    audit::OtherDeed,
    error::ToldResult,
    host::Host,
    open::Session,
    sync::{
        keys::{self, Keys, clinic_of},
        lan::is_lan_off,
        list_keeper::keeps_list,
    },
};
use api::{Origin, Topic};
use sync::{
    ids::VerifyKey,
    membership::{EntryBody, SignedEntry},
    serve,
    wire::{
        Frame as _, InviteBlob, InviteGet, MembersPage, MembersPush, MembersReply, MembersRequest,
        MembersVerdict, Refusal, RefusalCode, RoomGet, RoomPut, path,
    },
};

use super::{failed, page_of, read};

/// Who may ask here over the local network.
#[derive(Debug, Clone, Default)]
pub struct LanCallers {
    /// The keys of the clinic's computers.
    pub devices: Vec<VerifyKey>,
    /// The keys of invitations by which somebody may join here.
    pub invited: Vec<VerifyKey>,
}

impl<H: Host> App<H> {
    /// Who may ask here over the local network now; nobody while nobody is signed in.
    pub fn lan_callers(&self) -> LanCallers {
        let Some(open) = self.opened() else { return LanCallers::default() };
        let session = Session { host: self.host(), open: &open, origin: Origin::Sync };
        let Ok(keys) = Keys::load(&session) else { return LanCallers::default() };
        let devices = keys.members.staying().map(|(_, member)| member.sign_key).collect();
        let open_at = session.host.now().unix_ms();
        let invited = match keeps_list(&session, &keys) {
            Ok(true) => keys.members.invites_at(open_at).map(|invite| invite.invite_key).collect(),
            Ok(false) | Err(_) => Vec::new(),
        };
        LanCallers { devices, invited }
    }

    /// The keys of the clinic's computers; none while nobody is signed in.
    pub fn clinic_keys(&self) -> Vec<VerifyKey> {
        self.lan_callers().devices
    }

    /// Answers a frame of who is of no clinic yet: at the rooms and invitations of this computer
    /// anybody's, at the list of computers who holds the key of an open invitation.
    ///
    /// # Errors
    /// [`Refusal`]: nothing was done.
    pub fn answer_newcomer(
        &self,
        caller: &VerifyKey,
        path: &str,
        frame: &[u8],
    ) -> Result<Vec<u8>, Refusal> {
        let open = self.opened().ok_or(Refusal::of(RefusalCode::Unavailable))?;
        let session = Session { host: self.host(), open: &open, origin: Origin::Sync };
        let _permit = session.permit_other(OtherDeed::Sync).map_err(failed)?;
        if is_lan_off(&session).map_err(failed)? {
            return Err(Refusal::of(RefusalCode::Unavailable));
        }
        let not_found = || Refusal::of(RefusalCode::NotFound);
        let door = || open.store.turns().door(session.host.now());
        match path {
            path::ROOM_PUT => {
                let put: RoomPut = read(frame)?;
                door().put_in_room(&put).map(|stored| stored.to_frame()).ok_or_else(not_found)
            }
            path::ROOM_GET => {
                let asked: RoomGet = read(frame)?;
                door().look_into_room(&asked).map(|lies| lies.to_frame()).ok_or_else(not_found)
            }
            path::INVITE_GET => {
                let asked: InviteGet = read(frame)?;
                // Once a server has the list nobody comes in here, whatever was begun before.
                let keys = Keys::load(&session).map_err(failed)?;
                if !keeps_list(&session, &keys).map_err(failed)? {
                    return Err(not_found());
                }
                let blob = door().fetch_invite(asked.id);
                blob.map(|blob| InviteBlob { blob }.to_frame()).ok_or_else(not_found)
            }
            path::MEMBERS => members(&session, caller, read(frame)?),
            path::MEMBERS_PUSH => join(&session, caller, &read(frame)?),
            _ => Err(not_found()),
        }
    }
}

fn members<H: Host>(
    session: &Session<'_, H>,
    caller: &VerifyKey,
    request: MembersRequest,
) -> Result<Vec<u8>, Refusal> {
    let keys = invited(session, caller)?;
    if request.clinic != clinic_of(session) {
        return Err(Refusal::of(RefusalCode::UnknownDevice));
    }
    let entries = keys::entries(session).map_err(failed)?;
    let head = keys.members.head();
    Ok(MembersPage { entries: page_of(&entries, request.from).to_vec(), head }.to_frame())
}

/// Takes the one entry that a newcomer may write: that it joins, signed with the key of its invitation.
fn join<H: Host>(
    session: &Session<'_, H>,
    caller: &VerifyKey,
    push: &MembersPush,
) -> Result<Vec<u8>, Refusal> {
    // Before who is of the clinic is read: nobody is removed, and nobody else comes in, in between.
    let _alone = session.open.store.turns().take_in_beside();
    let mut keys = invited(session, caller)?;
    let is_own = |entry: &SignedEntry| {
        entry.entry().author == *caller && matches!(entry.entry().body, EntryBody::Join(_))
    };
    if push.clinic != clinic_of(session)
        || push.entries.len() != 1
        || !push.entries.iter().all(is_own)
    {
        return Err(Refusal::of(RefusalCode::UnknownDevice));
    }
    let entries = keys::entries(session).map_err(failed)?;
    let now_ms = session.host.now().unix_ms();
    let outcome = serve::members_push(Some((&keys.members, &entries)), push, false, now_ms);
    let reply: MembersReply = outcome.reply;
    if reply.verdict == MembersVerdict::Stored && !outcome.append.is_empty() {
        let rows = keys.take_entries(&outcome.append);
        let rows = rows.map_err(|_| Refusal::of(RefusalCode::Malformed))?;
        session.open.store.put_named(&rows).told().map_err(failed)?;
        session.open.store.turns().door(session.host.now()).used(caller);
        session.tell(vec![Topic::Sync]);
    }
    Ok(reply.to_frame())
}

/// What is known of the clinic, where the holder of this key may join it here.
fn invited<H: Host>(session: &Session<'_, H>, caller: &VerifyKey) -> Result<Keys, Refusal> {
    let keys = Keys::load(session).map_err(failed)?;
    let is_here = keeps_list(session, &keys).map_err(failed)?;
    if is_here && keys.members.open_invite(caller).is_some() {
        Ok(keys)
    } else {
        Err(Refusal::of(RefusalCode::UnknownDevice))
    }
}
