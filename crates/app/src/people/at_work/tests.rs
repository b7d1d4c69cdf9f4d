//! Removals in every order, and who works at the clinic after them.

use super::*;
use chart::{Actor, ClinicDocument, ClinicEdit};
use clinical::{ClinicId, DeviceId, Instant, Stamp};
use proptest::prelude::*;
use uuid::Uuid;

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
        removed_beside: BTreeMap::new(),
    }
}

fn at(people: Vec<Practitioner>, count: usize) -> Vec<usize> {
    let left: BTreeSet<_> = at_work(people).into_iter().map(|person| person.id).collect();
    (0..count).filter(|at| left.contains(&id(*at))).collect()
}

#[test]
fn who_works_at_the_clinic() {
    let (admin, clinician) = (Role::Admin, Role::Clinician);
    // Of people with a role, at work or removed by others, `want` work at the clinic.
    let check = |people: &[(Role, Option<&[usize]>)], want: &[usize]| {
        let made = people.iter().enumerate().map(|(at, (role, removed))| Practitioner {
            active: removed.is_none(),
            removed_by: removed.unwrap_or_default().iter().map(|at| id(*at)).collect(),
            ..person(at, *role)
        });
        assert_eq!(at(made.collect(), people.len()), want, "{people:?}");
    };
    let unknown = Some(&[][..]);
    check(&[(admin, None), (clinician, unknown), (clinician, None)], &[0, 2]);
    check(&[(admin, None), (admin, unknown)], &[0]);
    check(&[(admin, None), (admin, Some(&[0])), (clinician, Some(&[1]))], &[0]);
    // Removed before it was kept who did it.
    check(&[(admin, unknown), (clinician, unknown), (admin, unknown)], &[0, 2]);
}

/// A computer of the clinic for each person.
struct Clinic {
    computers: Vec<ClinicDocument>,
    changes: Vec<Vec<Vec<u8>>>,
    /// What each computer has, and what was removed with that in hand.
    has: Vec<BTreeSet<usize>>,
    removals: Vec<Removed>,
}

struct Removed {
    by: usize,
    of: usize,
    change: usize,
    knowing: BTreeSet<usize>,
}

fn clinic_id() -> ClinicId {
    ClinicId::from_uuid(Uuid::from_u128(500))
}

fn open(device: usize) -> ClinicDocument {
    ClinicDocument::new(clinic_id(), Actor::from_random([u8::try_from(device).unwrap() + 1; 16]))
}

impl Clinic {
    fn new(roles: &[Role]) -> Self {
        let people = roles.iter().enumerate().map(|(at, role)| person(at, *role));
        let mut clinic = Self {
            computers: (0..roles.len()).map(open).collect(),
            changes: Vec::new(),
            has: vec![BTreeSet::new(); roles.len()],
            removals: Vec::new(),
        };
        clinic.write(0, people.collect());
        (0..roles.len()).for_each(|at| clinic.hear(at, 0));
        clinic
    }

    fn write(&mut self, by: usize, people: Vec<Practitioner>) {
        let edits: Vec<_> = people.into_iter().map(ClinicEdit::RecordPerson).collect();
        let now = i64::try_from(self.changes.len()).unwrap();
        let device = DeviceId::from_uuid(id(by).uuid());
        // A clock says nothing: each is further behind than the one before.
        let stamp = Stamp { author: id(by), device, at: Instant::from_unix_ms(1000 - now) };
        let change = self.computers[by].apply(&edits, stamp).unwrap();
        self.has[by].insert(self.changes.len());
        self.changes.push(change.changes.into_iter().map(|raw| raw.bytes).collect());
    }

    fn people(&mut self, at: usize) -> Vec<Practitioner> {
        self.computers[at].read().people
    }

    fn at_work(&mut self, at_computer: usize) -> Vec<usize> {
        let people = self.people(at_computer);
        let count = people.len();
        at(people, count)
    }

    /// Whoever is not at work at their own computer cannot; who knows of it and does it all the
    /// same has another program.
    fn remove(&mut self, by: usize, of: usize, honest: bool) {
        let (people, works) = (self.people(by), self.at_work(by));
        let runs = works.contains(&by) && people[by].role == Role::Admin;
        if by == of || (honest && !(runs && works.contains(&of))) {
            return;
        }
        let own = |person: &Practitioner| Practitioner {
            active: true,
            removed_by: Vec::new(),
            ..person.clone()
        };
        let stays = (honest && !people[by].active).then(|| own(&people[by]));
        let gone = Practitioner { active: false, removed_by: vec![id(by)], ..people[of].clone() };
        let (change, knowing) = (self.changes.len(), self.has[by].clone());
        if stays.is_some() {
            self.removals.retain(|it| it.of != by || !knowing.contains(&it.change));
        }
        self.removals.push(Removed { by, of, change, knowing });
        self.write(by, stays.into_iter().chain([gone]).collect());
    }

    /// A computer hears of a change and of all that came before it.
    fn hear(&mut self, at: usize, change: usize) {
        let before = self.removals.iter().find(|it| it.change == change);
        for earlier in before.map(|it| it.knowing.clone()).unwrap_or_default() {
            self.hear_one(at, earlier);
        }
        self.hear_one(at, change);
    }

    fn hear_one(&mut self, at: usize, change: usize) {
        if !self.has[at].insert(change) {
            return;
        }
        let document = std::mem::replace(&mut self.computers[at], open(at));
        self.computers[at] = document.merge(self.changes[change].clone()).unwrap().0;
    }

    /// Everyone hears of everything, each in another order; all see the same at work.
    fn meet(&mut self) -> Vec<usize> {
        let count = self.changes.len();
        for at in 0..self.computers.len() {
            (0..count).for_each(|turn| self.hear(at, (turn * 7 + at * 3) % count));
            (0..count).rev().for_each(|change| self.hear(at, change));
        }
        let seen: Vec<_> = (0..self.computers.len()).map(|at| self.at_work(at)).collect();
        assert!(seen.iter().all(|one| *one == seen[0]), "{seen:?}");
        seen.into_iter().next().unwrap()
    }
}

/// What somebody does: one removes another, or hears of all that was done until then.
#[derive(Debug, Clone, Copy)]
enum Turn {
    Removes(usize, usize),
    Hears(usize),
    /// With a program that does not ask whether they may.
    RemovesAnyway(usize, usize),
}

fn play(people: usize, turns: &[Turn]) -> Clinic {
    let mut clinic = Clinic::new(&vec![Role::Admin; people]);
    for turn in turns {
        match *turn {
            Turn::Removes(by, of) => clinic.remove(by, of, true),
            Turn::RemovesAnyway(by, of) => clinic.remove(by, of, false),
            Turn::Hears(at) => (0..clinic.changes.len()).for_each(|it| clinic.hear(at, it)),
        }
    }
    clinic
}

#[test]
fn who_was_removed_and_removes_others_before_hearing_of_it_does_not_come_back() {
    use Turn::{Hears, Removes, RemovesAnyway};
    let check = |people: usize, turns: &[Turn], want: &[usize]| {
        assert_eq!(play(people, turns).meet(), want, "{turns:?}");
    };
    // 0 removes 1, who removes everyone else before hearing of it: 2 runs the clinic.
    check(3, &[Removes(0, 1), Removes(1, 0), Removes(1, 2)], &[2]);
    check(3, &[Removes(1, 2), Removes(1, 0), Removes(0, 1)], &[2]);
    // Only the third: who removed 1 runs it.
    check(3, &[Removes(0, 1), Removes(1, 2)], &[0]);
    // Each the other, and no one else there: no order says who was first.
    check(2, &[Removes(0, 1), Removes(1, 0)], &[0, 1]);
    // The same, and 2 was removed by one of them long before; 3 by 2 before that.
    let before = [Removes(2, 3), Hears(0), Removes(0, 2), Hears(1), Hears(2), Hears(3)];
    let each = [Removes(0, 1), Removes(1, 0)];
    check(4, &[&before[..], &each[..]].concat(), &[0, 1]);
    // Round by three at once.
    check(3, &[Removes(0, 1), Removes(1, 2), Removes(2, 0)], &[0, 1, 2]);
    // 1 removes 0, knowing of it 2 removes 1; 0 knew of neither and removes 2, who stays.
    check(3, &[Removes(1, 0), Hears(2), Removes(2, 1), Removes(0, 2)], &[2]);
    // Who knew of their own removal removes nobody, whoever else is left.
    check(2, &[Removes(0, 1), Hears(1), RemovesAnyway(1, 0)], &[0]);
    check(3, &[Removes(0, 1), Hears(1), RemovesAnyway(1, 2)], &[0, 2]);
    check(3, &[Removes(0, 1), Hears(1), RemovesAnyway(1, 0), RemovesAnyway(1, 2)], &[0, 2]);
}

fn turn(people: usize) -> impl Strategy<Value = Turn> {
    let pair = (0..people, 0..people);
    prop_oneof![
        3 => pair.clone().prop_map(|(by, of)| Turn::Removes(by, of)),
        3 => (0..people).prop_map(Turn::Hears),
        1 => pair.prop_map(|(by, of)| Turn::RemovesAnyway(by, of)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn in_every_order_the_same_stay_and_none_whom_an_administrator_removed(
        turns in prop::collection::vec(turn(4), 1..10)
    ) {
        let mut clinic = play(4, &turns);
        let stay = clinic.meet();
        prop_assert!(!stay.is_empty(), "somebody runs the clinic");
        let knew = |a: &Removed, b: &Removed| a.knowing.contains(&b.change);
        for removal in clinic.removals.iter().filter(|removal| stay.contains(&removal.of)) {
            // Whoever removed someone who stays had been removed, or was at the same time.
            let others = clinic.removals.iter().filter(|other| other.of == removal.by);
            let mut before_or_beside = others.filter(|other| !knew(other, removal));
            prop_assert!(before_or_beside.next().is_some(), "{} removed {}", removal.by, removal.of);
        }
        // Who was removed by those alone who knew that somebody whom nobody removed had removed
        // them was not removed.
        let is_removed = |at: usize| clinic.removals.iter().any(|it| it.of == at);
        let is_void = |removal: &Removed| {
            let own = clinic.removals.iter().filter(|other| other.of == removal.by);
            own.into_iter().any(|other| knew(removal, other) && !is_removed(other.by))
        };
        for person in (0..4).filter(|at| is_removed(*at)) {
            let by = || clinic.removals.iter().filter(|removal| removal.of == person);
            prop_assert!(!by().all(is_void) || stay.contains(&person), "{person}: {stay:?}");
        }
    }
}
