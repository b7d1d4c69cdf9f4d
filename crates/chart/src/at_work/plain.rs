//! Who works at the clinic, said plainly: every deed weighed anew for each. What is faster is held
//! against it.

use super::{Deed, Places, Standing, Standings, What, judge as judge_fast};
use clinical::{PractitionerId, Role};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Judges the deeds, given in their order.
fn judge(deeds: Vec<Deed>) -> Standings {
    let known: BTreeSet<_> = deeds.iter().map(|deed| deed.of).collect();
    let mut judged: Vec<Judged> = Vec::new();
    for deed in deeds {
        let followed = judged.iter().filter(|it| deed.before.has(it.deed.at));
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
        self.deed.before.has(other.deed.at)
    }

    /// Whether a removal is over with this: whoever was removed was let in anew, or stayed in spite
    /// of it and decided something.
    fn ends(&self, removal: &Self) -> bool {
        let (deed, of) = (&self.deed, removal.deed.of);
        let lets_in = !self.is_removal() && deed.of == of && self.knew(removal);
        lets_in || (deed.by == Some(of) && self.in_spite_of.contains(&removal.deed.at))
    }

    fn is_beside(&self, other: &Self) -> bool {
        self.deed.beside.has(other.deed.at)
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

/// People there are.
const PEOPLE_MAX: usize = 6;

fn id(at: usize) -> PractitionerId {
    PractitionerId::from_uuid(Uuid::from_u128(at.try_into().unwrap()))
}

/// A deed as drawn: who did it to whom, what, and which of the deeds drawn before it it followed.
type Drawn = (Option<usize>, usize, u8, Vec<prop::sample::Index>);

/// Deeds of any makers, each of which followed what it is said to have followed and all that came
/// before that; sometimes the one before it with the same change.
fn deeds(drawn: &[Drawn]) -> Vec<Deed> {
    let mut deeds: Vec<Deed> = Vec::new();
    let mut changes: Vec<usize> = Vec::new();
    for (at, (by, of, what, followed)) in drawn.iter().enumerate() {
        let what = match what % 8 {
            0..=2 => What::Removed,
            3 => What::LetIn(Role::Clinician),
            _ => What::LetIn(Role::Admin),
        };
        let (change, before) = match deeds.last().filter(|_| followed.is_empty()) {
            Some(last) => (changes[at - 1], last.before.clone()),
            None => (
                at,
                followed.iter().filter(|_| at > 0).fold(Places::default(), |mut all, it| {
                    let one = changes[it.index(at)];
                    let with_it = (0..at).filter(|other| changes[*other] == one);
                    with_it.for_each(|other| all.put(other));
                    all.join(&deeds[one].before);
                    all
                }),
            ),
        };
        changes.push(change);
        let (of, by) = (id(*of), by.map(id));
        deeds.push(Deed { at, of, by, what, before, beside: Places::default() });
    }
    for at in 0..deeds.len() {
        let is_beside = |other: &usize| {
            let apart = !deeds[at].before.has(*other) && !deeds[*other].before.has(at);
            changes[at] != changes[*other] && apart
        };
        deeds[at].beside = (0..deeds.len()).filter(is_beside).collect();
    }
    deeds
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn what_was_weighed_before_is_not_weighed_otherwise(
        drawn in prop::collection::vec(
            (
                prop::option::weighted(0.95, 0..PEOPLE_MAX),
                0..PEOPLE_MAX,
                any::<u8>(),
                prop::collection::vec(any::<prop::sample::Index>(), 0..3),
            ),
            0..24,
        )
    ) {
        let deeds = deeds(&drawn);
        prop_assert_eq!(judge_fast(deeds.clone()), judge(deeds));
    }
}
