//! A recorded absence of allergies beside an allergy: one of the two is wrong, and only a person
//! can tell which.

use super::CONTRADICTION;
use crate::{
    allergy::{Relation, relation},
    drug::{name_of, recognise},
};
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
    let denials = allergies.iter().filter(|(_, allergy)| allergy.is_denial());
    denials.filter_map(|(entry, denial)| issue(*entry, denial, &allergies)).collect()
}

fn issue(
    denying: EntryRef,
    denial: &AllergyIntolerance,
    allergies: &[(EntryRef, &AllergyIntolerance)],
) -> Option<DetectedIssue> {
    // One entry can be denial and allergy on two sides of a dispute: that has its own card.
    let known =
        allergies.iter().filter(|(entry, allergy)| *entry != denying && denies(denial, allergy));
    let mut known: Vec<(EntryRef, &str)> =
        known.map(|(entry, allergy)| (*entry, allergy.label())).collect();
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

/// Whether an entry denies an allergy: one of the kind that is said, or that the tables have it as;
/// one to what it names.
fn denies(denial: &AllergyIntolerance, allergy: &AllergyIntolerance) -> bool {
    match denial.denial() {
        _ if allergy.is_denial() => false,
        None | Some(Denial::NotAsked) => false,
        Some(Denial::Particular) => names(denial, allergy),
        Some(Denial::All) => true,
        Some(kind) => kinds(allergy).any(|category| kind.may_deny(Some(category))),
    }
}

/// Whether an entry may deny an allergy: as [`denies`], or one of which no kind is known. One
/// substance alone may be denied beside others of its family.
pub fn may_deny(denial: &AllergyIntolerance, allergy: &AllergyIntolerance) -> bool {
    match denial.denial() {
        _ if allergy.is_denial() => false,
        None | Some(Denial::Particular) => false,
        Some(kind) if kinds(allergy).next().is_none() => kind.may_deny(None),
        Some(_) => denies(denial, allergy),
    }
}

/// Its kind as it is said, and as the tables have it.
fn kinds(allergy: &AllergyIntolerance) -> impl Iterator<Item = AllergyCategory> {
    let is_drug = !recognise(&allergy.code).is_empty();
    allergy.category.into_iter().chain(is_drug.then_some(AllergyCategory::Medication))
}

/// Whether a denial of one allergy names what another entry is allergic to.
fn names(denial: &AllergyIntolerance, allergy: &AllergyIntolerance) -> bool {
    let (denied, known) = (name_of(&denial.code), name_of(&allergy.code));
    let is_of = |a, b| relation(a, b) == Some(Relation::Same);
    let mut pairs = denied.lexemes.iter().flat_map(|a| known.lexemes.iter().map(move |b| (a, b)));
    let mut words = known.words.iter().filter(|word| word.len() >= LETTERS_MIN);
    pairs.any(|(a, b)| is_of(a, b) || is_of(b, a))
        || words.any(|word| word != "known" && denied.words.contains(word))
}

/// The letters of a word that names something.
const LETTERS_MIN: usize = 3;

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
        check(vec![allergy(1, "No known penicillin allergy"), allergy(2, "penicillin")], &[2]);
        check(vec![allergy(1, "No known penicillin allergy"), allergy(2, "Augmentin")], &[2]);
        check(vec![allergy(1, "No known penicillin allergy"), allergy(2, "aspirin")], &[]);
        check(vec![allergy(1, "No known latex allergy"), allergy(2, "Latex gloves")], &[2]);
        check(vec![allergy(1, "No known egg allergy"), food(2)], &[]);
        let odd =
            AllergyIntolerance { category: Some(AllergyCategory::Food), ..allergy(2, "aspirin") };
        check(vec![allergy(1, "NKDA"), odd.clone()], &[2]);
        check(vec![allergy(1, "NKFA"), odd], &[2]);
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
    fn what_is_certainly_of_another_kind_may_stand_beside_a_denial() {
        let check = |denial: &str, allergen: AllergyIntolerance, want: bool| {
            assert_eq!(may_deny(&allergy(1, denial), &allergen), want, "{denial}, {allergen:?}");
        };
        check("No known food allergies", allergy(2, "penicillin"), false);
        check("No known food allergies", allergy(2, "latex"), true);
        check("No known food allergies", food(2), true);
        check("NKDA", allergy(2, "latex"), true);
        check("NKDA", food(2), false);
        check("NKA", food(2), true);
        check("NKA", allergy(2, "NKDA"), false);
        check("No known penicillin allergy", allergy(2, "penicillin"), false);
        check("NKDA except sulfa", allergy(2, "penicillin"), false);
        check("Not asked", allergy(2, "penicillin"), false);
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
