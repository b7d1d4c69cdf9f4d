//! The charts of one person, by the links that hold.

use super::PatientLink;
use crate::{PatientId, PatientLinkId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The charts of one person: most often one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatientGroup {
    /// The chart that is gone on with.
    pub shown: PatientId,
    /// The others, sorted.
    pub others: Vec<PatientId>,
    /// The links that hold between them, sorted.
    pub links: Vec<PatientLink>,
}

impl PatientGroup {
    /// A chart by itself.
    pub const fn alone(patient: PatientId) -> Self {
        Self { shown: patient, others: Vec::new(), links: Vec::new() }
    }

    /// The charts that are connected with one by links that hold; what stands in both charts of a link
    /// may be handed in twice. Which is gone on with is told by the links. Where these lead in a circle,
    /// for two people joined the same charts in opposite ways, or to several charts, it is the oldest of
    /// those: the same one on every computer that has the same links, in whatever order they came.
    pub fn of(patient: PatientId, links: &[PatientLink]) -> Self {
        let holding = holding(links);
        let mut members = BTreeSet::from([patient]);
        while let Some(new) = holding.iter().find_map(|link| beside(&members, link)) {
            members.insert(new);
        }
        let mut links = holding;
        links.retain(|link| members.contains(&link.shown));
        let is_last = |one: &PatientId| {
            after(*one, &links).iter().all(|next| after(*next, &links).contains(one))
        };
        let shown = members.iter().copied().find(is_last).unwrap_or(patient);
        members.remove(&shown);
        Self { shown, others: members.into_iter().collect(), links }
    }

    /// Whether no other chart is of the same person.
    pub fn is_alone(&self) -> bool {
        self.others.is_empty()
    }

    /// All of them, the one that is gone on with first.
    pub fn members(&self) -> impl Iterator<Item = PatientId> {
        [self.shown].into_iter().chain(self.others.iter().copied())
    }

    /// Whether a chart is one of them.
    pub fn has(&self, patient: PatientId) -> bool {
        self.members().any(|member| member == patient)
    }
}

/// The links that no chart says are ended, each once.
fn holding(links: &[PatientLink]) -> Vec<PatientLink> {
    let mut all: BTreeMap<(PatientLinkId, PatientId, PatientId), Option<&PatientLink>> =
        BTreeMap::new();
    for link in links {
        let said = all.entry((link.id, link.shown, link.replaced)).or_insert(Some(link));
        let earlier = said.filter(|_| link.holds());
        *said = earlier.map(|said| if said.made <= link.made { said } else { link });
    }
    all.into_values().flatten().cloned().collect()
}

/// The one chart of a link that is not among these, where the other is.
fn beside(members: &BTreeSet<PatientId>, link: &PatientLink) -> Option<PatientId> {
    match (members.contains(&link.shown), members.contains(&link.replaced)) {
        (true, false) => Some(link.replaced),
        (false, true) => Some(link.shown),
        (true, true) | (false, false) => None,
    }
}

/// The charts that one is replaced by, near and far.
fn after(patient: PatientId, links: &[PatientLink]) -> BTreeSet<PatientId> {
    let mut found = BTreeSet::new();
    let mut next = vec![patient];
    while let Some(one) = next.pop() {
        let by = links.iter().filter(|link| link.replaced == one).map(|link| link.shown);
        next.extend(by.filter(|by| found.insert(*by)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DeviceId, Instant, PractitionerId, Stamp, uuid_v7};

    fn chart(n: u8) -> PatientId {
        PatientId::from_uuid(uuid_v7(i64::from(n), [n; 10]))
    }

    fn stamp() -> Stamp {
        Stamp {
            author: PractitionerId::from_uuid(uuid_v7(1, [1; 10])),
            device: DeviceId::from_uuid(uuid_v7(1, [2; 10])),
            at: Instant::from_unix_ms(0),
        }
    }

    /// That the first goes on as the second.
    fn link(n: u8, (replaced, shown): (u8, u8)) -> PatientLink {
        let id = PatientLinkId::from_uuid(uuid_v7(i64::from(n), [n; 10]));
        PatientLink {
            id,
            shown: chart(shown),
            replaced: chart(replaced),
            made: stamp(),
            ended: None,
        }
    }

    fn linked(pairs: &[(u8, u8)]) -> Vec<PatientLink> {
        (1..).zip(pairs).map(|(n, pair)| link(n, *pair)).collect()
    }

    fn ended(link: &PatientLink) -> PatientLink {
        PatientLink { ended: Some(stamp()), ..link.clone() }
    }

    #[test]
    fn the_chart_that_is_gone_on_with_is_told_by_the_links() {
        let check = |pairs: &[(u8, u8)], of: u8, want: &[u8]| {
            let group = PatientGroup::of(chart(of), &linked(pairs));
            let want: Vec<PatientId> = want.iter().map(|n| chart(*n)).collect();
            assert_eq!(group.members().collect::<Vec<_>>(), want, "{pairs:?} of {of}");
        };
        check(&[], 3, &[3]);
        check(&[(1, 2)], 3, &[3]);
        check(&[(1, 2)], 1, &[2, 1]);
        check(&[(1, 2)], 2, &[2, 1]);
        check(&[(1, 2), (2, 3)], 1, &[3, 1, 2]);
        // Two said so in opposite ways: the oldest.
        check(&[(1, 2), (2, 1)], 2, &[1, 2]);
        // Two heads: the oldest of these, not of all.
        check(&[(1, 3), (1, 2)], 1, &[2, 1, 3]);
        // A chart before a circle is none of it.
        check(&[(1, 3), (3, 2), (2, 3)], 1, &[2, 1, 3]);
        check(&[(4, 4)], 4, &[4]);
    }

    #[test]
    fn a_link_is_ended_as_soon_as_one_chart_says_so() {
        let both = linked(&[(1, 2)]);
        for said in [[both[0].clone(), ended(&both[0])], [ended(&both[0]), both[0].clone()]] {
            assert_eq!(PatientGroup::of(chart(1), &said), PatientGroup::alone(chart(1)));
        }
        // Whoever did not know of the end joined them anew: that is another link.
        let anew = [ended(&both[0]), link(9, (2, 1))];
        assert_eq!(PatientGroup::of(chart(2), &anew).shown, chart(1));
    }
}
