//! What on the chart speaks against a prescription, as the window says beside the choice of its
//! medicines.

use super::entries;
use api::Against;
use clinical::{Chart, DetectedIssue, EntryKind, EntryRef, MedicationRequest, PartialDate};
use std::collections::{BTreeMap, BTreeSet};

/// What speaks against medicines in the order of the sheet: each alert that wants a reason once, the
/// loudest first, then the medicines of the chart that are undecided.
pub(super) fn find(
    chart: &Chart,
    prescribed: &[&MedicationRequest],
    today: Option<&PartialDate>,
) -> Vec<Against> {
    let found = care::review_on(chart, care::review(chart), today);
    let alerts = found.into_iter().filter_map(|issue| alert(issue, prescribed));
    alerts.chain(undecided(chart)).collect()
}

/// An issue that is about medicines of the sheet and wants a reason.
fn alert(issue: DetectedIssue, prescribed: &[&MedicationRequest]) -> Option<Against> {
    if !issue.tier.needs_reason() {
        return None;
    }
    let path = |(place, one): (usize, &&MedicationRequest)| {
        issue.subject.contains(&entries::entry(one)).then(|| format!("medications/{place}"))
    };
    let paths: Vec<String> = prescribed.iter().enumerate().filter_map(path).collect();
    (!paths.is_empty()).then_some(Against::Alert { paths, issue })
}

/// The medicines of a chart that two people wrote differently.
fn undecided(chart: &Chart) -> Vec<Against> {
    let mut disputed: BTreeMap<EntryRef, BTreeSet<&str>> = BTreeMap::new();
    for conflict in chart.conflicts.iter().filter(|it| it.entry.kind == EntryKind::Medication) {
        let orders = entries::versions(conflict);
        if entries::may_be_taken(conflict) {
            let names = disputed.entry(conflict.entry).or_default();
            names.extend(orders.into_iter().map(|order| order.medication.label()));
        }
    }
    let one = |(entry, names): (EntryRef, BTreeSet<&str>)| {
        let names = names.into_iter().map(str::to_owned).collect();
        Against::Undecided { entry, names }
    };
    disputed.into_iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::{
        AlertTier, AllergyDraft, AllergyIntoleranceId, Conflict, DeviceId, EntryValue, Instant,
        MedicationDraft, MedicationId, MedicationStatus, PractitionerId, Stamp, Version,
    };
    use uuid::Uuid;

    fn medicine(n: u128, name: &str) -> MedicationRequest {
        let draft = MedicationDraft { medication: name.to_owned(), ..MedicationDraft::default() };
        let id = MedicationId::from_uuid(Uuid::from_u128(n));
        draft.complete(id, "2026-11-27".parse().unwrap()).unwrap()
    }

    /// Two people wrote a medicine under these names; nothing is a version that cannot be read.
    fn dispute(n: u128, names: [Option<&str>; 2]) -> Conflict {
        let stamp = Stamp {
            author: PractitionerId::from_uuid(Uuid::from_u128(1)),
            device: DeviceId::from_uuid(Uuid::from_u128(2)),
            at: Instant::from_unix_ms(3),
        };
        let order = |name: &str| EntryValue::Medication(medicine(n, name).order);
        let version = |name: Option<&str>| {
            let value = name.map_or(EntryValue::Unreadable, order);
            Version { value, stamp, change: String::new() }
        };
        let entry = EntryRef::new(EntryKind::Medication, Uuid::from_u128(n));
        Conflict {
            id: Conflict::id_of(entry, "order"),
            entry,
            field: "order".to_owned(),
            versions: names.map(version).to_vec(),
            base: None,
        }
    }

    /// The chart of somebody who is allergic to penicillin and takes amlodipine (1), amoxicillin (2)
    /// and the same twice (3, 4).
    fn chart() -> Chart {
        let draft = AllergyDraft { substance: "penicillin".to_owned(), ..AllergyDraft::default() };
        let allergy = draft.complete(AllergyIntoleranceId::from_uuid(Uuid::from_u128(9))).unwrap();
        let names = ["amlodipine", "amoxicillin", "metformin", "metformin"];
        Chart {
            allergies: vec![allergy],
            medications: (1..).zip(names).map(|(n, name)| medicine(n, name)).collect(),
            ..Chart::default()
        }
    }

    fn told(one: &Against) -> String {
        match one {
            Against::Alert { paths, issue } => format!("{} {}", issue.rule, paths.join(" ")),
            Against::Undecided { names, .. } => format!("undecided {}", names.join(" ")),
        }
    }

    #[test]
    fn what_speaks_against_medicines_of_the_sheet_is_found_once() {
        let chart = chart();
        let today = "2026-11-27".parse().unwrap();
        let check = |ids: &[u128], want: &[&str]| {
            let of = |id: &u128| {
                let id = MedicationId::from_uuid(Uuid::from_u128(*id));
                chart.medications.iter().find(|one| one.id == id).unwrap()
            };
            let prescribed: Vec<&MedicationRequest> = ids.iter().map(of).collect();
            let found = find(&chart, &prescribed, Some(&today));
            assert_eq!(found.iter().map(told).collect::<Vec<_>>(), want, "{ids:?}");
        };
        check(&[1], &[]);
        check(&[2], &["drug-allergy medications/0"]);
        check(&[1, 2], &["drug-allergy medications/1"]);
        check(&[3], &["duplicate-medication medications/0"]);
        check(&[3, 1, 4], &["duplicate-medication medications/0 medications/2"]);
    }

    #[test]
    fn what_is_no_louder_than_a_mark_is_left_to_the_chart() {
        let medicine = medicine(1, "amlodipine");
        let check = |tier, want: bool| {
            let issue = DetectedIssue {
                rule: "x".to_owned(),
                tier,
                subject: vec![entries::entry(&medicine)],
                detail: String::new(),
                source: String::new(),
                said: None,
            };
            assert_eq!(alert(issue, &[&medicine]).is_some(), want, "{tier:?}");
        };
        check(AlertTier::Block, true);
        check(AlertTier::Interrupt, true);
        check(AlertTier::Inline, false);
        check(AlertTier::Info, false);
    }

    #[test]
    fn a_medicine_of_the_chart_that_is_undecided_is_named_by_every_version_once() {
        let check = |names: [Option<&str>; 2], want: &str| {
            let chart = Chart { conflicts: vec![dispute(5, names)], ..chart() };
            let sheet = [&chart.medications[0]];
            let found = find(&chart, &sheet, None);
            assert_eq!(found.iter().map(told).collect::<Vec<_>>(), [want]);
        };
        check([Some("warfarin"), Some("warfarin")], "undecided warfarin");
        check([Some("warfarin"), Some("apixaban")], "undecided apixaban warfarin");
        check([Some("warfarin"), None], "undecided warfarin");
        check([None, None], "undecided ");
    }

    #[test]
    fn one_that_is_over_by_each_version_is_not_among_them() {
        let check = |statuses: [MedicationStatus; 2], want: usize| {
            let mut conflict = dispute(5, [Some("warfarin"), Some("warfarin")]);
            for (version, status) in conflict.versions.iter_mut().zip(statuses) {
                let EntryValue::Medication(order) = &mut version.value else { panic!() };
                order.status = status;
            }
            let chart = Chart { conflicts: vec![conflict], ..chart() };
            assert_eq!(find(&chart, &[&chart.medications[0]], None).len(), want, "{statuses:?}");
        };
        check([MedicationStatus::Stopped, MedicationStatus::EnteredInError], 0);
        check([MedicationStatus::Stopped, MedicationStatus::Active], 1);
    }
}
