//! What a check for allergies could not cover: silence about it is no all-clear.

use crate::{
    allergy::is_dangerous,
    drug::recognise,
    rules::{Taken, drug_allergy},
};
use clinical::{
    AllergyCategory, AllergyIntolerance, AllergyIntoleranceId, Chart, CodeableConcept, EntryKind,
    MedicationOrder,
};
use std::collections::BTreeSet;

/// What of an order and of the recorded allergies is in none of the tables, by its label: it was
/// compared by its words and codes alone. So is an allergy that begins as a denial: what it means
/// beside what was recognised is not certain. Allergies to food and surroundings are no gap.
pub fn not_covered(chart: &Chart, order: &MedicationOrder) -> Vec<String> {
    let heeded = drug_allergy::heeded(chart);
    let allergies = heeded
        .iter()
        .map(|(_, heeded)| heeded.allergy)
        .filter(|allergy| !is_elsewhere(allergy) || allergy.is_doubtful());
    let is_unknown = |concept: &CodeableConcept| recognise(concept).is_empty();
    let medicine = Some(&order.medication).filter(|medicine| is_unknown(medicine));
    let unknown = allergies.filter(|allergy| allergy.is_doubtful() || is_unknown(&allergy.code));
    let medicine = medicine.map(CodeableConcept::label).into_iter();
    once(medicine.chain(unknown.map(AllergyIntolerance::label)))
}

fn is_elsewhere(allergy: &AllergyIntolerance) -> bool {
    matches!(allergy.category, Some(AllergyCategory::Food | AllergyCategory::Environment))
}

/// The labels of the allergies that are to be heeded, each once, the most dangerous first and then
/// those to medicines.
pub fn allergy_labels(chart: &Chart) -> Vec<String> {
    let heeded = drug_allergy::heeded(chart);
    let mut heeded: Vec<(bool, bool, &str)> = heeded
        .iter()
        .map(|(_, heeded)| heeded.allergy)
        .map(|it| (!is_dangerous(it), !is_to_medicine(it), it.label()))
        .collect();
    heeded.sort_unstable();
    once(heeded.into_iter().map(|(.., label)| label))
}

/// The allergies that are to be heeded, in the order of [`allergy_labels`].
pub fn heeded_allergies(chart: &Chart) -> Vec<&AllergyIntolerance> {
    let heeded = drug_allergy::heeded(chart);
    let mut all: Vec<&AllergyIntolerance> =
        heeded.into_iter().map(|(_, heeded)| heeded.allergy).collect();
    all.sort_by_key(|it| (!is_dangerous(it), !is_to_medicine(it), it.label(), it.id));
    all
}

/// The allergies that speak so loudly against an order that a reason is asked for.
pub fn allergies_against<'a>(
    chart: &'a Chart,
    order: &MedicationOrder,
) -> Vec<&'a AllergyIntolerance> {
    let issue = drug_allergy::find(&drug_allergy::heeded(chart), &Taken::written(order, None));
    let Some(issue) = issue.filter(|issue| issue.tier.needs_reason()) else { return Vec::new() };
    let mut all = heeded_allergies(chart);
    let is_named = |it: &AllergyIntolerance| {
        issue
            .subject
            .iter()
            .any(|entry| entry.kind == EntryKind::Allergy && entry.id == it.id.uuid())
    };
    all.retain(|it| is_named(it));
    all
}

/// The allergies to medicines among those that are to be heeded.
pub fn drug_allergies(chart: &Chart) -> Vec<AllergyIntoleranceId> {
    let heeded = drug_allergy::heeded(chart);
    let mut ids: Vec<_> = heeded
        .iter()
        .filter(|(_, heeded)| is_to_medicine(heeded.allergy))
        .map(|(_, heeded)| heeded.allergy.id)
        .collect();
    ids.dedup();
    ids
}

/// Whether it is said to be one to a medicine, or names what is in the tables.
fn is_to_medicine(allergy: &AllergyIntolerance) -> bool {
    match allergy.category {
        Some(AllergyCategory::Medication | AllergyCategory::Biologic) => true,
        Some(AllergyCategory::Food | AllergyCategory::Environment) | None => {
            !recognise(&allergy.code).is_empty()
        }
    }
}

/// Each label where it stands first.
fn once<'a>(labels: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut told = BTreeSet::new();
    labels.filter(|label| told.insert(*label)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{allergy, chart, dangerous, denial, order};

    #[test]
    fn what_the_tables_do_not_hold_is_named() {
        let check = |allergies: &[&str], medicine: &str, want: &[&str]| {
            let allergies = allergies.iter().zip(1..).map(|(it, id)| allergy(id, it)).collect();
            assert_eq!(not_covered(&chart(allergies, Vec::new()), &order(medicine)), want);
        };
        check(&[], "amoxicillin", &[]);
        check(&["penicillin"], "amoxicillin 500 mg", &[]);
        check(&["penicillin"], "artemether", &["artemether"]);
        check(&["quinine", "NKDA"], "amoxicillin", &["quinine"]);
        let doubtful = "No drug allergies except penicillin and something green";
        check(&[doubtful], "amoxicillin", &[doubtful]);
        let told = "No known immediate penicillin allergy";
        check(&[told], "amoxicillin", &[told]);
        check(&["quinine", "artemether"], "quinine", &["quinine", "artemether"]);
        check(&["quinine", "artemether", "quinine"], "x", &["x", "quinine", "artemether"]);
    }

    #[test]
    fn a_denial_that_tells_of_a_reaction_is_named() {
        let names = |one: AllergyIntolerance| {
            not_covered(&chart(vec![one], Vec::new()), &order("amoxicillin"))
        };
        assert_eq!(names(dangerous(1, "NKDA")), ["NKDA"]);
        let note = Some("except penicillin, anaphylaxis 2019".to_owned());
        assert_eq!(names(AllergyIntolerance { note, ..denial(1) }), ["No known allergy"]);
        let code = CodeableConcept { text: Some("Penicillin".to_owned()), ..denial(1).code };
        assert_eq!(names(AllergyIntolerance { code, ..denial(1) }), ["Penicillin"]);
        let mut dutch = denial(1);
        dutch.code.text = Some("Geen allergieën behalve penicilline".to_owned());
        dutch.category = Some(AllergyCategory::Food);
        assert_eq!(names(dutch), ["Geen allergieën behalve penicilline"]);
        assert!(names(denial(1)).is_empty());
    }

    #[test]
    fn the_most_dangerous_allergy_is_named_first() {
        let allergies = vec![allergy(1, "egg"), dangerous(2, "penicillin"), denial(3)];
        assert_eq!(allergy_labels(&chart(allergies, Vec::new())), ["penicillin", "egg"]);
        let allergies =
            vec![allergy(1, "penicillin"), allergy(2, "egg"), dangerous(3, "penicillin")];
        assert_eq!(allergy_labels(&chart(allergies, Vec::new())), ["penicillin", "egg"]);
    }

    #[test]
    fn allergies_to_medicines_are_named_before_the_rest() {
        let mut contrast = allergy(6, "gadobutrol");
        contrast.category = Some(AllergyCategory::Medication);
        let allergies = vec![
            dangerous(1, "penicillin"),
            allergy(2, "egg"),
            allergy(3, "latex"),
            allergy(4, "sulfa"),
            allergy(5, "NSAIDs"),
            contrast,
            denial(7),
        ];
        let chart = chart(allergies, Vec::new());
        let named = ["penicillin", "NSAIDs", "gadobutrol", "sulfa", "egg", "latex"];
        assert_eq!(allergy_labels(&chart), named);
        let ids = [1, 4, 5, 6].map(|id| allergy(id, "").id);
        assert_eq!(drug_allergies(&chart), ids);
    }

    #[test]
    fn food_is_no_gap() {
        let mut peanut = allergy(1, "peanut");
        peanut.category = Some(AllergyCategory::Food);
        assert!(not_covered(&chart(vec![peanut], Vec::new()), &order("amoxicillin")).is_empty());
    }
}
