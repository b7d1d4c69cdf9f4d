//! The behaviour suite of what stands around the log, run on every shelf.

use std::array;

use sync::envelope::Envelope;
use sync::fixtures::{clinic, device, key, run};
use sync::ids::{
    BlobId, ClinicId, Commitment, DocTag, EntryHash, HpkeKey, InviteId, LogEpoch, RoomId, VerifyKey,
};
use sync::limits::{
    INVITE_BLOB_BYTES_MAX, INVITE_BLOBS_BYTES_MAX, INVITE_BLOBS_MAX, OPEN_INVITES_MAX,
    OPEN_ROOMS_MAX,
};
use sync::log::LogError;
use sync::membership::{Entry, EntryBody, Found, SignedEntry};
use sync::wire::{InvitePut, RoomMessage, RoomPut, RoomStored, RoomVerdict, Verdict, WrappedKey};

use super::{INVITE_FETCHES_MAX, Put, Room, Shelf};
use crate::quota::{Quota, Usage};

pub(crate) const CLINICS: [(ClinicId, LogEpoch); 2] =
    [(clinic(1), LogEpoch([0xe1; 16])), (clinic(2), LogEpoch([0xe2; 16]))];

/// Instantiates the suite as tests; `$make` is as in `sync::envelope_log_suite!`.
macro_rules! shelf_suite {
    ($make:path) => {
        $crate::log::suite::shelf_suite! { @ $make:
            a_clinic_is_founded_once
            members_are_read_in_order
            an_unknown_clinic_has_no_members
            an_invite_is_given_out_a_few_times
            an_invite_ends
            an_invite_is_replaced_by_its_clinic_only
            a_room_keeps_what_was_said_first
            a_room_ends
            a_room_is_of_one_clinic
            a_clinic_has_few_rooms
            a_clinic_has_so_many_invites_and_bytes_of_them
            a_clinic_takes_what_its_quota_allows
            keys_count_as_much_as_envelopes
            what_is_there_is_known_also_without_room
            a_quota_is_of_one_clinic_and_can_be_lifted
            a_blob_is_counted_once
        }
    };
    (@ $make:path: $($name:ident)*) => {$(
        #[test]
        fn $name() {
            $crate::log::suite::$name(&$make(&$crate::log::suite::CLINICS));
        }
    )*};
}
pub(crate) use shelf_suite;

/// A shelf that stands in a field `shelf` beside what goes with it, as a shelf.
macro_rules! shelf_in {
    ($holder:ty) => {
        impl sync::log::EnvelopeLog for $holder {
            fn append(
                &self,
                clinic: sync::ids::ClinicId,
                sent: &[sync::envelope::Envelope],
            ) -> Result<Vec<sync::wire::Verdict>, sync::log::LogError> {
                self.shelf.append(clinic, sent)
            }

            fn page(
                &self,
                clinic: sync::ids::ClinicId,
                query: &sync::log::PageQuery<'_>,
            ) -> Result<sync::log::Page, sync::log::LogError> {
                self.shelf.page(clinic, query)
            }

            fn have(
                &self,
                clinic: sync::ids::ClinicId,
            ) -> Result<sync::have::Have, sync::log::LogError> {
                self.shelf.have(clinic)
            }

            fn floor(
                &self,
                clinic: sync::ids::ClinicId,
            ) -> Result<sync::log::Bounds, sync::log::LogError> {
                self.shelf.floor(clinic)
            }

            fn standing(
                &self,
                clinic: sync::ids::ClinicId,
                at: u64,
            ) -> Result<sync::log::Standing, sync::log::LogError> {
                self.shelf.standing(clinic, at)
            }
        }

        impl sync::log::KeyTable for $holder {
            fn put_keys(
                &self,
                clinic: sync::ids::ClinicId,
                by: sync::ids::DeviceId,
                keys: &[sync::wire::WrappedKey],
            ) -> Result<sync::wire::KeysPlaced, sync::log::LogError> {
                self.shelf.put_keys(clinic, by, keys)
            }

            fn keys(
                &self,
                clinic: sync::ids::ClinicId,
                after: u64,
                max: usize,
            ) -> Result<sync::wire::KeysPage, sync::log::LogError> {
                self.shelf.keys(clinic, after, max)
            }
        }

        impl sync::log::ErasingTable for $holder {
            fn erase_keys(
                &self,
                clinic: sync::ids::ClinicId,
                tags: &[sync::ids::DocTag],
            ) -> Result<u64, sync::log::LogError> {
                self.shelf.erase_keys(clinic, tags)
            }
        }

        impl sync::log::FloorLog for $holder {
            fn find_envelope(
                &self,
                clinic: sync::ids::ClinicId,
                id: sync::ids::EnvelopeId,
            ) -> Result<Option<(u64, sync::envelope::Envelope)>, sync::log::LogError> {
                self.shelf.find_envelope(clinic, id)
            }

            fn raise_floor(
                &self,
                clinic: sync::ids::ClinicId,
                floor: sync::cursor::Mark,
                cold: bool,
            ) -> Result<(), sync::log::LogError> {
                self.shelf.raise_floor(clinic, floor, cold)
            }
        }

        impl $crate::log::Shelf for $holder {
            fn found(
                &self,
                clinic: sync::ids::ClinicId,
                log_epoch: sync::ids::LogEpoch,
                entries: &[sync::membership::SignedEntry],
            ) -> Result<bool, sync::log::LogError> {
                self.shelf.found(clinic, log_epoch, entries)
            }

            fn add_members(
                &self,
                clinic: sync::ids::ClinicId,
                entries: &[sync::membership::SignedEntry],
            ) -> Result<(), sync::log::LogError> {
                self.shelf.add_members(clinic, entries)
            }

            fn members(
                &self,
                clinic: sync::ids::ClinicId,
            ) -> Result<Vec<sync::membership::SignedEntry>, sync::log::LogError> {
                self.shelf.members(clinic)
            }

            fn members_state(
                &self,
                clinic: sync::ids::ClinicId,
            ) -> Result<Option<$crate::log::MembersState>, sync::log::LogError> {
                self.shelf.members_state(clinic)
            }

            fn quota(
                &self,
                clinic: sync::ids::ClinicId,
            ) -> Result<$crate::quota::Quota, sync::log::LogError> {
                self.shelf.quota(clinic)
            }

            fn keep_blob(
                &self,
                clinic: sync::ids::ClinicId,
                id: sync::ids::BlobId,
                bytes: u64,
            ) -> Result<(), sync::log::LogError> {
                self.shelf.keep_blob(clinic, id, bytes)
            }

            fn blobs(
                &self,
                clinic: sync::ids::ClinicId,
                ids: &[sync::ids::BlobId],
            ) -> Result<Vec<(sync::ids::BlobId, u64)>, sync::log::LogError> {
                self.shelf.blobs(clinic, ids)
            }

            fn check_room(
                &self,
                clinic: sync::ids::ClinicId,
                bytes: u64,
            ) -> Result<(), sync::log::LogError> {
                self.shelf.check_room(clinic, bytes)
            }

            fn put_invite(
                &self,
                invite: &sync::wire::InvitePut,
                now_ms: i64,
            ) -> Result<$crate::log::Put, sync::log::LogError> {
                self.shelf.put_invite(invite, now_ms)
            }

            fn fetch_invite(
                &self,
                id: sync::ids::InviteId,
                now_ms: i64,
            ) -> Result<Option<Vec<u8>>, sync::log::LogError> {
                self.shelf.fetch_invite(id, now_ms)
            }

            fn open_room(
                &self,
                room: &$crate::log::Room,
                now_ms: i64,
            ) -> Result<sync::wire::RoomVerdict, sync::log::LogError> {
                self.shelf.open_room(room, now_ms)
            }

            fn put_in_room(
                &self,
                put: &sync::wire::RoomPut,
                now_ms: i64,
            ) -> Result<Option<sync::wire::RoomStored>, sync::log::LogError> {
                self.shelf.put_in_room(put, now_ms)
            }

            fn room(
                &self,
                id: sync::ids::RoomId,
                now_ms: i64,
            ) -> Result<Option<Vec<sync::wire::RoomMessage>>, sync::log::LogError> {
                self.shelf.room(id, now_ms)
            }
        }
    };
}
pub(crate) use shelf_in;

/// A shelf whose operator a test can be.
pub(crate) trait Operated {
    fn set_quota(&self, clinic: ClinicId, quota: Option<Quota>);
    fn usage(&self, clinic: ClinicId) -> Usage;
}

pub(crate) fn a_clinic_takes_what_its_quota_allows(shelf: &(impl Shelf + Operated)) {
    let sent = run(1, 1, 6);
    let bytes = |envelopes: &[Envelope]| envelopes.iter().map(|it| it.encoded_len()).sum::<usize>();
    let three = u64::try_from(bytes(&sent[..3])).unwrap();
    for (quota, what) in [
        (Quota { envelopes_max: 3, ..Quota::NONE }, "envelopes"),
        (Quota { bytes_max: three, ..Quota::NONE }, "bytes"),
    ] {
        shelf.set_quota(clinic(1), Some(quota));
        assert_eq!(shelf.quota(clinic(1)).unwrap(), quota, "{what}");
        shelf.append(clinic(1), &sent[..2]).unwrap();
        let refused = shelf.append(clinic(1), &sent[2..4]);
        assert!(matches!(refused, Err(LogError::OverQuota)), "{what}: {refused:?}");
        // Refused as a whole: not even what there was room for is in.
        assert_eq!(shelf.floor(clinic(1)).unwrap().head.seq, 2, "{what}");
        assert_eq!(shelf.have(clinic(1)).unwrap().iter().next().unwrap().1, sent[1].position());
    }
    shelf.append(clinic(1), &sent[2..3]).unwrap();
    let usage = shelf.usage(clinic(1));
    assert_eq!(usage, Usage { bytes: three, envelopes: 3 });
    assert_eq!(shelf.usage(clinic(2)), Usage::default());
}

pub(crate) fn keys_count_as_much_as_envelopes(shelf: &(impl Shelf + Operated)) {
    let key = |tag, len| WrappedKey { doc_tag: DocTag([tag; 32]), wrapped: vec![tag; len] };
    shelf.set_quota(clinic(1), Some(Quota { bytes_max: 200, envelopes_max: 0, ..Quota::NONE }));
    shelf.put_keys(clinic(1), device(1), &[key(1, 60)]).unwrap();
    assert_eq!(shelf.usage(clinic(1)), Usage { bytes: 92, envelopes: 0 });
    let refused = shelf.put_keys(clinic(1), device(1), &[key(2, 60), key(3, 60)]);
    assert!(matches!(refused, Err(LogError::OverQuota)), "{refused:?}");
    assert_eq!(shelf.keys(clinic(1), 0, 9).unwrap().keys, [key(1, 60)]);
    shelf.put_keys(clinic(1), device(1), &[key(1, 60), key(4, 60)]).unwrap();
    assert_eq!(shelf.usage(clinic(1)).bytes, 184);
}

pub(crate) fn what_is_there_is_known_also_without_room(shelf: &(impl Shelf + Operated)) {
    let sent = run(1, 1, 3);
    shelf.append(clinic(1), &sent).unwrap();
    shelf.set_quota(clinic(1), Some(Quota { bytes_max: 0, envelopes_max: 0, ..Quota::NONE }));
    let known = shelf.append(clinic(1), &sent).unwrap();
    assert_eq!(known, [1, 2, 3].map(|seq| Verdict::Duplicate { seq }));
    // What is passed over for another reason is told as that.
    let gap = shelf.append(clinic(1), &run(2, 1, 3)[2..]).unwrap();
    assert_eq!(gap, [Verdict::Gap { have: 0 }]);
}

pub(crate) fn a_quota_is_of_one_clinic_and_can_be_lifted(shelf: &(impl Shelf + Operated)) {
    // Also of one that is still to come.
    for number in [1, 7] {
        shelf.set_quota(clinic(number), Some(Quota { envelopes_max: 0, ..Quota::NONE }));
    }
    assert!(shelf.found(clinic(7), LogEpoch([7; 16]), &[]).unwrap());
    assert_eq!(shelf.quota(clinic(7)).unwrap().envelopes_max, 0);
    for number in [1, 7] {
        let refused = shelf.append(clinic(number), &run(1, 1, 1));
        assert!(matches!(refused, Err(LogError::OverQuota)), "{refused:?}");
    }
    shelf.append(clinic(2), &run(1, 1, 1)).unwrap();
    // What is not decided is as for all.
    shelf.set_quota(clinic(1), Some(Quota { envelopes_max: 0, ..Quota::UNDECIDED }));
    assert_eq!(shelf.quota(clinic(1)).unwrap(), Quota { envelopes_max: 0, ..Quota::NONE });
    shelf.set_quota(clinic(1), None);
    assert_eq!(shelf.quota(clinic(1)).unwrap(), Quota::NONE);
    shelf.append(clinic(1), &run(1, 1, 1)).unwrap();
}

pub(crate) fn a_blob_is_counted_once(shelf: &(impl Shelf + Operated)) {
    let id = |number| BlobId([number; 32]);
    shelf.set_quota(clinic(1), Some(Quota { bytes_max: 100, envelopes_max: 0, ..Quota::NONE }));
    for _ in 0..2 {
        shelf.keep_blob(clinic(1), id(1), 60).unwrap();
    }
    shelf.check_room(clinic(1), 40).unwrap();
    assert!(matches!(shelf.check_room(clinic(1), 41), Err(LogError::OverQuota)));
    assert!(matches!(shelf.keep_blob(clinic(1), id(2), 41), Err(LogError::OverQuota)));
    shelf.keep_blob(clinic(1), id(3), 40).unwrap();
    shelf.keep_blob(clinic(1), id(1), 60).unwrap();
    assert_eq!(shelf.usage(clinic(1)), Usage { bytes: 100, envelopes: 0 });
    let asked = [id(3), id(2), id(1)];
    assert_eq!(shelf.blobs(clinic(1), &asked).unwrap(), [(id(3), 40), (id(1), 60)]);
    assert_eq!(shelf.blobs(clinic(2), &asked).unwrap(), []);
    assert!(matches!(shelf.keep_blob(clinic(9), id(1), 1), Err(LogError::UnknownClinic)));
    assert!(matches!(shelf.blobs(clinic(9), &asked), Err(LogError::UnknownClinic)));
}

pub(crate) fn a_clinic_is_founded_once(shelf: &impl Shelf) {
    let new = clinic(7);
    assert!(shelf.found(new, LogEpoch([7; 16]), &[entry(7, 0)]).unwrap());
    assert!(!shelf.found(new, LogEpoch([8; 16]), &[entry(8, 0)]).unwrap());
    assert_eq!(shelf.floor(new).unwrap().log_epoch, LogEpoch([7; 16]));
    assert_eq!(shelf.members(new).unwrap(), [entry(7, 0)]);
}

pub(crate) fn members_are_read_in_order(shelf: &impl Shelf) {
    let entries: Vec<_> = (0..5).map(|index| entry(1, index)).collect();
    shelf.add_members(clinic(1), &entries[..2]).unwrap();
    shelf.add_members(clinic(1), &entries[2..]).unwrap();
    assert_eq!(shelf.members(clinic(1)).unwrap(), entries);
    let state = shelf.members_state(clinic(1)).unwrap();
    assert!(state.is_none_or(|state| state.count == entries.len()), "{state:?}");
    assert_eq!(shelf.members(clinic(2)).unwrap(), []);
}

pub(crate) fn an_unknown_clinic_has_no_members(shelf: &impl Shelf) {
    let stranger = clinic(9);
    assert!(matches!(shelf.members(stranger), Err(LogError::UnknownClinic)));
    assert!(matches!(shelf.add_members(stranger, &[entry(9, 0)]), Err(LogError::UnknownClinic)));
}

pub(crate) fn an_invite_is_given_out_a_few_times(shelf: &impl Shelf) {
    shelf.put_invite(&invite(1, 1), 0).unwrap();
    for _ in 0..INVITE_FETCHES_MAX {
        assert_eq!(shelf.fetch_invite(InviteId([1; 32]), 0).unwrap(), Some(vec![1; 40]));
    }
    assert_eq!(shelf.fetch_invite(InviteId([1; 32]), 0).unwrap(), None);
    assert_eq!(shelf.fetch_invite(InviteId([2; 32]), 0).unwrap(), None);
}

pub(crate) fn an_invite_ends(shelf: &impl Shelf) {
    shelf.put_invite(&invite(1, 1), 0).unwrap();
    assert!(shelf.fetch_invite(InviteId([1; 32]), ENDS_AT_MS - 1).unwrap().is_some());
    assert_eq!(shelf.fetch_invite(InviteId([1; 32]), ENDS_AT_MS).unwrap(), None);
}

pub(crate) fn an_invite_is_replaced_by_its_clinic_only(shelf: &impl Shelf) {
    shelf.put_invite(&invite(1, 1), 0).unwrap();
    let other = InvitePut { blob: vec![9], ..invite(1, 1) };
    let thief = InvitePut { clinic: clinic(2), ..other.clone() };
    assert_eq!(shelf.put_invite(&thief, 0).unwrap(), Put::Taken);
    assert_eq!(shelf.fetch_invite(InviteId([1; 32]), 0).unwrap(), Some(vec![1; 40]));
    assert_eq!(shelf.put_invite(&other, 0).unwrap(), Put::Kept);
    assert_eq!(shelf.fetch_invite(InviteId([1; 32]), 0).unwrap(), Some(vec![9]));
}

/// That one was used does not say that it is not fetched again, so that it stays; how many wait to be
/// used at one time, the membership log says.
pub(crate) fn a_clinic_has_so_many_invites_and_bytes_of_them(shelf: &impl Shelf) {
    let id = |name: usize| InviteId(array::from_fn(|at| *name.to_be_bytes().get(at).unwrap_or(&0)));
    let put = |number, name, bytes, now_ms: i64| {
        let expires_at_ms = now_ms + ENDS_AT_MS;
        let blob = vec![7; bytes];
        let invite = InvitePut { clinic: clinic(number), id: id(name), expires_at_ms, blob };
        shelf.put_invite(&invite, now_ms).unwrap()
    };
    let full = INVITE_BLOBS_MAX;
    for name in 0..full {
        assert_eq!(put(1, name, 1, 0), Put::Kept, "{name}");
        if name <= OPEN_INVITES_MAX {
            assert!(shelf.fetch_invite(id(name), 0).unwrap().is_some());
        }
    }
    assert_eq!(put(1, full, 1, 0), Put::TooMany);
    assert_eq!(put(1, 0, 1, 0), Put::Kept);
    // Of another clinic, as many bytes as there may be; those of what is replaced do not count.
    let most = INVITE_BLOBS_BYTES_MAX / INVITE_BLOB_BYTES_MAX;
    let large = |name| put(2, full + name, INVITE_BLOB_BYTES_MAX, 0);
    (0..most).for_each(|name| assert_eq!(large(name), Put::Kept, "{name}"));
    assert_eq!(put(2, 2 * full, 1, 0), Put::TooMany);
    assert_eq!(large(0), Put::Kept);
    assert_eq!(put(1, 3 * full, 1, ENDS_AT_MS), Put::Kept, "those that ended are gone");
}

pub(crate) fn a_room_keeps_what_was_said_first(shelf: &impl Shelf) {
    assert_eq!(shelf.open_room(&room(1, 1), 0).unwrap(), OPEN);
    assert_eq!(shelf.room(RoomId([1; 32]), 0).unwrap(), Some(Vec::new()));
    let put = |place, said: &[u8]| {
        let message = RoomMessage { place, bytes: said.to_vec() };
        shelf.put_in_room(&RoomPut { room: RoomId([1; 32]), message }, 0).unwrap()
    };
    assert_eq!(put(3, b"three"), Some(RoomStored::Kept));
    assert_eq!(put(0, b"zero"), Some(RoomStored::Kept));
    assert_eq!(put(0, b"zero"), Some(RoomStored::Kept), "an answer was lost");
    assert_eq!(put(0, b"another"), Some(RoomStored::Taken));
    // The same again finds the room as it is.
    assert_eq!(shelf.open_room(&Room { ends_at_ms: 1, ..room(1, 1) }, 0).unwrap(), OPEN);
    let message = |place, said: &[u8]| RoomMessage { place, bytes: said.to_vec() };
    let lies = shelf.room(RoomId([1; 32]), 0).unwrap();
    assert_eq!(lies, Some(vec![message(0, b"zero"), message(3, b"three")]));
    assert_eq!(shelf.room(RoomId([2; 32]), 0).unwrap(), None);
}

pub(crate) fn a_room_ends(shelf: &impl Shelf) {
    let id = RoomId([1; 32]);
    let put = RoomPut { room: id, message: RoomMessage { place: 0, bytes: vec![7] } };
    assert_eq!(shelf.put_in_room(&put, 0).unwrap(), None, "it is not open yet");
    shelf.open_room(&room(1, 1), 0).unwrap();
    assert_eq!(shelf.put_in_room(&put, ENDS_AT_MS - 1).unwrap(), Some(RoomStored::Kept));
    assert!(shelf.room(id, ENDS_AT_MS - 1).unwrap().is_some());
    assert_eq!(shelf.room(id, ENDS_AT_MS).unwrap(), None);
    assert_eq!(shelf.put_in_room(&put, ENDS_AT_MS).unwrap(), None);
    // Opened anew it is another one, and empty.
    let next = Room { ends_at_ms: 3 * ENDS_AT_MS, ..room(1, 1) };
    let open = RoomVerdict::Open { ends_at_ms: 3 * ENDS_AT_MS };
    assert_eq!(shelf.open_room(&next, 2 * ENDS_AT_MS).unwrap(), open);
    assert_eq!(shelf.room(id, 2 * ENDS_AT_MS).unwrap(), Some(Vec::new()));
}

pub(crate) fn a_room_is_of_one_clinic(shelf: &impl Shelf) {
    assert_eq!(shelf.open_room(&room(1, 1), 0).unwrap(), OPEN);
    assert_eq!(shelf.open_room(&room(2, 1), 0).unwrap(), RoomVerdict::Taken);
    assert!(matches!(shelf.open_room(&room(9, 2), 0), Err(LogError::UnknownClinic)));
}

pub(crate) fn a_clinic_has_few_rooms(shelf: &impl Shelf) {
    let full = u8::try_from(OPEN_ROOMS_MAX).unwrap();
    for id in 0..full {
        assert_eq!(shelf.open_room(&room(1, id), 0).unwrap(), OPEN);
    }
    assert_eq!(shelf.open_room(&room(1, full), 0).unwrap(), RoomVerdict::TooMany);
    assert_eq!(shelf.open_room(&room(1, 0), 0).unwrap(), OPEN);
    assert_eq!(shelf.open_room(&room(2, full), 0).unwrap(), OPEN);
    let late = Room { ends_at_ms: 2 * ENDS_AT_MS, ..room(1, full + 1) };
    let open = RoomVerdict::Open { ends_at_ms: 2 * ENDS_AT_MS };
    assert_eq!(shelf.open_room(&late, ENDS_AT_MS).unwrap(), open);
}

const ENDS_AT_MS: i64 = 1000;
const OPEN: RoomVerdict = RoomVerdict::Open { ends_at_ms: ENDS_AT_MS };

fn room(number: u8, id: u8) -> Room {
    Room { id: RoomId([id; 32]), clinic: clinic(number), ends_at_ms: ENDS_AT_MS }
}

fn invite(number: u8, id: u8) -> InvitePut {
    let (clinic, id) = (clinic(number), InviteId([id; 32]));
    InvitePut { clinic, id, expires_at_ms: ENDS_AT_MS, blob: vec![id.0[0]; 40] }
}

/// Any entry: a shelf does not read what it keeps.
pub(crate) fn entry(number: u8, index: u32) -> SignedEntry {
    let found = Found {
        device: device(number),
        hpke_key: HpkeKey([1; 32]),
        sealed_name: vec![1],
        commitment: Commitment([2; 32]),
    };
    let entry = Entry {
        clinic: clinic(number),
        index,
        prev: EntryHash([0; 32]),
        at_ms: 0,
        author: VerifyKey([0; 32]),
        body: EntryBody::Found(found),
    };
    SignedEntry::sign(entry, &key(number))
}
