//! The same substance twice: what two people who prescribe without seeing each other make.

use super::{DUPLICATE_MEDICATION, Taken};
use crate::drug::{Lexeme, Named};
use clinical::{AlertTier, DetectedIssue, EntryRef, MedicationOrder, Said};
use std::collections::{BTreeMap, BTreeSet};

/// One issue for each set of medicines that share a substance, louder when all were ordered here
/// and go the same way into the body. A course that was over before the others began is none of
/// them.
pub(crate) fn find(taken: &[Taken<'_>]) -> Vec<DetectedIssue> {
    let mut by_substance: BTreeMap<String, (String, Vec<&Taken<'_>>)> = BTreeMap::new();
    for medicine in taken {
        for (substance, name) in substances(medicine) {
            let (shown, medicines) =
                by_substance.entry(substance).or_insert_with(|| (name.clone(), Vec::new()));
            if name < *shown {
                *shown = name;
            }
            medicines.push(medicine);
        }
    }
    for (_, medicines) in by_substance.values_mut() {
        *medicines = met(medicines);
    }
    by_substance.retain(|_, (_, medicines)| medicines.len() > 1);
    let mut by_subject: BTreeMap<Vec<EntryRef>, (Vec<String>, AlertTier)> = BTreeMap::new();
    for (name, medicines) in by_substance.into_values() {
        let mut subject: Vec<_> = medicines.iter().filter_map(|taken| taken.entry).collect();
        subject.sort();
        let (names, tier) = by_subject.entry(subject).or_insert((Vec::new(), AlertTier::Inline));
        names.push(name);
        *tier = tier_of(&medicines).min(*tier);
    }
    by_subject.into_iter().map(|(subject, (names, tier))| issue(subject, &names, tier)).collect()
}

/// Those that may be taken on one day with another of them.
fn met<'a>(medicines: &[&'a Taken<'a>]) -> Vec<&'a Taken<'a>> {
    let meets = |(at, one): &(usize, &&Taken<'_>)| {
        medicines.iter().enumerate().any(|(other_at, other)| other_at != *at && one.meets(other))
    };
    medicines.iter().enumerate().filter(meets).map(|(_, one)| *one).collect()
}

fn issue(subject: Vec<EntryRef>, names: &[String], tier: AlertTier) -> DetectedIssue {
    DetectedIssue {
        rule: DUPLICATE_MEDICATION.to_owned(),
        tier,
        subject,
        detail: format!("More than one medicine in use contains {}.", names.join(" and ")),
        source: "The chart's own entries".to_owned(),
        said: Some(Said::new("duplicate", &[("substance", &names.join(", "))])),
    }
}

/// The substances of a medicine, of every side of a dispute, by what they are compared by: with
/// the name to show. What the tables do not hold is compared by its own words.
fn substances(medicine: &Taken<'_>) -> BTreeMap<String, String> {
    let mut all: Vec<_> = medicine.orders.iter().flat_map(substances_of).collect();
    // The map keeps the last of a key: the first name in the alphabet, whatever the order.
    all.sort_by(|a, b| b.cmp(a));
    all.into_iter().collect()
}

fn substances_of((order, named): &(&MedicationOrder, Named)) -> Vec<(String, String)> {
    let known = named.lexemes.iter().filter_map(|lexeme| match lexeme {
        Lexeme::Substance(substance) => Some((substance.inn.to_owned(), substance.inn.to_owned())),
        Lexeme::Family(_) => None,
    });
    let known: Vec<(String, String)> = known.collect();
    if !known.is_empty() || named.words.is_empty() {
        return known;
    }
    vec![(named.words.join(" "), order.medication.label().to_owned())]
}

fn tier_of(medicines: &[&Taken<'_>]) -> AlertTier {
    let routes: BTreeSet<&str> = medicines.iter().flat_map(|taken| routes(taken)).collect();
    let ordered = medicines.iter().all(|taken| !taken.reported);
    if ordered && routes.len() < 2 { AlertTier::Interrupt } else { AlertTier::Inline }
}

fn routes<'a>(taken: &Taken<'a>) -> Vec<&'a str> {
    let dosages = taken.orders.iter().flat_map(|(order, _)| &order.dosage);
    dosages.filter_map(|dosage| dosage.route.as_ref()).map(|route| route.label()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fixtures::{chart, medication},
        rules::taken,
    };
    use AlertTier::{Inline, Interrupt};
    use clinical::{
        CodeableConcept, Dosage, DosageDuration, MedicationIntent, MedicationRequest,
        MedicationStatus,
    };

    fn check(medications: Vec<MedicationRequest>, want: &[(AlertTier, usize, &str)]) {
        let chart = chart(Vec::new(), medications);
        let issues = find(&taken(&chart));
        let got: Vec<_> = issues
            .iter()
            .map(|issue| (issue.tier, issue.subject.len(), issue.detail.as_str()))
            .collect();
        assert_eq!(got, want);
    }

    fn by(route: &str, mut medication: MedicationRequest) -> MedicationRequest {
        let route = Some(CodeableConcept::from_text(route));
        medication.order.dosage = vec![Dosage { route, ..Dosage::default() }];
        medication
    }

    #[test]
    fn the_same_substance_twice_is_told_once() {
        let paracetamol = "More than one medicine in use contains paracetamol.";
        check(vec![medication(1, "Paracetamol 500 mg")], &[]);
        check(
            vec![medication(1, "Paracetamol 500 mg"), medication(2, "co-codamol")],
            &[(Interrupt, 2, paracetamol)],
        );
        check(
            vec![medication(1, "APAP"), medication(2, "Tylenol"), medication(3, "paracetamol")],
            &[(Interrupt, 3, paracetamol)],
        );
        check(
            vec![medication(1, "Augmentin"), medication(2, "co-amoxiclav 625 mg")],
            &[(
                Interrupt,
                2,
                "More than one medicine in use contains amoxicillin and clavulanic acid.",
            )],
        );
        check(
            vec![medication(1, "Amlodipine 5 mg"), medication(2, "amlodipine besylate 10 mg tab")],
            &[(Interrupt, 2, "More than one medicine in use contains Amlodipine 5 mg.")],
        );
        check(vec![medication(1, "Insulin glargine"), medication(2, "Insulin lispro")], &[]);
        check(vec![medication(1, ""), medication(2, "")], &[]);
    }

    #[test]
    fn a_course_that_was_over_before_is_no_duplicate() {
        let began = |id: u8, day: &str, days: Option<u32>| {
            let mut medication = medication(id, "amoxicillin");
            medication.about.authored_on = day.parse().ok();
            let duration = days.map(|days| DosageDuration {
                value: days.into(),
                unit: clinical::DurationUnit::Day,
            });
            medication.order.dosage = vec![Dosage { duration, ..Dosage::default() }];
            medication
        };
        let detail = "More than one medicine in use contains amoxicillin.";
        let two = [(Interrupt, 2, detail)];
        let five = || began(1, "2026-10-26", Some(5));
        check(vec![five(), began(2, "2026-11-26", None)], &[]);
        check(vec![began(2, "2026-11-26", Some(7)), five()], &[]);
        check(vec![five(), began(2, "2026-11-01", None)], &[]);
        check(vec![five(), began(2, "2026-10-31", None)], &two);
        check(vec![five(), began(2, "2026-10", None)], &two);
        check(vec![five(), began(2, "", None)], &two);
        check(vec![five(), began(2, "2019", None)], &two);
        check(vec![began(1, "2026-10-26", None), began(2, "2026-11-26", None)], &two);
        let third = || began(3, "2026-11-20", None);
        check(vec![five(), began(2, "2026-11-26", None), third()], &two);
        let mut paused = five();
        paused.order.status = MedicationStatus::OnHold;
        check(vec![paused, began(2, "2026-11-26", None)], &two);
    }

    #[test]
    fn what_is_ordinary_is_told_quietly() {
        let detail = "More than one medicine in use contains diclofenac.";
        let reported = |mut medication: MedicationRequest| {
            medication.about.intent = MedicationIntent::Statement;
            medication
        };
        let stopped = |mut medication: MedicationRequest| {
            medication.order.status = MedicationStatus::Stopped;
            medication
        };
        let two = || (medication(1, "diclofenac"), medication(2, "diclofenac"));
        let (one, other) = two();
        check(vec![by("oral", one), by("topical", other)], &[(Inline, 2, detail)]);
        let (one, other) = two();
        check(vec![by("oral", one), by("oral", other)], &[(Interrupt, 2, detail)]);
        let (one, other) = two();
        check(vec![one, reported(other)], &[(Inline, 2, detail)]);
        let (one, other) = two();
        check(vec![one, stopped(other)], &[]);
    }
}
