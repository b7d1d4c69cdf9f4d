//! Who works at the clinic, also where administrators removed each other.

use clinical::{Practitioner, PractitionerId, Role};
use std::collections::{BTreeMap, BTreeSet};

/// The people who work at the clinic. While an administrator is left, these are the ones nobody
/// removed. Else a clinic that nobody can run would help no one: of the administrators who removed
/// each other without knowing those stay who are chosen by [`in_dispute`], and no one who was
/// removed before.
pub(crate) fn at_work(people: Vec<Practitioner>) -> Vec<Practitioner> {
    let runs = |person: &Practitioner| person.active && person.role == Role::Admin;
    if people.iter().any(runs) {
        return people.into_iter().filter(|person| person.active).collect();
    }
    let stay = in_dispute(&people);
    people.into_iter().filter(|person| person.active || stay.contains(&person.id)).collect()
}

/// Whether a person may stay in spite of a removal by somebody.
type Rule<'a> = dyn Fn(&Practitioner, PractitionerId) -> bool + 'a;

/// The administrators who stay where none is left. A removal is void when its maker was removed at
/// the same time by a third, in a removal that stands: whoever was sent away by somebody who had
/// been sent away stays, and decides about the others. Where no one stays by that, it went round,
/// or two removed each other, and no order says who was first: those stay. Of who was removed
/// before it was kept by whom nothing is known; where nothing else tells, they all stay.
fn in_dispute(people: &[Practitioner]) -> BTreeSet<PractitionerId> {
    let worth = worth(people);
    let of = |person: &Practitioner, by| worth.get(&(person.id, by)).copied();
    let is_mutual = |person: &Practitioner, by| beside(person, by).contains(&person.id);
    let chosen = |may_stay: &Rule<'_>| {
        let admins = people.iter().filter(|person| person.role == Role::Admin);
        let stay = admins.filter(|person| {
            !person.removed_by.is_empty()
                && person.removed_by.iter().all(|by| may_stay(person, *by))
        });
        stay.map(|person| person.id).collect::<BTreeSet<_>>()
    };
    let is_void = |person: &Practitioner, by| of(person, by) == Some(Worth::Void);
    let is_open = |person: &Practitioner, by| of(person, by) != Some(Worth::Stands);
    let each_other = |person: &Practitioner, by| is_open(person, by) || is_mutual(person, by);
    let rules: [&Rule<'_>; 3] = [&is_void, &is_open, &each_other];
    let found = rules.into_iter().map(chosen).find(|stay| !stay.is_empty());
    let admins = || people.iter().filter(|person| person.role == Role::Admin);
    found.unwrap_or_else(|| admins().map(|person| person.id).collect())
}

/// What a removal is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Worth {
    Stands,
    Void,
}

/// What each removal is worth, by who was removed and by whom; none of those that go round.
fn worth(people: &[Practitioner]) -> BTreeMap<(PractitionerId, PractitionerId), Worth> {
    let mut worth = BTreeMap::new();
    loop {
        let before = worth.len();
        for person in people {
            for by in &person.removed_by {
                let third = beside(person, *by).iter().filter(|remover| **remover != person.id);
                let of_third: Vec<_> =
                    third.map(|remover| worth.get(&(*by, *remover)).copied()).collect();
                if of_third.contains(&Some(Worth::Stands)) {
                    worth.insert((person.id, *by), Worth::Void);
                } else if of_third.iter().all(|one| *one == Some(Worth::Void)) {
                    worth.insert((person.id, *by), Worth::Stands);
                }
            }
        }
        if worth.len() == before {
            return worth;
        }
    }
}

/// Who removed a person's remover at the same time.
fn beside(person: &Practitioner, by: PractitionerId) -> &[PractitionerId] {
    person.removed_beside.get(&by).map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests;
