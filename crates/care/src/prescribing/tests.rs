//! Sentences as they are typed, each with the line that comes of it.

use super::{Missing, Reading, read};

/// The line of a draft, its parts parted by ` | `: medicine, product, dose, route, frequency, when
/// needed, days, instruction, quantity, repeats. What is empty is left out.
fn told(reading: &Reading) -> String {
    let draft = &reading.draft;
    let joined = |words: &[&str]| {
        let words: Vec<&str> = words.iter().copied().filter(|word| !word.is_empty()).collect();
        words.join(" ")
    };
    let with = |number: &str, word: &str| {
        if number.is_empty() { String::new() } else { format!("{number} {word}") }
    };
    let often = match (&*draft.frequency, draft.period_unit) {
        ("", _) => String::new(),
        (times, None) => format!("{times}/day"),
        (times, Some(unit)) => format!("{times}/{} {}", draft.period, unit.code()),
    };
    let parts = [
        draft.medication.clone(),
        joined(&[&draft.strength, &draft.form]),
        joined(&[&draft.dose, &draft.unit]),
        draft.route.clone(),
        often,
        if draft.as_needed { "when needed".to_owned() } else { String::new() },
        with(&draft.duration_days, "days"),
        draft.instruction.clone(),
        with(&draft.quantity, &draft.quantity_unit).trim().to_owned(),
        with(&draft.repeats, "repeats"),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" | ")
}

fn check(text: &str, line: &str, missing: &[Missing], codes: &[&str]) {
    let reading = read(text);
    let found: Vec<&str> = reading.findings.iter().map(|it| it.code.as_str()).collect();
    assert_eq!(
        (told(&reading).as_str(), reading.missing.as_slice(), found.as_slice()),
        (line, missing, codes),
        "{text}"
    );
}

#[test]
fn sentences() {
    use Missing::*;
    check(
        "amlo 5 od 30",
        "amlodipine | 5 mg tablet | 5 mg | oral | 1/day | 30 days | 30 tablets",
        &[],
        &[],
    );
    check(
        "amox 500 tds 5/7",
        "amoxicillin | 500 mg capsule | 500 mg | oral | 3/day | 5 days | 15 capsules",
        &[],
        &[],
    );
    check(
        "amoxicillin susp 250mg/5ml 5ml tds 7d",
        "amoxicillin | 250 mg/5 mL oral suspension | 5 mL | oral | 3/day | 7 days | 105 mL",
        &[],
        &[],
    );
    check(
        "para 1g qds prn",
        "paracetamol | 500 mg tablet | 1 g | oral | 4/day | when needed",
        &[],
        &[],
    );
    check(
        "coartem 4 tabs bd 3/7",
        "artemether + lumefantrine | 20 mg + 120 mg tablet | 4 tablets | oral | 2/day | 3 days | 24 tablets",
        &[],
        &[],
    );
    check("pred 40 mg od 5 days", "pred | 40 mg | 1/day | 5 days", &[WhichMedicine, Route], &[]);
    check(
        "metformin 500 bd with food 90 days 2 repeats",
        "metformin | 500 mg tablet | 500 mg | oral | 2/day | 90 days | with food | 180 tablets | 2 repeats",
        &[],
        &[],
    );
    check(
        "insulin glargine 10 units nocte",
        "insulin glargine | 100 units/mL injection | 10 units | subcutaneous | 1/day | at night",
        &[Duration],
        &[],
    );
    check(
        "salbutamol inhaler 2 puffs qid prn",
        "salbutamol | 100 mcg/dose inhaler | 2 puffs | inhaled | 4/day | when needed",
        &[],
        &[],
    );
    check(
        "artesunate 120 mg iv stat",
        "artesunate | 120 mg powder for injection | 120 mg | intravenous | immediately as a single dose | 1 vial",
        &[],
        &[],
    );
    check(
        "ferrous 200 tds 1/12",
        "ferrous sulfate | 200 mg tablet | 200 mg | oral | 3/day | 30 days | 90 tablets",
        &[],
        &["month-days"],
    );
    check(
        "ibu 400 8hrly prn x 5",
        "ibuprofen | 400 mg tablet | 400 mg | oral | 1/8 h | when needed | 5 days | 15 tablets",
        &[],
        &["read-as-days"],
    );
    check(
        "morphine 10mg/5ml 2.5ml 4hrly",
        "morphine | 10 mg/5 mL oral solution | 2.5 mL | oral | 1/4 h",
        &[Duration],
        &[],
    );
    check(
        "levothyroxine 75 mcg mane",
        "levothyroxine | tablet | 75 mcg | oral | 1/day | in the morning",
        &[Strength, Duration],
        &[],
    );
    check(
        "cipro 500 1x2x5",
        "ciprofloxacin | 500 mg tablet | 1 tablet | oral | 2/day | 5 days | 10 tablets",
        &[],
        &["read-as-times", "read-as-days"],
    );
}
