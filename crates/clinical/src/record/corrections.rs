//! Which findings count: what corrections make of the findings they replace.

use super::{Chart, EntryKind, EntryRef};
use crate::{CodeableConcept, Observation, ObservationId, ObservationStatus};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What the corrections of a chart say. A finding counts unless it was a mistake, was cancelled, or
/// is replaced, directly or through others, by one that counts or is replaced itself. What was a
/// mistake replaces nothing: what it stood for counts again. Nor does a finding of another code, one
/// without a value, or one that is less final ([`Observation::takes_the_place_of`]): whatever it
/// names, both count. Of several that correct the same one and say the same, as two computers do
/// that take one value from two files, one counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corrections {
    /// Findings in whose place a correction stands, or another correction of the same one that says
    /// the same, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrected: Vec<ObservationId>,
    /// Findings that count beside each other and differ although each stands in the place of the
    /// same one: two computers corrected it without knowing of each other. A person must say which
    /// are mistakes. Sorted, as are the groups.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rivals: Vec<Vec<ObservationId>>,
}

/// What each correction replaces: another finding of the same code, or one that is not here.
type Replaced = BTreeMap<ObservationId, ObservationId>;

/// How the corrections hang together.
#[derive(Default)]
struct Chains {
    /// The finding that each was first recorded as; of a circle one of its own.
    first: BTreeMap<ObservationId, ObservationId>,
    /// Findings that replace themselves through others. None of them is older than the others, so
    /// none takes the place of another.
    circle: BTreeSet<ObservationId>,
}

impl Corrections {
    /// Whether a correction stands in the place of a finding.
    pub fn is_corrected(&self, id: ObservationId) -> bool {
        self.corrected.binary_search(&id).is_ok()
    }

    /// A finding and those that count beside it although all correct the same; nothing when it is
    /// alone.
    pub fn rivals_of(&self, id: ObservationId) -> &[ObservationId] {
        self.rivals.iter().find(|group| group.contains(&id)).map_or(&[], Vec::as_slice)
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.corrected.is_empty() && self.rivals.is_empty()
    }
}

impl Chart {
    /// What the corrections of the findings in it say. It takes as long as there are findings,
    /// whatever they name.
    pub fn corrections(&self) -> Corrections {
        if self.observations.iter().all(|one| one.replaces.is_none()) {
            return Corrections::default();
        }
        let here: BTreeMap<ObservationId, &Observation> =
            self.observations.iter().map(|one| (one.id, one)).collect();
        let is_of_one_code = |one: &Observation, of: ObservationId| {
            here.get(&of).is_none_or(|of| is_of_one_code(&one.code, &of.code))
        };
        let replaced = self.observations.iter().filter_map(|one| Some((one, one.replaces?)));
        let replaced = replaced.filter(|(one, of)| is_of_one_code(one, *of));
        let replaced: Replaced = replaced.map(|(one, of)| (one.id, of)).collect();
        let chains = Chains::of(&replaced);
        let void = self.void();
        let valid = || {
            let says = self.observations.iter().filter(|one| one.says_something());
            says.filter(|one| !void.contains(&one.id))
        };
        let mut corrected = BTreeSet::new();
        // What is final goes all the way first: what is not then ends at what is, or where all
        // before it is corrected anyway.
        for is_final in [true, false] {
            let goes = |one: &&Observation| {
                if is_final { one.status.is_final() } else { one.status.is_not_final_yet() }
            };
            let passes = |id: &ObservationId| {
                is_final || here.get(id).is_none_or(|one| !one.status.is_final())
            };
            for one in valid().filter(goes) {
                let mut at = replaced.get(&one.id).filter(|_| !chains.circle.contains(&one.id));
                while let Some(id) = at.filter(|id| passes(id) && corrected.insert(**id)) {
                    at = replaced.get(id);
                }
            }
        }
        said_by_siblings(valid(), &replaced, &mut corrected);
        let mut groups: BTreeMap<ObservationId, Vec<&Observation>> = BTreeMap::new();
        for one in valid() {
            if let Some(first) = chains.first.get(&one.id).filter(|_| !corrected.contains(&one.id))
            {
                groups.entry(*first).or_default().push(one);
            }
        }
        groups.values_mut().for_each(|group| keep_one_of_each(group, &mut corrected));
        let groups = groups.into_values().filter(|group| differ(group));
        let mut rivals: Vec<Vec<ObservationId>> =
            groups.map(|group| group.into_iter().map(|one| one.id).collect()).collect();
        rivals.iter_mut().for_each(|group| group.sort_unstable());
        rivals.sort_unstable();
        Corrections { corrected: corrected.into_iter().collect(), rivals }
    }

    /// The other findings that say just what one says, whatever they replace.
    pub fn said_again<'a>(
        &'a self,
        one: &'a Observation,
    ) -> impl Iterator<Item = &'a Observation> + 'a {
        let is_again = |other: &&Observation| other.id != one.id && said(other) == said(one);
        self.observations.iter().filter(is_again)
    }

    /// Whether a finding counts.
    pub fn is_in_force(&self, corrections: &Corrections, one: &Observation) -> bool {
        one.status != ObservationStatus::Cancelled
            && !self.is_mistaken(one)
            && !corrections.is_corrected(one.id)
    }

    /// Whether a finding was recorded by mistake, here or where it came from.
    pub fn is_mistaken(&self, one: &Observation) -> bool {
        one.status == ObservationStatus::EnteredInError
            || self.is_withdrawn(EntryKind::Observation, one.id.uuid())
    }

    /// Findings that say nothing: mistakes, and what was not measured.
    fn void(&self) -> BTreeSet<ObservationId> {
        let of_finding = |entry: &&EntryRef| entry.kind == EntryKind::Observation;
        let withdrawn = self.withdrawn.iter().filter(of_finding);
        let is_void = |one: &&Observation| {
            matches!(one.status, ObservationStatus::EnteredInError | ObservationStatus::Cancelled)
        };
        let by_status = self.observations.iter().filter(is_void).map(|one| one.id);
        withdrawn.map(|entry| ObservationId::from_uuid(entry.id)).chain(by_status).collect()
    }
}

impl Observation {
    /// Whether it can be the correction of another finding: it is of the same code, has a value,
    /// and is final, or no less final than the other.
    pub fn takes_the_place_of(&self, other: &Self) -> bool {
        let is_no_less_final =
            self.status.is_final() || self.status.is_not_final_yet() && !other.status.is_final();
        self.says_something() && is_no_less_final && is_of_one_code(&self.code, &other.code)
    }

    /// Whether it shares a code with another; where one has none, their words.
    pub(super) fn is_of_code_of(&self, other: &Self) -> bool {
        is_of_one_code(&self.code, &other.code)
    }

    /// Whether there is a value in it.
    fn says_something(&self) -> bool {
        self.value.is_some() || self.component.iter().any(|part| part.value.is_some())
    }
}

impl ObservationStatus {
    /// Whether it is said of a value that stands.
    const fn is_final(self) -> bool {
        matches!(self, Self::Final | Self::Amended | Self::Corrected)
    }

    /// Whether it is said of a value that may be another yet.
    const fn is_not_final_yet(self) -> bool {
        matches!(self, Self::Preliminary | Self::Unknown)
    }
}

/// Whether two concepts share a code; where one has none, their words.
fn is_of_one_code(one: &CodeableConcept, other: &CodeableConcept) -> bool {
    if one.coding.is_empty() || other.coding.is_empty() {
        return one.label().trim().eq_ignore_ascii_case(other.label().trim());
    }
    let is_other = |code: &str, system: &str| {
        other.coding.iter().any(|coding| coding.code == code && coding.system == system)
    };
    one.coding.iter().any(|coding| is_other(&coding.code, &coding.system))
}

impl Chains {
    fn of(replaced: &Replaced) -> Self {
        let mut chains = Self::default();
        for start in replaced.keys() {
            let (mut way, mut at) = (Vec::new(), *start);
            while !chains.first.contains_key(&at) {
                chains.first.insert(at, at);
                way.push(at);
                at = replaced.get(&at).copied().unwrap_or(at);
            }
            // The way came to its own beginning, to a finding that replaces none, or to a way that
            // was gone before.
            let met = way.iter().position(|one| *one == at && replaced.contains_key(one));
            chains.circle.extend(met.and_then(|met| way.get(met..)).into_iter().flatten());
            let first = chains.first.get(&at).copied().unwrap_or(at);
            chains.first.extend(way.into_iter().map(|one| (one, first)));
        }
        chains
    }
}

/// What corrects one of several that correct the same and say the same corrects them all.
fn said_by_siblings<'a>(
    valid: impl Iterator<Item = &'a Observation>,
    replaced: &Replaced,
    corrected: &mut BTreeSet<ObservationId>,
) {
    let mut of_one: BTreeMap<ObservationId, Vec<&Observation>> = BTreeMap::new();
    for one in valid {
        if let Some(of) = replaced.get(&one.id) {
            of_one.entry(*of).or_default().push(one);
        }
    }
    let is_corrected = |one: &&Observation| corrected.contains(&one.id);
    let mut more = BTreeSet::new();
    for siblings in of_one.into_values().filter(|all| all.len() > 1 && all.iter().any(is_corrected))
    {
        let gone: BTreeSet<String> =
            siblings.iter().filter(|one| is_corrected(one)).map(|one| said(one)).collect();
        let too = siblings.iter().filter(|one| gone.contains(&said(one)));
        more.extend(too.map(|one| one.id));
    }
    corrected.extend(more);
}

/// Of those in a group that say the same one stays: a final one, the first by its id.
fn keep_one_of_each(group: &mut Vec<&Observation>, corrected: &mut BTreeSet<ObservationId>) {
    if group.len() < 2 {
        return;
    }
    group.sort_by_key(|one| (!one.status.is_final(), one.id));
    let mut seen = BTreeSet::new();
    group.retain(|one| {
        let is_first = seen.insert(said(one));
        if !is_first {
            corrected.insert(one.id);
        }
        is_first
    });
}

/// All that a finding says, but for how final that is; whatever it is called and replaces.
fn said(one: &Observation) -> String {
    let id = ObservationId::from_uuid(uuid::Uuid::nil());
    let status = ObservationStatus::Final;
    format!("{:?}", Observation { id, status, replaces: None, ..one.clone() })
}

/// Whether there are several that do not say the same.
fn differ(group: &[&Observation]) -> bool {
    let said = |one: &Observation| (one.code.clone(), one.value.clone(), one.component.clone());
    group.iter().zip(group.iter().skip(1)).any(|(one, next)| said(one) != said(next))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PartialDate, VitalsDraft};

    fn id(n: u8) -> ObservationId {
        ObservationId::from_uuid(crate::uuid_v7(i64::from(n), [n; 10]))
    }

    /// A weight: its number, its value, and the number of the one it replaces; 0 for none.
    fn weight(n: u8, value: &str, replaces: u8) -> Observation {
        let values = [("weight".to_owned(), value.to_owned())].into();
        let day: PartialDate = "2026-11-24".parse().unwrap();
        let draft = VitalsDraft { values, encounter: None };
        let replaces = (replaces > 0).then(|| id(replaces));
        Observation { replaces, ..draft.complete(|| id(n), &day).unwrap().remove(0) }
    }

    fn chart(facts: &[(u8, &str, u8)], mistakes: &[u8]) -> Chart {
        let entry = |n: &u8| EntryRef::new(EntryKind::Observation, id(*n).uuid());
        Chart {
            observations: facts.iter().map(|(n, value, of)| weight(*n, value, *of)).collect(),
            withdrawn: mistakes.iter().map(entry).collect(),
            ..Chart::default()
        }
    }

    fn in_force(chart: &Chart) -> Vec<ObservationId> {
        let corrections = chart.corrections();
        let all = chart.observations.iter();
        all.filter(|one| chart.is_in_force(&corrections, one)).map(|one| one.id).collect()
    }

    #[test]
    fn a_correction_that_was_a_mistake_gives_back_what_it_replaced() {
        let check = |facts: &[(u8, &str, u8)], mistakes: &[u8], counts: &[u8], rivals: &[&[u8]]| {
            let chart = chart(facts, mistakes);
            let ids = |some: &[u8]| some.iter().map(|n| id(*n)).collect::<Vec<_>>();
            assert_eq!(in_force(&chart), ids(counts), "{facts:?} {mistakes:?}");
            let groups: Vec<_> = rivals.iter().map(|group| ids(group)).collect();
            assert_eq!(chart.corrections().rivals, groups, "{facts:?} {mistakes:?}");
        };
        let one = [(1, "70", 0), (2, "7", 1)];
        check(&one[..1], &[], &[1], &[]);
        check(&one[..1], &[1], &[], &[]);
        check(&one, &[], &[2], &[]);
        check(&one, &[2], &[1], &[]);
        check(&one, &[1], &[2], &[]);
        check(&one, &[1, 2], &[], &[]);
        // A chain: 70, 7, 71.
        let chain = [(1, "70", 0), (2, "7", 1), (3, "71", 2)];
        check(&chain, &[], &[3], &[]);
        check(&chain, &[2], &[3], &[]);
        check(&chain, &[3], &[2], &[]);
        check(&chain, &[2, 3], &[1], &[]);
        // After a mistake it is corrected again.
        check(&[(1, "70", 0), (2, "7", 1), (3, "71", 1)], &[2], &[3], &[]);
        // Two computers corrected one value.
        let twice = [(1, "70", 0), (2, "71", 1), (3, "72", 1)];
        check(&twice, &[], &[2, 3], &[&[2, 3]]);
        check(&twice, &[3], &[2], &[]);
        check(&twice, &[2, 3], &[1], &[]);
        // Both say the same: one counts, and what corrects one of them corrects both.
        let same = [(1, "70", 0), (2, "71", 1), (3, "71", 1), (4, "72", 3)];
        check(&same[..3], &[], &[2], &[]);
        check(&same[..3], &[2], &[3], &[]);
        check(&same, &[], &[4], &[]);
        check(&same, &[4], &[2], &[]);
        check(&same, &[2, 3], &[4], &[]);
        // Also where one of them came by another value.
        let by_way = [(1, "70", 0), (2, "71", 1), (3, "72", 1), (4, "71", 3)];
        check(&by_way, &[], &[2], &[]);
        check(&by_way, &[2], &[4], &[]);
        // A value that is returned to is said once more, and counts.
        check(&[(1, "70", 0), (2, "71", 1), (3, "70", 2)], &[], &[3], &[]);
        let on = [(1, "70", 0), (2, "71", 1), (3, "72", 1), (4, "73", 3)];
        check(&on, &[], &[2, 4], &[&[2, 4]]);
        // What they correct has not arrived.
        check(&[(2, "71", 1), (3, "72", 1)], &[], &[2, 3], &[&[2, 3]]);
        // Circles: none takes the place of another; what corrects one of them does.
        check(&[(1, "70", 1)], &[], &[1], &[]);
        check(&[(1, "70", 2), (2, "71", 1)], &[], &[1, 2], &[&[1, 2]]);
        check(&[(1, "70", 2), (2, "71", 1)], &[2], &[1], &[]);
        check(&[(1, "70", 2), (2, "71", 1), (3, "72", 2)], &[], &[3], &[]);
        check(&[(1, "70", 2), (2, "71", 1), (3, "72", 2)], &[3], &[1, 2], &[&[1, 2]]);
    }

    #[test]
    fn what_was_not_measured_replaces_nothing() {
        let mut chart = chart(&[(1, "70", 0), (2, "7", 1)], &[]);
        for status in [ObservationStatus::Cancelled, ObservationStatus::EnteredInError] {
            chart.observations[1].status = status;
            assert_eq!(in_force(&chart), [id(1)]);
        }
    }

    #[test]
    fn only_a_value_of_the_same_code_that_is_no_less_final_takes_the_place_of_another() {
        use ObservationStatus::{Amended, Corrected, Final, Preliminary, Registered, Unknown};
        // What was first, what replaces it, and whether it is then the only one that counts.
        type Change = fn(&mut Observation);
        let check = |first: ObservationStatus, change: Change, hides: bool, rivals: bool| {
            let mut chart = chart(&[(1, "142", 0), (2, "14.2", 1)], &[]);
            chart.observations[0].status = first;
            change(&mut chart.observations[1]);
            let told = format!("{:?}", chart.observations);
            let counts = if hides { vec![id(2)] } else { vec![id(1), id(2)] };
            assert_eq!(in_force(&chart), counts, "{told}");
            assert_eq!(!chart.corrections().rivals.is_empty(), rivals, "{told}");
            let [one, other] = &chart.observations[..] else { panic!("{told}") };
            assert_eq!(other.takes_the_place_of(one), hides, "{told}");
            // What corrects both corrects them, whatever stood between, where it is of their code.
            let is_of_code = is_of_one_code(&one.code, &other.code);
            chart.observations.push(weight(3, "14.3", 2));
            let counts = if is_of_code { vec![id(3)] } else { vec![id(1), id(2), id(3)] };
            assert_eq!(in_force(&chart), counts, "{told}");
        };
        for status in [Final, Amended, Corrected, Preliminary, Registered, Unknown] {
            check(status, |_| {}, true, false);
            check(status, |one| one.status = Amended, true, false);
            check(status, |one| one.status = Corrected, true, false);
            check(status, |one| one.value = None, false, false);
            check(status, |one| one.status = Registered, false, true);
            check(status, |one| one.code = CodeableConcept::from_text("Height"), false, false);
            check(status, |one| one.code.coding[0].code = "8302-2".into(), false, false);
            check(status, |one| one.code.coding[0].system = "urn:other".into(), false, false);
            let is_final = status.is_final();
            check(status, |one| one.status = Preliminary, !is_final, is_final);
            check(status, |one| one.status = Unknown, !is_final, is_final);
        }
        // One code of several is enough, and words where there is no code.
        check(Final, |one| one.code.coding.push(crate::Coding::new("s", "c", "d")), true, false);
        check(Final, |one| one.code.coding.clear(), true, false);
    }

    /// Every way in which up to four findings can replace each other, with every choice of
    /// mistakes among them.
    #[test]
    fn some_value_counts_wherever_not_all_were_mistakes() {
        for way in 0..5_u32.pow(4) {
            let of: Vec<u8> =
                (0..4).map(|at| u8::try_from(way / 5_u32.pow(at) % 5).unwrap()).collect();
            let facts: Vec<(u8, &str, u8)> = (1..=4)
                .zip(["70", "71", "72", "73"])
                .zip(&of)
                .map(|((n, v), of)| (n, v, *of))
                .collect();
            for choice in 0..16_u8 {
                let mistakes: Vec<u8> = (1..=4).filter(|n| choice >> (n - 1) & 1 == 1).collect();
                let chart = chart(&facts, &mistakes);
                let counts = in_force(&chart);
                assert_eq!(counts, by_definition(&of, &mistakes), "{of:?} {mistakes:?}");
                let rivals = chart.corrections().rivals;
                for n in (1..=4_u8).filter(|n| !mistakes.contains(n)) {
                    let chain: Vec<u8> = (1..=4).filter(|m| are_of_one(&of, n, *m)).collect();
                    let counting: Vec<_> =
                        chain.iter().map(|m| id(*m)).filter(|id| counts.contains(id)).collect();
                    assert!(!counting.is_empty(), "{of:?} {mistakes:?}: nothing of {n} counts");
                    let told = rivals.contains(&counting);
                    assert_eq!(told, counting.len() > 1, "{of:?} {mistakes:?}: two values, untold");
                }
            }
        }
    }

    /// What `n` replaces, directly and through others.
    fn replaced(of: &[u8], n: u8) -> Vec<u8> {
        let mut all = Vec::new();
        let mut at = of[usize::from(n) - 1];
        while at > 0 && !all.contains(&at) {
            all.push(at);
            at = of[usize::from(at) - 1];
        }
        all
    }

    fn are_of_one(of: &[u8], n: u8, m: u8) -> bool {
        let with = |n| replaced(of, n).into_iter().chain([n]).collect::<Vec<_>>();
        with(n).iter().any(|one| with(m).contains(one))
    }

    fn by_definition(of: &[u8], mistakes: &[u8]) -> Vec<ObservationId> {
        let over = |n: u8, m: u8| replaced(of, m).contains(&n) && !replaced(of, n).contains(&m);
        let valid = |n: &u8| !mistakes.contains(n);
        let counts = |n: &u8| valid(n) && !(1..=4).any(|m| valid(&m) && over(*n, m));
        (1..=4).filter(counts).map(id).collect()
    }

    #[test]
    fn a_long_chain_and_a_wide_one_take_no_time() {
        let id = |n: u32| ObservationId::from_uuid(crate::uuid_v7(i64::from(n), [7; 10]));
        let base = weight(1, "70", 0);
        let fact = |n: u32, of: u32| {
            let value = Some(crate::ObservationValue::Text(n.to_string()));
            Observation { id: id(n), replaces: Some(id(of)), value, ..base.clone() }
        };
        // A circle of 30,000 with as many hanging at its end: a walk for each would be 900,000,000.
        let circle = (0..30_000).map(|n| fact(n, (n + 1) % 30_000));
        let wide = (30_000..60_000).map(|n| fact(n, 0));
        let chart = Chart { observations: circle.chain(wide).collect(), ..Chart::default() };
        let corrections = chart.corrections();
        assert_eq!(corrections.corrected.len(), 30_000);
        assert_eq!(corrections.rivals[0].len(), 30_000);
    }
}
