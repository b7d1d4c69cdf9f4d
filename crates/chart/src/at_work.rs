//! Who works at the clinic, from who let in and removed whom in the order of the record.
//!
//! What a change followed decides, never a clock. A deed counts when whoever did it worked here as
//! an administrator by all they knew, and nobody who stands removed them beside it. Removed
//! *beside* is: neither knew of the other.

use clinical::{PractitionerId, Role};
use std::collections::{BTreeMap, BTreeSet};

/// What was done to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    LetIn(Role),
    Removed,
}

/// Somebody let in or removed.
#[derive(Debug, Clone)]
pub(crate) struct Deed {
    /// Its place among the deeds: none stands before one it followed.
    pub(crate) at: usize,
    pub(crate) of: PractitionerId,
    /// Nobody where it was not kept who did it.
    pub(crate) by: Option<PractitionerId>,
    pub(crate) what: What,
    /// The deeds that came before it.
    pub(crate) before: BTreeSet<usize>,
    /// The deeds beside it.
    pub(crate) beside: BTreeSet<usize>,
}

/// What the record says of a person.
#[derive(Debug, Clone, Default)]
pub(crate) struct Standing {
    /// By whoever could; nothing where nobody who could let them in.
    pub(crate) role: Option<Role>,
    /// The removals that hold, and who made them.
    pub(crate) removed: BTreeMap<usize, Option<PractitionerId>>,
    /// Works at the clinic.
    pub(crate) at_work: bool,
}

/// What the record says of everybody.
pub(crate) type Standings = BTreeMap<PractitionerId, Standing>;

/// Judges the deeds, given in their order.
pub(crate) fn judge(deeds: Vec<Deed>) -> Standings {
    let known: BTreeSet<_> = deeds.iter().map(|deed| deed.of).collect();
    let mut judged: Vec<Judged> = Vec::new();
    for deed in deeds {
        let followed = judged.iter().filter(|it| deed.before.contains(&it.deed.at));
        let then = standings(&followed.collect::<Vec<_>>());
        judged.push(Judged::new(deed, &then, &known));
    }
    standings(&judged.iter().collect::<Vec<_>>())
}

/// A deed, held against what came before it.
struct Judged {
    deed: Deed,
    /// Whoever did it could, by all they knew.
    could: bool,
    /// Nothing came before it, or of who did it nothing is known.
    is_first: bool,
    /// The removals of who did it in spite of which they stayed, by all they knew.
    in_spite_of: BTreeSet<usize>,
}

impl Judged {
    fn new(deed: Deed, then: &Standings, known: &BTreeSet<PractitionerId>) -> Self {
        let maker = deed.by.and_then(|by| then.get(&by));
        let is_unknown = deed.by.is_none_or(|by| !known.contains(&by));
        let is_first = deed.before.is_empty() || (is_unknown && deed.what == What::Removed);
        let runs = maker.is_some_and(|maker| maker.at_work && maker.role == Some(Role::Admin));
        let stayed = maker.filter(|maker| maker.at_work);
        let in_spite_of =
            stayed.map(|maker| maker.removed.keys().copied().collect()).unwrap_or_default();
        Self { deed, could: is_first || runs, is_first, in_spite_of }
    }

    fn is_removal(&self) -> bool {
        self.deed.what == What::Removed
    }

    fn knew(&self, other: &Self) -> bool {
        self.deed.before.contains(&other.deed.at)
    }

    /// Whether a removal is over with this: whoever was removed was let in anew, or stayed in spite
    /// of it and decided something.
    fn ends(&self, removal: &Self) -> bool {
        let (deed, of) = (&self.deed, removal.deed.of);
        let lets_in = !self.is_removal() && deed.of == of && self.knew(removal);
        lets_in || (deed.by == Some(of) && self.in_spite_of.contains(&removal.deed.at))
    }

    fn is_beside(&self, other: &Self) -> bool {
        self.deed.beside.contains(&other.deed.at)
    }
}

/// What deeds are worth, as far as it is known: whether they stand. Those that go round have none.
#[derive(Default)]
struct Worth(BTreeMap<usize, bool>);

impl Worth {
    fn of_all(deeds: &[&Judged]) -> Self {
        let mut worth = Self::default();
        loop {
            let before = worth.0.len();
            for it in deeds {
                if let Some(stands) = worth.weigh(it, deeds) {
                    worth.0.insert(it.deed.at, stands);
                }
            }
            if worth.0.len() == before {
                return worth;
            }
        }
    }

    fn of(&self, it: &Judged) -> Option<bool> {
        self.0.get(&it.deed.at).copied()
    }

    fn weigh(&self, it: &Judged, deeds: &[&Judged]) -> Option<bool> {
        if !it.could {
            return Some(false);
        }
        let Some(by) = it.deed.by else { return Some(true) };
        let of_maker = || deeds.iter().filter(|other| other.deed.of == by);
        let removals = of_maker().filter(|other| other.is_removal());
        let against: Vec<_> = removals.map(|other| self.stops(other, it, deeds)).collect();
        let is_let_in =
            |other: &&&Judged| other.deed.what == What::LetIn(Role::Admin) && it.knew(other);
        let ground: Vec<_> = of_maker().filter(is_let_in).map(|other| self.of(other)).collect();
        let has_none = !it.is_first && ground.iter().all(|one| *one == Some(false));
        if has_none || against.contains(&Some(true)) {
            return Some(false);
        }
        let has_ground = it.is_first || ground.contains(&Some(true));
        (has_ground && against.iter().all(|one| *one == Some(false))).then_some(true)
    }

    /// Whether a removal of its maker stops a deed. Two who remove each other stop neither: both
    /// were removed.
    fn stops(&self, removal: &Judged, it: &Judged, deeds: &[&Judged]) -> Option<bool> {
        if it.is_beside(removal) {
            let is_mutual = it.is_removal() && removal.deed.by == Some(it.deed.of);
            return if is_mutual { Some(false) } else { self.of(removal) };
        }
        if !it.knew(removal) || it.in_spite_of.contains(&removal.deed.at) {
            return Some(false);
        }
        let since = deeds.iter().filter(|other| it.knew(other) && other.ends(removal));
        let since: Vec<_> = since.map(|other| self.of(other)).collect();
        match self.of(removal) {
            _ if since.contains(&Some(true)) => Some(false),
            Some(true) if since.contains(&None) => None,
            worth => worth,
        }
    }
}

fn standings(deeds: &[&Judged]) -> Standings {
    let worth = Worth::of_all(deeds);
    let ids: BTreeSet<_> = deeds.iter().map(|it| it.deed.of).collect();
    let standing = |id: PractitionerId| {
        let of_person = || deeds.iter().filter(|it| it.deed.of == id).copied();
        let let_in: Vec<_> =
            of_person().filter(|it| !it.is_removal() && worth.of(it) == Some(true)).collect();
        let holds = |it: &&Judged| {
            let is_over = deeds.iter().any(|other| other.ends(it) && worth.of(other) == Some(true));
            it.is_removal() && worth.of(it) != Some(false) && !is_over
        };
        let removed: BTreeMap<_, _> =
            of_person().filter(holds).map(|it| (it.deed.at, it.deed.by)).collect();
        let role = role(&let_in);
        (id, Standing { at_work: role.is_some() && removed.is_empty(), role, removed })
    };
    let mut standings: Standings = ids.into_iter().map(standing).collect();
    let runs = |one: &Standing| one.at_work && one.role == Some(Role::Admin);
    if !standings.values().any(runs) {
        for id in in_dispute(&standings, deeds, &worth) {
            standings.entry(id).and_modify(|one| one.at_work = true);
        }
    }
    standings
}

/// The role somebody was let in with last; of several apart the one that may do least.
fn role(let_in: &[&Judged]) -> Option<Role> {
    let last = let_in.iter().filter(|it| !let_in.iter().any(|later| later.knew(it)));
    let roles = last.filter_map(|it| match it.deed.what {
        What::LetIn(role) => Some(role),
        What::Removed => None,
    });
    roles.max_by_key(|role| Role::ALL.iter().position(|known| known == role))
}

/// The administrators who stay where none is left: the removals went round, or two removed each
/// other, and no order says who was first. Of who was removed before it was kept by whom nothing
/// is known; where nothing else tells, they all stay.
fn in_dispute(standings: &Standings, deeds: &[&Judged], worth: &Worth) -> Vec<PractitionerId> {
    let is_open = |it: &Judged| worth.of(it).is_none();
    let is_mutual = |it: &Judged| {
        let answer = |other: &&&Judged| {
            Some(other.deed.of) == it.deed.by && other.deed.by == Some(it.deed.of)
        };
        let mut answers = deeds.iter().filter(|other| other.is_removal()).filter(answer);
        answers.any(|other| other.is_beside(it) && worth.of(other) != Some(false))
    };
    let is_either = |it: &Judged| is_open(it) || is_mutual(it);
    let anyhow = |_: &Judged| true;
    let rules: [&dyn Fn(&Judged) -> bool; 3] = [&is_open, &is_either, &anyhow];
    let chosen = |may_stay: &dyn Fn(&Judged) -> bool| {
        let admins = standings.iter().filter(|(_, one)| one.role == Some(Role::Admin));
        let stay = admins.filter(|(_, one)| {
            let mut removals = deeds.iter().filter(|it| one.removed.contains_key(&it.deed.at));
            removals.all(|it| may_stay(it))
        });
        stay.map(|(id, _)| *id).collect::<Vec<_>>()
    };
    rules.into_iter().map(chosen).find(|stay| !stay.is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
