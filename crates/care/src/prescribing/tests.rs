//! Sentences as they are typed, each with the line that comes of it.

use super::{Choice, Match, Meaning, Missing, Reading, choose, read, sentence};

/// Every sentence with its line. A new one is written by hand: what the reader says is no proof.
const SENTENCES: &str = include_str!("sentences.tsv");

/// The line of a draft: medicine, product, dose, route, frequency, when needed, days, instruction,
/// quantity, repeats. What is empty is left out.
fn told(reading: &Reading) -> String {
    let draft = &reading.draft;
    let often = match (&*draft.frequency, draft.period_unit) {
        ("", _) => String::new(),
        (times, None) => format!("{times}/day"),
        (times, Some(unit)) => format!("{times}/{} {}", draft.period, unit.code()),
    };
    let with = |number: &str, word: &str| match number {
        "" => String::new(),
        number => format!("{number} {word}").trim().to_owned(),
    };
    let parts = [
        draft.medication.clone(),
        format!("{} {}", draft.strength, draft.form).trim().to_owned(),
        with(&draft.dose, &draft.unit),
        draft.route.clone(),
        often,
        if draft.as_needed { "when needed".to_owned() } else { String::new() },
        with(&draft.duration_days, "days"),
        draft.instruction.clone(),
        with(&draft.quantity, &draft.quantity_unit),
        with(&draft.repeats, "repeats"),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" | ")
}

fn check(text: &str, line: &str, missing: &str, codes: &str) {
    let reading = read(text);
    let lacks: Vec<&str> = reading.missing.iter().map(|it| it.code()).collect();
    let found: Vec<&str> = reading.findings.iter().map(|it| it.code.as_str()).collect();
    let got = (told(&reading), lacks.join(" "), found.join(" "));
    assert_eq!(got, (line.to_owned(), missing.to_owned(), codes.to_owned()), "{text}");
    let is_whole = reading.pieces.iter().all(|piece| piece.meaning != Meaning::Unknown);
    if is_whole && missing.is_empty() {
        let written = sentence(&reading.draft);
        assert_eq!(read(&written).draft, reading.draft, "{text}: {written}");
    }
}

#[test]
fn a_sentence_becomes_a_line() {
    let lines = SENTENCES.lines().filter(|line| !line.starts_with('#'));
    assert!(lines.clone().count() > 300);
    for line in lines {
        let columns: Vec<&str> = line.split('\t').collect();
        let [text, line, missing, codes] = columns[..] else { panic!("{line}") };
        check(text, line, missing, codes);
    }
}

#[test]
fn every_piece_says_what_it_was_taken_for() {
    let check = |text: &str, want: &[(&str, &str)]| {
        let pieces = read(text).pieces;
        let got: Vec<(&str, &str)> = pieces
            .iter()
            .map(|it| (text.get(it.start..it.end).unwrap(), it.meaning.code()))
            .collect();
        assert_eq!(got, want, "{text}");
    };
    check(
        "Tab. amlo 5 od 30, 2 repeats",
        &[
            ("Tab", "form"),
            ("amlo", "medicine"),
            ("5", "dose"),
            ("od", "frequency"),
            ("30", "duration"),
            ("2 repeats", "repeats"),
        ],
    );
    check(
        "amoxicillin susp 250mg/5ml 5 ml po tds prn avec foo #100",
        &[
            ("amoxicillin", "medicine"),
            ("susp", "form"),
            ("250mg/5ml", "strength"),
            ("5 ml", "dose"),
            ("po", "route"),
            ("tds", "frequency"),
            ("prn", "as-needed"),
            ("avec foo", "unknown"),
            ("#100", "quantity"),
        ],
    );
}

#[test]
fn several_that_fit_are_to_be_chosen_from() {
    let names = |text: &str| {
        let all = read(text).medicines.into_iter();
        all.map(|it| format!("{} {} {}", it.medication, it.form, it.strength).trim().to_owned())
            .take(3)
            .collect::<Vec<_>>()
    };
    assert_eq!(names("pred"), ["prednisolone", "prednisone"]);
    assert_eq!(names("pred 5 od"), ["prednisolone tablet 5 mg", "prednisone tablet 5 mg"]);
    assert_eq!(
        names("amlo 5"),
        ["amlodipine tablet 5 mg", "amlodipine tablet 2.5 mg", "amlodipine tablet 10 mg"]
    );
    // Never taken by itself, however near it is.
    let similar = read("amlodpine 5 od");
    assert_eq!(similar.draft.medication, "amlodpine");
    assert!(similar.medicines.iter().all(|it| it.how == Match::Similar));
    assert_eq!(similar.medicines[0].medication, "amlodipine");
}

#[test]
fn a_choice_takes_the_place_of_what_was_typed() {
    let check = |text: &str, product: [&str; 3], line: &str| {
        let [medication, form, strength] = product.map(str::to_owned);
        let chosen = choose(text, &Choice { medication, form, strength, how: Match::Exact });
        let reading = read(&chosen);
        assert_eq!(
            (told(&reading).as_str(), reading.missing.as_slice()),
            (line, <&[Missing]>::default()),
            "{chosen}"
        );
    };
    check(
        "pred 40 mg od 5 days",
        ["prednisolone", "tablet", "20 mg"],
        "prednisolone | 20 mg tablet | 40 mg | oral | 1/day | 5 days | 10 tablets",
    );
    check(
        "pred 5 od 5 days",
        ["prednisolone", "tablet", "1 mg"],
        "prednisolone | 1 mg tablet | 5 mg | oral | 1/day | 5 days | 25 tablets",
    );
    check(
        "amox 500 tds 5/7",
        ["amoxicillin", "capsule", "500 mg"],
        "amoxicillin | 500 mg capsule | 500 mg | oral | 3/day | 5 days | 15 capsules",
    );
    check(
        "doxy 100 bd 7d with food",
        ["doxycycline", "capsule", "100 mg"],
        "doxycycline | 100 mg capsule | 100 mg | oral | 2/day | 7 days | with food | 14 capsules",
    );
    check(
        "hydrocortisone cream bd 7d",
        ["hydrocortisone", "cream", "1%"],
        "hydrocortisone | 1% cream | topical | 2/day | 7 days",
    );
}
