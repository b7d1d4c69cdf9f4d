//! Who may add what to a membership log, and what the log then says of an envelope.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "this is a test"
)]

use sync::check::{QuarantineReason, Signers, after_origin, before_storing, check_origin};
use sync::codec::Canonical as _;
use sync::envelope::{Envelope, Header, Kind};
use sync::fixtures::{clinic, device, key, run};
use sync::have::Position;
use sync::ids::{Commitment, EntryHash, EnvelopeId, HpkeKey, VerifyKey};
use sync::limits::{INVITE_LIFE_MS_MAX, OPEN_INVITES_MAX};
use sync::membership::*;
use sync::serve::{members_from_device, members_push};
use sync::signing::Signer as _;
use sync::wire::{MembersPush, MembersVerdict, Refused};

const INVITE: u8 = 100;
const HOUR_MS: i64 = 60 * 60 * 1000;

/// A log under construction.
#[derive(Clone)]
struct Log {
    entries: Vec<SignedEntry>,
    members: Members,
}

impl Log {
    fn found() -> Self {
        let found = Found {
            device: device(1),
            hpke_key: HpkeKey([1; 32]),
            sealed_name: Vec::new(),
            commitment: Commitment([1; 32]),
        };
        let entry = entry(MembersHead::EMPTY, 0, EntryBody::Found(found));
        let first = SignedEntry::sign(entry, &key(1));
        Self { members: Members::found(&first).unwrap(), entries: vec![first] }
    }

    /// A clinic with an admin device 1 and a member device 2.
    fn of_two() -> Self {
        let mut log = Self::found();
        log.add(1, invite(INVITE, 10)).unwrap();
        log.add(INVITE, join(2)).unwrap();
        log
    }

    fn sign(&self, signer: u8, body: EntryBody) -> SignedEntry {
        SignedEntry::sign(entry(self.members.head(), 10, body), &key(signer))
    }

    fn add(&mut self, signer: u8, body: EntryBody) -> Result<(), EntryError> {
        let entry = self.sign(signer, body);
        self.take(entry)
    }

    fn take(&mut self, entry: SignedEntry) -> Result<(), EntryError> {
        let before = self.members.clone();
        let result = self.members.apply(&entry);
        match result {
            Ok(()) => self.entries.push(entry),
            Err(_) => assert_eq!(self.members, before, "an error changes nothing"),
        }
        result
    }
}

fn entry(head: MembersHead, at_ms: i64, body: EntryBody) -> Entry {
    let author = VerifyKey([0; 32]);
    Entry { clinic: clinic(1), index: head.count, prev: head.hash, at_ms, author, body }
}

fn public(seed: u8) -> VerifyKey {
    VerifyKey(key(seed).public_key())
}

fn invite(seed: u8, at_ms: i64) -> EntryBody {
    EntryBody::Invite(Invite {
        invite_key: public(seed),
        role: Role::Member,
        expires_at_ms: at_ms + HOUR_MS,
    })
}

fn join(number: u8) -> EntryBody {
    let hpke_key = HpkeKey([number; 32]);
    EntryBody::Join(Join::prove(clinic(1), device(number), hpke_key, Vec::new(), &key(number)))
}

fn revoke(number: u8, through: Option<&Envelope>) -> EntryBody {
    let cut = through.map(|e| (e.header().generation, e.position())).into_iter().collect();
    EntryBody::Revoke(Revoke { device: device(number), cut })
}

fn epoch(number: u32, devices: &[u8]) -> EntryBody {
    let keys =
        devices.iter().map(|n| SealedKey { device: device(*n), sealed: vec![*n; 81] }).collect();
    EntryBody::Epoch(Epoch { number, commitment: Commitment([number as u8; 32]), keys })
}

fn may_be_opened(envelope: &Envelope, members: &Members) -> Result<(), QuarantineReason> {
    check_origin(envelope, members).and_then(|()| after_origin(envelope, members))
}

#[test]
fn a_log_replays_to_the_same_state() {
    let mut log = Log::of_two();
    log.add(1, revoke(2, None)).unwrap();
    log.add(1, epoch(2, &[1])).unwrap();
    let replayed = Members::replay(clinic(1), &public(1), &log.entries).unwrap();
    assert_eq!(replayed, log.members);
    assert_eq!((replayed.epoch(), replayed.active().count()), (2, 1));
    let other = Members::replay(clinic(1), &public(9), &log.entries);
    assert_eq!(other, Err(EntryError::Clinic));
    let other = Members::replay(clinic(2), &public(1), &log.entries);
    assert_eq!(other, Err(EntryError::Clinic));
    assert_eq!(Members::replay(clinic(1), &public(1), &[]), Err(EntryError::Founding));
}

#[test]
fn only_an_admin_changes_the_membership_and_only_by_the_rules() {
    let check = |signer, body, expected: Result<(), EntryError>| {
        assert_eq!(Log::of_two().add(signer, body), expected);
    };
    let first = Log::found().entries[0].entry().body.clone();
    check(1, first, Err(EntryError::Founding));
    // A member, a stranger (the server), the used invite.
    for signer in [2, 77, INVITE] {
        check(signer, invite(101, 10), Err(EntryError::NotAdmin));
        check(signer, revoke(2, None), Err(EntryError::NotAdmin));
        check(signer, epoch(2, &[1, 2]), Err(EntryError::NotAdmin));
        check(signer, join(3), Err(EntryError::NoInvite));
    }
    check(1, join(3), Err(EntryError::NoInvite));
    check(1, invite(101, 10), Ok(()));
    check(1, invite(INVITE, 10), Err(EntryError::Known));
    check(1, invite(2, 10), Err(EntryError::Known));
    check(1, invite(101, 10 - HOUR_MS), Err(EntryError::Expired));
    check(1, invite(101, 11 + INVITE_LIFE_MS_MAX), Err(EntryError::Expired));
    check(1, revoke(2, None), Ok(()));
    check(1, revoke(1, None), Err(EntryError::LastAdmin));
    check(1, revoke(9, None), Err(EntryError::UnknownDevice));
    check(1, epoch(2, &[1, 2]), Ok(()));
    check(1, epoch(3, &[1, 2]), Err(EntryError::Epoch));
    check(1, epoch(2, &[1]), Err(EntryError::Epoch));
    check(1, epoch(2, &[1, 2, 3]), Err(EntryError::Epoch));
}

#[test]
fn an_invite_lets_one_device_in_once_and_in_time() {
    let invited = || {
        let mut log = Log::of_two();
        log.add(1, invite(101, 10)).unwrap();
        log
    };
    let mut log = invited();
    log.add(101, join(3)).unwrap();
    assert_eq!(log.add(101, join(4)), Err(EntryError::NoInvite));
    assert_eq!(log.add(1, invite(101, 10)), Err(EntryError::Known));

    let mut log = invited();
    let late = entry(log.members.head(), 11 + HOUR_MS, join(3));
    assert_eq!(log.take(SignedEntry::sign(late, &key(101))), Err(EntryError::Expired));
    assert_eq!(log.add(101, join(2)), Err(EntryError::Known));
    let other_id_same_key =
        Join::prove(clinic(1), device(9), HpkeKey([9; 32]), Vec::new(), &key(2));
    assert_eq!(log.add(101, EntryBody::Join(other_id_same_key)), Err(EntryError::Known));
    let mut unproved = Join::prove(clinic(1), device(3), HpkeKey([3; 32]), Vec::new(), &key(3));
    unproved.sign_key = public(4);
    assert_eq!(log.add(101, EntryBody::Join(unproved)), Err(EntryError::Possession));
    // A new epoch closes what was open: its blob lacks the new key.
    log.add(1, epoch(2, &[1, 2])).unwrap();
    assert_eq!(log.add(101, join(3)), Err(EntryError::NoInvite));
}

#[test]
fn open_invites_are_few() {
    let mut log = Log::found();
    for n in 0..OPEN_INVITES_MAX {
        log.add(1, invite(101 + n as u8, 10)).unwrap();
    }
    assert_eq!(log.add(1, invite(250, 10)), Err(EntryError::Limit));
}

#[test]
fn an_entry_stands_in_its_place_under_its_signature() {
    let mut log = Log::of_two();
    let good = log.sign(1, invite(101, 10));
    let bytes = good.to_bytes();
    for place in 0..bytes.len() {
        let mut bad = bytes.clone();
        bad[place] ^= 1;
        if let Ok(entry) = SignedEntry::from_bytes(&bad) {
            assert!(log.take(entry).is_err(), "byte {place}");
        }
    }
    let mut elsewhere = good.entry().clone();
    elsewhere.index += 1;
    assert_eq!(log.take(SignedEntry::sign(elsewhere, &key(1))), Err(EntryError::Chain));
    let mut other_past = good.entry().clone();
    other_past.prev = EntryHash([7; 32]);
    assert_eq!(log.take(SignedEntry::sign(other_past, &key(1))), Err(EntryError::Chain));
    let mut other_clinic = good.entry().clone();
    other_clinic.clinic = clinic(2);
    assert_eq!(log.take(SignedEntry::sign(other_clinic, &key(1))), Err(EntryError::Clinic));
    log.take(good).unwrap();
}

#[test]
fn envelopes_are_checked_against_the_membership() {
    let mut log = Log::of_two();
    let sent = run(2, 1, 3);
    let check = |log: &Log, envelope: &Envelope, expected: Result<(), QuarantineReason>| {
        assert_eq!(may_be_opened(envelope, &log.members), expected);
    };
    let with = |change: fn(&mut Header)| {
        let mut header = sent[0].header().clone();
        change(&mut header);
        Envelope::sign(header, sent[0].ciphertext().to_vec(), &key(2))
    };
    check(&log, &sent[0], Ok(()));
    check(&log, &run(3, 1, 1)[0], Err(QuarantineReason::UnknownDevice));
    check(&log, &with(|h| h.clinic = clinic(2)), Err(QuarantineReason::WrongClinic));
    check(&log, &with(|h| h.kind = Kind::BlobRef), Err(QuarantineReason::UnknownKind));
    check(&log, &with(|h| h.key_epoch = 2), Err(QuarantineReason::UnknownEpoch));
    check(&log, &with(|h| h.device = device(1)), Err(QuarantineReason::BadSignature));
    // What a device did not sign says nothing else of it, whatever it looks like.
    let made_up = |change: fn(&mut Header)| {
        let signed = with(change);
        let (header, ciphertext) = (signed.header().clone(), signed.ciphertext().to_vec());
        Envelope::from_parts(header, ciphertext, *sent[0].signature())
    };
    check(&log, &made_up(|h| h.kind = Kind::Snapshot), Err(QuarantineReason::BadSignature));
    check(&log, &made_up(|h| h.key_epoch = 2), Err(QuarantineReason::BadSignature));
    log.add(1, revoke(2, Some(&sent[1]))).unwrap();
    log.add(1, epoch(2, &[1])).unwrap();
    check(&log, &made_up(|h| h.counter = 9), Err(QuarantineReason::BadSignature));
    check(&log, &sent[1], Ok(()));
    check(&log, &sent[2], Err(QuarantineReason::AfterCut));
    check(&log, &with(|h| h.generation = 2), Err(QuarantineReason::AfterCut));
    check(&log, &with(|h| h.key_epoch = 2), Err(QuarantineReason::AfterCut));
    // A server stores what a human may want to look at, and judges many as it does each.
    let check = |more: &[Envelope], expected: &[Result<(), Refused>]| {
        let all = [&sent[..], more].concat();
        let together = before_storing(&all, &log.members);
        assert_eq!(&together[sent.len()..], expected);
        assert!(together[..sent.len()].iter().all(Result::is_ok));
        let each = |envelope| Signers::of(&log.members).before_storing(envelope);
        assert_eq!(all.iter().map(each).collect::<Vec<_>>(), together);
    };
    check(&[], &[]);
    let [unknown, other_kind, other_clinic] = [
        run(3, 1, 1)[0].clone(),
        with(|h| h.kind = Kind::Membership),
        with(|h| h.clinic = clinic(2)),
    ];
    let refused = [Err(Refused::UnknownDevice), Err(Refused::Kind), Err(Refused::WrongClinic)];
    check(&[unknown, other_kind, other_clinic], &refused);
    let (good, bad) = (sent[2].clone(), with(|h| h.device = device(1)));
    check(&[good.clone(), bad, good], &[Ok(()), Err(Refused::BadSignature), Ok(())]);
}

/// A kit stands in the log like a device, one at a time, and decides nothing while it lies there.
#[test]
fn a_recovery_kit_is_one_admins_make_and_the_last_one_counts() {
    let mut log = Log::of_two();
    let kit = |number: u8| {
        let EntryBody::Join(join) = join(number) else { unreachable!("a join") };
        EntryBody::Kit(Kit { join, sealed: vec![number] })
    };
    assert_eq!(log.add(2, kit(7)), Err(EntryError::NotAdmin), "a member makes none");
    let EntryBody::Kit(mut forged) = kit(7) else { unreachable!("a kit") };
    forged.join.device = device(8);
    assert_eq!(log.add(1, EntryBody::Kit(forged)), Err(EntryError::Possession));
    log.add(1, kit(7)).unwrap();
    assert_eq!(log.add(1, kit(7)), Err(EntryError::Known));
    assert_eq!(
        log.add(1, epoch(2, &[1, 2])),
        Err(EntryError::Epoch),
        "its key is sealed to it too"
    );
    log.add(1, epoch(2, &[1, 2, 7])).unwrap();
    // What lies in a safe is nobody who is left.
    assert_eq!(log.add(1, revoke(1, None)), Err(EntryError::LastAdmin));
    log.add(1, kit(8)).unwrap();
    log.add(1, epoch(3, &[1, 2, 8])).unwrap();
    let is_void = |number| log.members.device(device(number)).unwrap().revoked.is_some();
    assert!(is_void(7) && !is_void(8));
    assert_eq!(
        log.add(7, invite(INVITE + 1, 10)),
        Err(EntryError::NotAdmin),
        "the old one is void"
    );
    // The new one lets a computer in, whoever is lost.
    log.add(8, invite(INVITE + 1, 10)).unwrap();
    log.add(INVITE + 1, join(9)).unwrap();
    let replayed = Members::replay(clinic(1), &public(1), &log.entries).unwrap();
    assert_eq!(replayed, log.members);
}

/// What an admin asked for where the server could not be asked counts at once, and changes nothing of
/// what may follow in the log.
#[test]
fn who_is_to_be_shut_out_counts_as_that_and_the_log_goes_on_by_itself() {
    let mut log = Log::of_two();
    let sent = run(2, 1, 3);
    let EntryBody::Revoke(removal) = revoke(2, Some(&sent[1])) else { panic!("a revocation") };
    let plain = log.clone();
    log.members.expect_removal(&removal);
    log.members.expect_removal(&Revoke { cut: Vec::new(), ..removal });
    let check = |log: &Log| {
        assert_eq!(may_be_opened(&sent[1], &log.members), Ok(()), "the first cut holds");
        assert_eq!(may_be_opened(&sent[2], &log.members), Err(QuarantineReason::AfterCut));
        assert_eq!(log.members.staying().map(|(id, _)| id).collect::<Vec<_>>(), [device(1)]);
    };
    check(&log);
    assert!(log.members.is_leaving(device(2)) && !plain.members.is_leaving(device(2)));
    assert_eq!((log.members.active().count(), log.members.head()), (2, plain.members.head()));
    // Another admin, who did not hear of it, begins an epoch for both.
    let mut apart = log.clone();
    apart.add(1, epoch(2, &[1, 2])).unwrap();
    check(&apart);
    log.add(1, revoke(2, Some(&sent[1]))).unwrap();
    check(&log);
    assert!(!log.members.is_leaving(device(2)));
    let replayed = Members::replay(clinic(1), &public(1), &log.entries).unwrap();
    assert_eq!(replayed, log.members, "nothing is left of the asking");
    // Who is no device, or is out already, cannot be asked out.
    log.members.expect_removal(&Revoke { device: device(2), cut: Vec::new() });
    log.members.expect_removal(&Revoke { device: device(9), cut: Vec::new() });
    assert_eq!(log.members, replayed);
}

#[test]
fn a_cut_names_places_that_are_read_back() {
    let stray = Position { counter: 3, id: EnvelopeId([1; 32]) };
    let body = Revoke { device: device(2), cut: vec![(2, stray), (1, stray)] };
    let entry = Log::of_two().sign(1, EntryBody::Revoke(body));
    assert!(SignedEntry::from_bytes(&entry.to_bytes()).is_err(), "out of order");
}

#[test]
fn a_server_takes_entries_once_in_order_and_from_no_one_else() {
    let log = Log::of_two();
    let push =
        |entries: &[SignedEntry]| MembersPush { clinic: clinic(1), entries: entries.to_vec() };
    let all = push(&log.entries);

    let closed = members_push(None, &all, false, 10);
    assert_eq!((closed.reply.verdict, closed.append.len()), (MembersVerdict::Closed, 0));
    let founded = members_push(None, &all, true, 10);
    assert_eq!((founded.reply.verdict, founded.append.len()), (MembersVerdict::Stored, 3));
    assert_eq!(founded.members.as_ref(), Some(&log.members));

    let known = Some((&log.members, log.entries.as_slice()));
    let again = members_push(known, &all, false, 10);
    assert_eq!((again.reply.verdict, again.append.len()), (MembersVerdict::Stored, 0));

    let mut one = log.clone();
    one.add(1, invite(101, 10)).unwrap();
    let mut other = log.clone();
    other.add(1, invite(102, 10)).unwrap();
    let known = Some((&one.members, one.entries.as_slice()));
    let stale = members_push(known, &push(&other.entries[3..]), false, 10);
    assert_eq!(
        (stale.reply.verdict, stale.reply.head),
        (MembersVerdict::Stale, one.members.head())
    );

    // Its own clock counts for a join, whatever the entry says.
    one.members.open_invite(&public(101)).unwrap();
    let join = [one.sign(101, join(3))];
    let late = members_push(Some((&one.members, &one.entries)), &push(&join), false, 20 + HOUR_MS);
    assert_eq!(late.reply.verdict, MembersVerdict::Refused(EntryError::Expired));
    // But not for one that a device brings, of whoever joined long ago.
    let brought = members_from_device((&one.members, &one.entries), &push(&join));
    assert_eq!((brought.reply.verdict, brought.append.len()), (MembersVerdict::Stored, 1));
    let in_time = members_push(Some((&one.members, &one.entries)), &push(&join), false, 20);
    assert_eq!(in_time.reply.verdict, MembersVerdict::Stored);

    let mut elsewhere = push(&join);
    elsewhere.clinic = clinic(2);
    let wrong = members_push(None, &elsewhere, true, 20);
    assert_eq!(wrong.reply.verdict, MembersVerdict::Refused(EntryError::Clinic));
}
