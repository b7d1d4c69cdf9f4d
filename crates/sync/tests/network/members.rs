//! Who belongs to the clinic: the list it begins with, and what is entered in it later.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex};

use sync::fixtures::{clinic, device, key};
use sync::ids::{Commitment, EntryHash, HpkeKey, VerifyKey};
use sync::membership::{
    Entry, EntryBody, Epoch, Found, Invite, Join, Members, MembersHead, Revoke, Role, SealedKey,
    SignedEntry,
};
use sync::signing::Signer as _;

/// When the histories begin, by a clock that is right.
pub(crate) const BEGIN_MS: i64 = 1_790_000_000_000;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// A list with the state after each of its entries.
#[derive(Debug)]
pub(crate) struct Founded {
    pub(crate) entries: Vec<SignedEntry>,
    states: Vec<Members>,
}

impl Founded {
    /// Of so many devices: the first founds, each other one joins by an invite of its own.
    pub(crate) fn of(devices: u8) -> &'static Self {
        static KNOWN: LazyLock<Mutex<BTreeMap<u8, &'static Founded>>> =
            LazyLock::new(Mutex::default);
        let mut known = KNOWN.lock().unwrap();
        known.entry(devices).or_insert_with(|| Box::leak(Box::new(Self::make(devices))))
    }

    fn make(devices: u8) -> Self {
        let mut founded = Self { entries: Vec::new(), states: Vec::new() };
        let found = Found {
            device: device(1),
            hpke_key: HpkeKey([1; 32]),
            sealed_name: Vec::new(),
            commitment: Commitment([1; 32]),
        };
        founded.add(1, EntryBody::Found(found));
        for number in 2..=devices {
            let invite = 100 + number;
            let invite_key = VerifyKey(key(invite).public_key());
            let expires_at_ms = BEGIN_MS + 29 * DAY_MS;
            founded.add(
                1,
                EntryBody::Invite(Invite { invite_key, role: Role::Member, expires_at_ms }),
            );
            let hpke_key = HpkeKey([number; 32]);
            let join = Join::prove(clinic(1), device(number), hpke_key, Vec::new(), &key(number));
            founded.add(invite, EntryBody::Join(join));
        }
        founded
    }

    fn add(&mut self, signer: u8, body: EntryBody) {
        let head = self.states.last().map_or(MembersHead::EMPTY, Members::head);
        let entry = signed(head, signer, BEGIN_MS, body);
        let state = match self.states.last() {
            Some(before) => {
                let mut members = before.clone();
                members.apply(&entry).unwrap();
                members
            }
            None => Members::found(&entry).unwrap(),
        };
        self.entries.push(entry);
        self.states.push(state);
    }

    pub(crate) fn after(&self, entries: usize) -> &Members {
        &self.states[entries - 1]
    }

    /// How many entries a device knows when it has just joined.
    pub(crate) fn known_to(number: u8) -> usize {
        2 * usize::from(number) - 1
    }
}

/// The state after a list.
pub(crate) fn replay(entries: &[SignedEntry]) -> Members {
    Members::replay(clinic(1), &VerifyKey(key(1).public_key()), entries).unwrap()
}

fn signed(head: MembersHead, signer: u8, at_ms: i64, body: EntryBody) -> SignedEntry {
    let prev = if head.count == 0 { EntryHash([0; 32]) } else { head.hash };
    let author = VerifyKey([0; 32]);
    let entry = Entry { clinic: clinic(1), index: head.count, prev, at_ms, author, body };
    SignedEntry::sign(entry, &key(signer))
}

/// A new epoch, after a device was removed where one is, in entries that follow a list. The
/// administrator's clock says when.
pub(crate) fn new_epoch(
    mut members: Members,
    removal: Option<Revoke>,
    at_ms: i64,
) -> Vec<SignedEntry> {
    let mut entries = Vec::new();
    let mut add = |members: &mut Members, body| {
        let entry = signed(members.head(), 1, at_ms, body);
        members.apply(&entry).unwrap();
        entries.push(entry);
    };
    if let Some(removal) = removal {
        add(&mut members, EntryBody::Revoke(removal));
    }
    let keys = members.active().map(|(device, _)| SealedKey { device, sealed: vec![1; 81] });
    let (number, keys) = (members.epoch() + 1, keys.collect());
    add(&mut members, EntryBody::Epoch(Epoch { number, commitment: Commitment([2; 32]), keys }));
    entries
}
