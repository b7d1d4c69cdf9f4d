//! Visits of one patient that go on beside each other: two people checked the patient in without
//! knowing of each other, or nobody ended the one before.

use super::OPEN_VISITS;
use clinical::{AlertTier, Chart, DetectedIssue, Encounter, EntryKind, EntryRef, Said};

/// One issue for all visits that go on, where there are several. A visit on whose end people disagree
/// has its own card, and goes on as long as the chart says so.
pub(crate) fn find(chart: &Chart) -> Option<DetectedIssue> {
    let mut open: Vec<&Encounter> =
        chart.encounters.iter().filter(|visit| chart.goes_on(visit)).collect();
    if open.len() < 2 {
        return None;
    }
    open.sort_by_key(|visit| visit.id);
    let entry = |visit: &&Encounter| EntryRef::new(EntryKind::Encounter, visit.id.uuid());
    let count = open.len().to_string();
    Some(DetectedIssue {
        rule: OPEN_VISITS.to_owned(),
        tier: AlertTier::Interrupt,
        subject: open.iter().map(entry).collect(),
        detail: format!(
            "{count} visits of this patient are open. Which one goes on? End the other, or mark it \
             as a mistake."
        ),
        source: "The chart's own entries".to_owned(),
        said: Some(Said::new("open-visits", &[("count", &count)])),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::{EncounterClass, EncounterId, EncounterStatus, uuid_v7};

    fn visit(n: u8, status: EncounterStatus) -> Encounter {
        Encounter {
            id: EncounterId::from_uuid(uuid_v7(4, [n; 10])),
            status,
            class: EncounterClass::Ambulatory,
            kind: Vec::new(),
            reason: Vec::new(),
            start: None,
            end: None,
            participant: Vec::new(),
            follow_up: None,
        }
    }

    #[test]
    fn visits_that_go_on_beside_each_other_are_told_once() {
        use EncounterStatus::{Arrived, Cancelled, EnteredInError, Finished, InProgress};
        let check = |statuses: &[EncounterStatus], want: Option<&[u8]>| {
            let all = statuses.iter().zip(1..).map(|(status, n)| visit(n, *status)).collect();
            let mut chart = Chart { encounters: all, ..Chart::default() };
            let entry = |n: &u8| EntryRef::new(EntryKind::Encounter, uuid_v7(4, [*n; 10]));
            let subjects = |chart: &Chart| find(chart).map(|issue| issue.subject);
            let want = want.map(|want| want.iter().map(entry).collect::<Vec<_>>());
            assert_eq!(subjects(&chart), want, "{statuses:?}");
            chart.encounters.reverse();
            assert_eq!(subjects(&chart), want, "{statuses:?}");
        };
        check(&[], None);
        check(&[Arrived], None);
        check(&[Arrived, Arrived], Some(&[1, 2]));
        check(&[InProgress, Finished, Arrived], Some(&[1, 3]));
        check(&[InProgress, Cancelled], None);
        check(&[InProgress, EnteredInError], None);
        check(&[Arrived, InProgress, Arrived], Some(&[1, 2, 3]));
        let mut withdrawn =
            Chart { encounters: vec![visit(1, Arrived), visit(2, Arrived)], ..Chart::default() };
        withdrawn.withdrawn = vec![EntryRef::new(EntryKind::Encounter, uuid_v7(4, [1; 10]))];
        assert_eq!(find(&withdrawn), None);
    }
}
