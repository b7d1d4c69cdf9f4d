//! A recorded absence of allergies beside an allergy: one of the two is wrong, and only a person
//! can tell which.

use super::CONTRADICTION;
use crate::drug::recognise;
use clinical::{
    AlertTier, AllergyCategory, AllergyIntolerance, Chart, Denial, DetectedIssue, EntryKind,
    EntryRef, Said,
};

/// One issue for each denial, with every allergy it denies.
pub(crate) fn find(chart: &Chart) -> Vec<DetectedIssue> {
    let allergies: Vec<(EntryRef, &AllergyIntolerance)> = chart
        .allergies_in_force()
        .into_iter()
        .map(|allergy| (EntryRef::new(EntryKind::Allergy, allergy.id.uuid()), allergy))
        .filter(|(entry, _)| !chart.withdrawn.contains(entry))
        .collect();
    let denials = allergies.iter().filter_map(|(entry, a)| Some((*entry, a.denial()?)));
    denials.filter_map(|(entry, denial)| issue(entry, denial, &allergies)).collect()
}

fn issue(
    denying: EntryRef,
    denial: Denial,
    allergies: &[(EntryRef, &AllergyIntolerance)],
) -> Option<DetectedIssue> {
    // One entry can be denial and allergy on two sides of a dispute: that has its own card.
    let known = allergies.iter().filter(|(entry, allergy)| {
        *entry != denying && !allergy.is_denial() && denies(denial, allergy)
    });
    let mut known: Vec<(EntryRef, &str)> =
        known.map(|(entry, allergy)| (*entry, allergy.code.label())).collect();
    known.sort();
    let (_, first) = known.first()?;
    let detail = format!("The chart says that there are no known allergies, and records {first}.");
    let mut subject: Vec<EntryRef> =
        known.iter().map(|(entry, _)| *entry).chain([denying]).collect();
    subject.sort();
    subject.dedup();
    Some(DetectedIssue {
        rule: CONTRADICTION.to_owned(),
        tier: AlertTier::Interrupt,
        subject,
        detail,
        source: "The chart's own entries".to_owned(),
        said: Some(Said::new("contradiction", &[("allergy", first)])),
    })
}

/// Whether an allergy is one of those that are denied. Where its kind is not said, it is to a drug
/// if the tables have it.
fn denies(denial: Denial, allergy: &AllergyIntolerance) -> bool {
    let is_drug = !recognise(&allergy.code).is_empty();
    match allergy.category.or(is_drug.then_some(AllergyCategory::Medication)) {
        None => denial == Denial::All,
        category => denial.may_deny(category),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{allergy, chart, denial, dispute};
    use clinical::{AllergyClinicalStatus, CodeableConcept, EntryValue};

    fn check(allergies: Vec<AllergyIntolerance>, want: &[usize]) {
        let chart = chart(allergies, Vec::new());
        let sizes: Vec<_> = find(&chart).iter().map(|issue| issue.subject.len()).collect();
        assert_eq!(sizes, want, "{chart:?}");
    }

    fn coded(id: u8, code: &str) -> AllergyIntolerance {
        AllergyIntolerance {
            code: CodeableConcept::from_coding(clinical::SNOMED_CT, code, "-"),
            ..denial(id)
        }
    }

    fn food(id: u8) -> AllergyIntolerance {
        AllergyIntolerance { category: Some(AllergyCategory::Food), ..allergy(id, "peanut") }
    }

    #[test]
    fn a_denial_contradicts_what_it_denies() {
        check(vec![denial(1)], &[]);
        check(vec![allergy(2, "penicillin")], &[]);
        check(vec![denial(1), allergy(2, "penicillin")], &[2]);
        check(vec![denial(1), allergy(2, "penicillin"), food(3)], &[3]);
        check(vec![denial(1), denial(2), food(3)], &[2, 2]);
        check(vec![allergy(1, "NKDA"), allergy(2, "penicillin")], &[2]);
        check(vec![allergy(1, "No information about allergies"), food(2)], &[]);
        check(vec![allergy(1, "No known latex allergy"), allergy(2, "penicillin")], &[]);
        check(vec![allergy(1, "NKDA except sulfa"), allergy(2, "penicillin")], &[]);
        check(vec![denial(1), allergy(2, "NKDA except sulfa")], &[2]);
        check(vec![coded(1, clinical::NO_KNOWN_DRUG_ALLERGY), food(2)], &[]);
        check(vec![coded(1, clinical::NO_KNOWN_DRUG_ALLERGY), allergy(2, "aspirin")], &[2]);
        check(vec![coded(1, clinical::NO_KNOWN_DRUG_ALLERGY), allergy(2, "latex")], &[]);
        check(vec![coded(1, clinical::NO_KNOWN_FOOD_ALLERGY), food(2)], &[2]);
        check(vec![coded(1, clinical::NO_KNOWN_FOOD_ALLERGY), allergy(2, "aspirin")], &[]);
        let mut resolved = allergy(2, "penicillin");
        resolved.clinical_status = AllergyClinicalStatus::Resolved;
        check(vec![denial(1), resolved], &[]);
    }

    #[test]
    fn the_two_sides_of_one_entry_are_left_to_their_own_card() {
        let mut chart = chart(vec![denial(1)], Vec::new());
        let sides =
            vec![EntryValue::Allergy(denial(1)), EntryValue::Allergy(allergy(1, "penicillin"))];
        chart.conflicts = vec![dispute(EntryKind::Allergy, denial(1).id.uuid(), sides)];
        assert_eq!(find(&chart), Vec::new());
    }
}
