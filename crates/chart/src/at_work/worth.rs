//! What deeds are worth: whether they stand.

use super::{Deed, Places, Standing, What};
use clinical::{PractitionerId, Role};
use std::collections::{BTreeMap, BTreeSet};

/// A deed, held against what came before it.
pub(super) struct Judged {
    pub(super) deed: Deed,
    /// Whoever did it could, by all they knew.
    could: bool,
    /// Nothing came before it, or of who did it nothing is known.
    is_first: bool,
    /// The removals of who did it in spite of which they stayed, by all they knew.
    in_spite_of: BTreeSet<usize>,
}

impl Judged {
    /// `maker` is who did it, as they stood by all that came before; nobody where it was not kept.
    pub(super) fn new(deed: Deed, maker: Option<Standing>, is_unknown: bool) -> Self {
        let is_first = deed.before.is_empty() || (is_unknown && deed.what == What::Removed);
        let stayed = maker.filter(|maker| maker.at_work);
        let runs = stayed.as_ref().is_some_and(Standing::runs);
        let in_spite_of = stayed.map(|maker| maker.removed.into_keys().collect());
        Self {
            deed,
            could: is_first || runs,
            is_first,
            in_spite_of: in_spite_of.unwrap_or_default(),
        }
    }

    pub(super) fn is_removal(&self) -> bool {
        self.deed.what == What::Removed
    }

    pub(super) fn knew(&self, at: usize) -> bool {
        self.deed.before.has(at)
    }

    pub(super) fn is_beside(&self, at: usize) -> bool {
        self.deed.beside.has(at)
    }
}

/// All deeds that were judged, in their order, and what is looked up among them.
#[derive(Default)]
pub(super) struct Deeds {
    all: Vec<Judged>,
    /// The deeds about each person.
    of: BTreeMap<PractitionerId, Vec<usize>>,
    /// Of each removal the deeds with which it is over: whoever was removed was let in anew, or
    /// stayed in spite of it and decided something.
    ends: BTreeMap<usize, Vec<usize>>,
}

/// Deeds with what they are worth, as far as it is known. Those that go round have none.
#[derive(Clone, Default)]
pub(super) struct Scope {
    /// The deeds: with each all that came before it.
    pub(super) deeds: Places,
    stand: Places,
    void: Places,
}

impl Scope {
    /// Whether a deed stands.
    pub(super) fn of(&self, at: usize) -> Option<bool> {
        self.stand.has(at).then_some(true).or_else(|| self.void.has(at).then_some(false))
    }

    fn note(&mut self, at: usize, stands: bool) {
        if stands { self.stand.put(at) } else { self.void.put(at) }
    }
}

impl Deeds {
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// Adds the deed that stands next in the order.
    pub(super) fn add(&mut self, judged: Judged) {
        let at = judged.deed.at;
        if !judged.is_removal() {
            let removals = self.about(judged.deed.of).filter(|it| it.is_removal());
            let ended: Vec<_> =
                removals.map(|it| it.deed.at).filter(|at| judged.knew(*at)).collect();
            ended.into_iter().for_each(|removal| self.ends.entry(removal).or_default().push(at));
        }
        for removal in &judged.in_spite_of {
            self.ends.entry(*removal).or_default().push(at);
        }
        self.of.entry(judged.deed.of).or_default().push(at);
        self.all.push(judged);
    }

    pub(super) fn get(&self, at: usize) -> Option<&Judged> {
        self.all.get(at)
    }

    /// Everybody to whom anything was done.
    pub(super) fn people(&self) -> impl Iterator<Item = PractitionerId> + '_ {
        self.of.keys().copied()
    }

    /// What was done to somebody.
    pub(super) fn about(
        &self,
        of: PractitionerId,
    ) -> impl DoubleEndedIterator<Item = &Judged> + '_ {
        self.of.get(&of).into_iter().flatten().filter_map(|at| self.get(*at))
    }

    /// Whether a removal is over with a deed that stands.
    pub(super) fn is_over(&self, removal: usize, scope: &Scope) -> bool {
        self.enders(removal).any(|at| scope.stand.has(at))
    }

    /// Weighs the deeds that came before another, given what came before each of them. What came
    /// after all of an earlier scope changes nothing in it: only what is new is weighed.
    pub(super) fn scope(&self, deeds: &Places, earlier: &[Scope]) -> Scope {
        let goes_on = |begun: &&Scope| {
            let mut new = deeds.without(&begun.deeds);
            new.all(|at| self.get(at).is_some_and(|it| it.deed.before.holds(&begun.deeds)))
        };
        let known = earlier.iter().enumerate().rev().filter(|(at, _)| deeds.has(*at));
        let begun = known.map(|(_, scope)| scope).find(goes_on);
        let mut scope = begun.cloned().unwrap_or_default();
        let mut open: Vec<usize> = deeds.without(&scope.deeds).collect();
        scope.deeds = deeds.clone();
        loop {
            let before = open.len();
            open.retain(|at| {
                let stands = self.get(*at).and_then(|it| self.weigh(it, &scope));
                if let Some(stands) = stands {
                    scope.note(*at, stands);
                }
                stands.is_none()
            });
            if open.len() == before {
                return scope;
            }
        }
    }

    fn weigh(&self, it: &Judged, scope: &Scope) -> Option<bool> {
        if !it.could {
            return Some(false);
        }
        let Some(by) = it.deed.by else { return Some(true) };
        let of_maker = || self.about(by).filter(|other| scope.deeds.has(other.deed.at));
        let removals = of_maker().filter(|other| other.is_removal());
        let against: Vec<_> = removals.map(|other| self.stops(other, it, scope)).collect();
        let lets_in =
            |other: &&Judged| other.deed.what == What::LetIn(Role::Admin) && it.knew(other.deed.at);
        let ground: Vec<_> = of_maker().filter(lets_in).map(|it| scope.of(it.deed.at)).collect();
        let has_none = !it.is_first && ground.iter().all(|one| *one == Some(false));
        if has_none || against.contains(&Some(true)) {
            return Some(false);
        }
        let has_ground = it.is_first || ground.contains(&Some(true));
        (has_ground && against.iter().all(|one| *one == Some(false))).then_some(true)
    }

    /// Whether a removal of its maker stops a deed. Two who remove each other stop neither: both
    /// were removed.
    fn stops(&self, removal: &Judged, it: &Judged, scope: &Scope) -> Option<bool> {
        let at = removal.deed.at;
        if it.is_beside(at) {
            let is_mutual = it.is_removal() && removal.deed.by == Some(it.deed.of);
            return if is_mutual { Some(false) } else { scope.of(at) };
        }
        if !it.knew(at) || it.in_spite_of.contains(&at) {
            return Some(false);
        }
        let since = || self.enders(at).filter(|at| it.knew(*at));
        match scope.of(at) {
            Some(false) => Some(false),
            _ if since().any(|at| scope.stand.has(at)) => Some(false),
            Some(true) if since().any(|at| scope.of(at).is_none()) => None,
            worth => worth,
        }
    }

    /// The deeds with which a removal is over, the last first: it is as a rule one of those that
    /// stands.
    fn enders(&self, removal: usize) -> impl Iterator<Item = usize> + '_ {
        self.ends.get(&removal).into_iter().flatten().rev().copied()
    }
}
