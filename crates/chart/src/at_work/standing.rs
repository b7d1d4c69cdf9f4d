//! How people stand by what deeds are worth.

use super::{
    Places, Standing, Standings, What,
    worth::{Deeds, Judged, Scope},
};
use clinical::{PractitionerId, Role};

impl Deeds {
    /// How everybody stands of whom the scope tells.
    pub(super) fn standings(&self, scope: &Scope) -> Standings {
        let mut standings = self.undisputed(scope);
        if !standings.values().any(Standing::runs) {
            for id in self.in_dispute(&standings, scope) {
                standings.entry(id).and_modify(|one| one.at_work = true);
            }
        }
        standings
    }

    /// How one person stands: as in [`Self::standings`], and without the others where that is
    /// enough.
    pub(super) fn standing(&self, id: PractitionerId, scope: &Scope) -> Standing {
        let one = self.undisputed_one(id, scope);
        let may_dispute = !one.at_work && one.role == Some(Role::Admin);
        let anyone_runs = || self.people().any(|id| self.undisputed_one(id, scope).runs());
        if !may_dispute || anyone_runs() {
            return one;
        }
        self.standings(scope).remove(&id).unwrap_or_default()
    }

    fn undisputed(&self, scope: &Scope) -> Standings {
        let is_told = |id: &PractitionerId| self.about(*id).any(|it| scope.deeds.has(it.deed.at));
        let told = self.people().filter(is_told);
        told.map(|id| (id, self.undisputed_one(id, scope))).collect()
    }

    fn undisputed_one(&self, id: PractitionerId, scope: &Scope) -> Standing {
        let of_person = || self.about(id).filter(|it| scope.deeds.has(it.deed.at));
        let stands = |it: &&Judged| !it.is_removal() && scope.of(it.deed.at) == Some(true);
        let role = role(of_person().rev().filter(stands));
        let holds = |it: &&Judged| {
            let at = it.deed.at;
            it.is_removal() && scope.of(at) != Some(false) && !self.is_over(at, scope)
        };
        let removed = of_person().filter(holds).map(|it| (it.deed.at, it.deed.by));
        let removed: std::collections::BTreeMap<_, _> = removed.collect();
        Standing { at_work: role.is_some() && removed.is_empty(), role, removed }
    }

    /// The administrators who stay where none is left: the removals went round, or two removed
    /// each other, and no order says who was first. Of who was removed before it was kept by whom
    /// nothing is known; where nothing else tells, they all stay.
    fn in_dispute(&self, standings: &Standings, scope: &Scope) -> Vec<PractitionerId> {
        let is_open = |it: &Judged| scope.of(it.deed.at).is_none();
        let is_mutual = |it: &Judged| {
            let by = it.deed.by;
            let others = by.into_iter().flat_map(|by| self.about(by));
            let mut answers = others
                .filter(|other| other.is_removal() && scope.deeds.has(other.deed.at))
                .filter(|other| other.deed.by == Some(it.deed.of));
            answers
                .any(|other| other.is_beside(it.deed.at) && scope.of(other.deed.at) != Some(false))
        };
        let is_either = |it: &Judged| is_open(it) || is_mutual(it);
        let anyhow = |_: &Judged| true;
        let rules: [&dyn Fn(&Judged) -> bool; 3] = [&is_open, &is_either, &anyhow];
        let chosen = |may_stay: &dyn Fn(&Judged) -> bool| {
            let admins = standings.iter().filter(|(_, one)| one.role == Some(Role::Admin));
            let stay = admins
                .filter(|(_, one)| one.removed.keys().filter_map(|at| self.get(*at)).all(may_stay));
            stay.map(|(id, _)| *id).collect::<Vec<_>>()
        };
        rules.into_iter().map(chosen).find(|stay| !stay.is_empty()).unwrap_or_default()
    }
}

/// The role somebody was let in with last; of several apart the one that may do least. The deeds
/// come in order, the last first.
fn role<'a>(let_in: impl Iterator<Item = &'a Judged>) -> Option<Role> {
    let mut followed = Places::default();
    let mut last = Vec::new();
    for it in let_in {
        if !followed.has(it.deed.at) {
            followed.join(&it.deed.before);
            last.push(it.deed.what);
        }
    }
    let roles = last.into_iter().filter_map(|what| match what {
        What::LetIn(role) => Some(role),
        What::Removed => None,
    });
    roles.max_by_key(|role| Role::ALL.iter().position(|known| known == role))
}
