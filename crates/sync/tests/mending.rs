//! Lists of computers that grew apart when a server was put back from a copy.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::print_stdout,
    clippy::wildcard_enum_match_arm,
    reason = "this is a test"
)]

use std::collections::{BTreeMap, BTreeSet};

use sync::fixtures::{TestKey, clinic, device, key};
use sync::ids::{Commitment, DeviceId, HpkeKey, VerifyKey};
use sync::membership::*;
use sync::signing::Signer as _;

use crate::network::random::Random;

const HOUR_MS: i64 = 60 * 60 * 1000;

/// A list under construction, with who signs.
#[derive(Clone, Debug)]
struct List {
    entries: Vec<SignedEntry>,
    members: Members,
}

impl List {
    fn found() -> Self {
        let found = Found {
            device: device(1),
            hpke_key: HpkeKey([1; 32]),
            sealed_name: Vec::new(),
            commitment: Commitment([1; 32]),
        };
        let first = entry(MembersHead::EMPTY, EntryBody::Found(found));
        let first = SignedEntry::sign(first, &key(1));
        Self { members: Members::found(&first).unwrap(), entries: vec![first] }
    }

    fn add(&mut self, signer: u8, body: EntryBody) -> Result<(), EntryError> {
        let entry = SignedEntry::sign(entry(self.members.head(), body), &key(signer));
        self.members.apply(&entry)?;
        self.entries.push(entry);
        Ok(())
    }

    fn admit(&mut self, by: u8, invite: u8, new: u8) {
        self.invite(by, invite);
        self.add(invite, join(new)).unwrap();
    }

    fn invite(&mut self, by: u8, invite: u8) {
        let invite_key = public(invite);
        let body = Invite { invite_key, role: Role::Admin, expires_at_ms: HOUR_MS };
        self.add(by, EntryBody::Invite(body)).unwrap();
    }

    fn remove(&mut self, by: u8, who: u8) -> Result<(), EntryError> {
        let revoke = Revoke { device: device(who), cut: Vec::new() };
        self.add(by, EntryBody::Revoke(revoke))?;
        self.rotate(by);
        Ok(())
    }

    fn rotate(&mut self, by: u8) {
        let keys: Vec<_> = self.members.active().map(|(device, _)| device).collect();
        let keys = keys.into_iter().map(|device| SealedKey { device, sealed: vec![by] }).collect();
        let number = self.members.epoch() + 1;
        let commitment = Commitment([by; 32]);
        self.add(by, EntryBody::Epoch(Epoch { number, commitment, keys })).unwrap();
    }

    fn kit(&mut self, by: u8, kit: u8) {
        let EntryBody::Join(join) = join(kit) else { unreachable!() };
        self.add(by, EntryBody::Kit(Kit { join, sealed: vec![kit] })).unwrap();
        self.rotate(by);
    }

    /// Goes on with what `own` says and this one lacks; who signs is `by`.
    fn mend(&mut self, own: &Self, by: u8, invites: &mut impl FnMut() -> u8) {
        for step in steps(own, self) {
            match step {
                Step::Kit(kit) => self.add(by, EntryBody::Kit(kit)).unwrap(),
                Step::Remove(revoke) => self.add(by, EntryBody::Revoke(revoke)).unwrap(),
                Step::Epoch => self.rotate(by),
                Step::Admit(join, role) => {
                    let invite = invites();
                    let invite_key = public(invite);
                    let body = Invite { invite_key, role, expires_at_ms: HOUR_MS };
                    self.add(by, EntryBody::Invite(body)).unwrap();
                    self.add(invite, EntryBody::Join(join)).unwrap();
                }
            }
        }
    }

    fn is_in(&self, who: u8) -> bool {
        self.members.active().any(|(id, _)| id == device(who))
    }

    fn active(&self) -> Vec<u8> {
        self.members.active().map(|(device, _)| device.0[0]).collect()
    }

    /// To whom the newest key is sealed.
    fn readers(&self) -> Vec<u8> {
        let epochs = self.entries.iter().rev().filter_map(|entry| match &entry.entry().body {
            EntryBody::Epoch(epoch) => Some(epoch.keys.iter().map(|key| key.device.0[0]).collect()),
            _ => None,
        });
        epochs.take(1).next().unwrap_or_default()
    }
}

fn public(seed: u8) -> VerifyKey {
    VerifyKey(key(seed).public_key())
}

fn entry(head: MembersHead, body: EntryBody) -> Entry {
    let author = VerifyKey([0; 32]);
    Entry { clinic: clinic(1), index: head.count, prev: head.hash, at_ms: 10, author, body }
}

fn join(number: u8) -> EntryBody {
    let signer: TestKey = key(number);
    let hpke_key = HpkeKey([number; 32]);
    EntryBody::Join(Join::prove(clinic(1), device(number), hpke_key, Vec::new(), &signer))
}

fn steps(own: &List, other: &List) -> Vec<Step> {
    mend(clinic(1), &public(1), &own.entries, &other.entries).unwrap().steps
}

/// Whether a list says of a computer that it is out, where the other does not.
fn removes(own: &List, other: &List, number: u8) -> bool {
    let is_it = |step: &Step| matches!(step, Step::Remove(it) if it.device == device(number));
    steps(own, other).iter().any(is_it)
}

/// A clinic of the computers 1 to 4, all of administrators.
fn four() -> List {
    let mut list = List::found();
    (2..=4).for_each(|new| list.admit(1, 200 + new, new));
    list
}

/// What becomes of two branches: the first is lost, and `by` enters it in the second.
fn check(lost: impl Fn(&mut List), there: impl Fn(&mut List), by: u8, active: &[u8]) {
    let (mut own, mut other) = (four(), four());
    lost(&mut own);
    there(&mut other);
    let mut invite = 250;
    let mut invites = || {
        invite += 1;
        invite
    };
    other.mend(&own, by, &mut invites);
    assert_eq!(other.active(), active);
    assert_eq!(steps(&own, &other), [], "it takes the place of the lost one");
    let opened = |list: &List| list.members.epoch() > 1;
    assert!(!opened(&own) || other.members.epoch() > own.members.epoch());
    if opened(&other) {
        assert_eq!(other.readers(), active, "and who is in reads what follows");
    }
}

#[test]
fn two_branches_become_one() {
    let nothing = |_: &mut List| {};
    let rotated = |list: &mut List| list.rotate(2);
    let out_3 = |list: &mut List| list.remove(1, 3).unwrap();
    let out_4 = |list: &mut List| list.remove(2, 4).unwrap();
    let in_5 = |list: &mut List| list.admit(1, 105, 5);
    let in_6 = |list: &mut List| list.admit(2, 106, 6);
    check(rotated, nothing, 1, &[1, 2, 3, 4]);
    check(rotated, |list| list.rotate(3), 1, &[1, 2, 3, 4]);
    check(out_3, in_6, 1, &[1, 2, 4, 6]);
    check(out_3, out_4, 1, &[1, 2]);
    check(out_3, |list| list.remove(4, 3).unwrap(), 2, &[1, 2, 4]);
    check(in_5, in_6, 1, &[1, 2, 3, 4, 5, 6]);
    check(in_5, out_4, 1, &[1, 2, 3, 5]);
    // Several keys on the lost branch: what follows is newer than all.
    check(|list| (0..5).for_each(|_| list.rotate(1)), out_4, 1, &[1, 2, 3]);
    // Of two who removed each other both go.
    check(out_3, |list| list.remove(3, 1).unwrap(), 2, &[2, 4]);
    // Who was let in by somebody whom the other branch removed is let in by nobody.
    check(out_3, |list| list.admit(3, 106, 6), 1, &[1, 2, 4]);
    check(|list| list.admit(4, 105, 5), out_4, 1, &[1, 2, 3]);
    // Nor is whom that one lets in, nor is a key of its believed.
    let chain = |list: &mut List| {
        list.admit(3, 106, 6);
        list.admit(6, 107, 7);
        list.rotate(7);
    };
    check(out_3, chain, 1, &[1, 2, 4]);
    // A removed computer that removed itself in the end leaves a key it made.
    let erased = |list: &mut List| {
        list.admit(3, 106, 6);
        list.remove(6, 3).unwrap();
    };
    check(out_3, erased, 1, &[1, 2, 4]);
    // The paper of the lost branch counts, where there is no newer one.
    check(|list| list.kit(1, 50), in_6, 1, &[1, 2, 3, 4, 6, 50]);
    check(|list| list.kit(1, 50), |list| list.kit(2, 51), 1, &[1, 2, 3, 4, 51]);
    check(out_3, |list| list.kit(3, 51), 1, &[1, 2, 4]);
}

#[test]
fn an_open_invitation_of_somebody_who_was_removed_lets_nobody_in() {
    let mut own = four();
    own.invite(3, 106);
    let mut other = own.clone();
    own.remove(1, 3).unwrap();
    other.add(106, join(6)).unwrap();
    let mut invites = || 251;
    other.mend(&own, 1, &mut invites);
    assert_eq!(other.active(), [1, 2, 4]);
    assert_eq!(other.readers(), [1, 2, 4]);
}

#[test]
fn a_list_of_another_clinic_or_one_that_breaks_a_rule_is_not_followed() {
    let own = four();
    let mut other = four();
    other.rotate(1);
    let mut stranger = other.entries.clone();
    stranger.push(SignedEntry::sign(entry(other.members.head(), join(9)), &key(9)));
    let judged = |founder: u8, list: &[SignedEntry]| {
        mend(clinic(1), &public(founder), &own.entries, list).map(|it| it.steps)
    };
    assert_eq!(judged(1, &other.entries), Ok(Vec::new()), "one that goes on is followed");
    assert_eq!(judged(1, &stranger), Err(EntryError::NoInvite));
    assert_eq!(judged(2, &other.entries), Err(EntryError::Clinic));
    assert_eq!(judged(1, &[]), Err(EntryError::Founding));
}

/// A computer with the list it holds, and whom it knows to be removed.
#[derive(Clone)]
struct Computer {
    number: u8,
    list: List,
    out: BTreeSet<DeviceId>,
}

/// A clinic's computers at a server that is put back from copies.
struct Model {
    random: Random,
    server: List,
    /// The server keeps what came together together: a copy has all of it or nothing.
    copies: Vec<List>,
    computers: Vec<Computer>,
    /// By whom each was let in, in the first place and again.
    admitted_by: BTreeMap<u8, BTreeSet<u8>>,
    removed: BTreeSet<u8>,
    next_invite: u8,
    mended: usize,
}

impl Model {
    fn new(seed: u64) -> Self {
        let server = four();
        let computer = |number| Computer { number, list: server.clone(), out: BTreeSet::new() };
        Self {
            random: Random::new(seed),
            copies: vec![server.clone()],
            computers: (1..=4).map(computer).collect(),
            server,
            admitted_by: BTreeMap::new(),
            removed: BTreeSet::new(),
            next_invite: 100,
            mended: 0,
        }
    }

    fn below(&mut self, n: usize) -> usize {
        self.random.below(n)
    }

    /// One computer meets the server; whether the two hold one list then.
    fn exchange(&mut self, at: usize) -> bool {
        let me = &self.computers[at];
        let (number, own) = (me.number, me.list.clone());
        let common = own
            .entries
            .iter()
            .zip(&self.server.entries)
            .take_while(|(a, b)| a.hash() == b.hash())
            .count();
        if common == self.server.entries.len() {
            self.server = own.clone();
        }
        if !self.server.is_in(number) {
            return false;
        }
        if common < own.entries.len() && common < self.server.entries.len() {
            if removes(&own, &self.server, number) {
                return false;
            }
            let mut invite = self.next_invite;
            let mut invites = || {
                invite += 1;
                invite
            };
            self.server.mend(&own, number, &mut invites);
            self.note_who_let_in();
            assert_eq!(steps(&own, &self.server), []);
            self.next_invite = invite;
            self.mended += 1;
        }
        self.say_again_who_is_out(at);
        let me = &mut self.computers[at];
        me.list = self.server.clone();
        let out = me.list.members.devices().filter(|(_, member)| member.revoked.is_some());
        me.out.extend(out.map(|(device, _)| device).collect::<Vec<_>>());
        // Whoever knows that somebody is removed is in no list in which they are not.
        let active: BTreeSet<_> = me.list.members.active().map(|(device, _)| device).collect();
        assert!(active.is_disjoint(&me.out), "a removed computer is back");
        let readers: BTreeSet<_> = me.list.readers().into_iter().map(device).collect();
        assert!(readers.is_disjoint(&me.out), "a removed computer reads");
        true
    }

    /// Notes by whose invitations the members of the server's list came in.
    fn note_who_let_in(&mut self) {
        let mut invited = BTreeMap::new();
        for entry in self.server.entries.iter().map(SignedEntry::entry) {
            match &entry.body {
                EntryBody::Invite(invite) => drop(invited.insert(invite.invite_key, entry.author)),
                EntryBody::Join(join) => {
                    let by = invited
                        .get(&entry.author)
                        .and_then(|by| (1..=30).find(|it| public(*it) == *by));
                    let number = (1..=30).find(|it| device(*it) == join.device);
                    if let Some((number, by)) = number.zip(by) {
                        self.admitted_by.entry(number).or_default().insert(by);
                    }
                }
                _ => {}
            }
        }
    }

    /// Whether nobody removed a computer, or any on whose word it was let in.
    fn stands(&self, number: u8, asked: &mut BTreeSet<u8>) -> bool {
        let by = self.admitted_by.get(&number).into_iter().flatten();
        let is_new = asked.insert(number);
        !self.removed.contains(&number)
            && (!is_new
                || by.copied().collect::<Vec<_>>().into_iter().all(|it| self.stands(it, asked)))
    }

    /// Who was removed on a lost branch is not known to a list that never had them; where another lets
    /// them in again, whoever knows enters it once more: a removal is also a wish, which each keeps.
    fn say_again_who_is_out(&mut self, at: usize) {
        let me = &self.computers[at];
        let is_back = |who: &u8| {
            self.removed.contains(who) && me.out.contains(&device(*who)) && *who != me.number
        };
        let back: Vec<u8> = self.server.active().into_iter().filter(is_back).collect();
        for who in back {
            self.server.remove(me.number, who).unwrap();
        }
    }

    fn act(&mut self) {
        let at = self.below(self.computers.len());
        let number = self.computers[at].number;
        match self.below(10) {
            0 => self.copies.push(self.server.clone()),
            1 => {
                let at = self.random.below(self.copies.len());
                self.server = self.copies[at].clone();
            }
            2 | 3 if self.computers.len() < 30 && self.exchange(at) => {
                let new = u8::try_from(self.computers.len()).unwrap() + 1;
                self.next_invite += 1;
                self.server.admit(number, self.next_invite, new);
                self.note_who_let_in();
                let list = self.server.clone();
                self.computers.push(Computer { number: new, list, out: BTreeSet::new() });
                assert!(self.exchange(at));
            }
            4 | 5 if self.exchange(at) => {
                let active = self.server.active();
                let who = active[self.below(active.len())];
                if active.len() > 2 && who != number && self.server.remove(number, who).is_ok() {
                    self.removed.insert(who);
                }
                assert!(self.exchange(at));
            }
            6 if self.exchange(at) => {
                self.server.rotate(number);
                assert!(self.exchange(at));
            }
            _ => {
                self.exchange(at);
            }
        }
    }

    /// Everybody meets the server until nothing changes any more.
    fn settle(&mut self) {
        for _ in 0..4 {
            (0..self.computers.len()).for_each(|at| {
                self.exchange(at);
            });
        }
        let head = self.server.members.head();
        for computer in &self.computers {
            // One that read its own removal on a lost branch is out, whether anybody who is in knows.
            let is_in = self.server.is_in(computer.number)
                && !removes(&computer.list, &self.server, computer.number);
            assert!(!is_in || computer.list.members.head() == head, "one list");
            let stands = self.stands(computer.number, &mut BTreeSet::new());
            assert!(!stands || is_in, "{} is left out", computer.number);
        }
    }
}

#[test]
fn lists_that_grew_apart_are_one_again_and_nobody_removed_is_back_soak() {
    let (mut mended, seeds) = (0, crate::network::seeds(40));
    println!("soak: {} histories of lists that grew apart", seeds.end - seeds.start);
    for seed in seeds.clone() {
        mended += mended_in(seed);
    }
    let many = usize::try_from(seeds.end - seeds.start).unwrap();
    assert!(mended >= many, "{mended} forks were mended");
}

/// Histories that once failed: a removal is a wish that is kept, who was let in again rests on two, and a
/// copy has no half of what came together.
#[test]
fn what_once_failed_of_lists_that_grew_apart_holds() {
    for seed in [224, 252, 874] {
        mended_in(seed);
    }
}

/// How many forks were mended in a history.
fn mended_in(seed: u64) -> usize {
    println!("FIELDCHART_SEED={seed}");
    let mut model = Model::new(seed);
    (0..40).for_each(|_| model.act());
    model.settle();
    model.mended
}
