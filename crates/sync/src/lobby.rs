//! What somebody finds who is of no clinic yet, kept in memory: rooms in which two computers meet, and
//! the sealed blobs of invitations. A server in memory has one for all its clinics, and a desktop one
//! for itself while it lets somebody in; servers with a database keep the same rules there.

use std::collections::BTreeMap;

use crate::ids::{ClinicId, InviteId, RoomId};
use crate::limits::{INVITE_BLOBS_BYTES_MAX, INVITE_BLOBS_MAX, INVITE_FETCHES_MAX, OPEN_ROOMS_MAX};
use crate::wire::{InvitePut, RoomMessage, RoomPut, RoomStored, RoomVerdict};

/// Rooms and invitations that have not ended.
#[derive(Debug, Default)]
pub struct Lobby {
    invites: BTreeMap<InviteId, KeptInvite>,
    rooms: BTreeMap<RoomId, KeptRoom>,
}

/// A room that is to be opened.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Where it lies.
    pub id: RoomId,
    /// Whose it is.
    pub clinic: ClinicId,
    /// When it ends, in milliseconds since the Unix epoch.
    pub ends_at_ms: i64,
}

/// What became of an invite that was put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is kept.
    Kept,
    /// So many of the clinic's wait, or such large ones.
    TooMany,
    /// The place is another clinic's.
    Taken,
}

/// Whether a clinic may have an invite beside so many others of so many bytes together.
#[must_use]
pub fn has_room_beside(others: usize, bytes: usize, invite: &InvitePut) -> bool {
    let bytes = bytes.saturating_add(invite.blob.len());
    others < INVITE_BLOBS_MAX && bytes <= INVITE_BLOBS_BYTES_MAX
}

#[derive(Debug)]
struct KeptInvite {
    invite: InvitePut,
    fetches_left: u32,
}

#[derive(Debug)]
struct KeptRoom {
    room: Room,
    messages: BTreeMap<u8, Vec<u8>>,
}

impl Lobby {
    /// Keeps an invite's blob and drops those that have ended; nothing is kept where it says so.
    pub fn put_invite(&mut self, invite: &InvitePut, now_ms: i64) -> Put {
        self.invites.retain(|_, kept| now_ms < kept.invite.expires_at_ms);
        let others =
            |kept: &&KeptInvite| kept.invite.clinic == invite.clinic && kept.invite.id != invite.id;
        let others = self.invites.values().filter(others);
        let bytes = others.clone().map(|kept| kept.invite.blob.len()).sum();
        if !has_room_beside(others.count(), bytes, invite) {
            return Put::TooMany;
        }
        if self.invites.get(&invite.id).is_some_and(|kept| kept.invite.clinic != invite.clinic) {
            return Put::Taken;
        }
        let kept = KeptInvite { invite: invite.clone(), fetches_left: INVITE_FETCHES_MAX };
        self.invites.insert(invite.id, kept);
        Put::Kept
    }

    /// Gives out a blob that has not ended, [`INVITE_FETCHES_MAX`] times.
    pub fn fetch_invite(&mut self, id: InviteId, now_ms: i64) -> Option<Vec<u8>> {
        let kept = self.invites.get_mut(&id)?;
        if kept.invite.expires_at_ms <= now_ms {
            return None;
        }
        kept.fetches_left = kept.fetches_left.saturating_sub(1);
        let (blob, is_spent) = (kept.invite.blob.clone(), kept.fetches_left == 0);
        if is_spent {
            self.invites.remove(&id);
        }
        Some(blob)
    }

    /// Whether the blob of an invite may still be fetched.
    #[must_use]
    pub fn has_invite(&self, id: InviteId, now_ms: i64) -> bool {
        self.invites.get(&id).is_some_and(|kept| now_ms < kept.invite.expires_at_ms)
    }

    /// Forgets an invite that was used.
    pub fn forget_invite(&mut self, id: InviteId) {
        self.invites.remove(&id);
    }

    /// Opens a room and drops those that have ended; one that is the clinic's already stays as it
    /// is.
    pub fn open_room(&mut self, room: &Room, now_ms: i64) -> RoomVerdict {
        self.rooms.retain(|_, kept| now_ms < kept.room.ends_at_ms);
        if let Some(KeptRoom { room: kept, .. }) = self.rooms.get(&room.id) {
            let open = RoomVerdict::Open { ends_at_ms: kept.ends_at_ms };
            return if kept.clinic == room.clinic { open } else { RoomVerdict::Taken };
        }
        let others = self.rooms.values().filter(|kept| kept.room.clinic == room.clinic).count();
        if others >= OPEN_ROOMS_MAX {
            return RoomVerdict::TooMany;
        }
        self.rooms.insert(room.id, KeptRoom { room: *room, messages: BTreeMap::new() });
        RoomVerdict::Open { ends_at_ms: room.ends_at_ms }
    }

    /// Keeps a message at its place, once; `None` where there is no such room, or it has ended.
    pub fn put_in_room(&mut self, put: &RoomPut, now_ms: i64) -> Option<RoomStored> {
        let open = self.rooms.get_mut(&put.room).filter(|kept| now_ms < kept.room.ends_at_ms);
        let RoomMessage { place, bytes } = &put.message;
        let lies = open?.messages.entry(*place).or_insert_with(|| bytes.clone());
        Some(if lies == bytes { RoomStored::Kept } else { RoomStored::Taken })
    }

    /// What lies in a room, by place; `None` where there is no such room, or it has ended.
    #[must_use]
    pub fn room(&self, id: RoomId, now_ms: i64) -> Option<Vec<RoomMessage>> {
        let open = self.rooms.get(&id).filter(|kept| now_ms < kept.room.ends_at_ms)?;
        let message =
            |(place, bytes): (&u8, &Vec<u8>)| RoomMessage { place: *place, bytes: bytes.clone() };
        Some(open.messages.iter().map(message).collect())
    }

    /// Ends every room.
    pub fn close_rooms(&mut self) {
        self.rooms.clear();
    }

    /// Whether somebody may come in: a room is open, or an invitation can be fetched.
    #[must_use]
    pub fn is_open(&self, now_ms: i64) -> bool {
        self.rooms.values().any(|kept| now_ms < kept.room.ends_at_ms)
            || self.invites.values().any(|kept| now_ms < kept.invite.expires_at_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::clinic;

    /// What is kept, given out and dropped is held by the suite of the server's shelves.
    #[test]
    fn it_is_open_while_a_room_or_an_invitation_is() {
        let (room, invite) = (RoomId([1; 32]), InviteId([2; 32]));
        let mut lobby = Lobby::default();
        assert!(!lobby.is_open(0));
        let opened = Room { id: room, clinic: clinic(1), ends_at_ms: 10 };
        assert_eq!(lobby.open_room(&opened, 0), RoomVerdict::Open { ends_at_ms: 10 });
        assert_eq!((lobby.is_open(9), lobby.is_open(10)), (true, false));
        lobby.close_rooms();
        assert!(!lobby.is_open(0) && lobby.room(room, 0).is_none());
        let put = InvitePut { clinic: clinic(1), id: invite, expires_at_ms: 10, blob: vec![7] };
        assert_eq!(lobby.put_invite(&put, 0), Put::Kept);
        assert_eq!((lobby.is_open(9), lobby.is_open(10)), (true, false));
        assert_eq!((lobby.fetch_invite(invite, 9), lobby.fetch_invite(invite, 10)), {
            (Some(vec![7]), None)
        });
        lobby.forget_invite(invite);
        assert!(!lobby.is_open(0) && lobby.fetch_invite(invite, 0).is_none());
    }
}
