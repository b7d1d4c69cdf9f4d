//! The words of the story, typed into every field of a window that takes words, and looked for in
//! every file.

use tests::computer::{Computer, list, text};

use crate::told;

/// What people typed of people, places, medicines, illnesses and what was done, and their
/// passwords. The names people sign in with are not among them: they are asked for before
/// anything is opened.
pub const WORDS: [&str; 50] = [
    "Hill Clinic",
    "Dr Amina Diallo",
    "Maternity desk",
    "Consulting room by the river",
    "Joseph Wanyama",
    "Importina Filewright",
    "Okello",
    "Akinyi",
    "1980-03-14",
    "+256 700 998877",
    "Namokora",
    "HC-88417",
    "amlodipine",
    "by mouth",
    "with her breakfast",
    "raised since June",
    "small cuff used",
    "essential hypertension",
    "told by the midwife",
    "Came for her blood pressure",
    "penicillin",
    "blistering palms",
    "her mother remembers",
    "never on a fasting day",
    "Rash after penicillin",
    "Ankles a little swollen",
    "amoxicillin",
    "swallowed whole",
    "tonsillitis",
    "weighs sixty kilos",
    "at dawn and at dusk",
    "Sore throat for three days",
    "Pressure not held yet",
    "Come back on Martyrs Day",
    "Given azithromycin instead",
    "latex gloves",
    "itching wrists",
    "seen at the dentist",
    "iron deficiency",
    "pale since the harvest",
    "groundnuts",
    "hives in the night",
    "asked her twice",
    "shellfish",
    "wheezing",
    "only at the lake",
    // What was typed and is no part of the record comes last.
    "seven green bicycles",
    "four quiet blue lamps",
    "refugee-register",
    "Ogwang of nowhere",
];
/// So many of the last ones are not recorded.
const UNRECORDED: usize = 4;

/// Fails when a word is not in the record of a computer: looking for it would be no test.
pub fn must_be_recorded(computer: &Computer) {
    let patient = told::patient(computer);
    let chart = computer.json(&["chart", &patient]);
    let medicines = list(&chart, "/chart/medications");
    let histories = medicines.iter().map(|medicine| {
        let entry = format!("medication/{}", text(medicine, "/id"));
        computer.json(&["chart", &patient, "--history", &entry]).to_string()
    });
    let people = [&["find", "--limit", "50"][..], &["user", "list"], &["device", "list"]];
    let people = people.map(|words| computer.json(words).to_string()).concat();
    let histories: String = histories.collect();
    let shown = format!("{chart} {histories} {people} Hill Clinic");
    let (recorded, _) = WORDS.split_at(WORDS.len() - UNRECORDED);
    let missing: Vec<_> = recorded.iter().filter(|word| !shown.contains(**word)).collect();
    assert!(missing.is_empty(), "{missing:?} is not in the record: {shown}");
}
