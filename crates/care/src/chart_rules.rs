//! Every rule over a chart, after a merge and at the point of prescribing.

use crate::rules::{
    Taken, child, contradiction, drug_allergy, duplicate, open_visits, taken, tenfold,
};
use clinical::{
    AlertTier, Chart, DetectedIssue, EntryKind, EntryRef, MedicationOrder, PartialDate,
};

/// Everything the rules find in a chart: loudest first, then by rule and subject; the same on
/// every device with the same chart. Run it after each merge. Of a disputed medicine or allergy
/// every side is heeded; the dispute itself has its own card and is no issue.
pub fn review(chart: &Chart) -> Vec<DetectedIssue> {
    let taken = taken(chart);
    let allergies = drug_allergy::heeded(chart);
    let mut issues: Vec<DetectedIssue> =
        taken.iter().filter_map(|medicine| drug_allergy::find(&allergies, medicine)).collect();
    issues.extend(contradiction::find(chart));
    issues.extend(duplicate::find(&taken));
    issues.extend(open_visits::find(chart));
    sorted(issues)
}

/// Whether [`review`] and the tasks that follow from it look at entries of a kind: where nothing but
/// others changed, they find what they found.
pub const fn looks_at(kind: EntryKind) -> bool {
    match kind {
        EntryKind::Patient
        | EntryKind::Allergy
        | EntryKind::Condition
        | EntryKind::Encounter
        | EntryKind::Medication
        | EntryKind::Task => true,
        EntryKind::Observation
        | EntryKind::Composition
        | EntryKind::Source
        | EntryKind::Document => false,
    }
}

/// What is shown of a chart on a day: what [`review`] `found` in it, and what the rules on a child's age
/// and on a dose ten times the usual say of each medicine. The age was asked about when the medicine
/// was written, and is noted here; a dose may have come from elsewhere, and is asked about as loudly.
pub fn review_on(
    chart: &Chart,
    found: Vec<DetectedIssue>,
    today: Option<&PartialDate>,
) -> Vec<DetectedIssue> {
    let mut issues = found;
    for medicine in taken(chart) {
        let of_age = child::find(chart, &medicine, today).into_iter();
        issues.extend(of_age.map(|issue| DetectedIssue { tier: AlertTier::Inline, ..issue }));
        issues.extend(tenfold::find(&medicine));
    }
    sorted(issues)
}

/// What speaks against an order that is being written and is in no chart yet: its allergies, its
/// duplicates, the age of a child and a dose ten times the usual. The subjects are the entries of the
/// chart it collides with; of `today` a course that is over is no duplicate. What it stands
/// `instead_of`, as another dosage does, is none either.
pub fn review_order(
    chart: &Chart,
    order: &MedicationOrder,
    today: Option<&PartialDate>,
    instead_of: Option<EntryRef>,
) -> Vec<DetectedIssue> {
    let written = Taken::written(order, today);
    let allergies = drug_allergy::heeded(chart);
    let mut issues: Vec<DetectedIssue> =
        drug_allergy::find(&allergies, &written).into_iter().collect();
    issues.extend(child::find(chart, &written, today));
    issues.extend(tenfold::find(&written));
    let mut all = taken(chart);
    all.retain(|medicine| instead_of.is_none() || medicine.entry != instead_of);
    let before = duplicate::find(&all);
    all.push(written);
    issues.extend(duplicate::find(&all).into_iter().filter(|issue| !before.contains(issue)));
    in_order(&mut issues);
    issues.dedup();
    issues
}

/// Loudest first; two sides of one entry that say the same are one issue.
fn sorted(mut issues: Vec<DetectedIssue>) -> Vec<DetectedIssue> {
    in_order(&mut issues);
    issues.dedup_by(|a, b| (&a.rule, &a.subject) == (&b.rule, &b.subject));
    issues
}

fn in_order(issues: &mut [DetectedIssue]) {
    issues.sort_by(|a, b| {
        (a.tier, &a.rule, &a.subject, &a.detail).cmp(&(b.tier, &b.rule, &b.subject, &b.detail))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{allergy, chart, dangerous, denial, dispute, medication, order};
    use proptest::prelude::*;

    fn rules(issues: &[DetectedIssue]) -> Vec<(AlertTier, &str, usize)> {
        issues.iter().map(|i| (i.tier, i.rule.as_str(), i.subject.len())).collect()
    }

    #[test]
    fn all_rules_speak_loudest_first() {
        let chart = chart(
            vec![denial(1), dangerous(2, "penicillin")],
            vec![medication(3, "amoxicillin"), medication(4, "co-amoxiclav")],
        );
        assert_eq!(
            rules(&review(&chart)),
            [
                (AlertTier::Block, "drug-allergy", 2),
                (AlertTier::Block, "drug-allergy", 2),
                (AlertTier::Interrupt, "allergy-contradiction", 2),
                (AlertTier::Interrupt, "duplicate-medication", 2),
            ]
        );
        assert_eq!(review(&Chart::default()), Vec::new());
    }

    #[test]
    fn two_sides_that_deny_alike_are_one_issue() {
        let mut chart = chart(vec![denial(1), allergy(2, "penicillin")], Vec::new());
        let worded = clinical::AllergyIntolerance { note: Some("asked twice".into()), ..denial(1) };
        let sides = [denial(1), worded].map(clinical::EntryValue::Allergy).to_vec();
        let entry = denial(1).id.uuid();
        chart.conflicts = vec![dispute(EntryKind::Allergy, entry, sides)];
        assert_eq!(rules(&review(&chart)), [(AlertTier::Interrupt, "allergy-contradiction", 2)]);
    }

    #[test]
    fn an_order_is_reviewed_before_it_is_in_the_chart() {
        let chart = chart(
            vec![allergy(2, "penicillin")],
            vec![medication(3, "amoxicillin"), medication(4, "ibuprofen"), medication(5, "Advil")],
        );
        let check = |order: &MedicationOrder, want: &[(AlertTier, &str, usize)]| {
            assert_eq!(rules(&review_order(&chart, order, None, None)), want);
        };
        let (drug_allergy, duplicate) = ("drug-allergy", "duplicate-medication");
        check(
            &order("Amoxicillin 250 mg"),
            &[(AlertTier::Interrupt, drug_allergy, 1), (AlertTier::Interrupt, duplicate, 1)],
        );
        check(&order("cefalexin"), &[(AlertTier::Inline, drug_allergy, 1)]);
        check(&order("paracetamol"), &[]);
    }

    fn patient(born: Option<&str>) -> Chart {
        let identity = clinical::Identity {
            name: Vec::new(),
            gender: clinical::AdministrativeGender::Unknown,
            birth_date: born.map(|born| born.parse().unwrap()),
            birth_date_estimated: false,
            identifier: Vec::new(),
        };
        let patient = clinical::Patient {
            id: clinical::PatientId::from_uuid(clinical::uuid_v7(1, [1; 10])),
            identity,
            telecom: Vec::new(),
            address: Vec::new(),
            contact: Vec::new(),
            deceased: None,
            code_status: None,
        };
        Chart { patient: Some(patient), ..Chart::default() }
    }

    #[test]
    fn what_is_for_no_child_is_told_by_the_age_of_the_day() {
        let today: PartialDate = "2026-11-27".parse().unwrap();
        let check = |medicine: &str, born: Option<&str>, want: &[AlertTier]| {
            let issues = review_order(&patient(born), &order(medicine), Some(&today), None);
            let tiers: Vec<AlertTier> = issues.iter().map(|issue| issue.tier).collect();
            assert_eq!(tiers, want, "{medicine} {born:?}: {issues:?}");
        };
        let interrupt = [AlertTier::Interrupt];
        check("Aspirin 300 mg tablet", Some("2010-11-28"), &interrupt);
        check("aspirin", Some("2010-11-27"), &[]);
        check("aspirin", Some("2010"), &interrupt);
        check("aspirin", None, &[AlertTier::Inline]);
        check("co-codamol 30/500", Some("2016-01-01"), &interrupt);
        check("aspirin and codeine", Some("2020-01-01"), &[AlertTier::Interrupt; 2]);
        check("codeine oral drops", Some("2025-01-01"), &interrupt);
        check("chloramphenicol eye drops", Some("2026-11-20"), &[]);
        check("codeine", Some("2014-01-01"), &[]);
        check("doxycycline", Some("2019-01-01"), &interrupt);
        check("tetracycline eye ointment", Some("2026-11-20"), &[]);
        check("ceftriaxone", Some("2026-11-01"), &interrupt);
        check("ceftriaxone", Some("2026-10-30"), &interrupt);
        check("ceftriaxone", Some("2026-10-29"), &[]);
        check("loperamide", Some("2024-11-28"), &interrupt);
        check("loperamide", Some("2024-11-27"), &[]);
        check("sulfadiazine", Some("2026-10-01"), &interrupt);
        check("silver sulfadiazine cream", Some("2026-10-01"), &[]);
        check("ciprofloxacin", Some("2026-10-01"), &[]);
        check("co-trimoxazole", Some("2026-11-01"), &interrupt);
        check("amoxicillin", Some("2026-11-20"), &[]);
    }

    #[test]
    fn a_dose_ten_times_the_usual_is_asked_about() {
        let check = |medicine: &str, dose: (&str, &str), strength: &str, want: bool| {
            let quantity = |value: &str, unit: &str| clinical::Quantity {
                value: value.parse().unwrap(),
                comparator: None,
                unit: unit.to_owned(),
                ucum: None,
            };
            let mut one = order(medicine);
            let dose = Some(quantity(dose.0, dose.1));
            one.dosage = vec![clinical::Dosage { dose, ..clinical::Dosage::default() }];
            one.strength =
                strength.split_once(' ').map(|(n, u)| quantity(n, u)).into_iter().collect();
            let issues = review_order(&Chart::default(), &one, None, None);
            assert_eq!(issues.iter().any(|it| it.rule == "tenfold-dose"), want, "{medicine}");
        };
        check("amlodipine", ("50", "mg"), "", true);
        check("amlodipine", ("10", "mg"), "", false);
        check("amlodipine", ("5", "tablets"), "10 mg", true);
        check("amlodipine", ("1", "tablet"), "5 mg", false);
        check("amlodipine", ("10", "comprimés"), "5 mg", true);
        check("amlodipine softgel", ("50", "mg"), "", true);
        check("levothyroxine", ("1000", "micrograms"), "", true);
        check("levothyroxine", ("1000", "MCG"), "", true);
        check("levothyroxine", ("1000", "mcg"), "", true);
        check("levothyroxine", ("100", "mcg"), "", false);
        check("paracetamol", ("10", "g"), "", true);
        check("paracetamol", ("5", "g"), "", true);
        check("paracetamol", ("1", "g"), "", false);
        check("spironolactone", ("400", "mg"), "", false);
        check("fluconazole", ("1200", "mg"), "", false);
        check("metformin", ("2000", "mg"), "", false);
        check("haloperidol decanoate", ("100", "mg"), "", false);
        check("phenobarbital", ("600", "mg"), "", false);
        check("amlodipine + atenolol", ("50", "mg"), "", false);
        check("something else", ("5000", "mg"), "", false);
    }

    #[test]
    fn a_chart_shows_on_a_day_what_was_asked_when_it_was_written() {
        let today: PartialDate = "2026-11-27".parse().unwrap();
        let mut chart = patient(Some("2024-05-01"));
        let mut tenfold = medication(1, "amlodipine");
        tenfold.order.dosage = vec![clinical::Dosage {
            dose: Some(clinical::Quantity {
                value: "50".parse().unwrap(),
                comparator: None,
                unit: "mg".to_owned(),
                ucum: None,
            }),
            ..clinical::Dosage::default()
        }];
        chart.medications = vec![tenfold, medication(2, "codeine"), medication(3, "amoxicillin")];
        assert_eq!(
            rules(&review_on(&chart, review(&chart), Some(&today))),
            [(AlertTier::Interrupt, "tenfold-dose", 1), (AlertTier::Inline, "child-medicine", 1),]
        );
        assert_eq!(review(&chart), Vec::new(), "no task: a day is no part of what charts share");
    }

    #[test]
    fn another_dosage_is_no_duplicate_of_what_it_changes() {
        let chart = chart(Vec::new(), vec![medication(3, "amlodipine")]);
        let entry = EntryRef::new(EntryKind::Medication, chart.medications[0].id.uuid());
        let check = |instead_of: Option<EntryRef>, want: &[usize]| {
            let issues = review_order(&chart, &order("amlodipine"), None, instead_of);
            let found: Vec<usize> = issues.iter().map(|issue| issue.subject.len()).collect();
            assert_eq!(found, want);
        };
        check(None, &[1]);
        check(Some(entry), &[]);
    }

    const NAMES: [&str; 10] = [
        "penicillin",
        "amoxicillin",
        "co-amoxiclav",
        "cefalexin",
        "aspirin",
        "ibuprofen",
        "sulfa",
        "co-trimoxazole",
        "NKDA",
        "Lisinopril 10 mg",
    ];

    proptest! {
        #[test]
        fn the_order_of_entries_does_not_matter(
            allergies in proptest::collection::vec((0_u8..5, 0_usize..10), 0..6),
            medications in proptest::collection::vec((0_u8..5, 0_usize..10), 0..6),
            turn in 0_usize..6,
        ) {
            let mut whole = chart(
                allergies.iter().map(|(id, name)| allergy(*id, NAMES[*name])).collect(),
                medications.iter().map(|(id, name)| medication(*id, NAMES[*name])).collect(),
            );
            let first = review(&whole);
            prop_assert_eq!(&first, &review(&whole));
            let (a, m) = (whole.allergies.len().max(1), whole.medications.len().max(1));
            whole.allergies.rotate_left(turn % a);
            whole.medications.rotate_left(turn % m);
            whole.medications.reverse();
            prop_assert_eq!(first, review(&whole));
        }
    }
}
