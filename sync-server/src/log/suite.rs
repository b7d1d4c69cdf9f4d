//! The behaviour suite of what stands around the log, run on every shelf.

use sync::fixtures::{clinic, device, key};
use sync::ids::{ClinicId, Commitment, EntryHash, HpkeKey, InviteId, LogEpoch, VerifyKey};
use sync::limits::OPEN_INVITES_MAX;
use sync::log::LogError;
use sync::membership::{Entry, EntryBody, Found, SignedEntry};
use sync::wire::InvitePut;

use super::{INVITE_FETCHES_MAX, Put, Shelf};

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
            a_clinic_has_few_invites
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
        }

        impl sync::log::KeyTable for $holder {
            fn put_keys(
                &self,
                clinic: sync::ids::ClinicId,
                keys: &[sync::wire::WrappedKey],
            ) -> Result<(), sync::log::LogError> {
                self.shelf.put_keys(clinic, keys)
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
        }
    };
}
pub(crate) use shelf_in;

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
    assert_eq!(shelf.put_invite(&thief, 0).unwrap(), Put::Refused);
    assert_eq!(shelf.fetch_invite(InviteId([1; 32]), 0).unwrap(), Some(vec![1; 40]));
    assert_eq!(shelf.put_invite(&other, 0).unwrap(), Put::Kept);
    assert_eq!(shelf.fetch_invite(InviteId([1; 32]), 0).unwrap(), Some(vec![9]));
}

pub(crate) fn a_clinic_has_few_invites(shelf: &impl Shelf) {
    let full = u8::try_from(OPEN_INVITES_MAX).unwrap();
    for number in 0..full {
        assert_eq!(shelf.put_invite(&invite(1, number), 0).unwrap(), Put::Kept);
    }
    assert_eq!(shelf.put_invite(&invite(1, full), 0).unwrap(), Put::Refused);
    assert_eq!(shelf.put_invite(&invite(1, 0), 0).unwrap(), Put::Kept);
    assert_eq!(shelf.put_invite(&invite(2, full), 0).unwrap(), Put::Kept);
    assert_eq!(shelf.put_invite(&invite(1, full + 1), ENDS_AT_MS).unwrap(), Put::Kept);
}

const ENDS_AT_MS: i64 = 1000;

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
