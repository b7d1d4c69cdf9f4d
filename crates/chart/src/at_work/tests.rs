//! Removals and people let in, in every order, and who works at the clinic after them.

use crate::{Actor, ClinicDocument, ClinicEdit};
use clinical::{ClinicId, DeviceId, Instant, Practitioner, PractitionerId, Role, Stamp};
use proptest::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Computers there are: one for each person who is there or may be let in.
const PEOPLE_MAX: usize = 6;

fn id(at: usize) -> PractitionerId {
    PractitionerId::from_uuid(Uuid::from_u128(at.try_into().unwrap()))
}

fn person(at: usize, role: Role) -> Practitioner {
    Practitioner {
        id: id(at),
        user_name: at.to_string(),
        name: String::new(),
        role,
        public_keys: Vec::new(),
        active: true,
        removed_by: Vec::new(),
        unconfirmed: false,
        credentials: clinical::Credentials::default(),
    }
}

/// A computer of the clinic for each person.
struct Clinic {
    computers: Vec<ClinicDocument>,
    changes: Vec<Change>,
    /// What each computer has.
    has: Vec<BTreeSet<usize>>,
    removals: Vec<Deed>,
    additions: Vec<Deed>,
}

struct Change {
    bytes: Vec<Vec<u8>>,
    knowing: BTreeSet<usize>,
}

/// Somebody removed or let in, with what was in hand.
struct Deed {
    by: usize,
    of: usize,
    change: usize,
    knowing: BTreeSet<usize>,
}

fn open(device: usize) -> ClinicDocument {
    let clinic = ClinicId::from_uuid(Uuid::from_u128(500));
    ClinicDocument::new(clinic, Actor::from_random([u8::try_from(device).unwrap() + 1; 16]))
}

impl Clinic {
    fn new(roles: &[Role]) -> Self {
        let people = roles.iter().enumerate().map(|(at, role)| person(at, *role));
        let mut clinic = Self {
            computers: (0..PEOPLE_MAX).map(open).collect(),
            changes: Vec::new(),
            has: vec![BTreeSet::new(); PEOPLE_MAX],
            removals: Vec::new(),
            additions: Vec::new(),
        };
        clinic.write(0, people.collect());
        (0..PEOPLE_MAX).for_each(|at| clinic.hear(at, 0));
        clinic
    }

    fn write(&mut self, by: usize, people: Vec<Practitioner>) {
        let edits: Vec<_> = people.into_iter().map(ClinicEdit::RecordPerson).collect();
        let now = i64::try_from(self.changes.len()).unwrap();
        let device = DeviceId::from_uuid(id(by).uuid());
        // A clock says nothing: each is further behind than the one before.
        let stamp = Stamp { author: id(by), device, at: Instant::from_unix_ms(1000 - now) };
        let change = self.computers[by].apply(&edits, stamp).unwrap();
        let bytes = change.changes.into_iter().map(|raw| raw.bytes).collect();
        self.changes.push(Change { bytes, knowing: self.has[by].clone() });
        self.has[by].insert(self.changes.len() - 1);
    }

    fn person(&mut self, computer: usize, of: usize) -> Option<Practitioner> {
        self.computers[computer].read().people.into_iter().find(|person| person.id == id(of))
    }

    fn listed(&mut self, computer: usize, is_it: fn(&Practitioner) -> bool) -> Vec<usize> {
        let people = self.computers[computer].read().people;
        let is_there = |at: &usize| people.iter().any(|one| one.id == id(*at) && is_it(one));
        (0..PEOPLE_MAX).filter(is_there).collect()
    }

    fn at_work(&mut self, computer: usize) -> Vec<usize> {
        self.listed(computer, |person| person.active)
    }

    fn runs(&mut self, who: usize) -> bool {
        self.person(who, who).is_some_and(|one| one.active && one.role == Role::Admin)
    }

    fn deed(&self, by: usize, of: usize) -> Deed {
        Deed { by, of, change: self.changes.len(), knowing: self.has[by].clone() }
    }

    /// Who stays in spite of a removal says so with what they decide.
    fn stays(&mut self, by: usize, honest: bool) -> Option<Practitioner> {
        let me = self.person(by, by).filter(|me| honest && !me.removed_by.is_empty())?;
        self.over(by, by);
        Some(Practitioner { removed_by: Vec::new(), ..me })
    }

    /// The removals of a person that somebody knows of are over.
    fn over(&mut self, by: usize, of: usize) {
        let knowing = self.has[by].clone();
        self.removals.retain(|it| it.of != of || !knowing.contains(&it.change));
    }

    /// Whoever is not at work at their own computer cannot; who knows of it and does it all the
    /// same has another program.
    fn remove(&mut self, by: usize, of: usize, honest: bool) {
        let Some(person) = self.person(by, of) else { return };
        if by == of
            || self.person(by, by).is_none()
            || (honest && !(self.runs(by) && (person.active || person.unconfirmed)))
        {
            return;
        }
        let stays = self.stays(by, honest);
        let (active, removed_by) = (false, vec![id(by)]);
        let gone = Practitioner { active, removed_by, unconfirmed: false, ..person };
        self.removals.push(self.deed(by, of));
        self.write(by, stays.into_iter().chain([gone]).collect());
    }

    fn add(&mut self, by: usize, of: usize, honest: bool) {
        let known = self.person(by, of);
        let may = known.as_ref().is_none_or(|one| one.active || one.unconfirmed);
        if by == of || self.person(by, by).is_none() || (honest && !(self.runs(by) && may)) {
            return;
        }
        let stays = self.stays(by, honest);
        let person = known.unwrap_or_else(|| person(of, Role::Admin));
        // A key of the computer on which they are let in.
        let public_keys = vec![format!("{by} {}", self.changes.len())];
        let person = Practitioner { active: true, unconfirmed: false, public_keys, ..person };
        self.additions.push(self.deed(by, of));
        self.write(by, stays.into_iter().chain([person]).collect());
    }

    /// A computer hears of a change and of all that came before it.
    fn hear(&mut self, at: usize, change: usize) {
        for earlier in self.changes[change].knowing.clone() {
            self.hear_one(at, earlier);
        }
        self.hear_one(at, change);
    }

    fn hear_one(&mut self, at: usize, change: usize) {
        if !self.has[at].insert(change) {
            return;
        }
        let document = std::mem::replace(&mut self.computers[at], open(at));
        self.computers[at] = document.merge(self.changes[change].bytes.clone()).unwrap().0;
    }

    /// Everyone hears of everything, each in another order; all see the same at work.
    fn meet(&mut self) -> Vec<usize> {
        let count = self.changes.len();
        for at in 0..self.computers.len() {
            (0..count).for_each(|turn| self.hear(at, (turn * 7 + at * 3) % count));
            (0..count).rev().for_each(|change| self.hear(at, change));
        }
        let seen: Vec<_> = self.computers.iter_mut().map(|one| one.read().people).collect();
        assert!(seen.iter().all(|one| *one == seen[0]), "{seen:?}");
        self.at_work(0)
    }

    /// Whether whoever did it was removed before it or beside it.
    fn is_removed(&self, it: &Deed) -> bool {
        let mut removals = self.removals.iter().filter(|removal| removal.of == it.by);
        removals.any(|removal| !removal.knowing.contains(&it.change))
    }

    /// Whether whoever did it knew of nobody who let them in but such as were removed, or as were
    /// let in so themselves. Who else let them in apart says nothing of it.
    fn is_groundless(&self, it: &Deed) -> bool {
        let lets_in = |other: &&Deed| other.of == it.by && it.knowing.contains(&other.change);
        let mut additions = self.additions.iter().filter(lets_in);
        it.by >= 4 && additions.all(|other| self.is_removed(other) || self.is_groundless(other))
    }

    fn play(mut self, turns: &[Turn]) -> Self {
        for turn in turns {
            match *turn {
                Removes(by, of) => self.remove(by, of, true),
                RemovesAnyway(by, of) => self.remove(by, of, false),
                Adds(by, of) => self.add(by, of, true),
                AddsAnyway(by, of) => self.add(by, of, false),
                Hears(at) => (0..self.changes.len()).for_each(|it| self.hear(at, it)),
            }
        }
        self
    }
}

/// What somebody does: one removes another or lets them in, or hears of all that was done.
#[derive(Debug, Clone, Copy)]
enum Turn {
    Removes(usize, usize),
    Adds(usize, usize),
    Hears(usize),
    /// With a program that does not ask whether they may.
    RemovesAnyway(usize, usize),
    AddsAnyway(usize, usize),
}

use Turn::{Adds, AddsAnyway, Hears, Removes, RemovesAnyway};

fn admins(count: usize) -> Clinic {
    Clinic::new(&vec![Role::Admin; count])
}

fn check(people: usize, turns: &[Turn], want: &[usize]) {
    assert_eq!(admins(people).play(turns).meet(), want, "{turns:?}");
}

#[test]
fn who_was_removed_and_removes_others_before_hearing_of_it_does_not_come_back() {
    // 0 removes 1, who removes everyone else before hearing of it: 2 runs the clinic.
    check(3, &[Removes(0, 1), Removes(1, 0), Removes(1, 2)], &[2]);
    check(3, &[Removes(1, 2), Removes(1, 0), Removes(0, 1)], &[2]);
    // Only others: it is void, whether or not an administrator would be left.
    check(3, &[Removes(0, 1), Removes(1, 2)], &[0, 2]);
    check(4, &[Removes(1, 2), Removes(0, 1)], &[0, 2, 3]);
    // Each the other, and a third is there: that one decides.
    check(3, &[Removes(0, 1), Removes(1, 0)], &[2]);
    // Each the other, and no one else there: no order says who was first.
    check(2, &[Removes(0, 1), Removes(1, 0)], &[0, 1]);
    // The same, and 2 was removed by one of them long before; 3 by 2 before that.
    let before = [Removes(2, 3), Hears(0), Removes(0, 2), Hears(1), Hears(2), Hears(3)];
    let each = [Removes(0, 1), Removes(1, 0)];
    check(4, &[&before[..], &each[..]].concat(), &[0, 1]);
    // One of the two decides: that holds.
    let decides = [&each[..], &[Hears(0), Removes(0, 1)]].concat();
    check(2, &decides, &[0]);
    // Round by three at once; a fourth decides where there is one.
    let round = [Removes(0, 1), Removes(1, 2), Removes(2, 0)];
    check(3, &round, &[0, 1, 2]);
    check(4, &round, &[3]);
    check(4, &[&round[..], &[Hears(1), RemovesAnyway(1, 3)]].concat(), &[3]);
    // 1 removes 0, knowing of it 2 removes 1; 0 knew of neither and removes 2, who stays.
    check(3, &[Removes(1, 0), Hears(2), Removes(2, 1), Removes(0, 2)], &[2]);
    // Who knew of their own removal removes nobody, whoever else is left.
    check(2, &[Removes(0, 1), Hears(1), RemovesAnyway(1, 0)], &[0]);
    check(3, &[Removes(0, 1), Hears(1), RemovesAnyway(1, 2)], &[0, 2]);
    check(3, &[Removes(0, 1), Hears(1), RemovesAnyway(1, 0), RemovesAnyway(1, 2)], &[0, 2]);
}

#[test]
fn whom_a_removed_administrator_let_in_waits_for_one_who_stands() {
    let check = |people: usize, turns: &[Turn], want: (&[usize], &[usize])| {
        let mut clinic = admins(people).play(turns);
        let at_work = clinic.meet();
        let waits = clinic.listed(0, |person| person.unconfirmed);
        assert_eq!((at_work.as_slice(), waits.as_slice()), want, "{turns:?}");
    };
    // 0 removes 1, who lets 4 in before hearing of it, and has everyone else removed.
    let story = [Removes(0, 1), Adds(1, 4), Removes(1, 0)];
    check(2, &story, (&[0, 1], &[4]));
    check(3, &story, (&[2], &[4]));
    check(2, &[Adds(1, 4), Removes(1, 0), Removes(0, 1)], (&[0, 1], &[4]));
    // Whoever waits removes nobody and lets nobody in, though they work here by all they know.
    let begins = [Removes(0, 1), Adds(1, 4)];
    let acts = [Hears(4), RemovesAnyway(4, 0), AddsAnyway(4, 5)];
    check(2, &[&begins[..], &acts[..]].concat(), (&[0], &[4, 5]));
    // Whom one of them let in removes the other: the same as if they had done it themselves.
    let through = [Adds(1, 4), Hears(4), Removes(4, 0), Removes(0, 1)];
    check(2, &through, (&[0, 1], &[4]));
    check(3, &through, (&[2], &[4]));
    // After they heard of it, with another program; nor do they let in themselves.
    check(2, &[Removes(0, 1), Hears(1), AddsAnyway(1, 4)], (&[0], &[4]));
    // Who waits removes somebody, whoever else lets them in apart: they knew nothing of that.
    let apart = [Removes(0, 2), Adds(2, 5), Hears(5), RemovesAnyway(5, 0), Adds(1, 5)];
    check(4, &apart, (&[0, 1, 3, 5], &[]));
    // One who stands lets them in anew.
    let anew = [&story[..], &[Hears(0), Adds(0, 4)]].concat();
    check(2, &anew, (&[0, 4], &[]));
    let by_another = [&story[..], &[Hears(2), Adds(2, 4)]].concat();
    check(3, &by_another, (&[2, 4], &[]));
    // Or removes them: they wait no more, and whoever lets them in who does not stand changes nothing.
    let removed = [&story[..], &[Hears(0), Removes(0, 4)]].concat();
    check(2, &removed, (&[0], &[]));
    let anyway = [&begins[..], &[Hears(0), Removes(0, 4), Hears(1), AddsAnyway(1, 4)]].concat();
    check(2, &anyway, (&[0], &[]));
    check(2, &[&begins[..], &[Hears(0), Removes(0, 4), AddsAnyway(1, 4)]].concat(), (&[0], &[]));
    // Who does not stand removes nobody who waits.
    let by_none = [&begins[..], &[Hears(1), RemovesAnyway(1, 4)]].concat();
    check(2, &by_none, (&[0], &[4]));
    // Whom they let in before somebody removed them, knowing of it, stays.
    check(2, &[Adds(1, 4), Hears(0), Removes(0, 1)], (&[0, 4], &[]));
}

#[test]
fn nobody_writes_themselves_back_or_up() {
    let mut clinic = Clinic::new(&[Role::Admin, Role::Admin, Role::Clinician]).play(&[
        Removes(0, 1),
        Hears(1),
        Hears(2),
    ]);
    clinic.write(1, vec![person(1, Role::Admin)]);
    clinic.write(2, vec![person(2, Role::Admin)]);
    assert_eq!(clinic.meet(), [0, 2]);
    assert_eq!(clinic.person(0, 2).unwrap().role, Role::Clinician);
}

#[test]
fn who_was_removed_before_it_was_kept_by_whom() {
    let gone = |at, role| Practitioner { active: false, ..person(at, role) };
    let check = |gone: &[Practitioner], want: &[usize]| {
        let mut clinic = Clinic::new(&[Role::Admin, Role::Clinician, Role::Admin]);
        clinic.write(0, gone.to_vec());
        assert_eq!(clinic.meet(), want, "{gone:?}");
    };
    check(&[gone(1, Role::Clinician)], &[0, 2]);
    check(&[gone(2, Role::Admin)], &[0, 1]);
    // Nothing else tells: the administrators stay.
    check(&[gone(0, Role::Admin), gone(1, Role::Clinician), gone(2, Role::Admin)], &[0, 2]);
}

fn turn() -> impl Strategy<Value = Turn> {
    let pair = (0..PEOPLE_MAX, 0..4_usize);
    let new = (0..PEOPLE_MAX, 4..PEOPLE_MAX);
    prop_oneof![
        3 => pair.clone().prop_map(|(by, of)| Removes(by, of)),
        3 => new.clone().prop_map(|(by, of)| Adds(by, of)),
        3 => (0..PEOPLE_MAX).prop_map(Hears),
        1 => (0..PEOPLE_MAX, 4..PEOPLE_MAX).prop_map(|(by, of)| Removes(by, of)),
        1 => pair.prop_map(|(by, of)| RemovesAnyway(by, of)),
        1 => new.prop_map(|(by, of)| AddsAnyway(by, of)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn in_every_order_the_same_stay_and_none_whom_an_administrator_removed(
        turns in prop::collection::vec(turn(), 1..12)
    ) {
        let mut clinic = admins(4).play(&turns);
        let stay = clinic.meet();
        prop_assert!(!stay.is_empty(), "somebody runs the clinic");
        let knew = |a: &Deed, b: &Deed| a.knowing.contains(&b.change);
        let removals_of = |who: usize| clinic.removals.iter().filter(move |it| it.of == who);
        let additions_of = |who: usize| clinic.additions.iter().filter(move |it| it.of == who);
        for removal in clinic.removals.iter().filter(|removal| stay.contains(&removal.of)) {
            let anew = additions_of(removal.of).any(|it| knew(it, removal));
            let excused = anew || clinic.is_removed(removal) || clinic.is_groundless(removal);
            prop_assert!(excused, "{} removed {}", removal.by, removal.of);
        }
        // Whom those alone let in whom one removed who stands whatever happens is not at work.
        let stands = |who: usize| who < 4 && removals_of(who).next().is_none();
        let is_void = |it: &Deed| {
            let mut by = removals_of(it.by).filter(|other| !knew(other, it) && stands(other.by));
            by.any(|other| !additions_of(it.by).any(|anew| knew(anew, other)))
        };
        for who in (4..PEOPLE_MAX).filter(|who| additions_of(*who).all(is_void)) {
            prop_assert!(!stay.contains(&who), "{who}: {stay:?}");
        }
        // Who was removed by such people alone was not removed.
        for who in (0..4).filter(|who| removals_of(*who).next().is_some()) {
            prop_assert!(!removals_of(who).all(is_void) || stay.contains(&who), "{who}: {stay:?}");
        }
    }
}
