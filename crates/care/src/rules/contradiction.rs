//! A recorded absence of allergies beside an allergy: one of the two is wrong, and only a person
//! can tell which.

use super::CONTRADICTION;
use crate::{allergy::says_none, drug::recognise};
use clinical::{
    AlertTier, AllergyCategory, AllergyIntolerance, Chart, DetectedIssue, EntryKind, EntryRef,
    SNOMED_CT, Said,
};

/// What a denial is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Everything,
    Drugs,
    Food,
}

/// One issue for each denial, with every allergy it denies.
pub(crate) fn find(chart: &Chart) -> Vec<DetectedIssue> {
    let allergies: Vec<(EntryRef, &AllergyIntolerance)> = chart
        .allergies_in_force()
        .into_iter()
        .map(|allergy| (EntryRef::new(EntryKind::Allergy, allergy.id.uuid()), allergy))
        .filter(|(entry, _)| !chart.withdrawn.contains(entry))
        .collect();
    let denials = allergies.iter().filter_map(|(entry, a)| Some((*entry, scope(a)?)));
    denials.filter_map(|(denial, scope)| issue(denial, scope, &allergies)).collect()
}

fn issue(
    denial: EntryRef,
    scope: Scope,
    allergies: &[(EntryRef, &AllergyIntolerance)],
) -> Option<DetectedIssue> {
    // One entry can be denial and allergy on two sides of a dispute: that has its own card.
    let known = allergies.iter().filter(|(entry, allergy)| {
        *entry != denial && !says_none(allergy) && covers(scope, allergy)
    });
    let mut known: Vec<(EntryRef, &str)> =
        known.map(|(entry, allergy)| (*entry, allergy.code.label())).collect();
    known.sort();
    let (_, first) = known.first()?;
    let detail = format!("The chart says that there are no known allergies, and records {first}.");
    let mut subject: Vec<EntryRef> =
        known.iter().map(|(entry, _)| *entry).chain([denial]).collect();
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

fn scope(allergy: &AllergyIntolerance) -> Option<Scope> {
    match allergy.code.code_of(SNOMED_CT) {
        Some("409137002") => return Some(Scope::Drugs),
        Some("429625007") => return Some(Scope::Food),
        Some(_) | None if !says_none(allergy) => return None,
        Some(_) | None => {}
    }
    let label = allergy.code.label().to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| label.contains(word));
    match () {
        () if says(&["information", "history", "recorded"]) => None,
        () if says(&["drug", "medic", "nkda", "nkma"]) => Some(Scope::Drugs),
        () if says(&["food"]) => Some(Scope::Food),
        () => Some(Scope::Everything),
    }
}

fn covers(scope: Scope, allergy: &AllergyIntolerance) -> bool {
    let drug = !recognise(&allergy.code).is_empty();
    match (scope, allergy.category) {
        (Scope::Everything, _) => true,
        (Scope::Drugs, Some(AllergyCategory::Medication | AllergyCategory::Biologic)) => true,
        (Scope::Drugs, None) => drug,
        (Scope::Drugs, Some(AllergyCategory::Food | AllergyCategory::Environment)) => false,
        (Scope::Food, category) => category == Some(AllergyCategory::Food),
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
            code: CodeableConcept::from_coding(SNOMED_CT, code, "-"),
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
        check(vec![coded(1, "409137002"), food(2)], &[]);
        check(vec![coded(1, "409137002"), allergy(2, "aspirin")], &[2]);
        check(vec![coded(1, "409137002"), allergy(2, "latex")], &[]);
        check(vec![coded(1, "429625007"), food(2)], &[2]);
        check(vec![coded(1, "429625007"), allergy(2, "aspirin")], &[]);
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
