//! The sheets as they are read, on every paper.

use super::samples::{a_prescription, handed_out, item, person, printing, text};
use crate::{
    Item, Label, Language, Letter, Medicines, Paper, Prescription, PrintError, Printing, Referral,
    Sheet, SickNote, Summary, Taken, label, prescription, referral, sick_note, summary,
};
use clinical::{AllergyState, MedicationStatus};

#[test]
fn a_prescription_says_what_the_who_asks_for() {
    let sheet = prescription(&a_prescription(), &printing(Paper::A4, Language::English)).unwrap();
    insta::assert_snapshot!("prescription-en", text(&sheet));
    let sheet = prescription(&a_prescription(), &printing(Paper::A5, Language::French)).unwrap();
    insta::assert_snapshot!("prescription-fr", text(&sheet));
    let sheet =
        prescription(&a_prescription(), &printing(Paper::Roll80, Language::English)).unwrap();
    insta::assert_snapshot!("prescription-roll", text(&sheet));
    assert_eq!(sheet.pages, 1);
}

#[test]
fn a_long_one_names_its_patient_on_every_page() {
    let items: Vec<Item> = (0..40).map(|_| item("amlodipine", "5", "mg", "1", "30")).collect();
    let of = Prescription { items, ..a_prescription() };
    for paper in [Paper::A4, Paper::A5, Paper::Letter] {
        let sheet = prescription(&of, &printing(paper, Language::English)).unwrap();
        let read = text(&sheet);
        let pages: Vec<&str> = read.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
        assert_eq!(pages.len(), sheet.pages, "{paper:?}");
        assert!(pages.len() > 1, "{paper:?}");
        for (page, number) in pages.iter().zip(1..) {
            assert!(page.contains("OKELLO, Grace"), "{page}");
            assert!(page.contains(&format!("Page {number} of {}", pages.len())), "{page}");
        }
        let signatures = read.matches("Dr Ana Reyes").count();
        assert_eq!(signatures, 1, "{paper:?}");
    }
}

#[test]
fn nothing_is_lost_below_a_page() {
    let words: Vec<String> = (0..900).map(|n| format!("word{n}")).collect();
    let instruction = Some(words.join(" "));
    let items = vec![Item { instruction, ..item("amlodipine", "5", "mg", "1", "30") }];
    let of = Prescription { items, ..a_prescription() };
    let sheet = prescription(&of, &printing(Paper::A5, Language::English)).unwrap();
    let read = text(&sheet);
    let missing: Vec<&String> =
        words.iter().filter(|word| !read.split_whitespace().any(|one| one == *word)).collect();
    assert_eq!(missing, [""; 0], "{read}");
    assert!(sheet.pages > 2);
}

#[test]
fn a_line_of_a_medicine_is_broken_between_its_parts() {
    for paper in [Paper::A5, Paper::Roll80] {
        let read =
            text(&prescription(&a_prescription(), &printing(paper, Language::English)).unwrap());
        let read = read.replace('\u{a0}', " ");
        for part in ["once daily", "3 times daily", "for 30 days", "for 7 days", "DOSE 10 mg"] {
            assert!(read.contains(part), "{paper:?}: {part} in {read}");
        }
    }
}

#[test]
fn a_copy_is_marked_and_an_original_is_not() {
    let copy = |copy: u32| {
        let printing = Printing { copy, ..printing(Paper::A4, Language::English) };
        text(&prescription(&a_prescription(), &printing).unwrap())
    };
    assert!(!copy(1).contains("COPY"));
    assert!(copy(2).contains("COPY 2"));
}

#[test]
fn the_allergy_list_has_one_of_its_titles() {
    let check = |state: AllergyState, want: &str| {
        let of = Prescription { allergies: (state, Vec::new()), ..a_prescription() };
        let read = text(&prescription(&of, &printing(Paper::A4, Language::English)).unwrap());
        assert!(read.lines().any(|line| line.trim() == want), "{want}: {read}");
    };
    check(AllergyState::NoneKnown, "No known allergies");
    check(AllergyState::NoneKnownDrugs, "No known allergies to medicines");
    check(AllergyState::NotRecorded, "Allergies not recorded");
    check(AllergyState::Unavailable, "Allergies unavailable");
}

#[test]
fn what_a_pharmacist_may_misread_is_told_before_it_is_printed() {
    let mut of = a_prescription();
    assert_eq!(of.misread(), []);
    of.items[1].instruction = Some("1 tab QD, 5.0 mg".to_owned());
    let told = of.misread();
    let told: Vec<(usize, &str, &str)> =
        told.iter().map(|one| (one.place, one.text.as_str(), one.instead.as_str())).collect();
    assert_eq!(told[..2], [(1, "QD", "daily"), (1, "5.0", "5")]);
}

#[test]
fn what_the_law_asks_for_and_an_instruction_that_changes_the_dose_are_told_before_it_is_printed() {
    let check = |item: Item, want: &[&str]| {
        let of = Prescription { items: vec![item], ..a_prescription() };
        let told: Vec<&str> = of.misread().iter().map(|one| one.rule).collect();
        assert_eq!(told, want, "{of:?}");
    };
    let bare = || item("morphine", "10", "mg", "3", "7");
    let whole = || handed_out(bare(), "21", "tablets", 0);
    check(bare(), &[]);
    check(Item { controlled: true, ..whole() }, &[]);
    check(Item { controlled: true, ..bare() }, &["no-quantity"]);
    let mut untold = Item { controlled: true, ..whole() };
    untold.order.dosage[0].timing = None;
    check(untold.clone(), &["no-frequency"]);
    untold.order.dosage[0].text = Some("every 4 hours".to_owned());
    check(untold, &[]);
    let mut tapering = whole();
    tapering.order.dosage[0].text = Some("10 mg for 5 days, then 5 mg".to_owned());
    check(tapering, &["other-dose"]);
    let instruction = Some("5 mg at night".to_owned());
    check(Item { instruction, ..whole() }, &["other-dose"]);
    let instruction = Some("10 mg at night, with food".to_owned());
    check(Item { instruction, ..whole() }, &[]);
}

#[test]
fn without_a_medicine_there_is_no_prescription() {
    let of = Prescription { items: Vec::new(), ..a_prescription() };
    let answer = prescription(&of, &printing(Paper::A4, Language::English));
    assert_eq!(answer.unwrap_err(), PrintError::Nothing);
}

fn a_letter() -> Letter {
    let Prescription { letterhead, person, prescriber, written, serial, code, .. } =
        a_prescription();
    Letter { letterhead, person, author: prescriber, written, serial, code }
}

#[test]
fn the_versions_of_one_medicine_stand_in_one_frame() {
    let taken = |dose: &str| Taken::from(item("amlodipine", dose, "mg", "1", "30").order);
    let versions = |doses: &[&str]| doses.iter().map(|dose| taken(dose)).collect();
    let mut over = taken("5");
    over.order.status = MedicationStatus::Stopped;
    let medicines = Medicines {
        agreed: vec![taken("2.5")],
        disputed: vec![
            versions(&["5", "10"]),
            versions(&["20", "30", "40"]),
            vec![taken("50"), over],
        ],
    };
    let allergies = (AllergyState::NoneKnown, Vec::new());
    let of_visit = Summary {
        reason: String::new(),
        vitals: Vec::new(),
        assessment: String::new(),
        plan: String::new(),
        medicines: medicines.clone(),
        allergies: allergies.clone(),
        follow_up: None,
    };
    let letter = Referral {
        to: "Lira".to_owned(),
        urgent: false,
        situation: String::new(),
        background: String::new(),
        assessment: String::new(),
        recommendation: String::new(),
        medicines,
        allergies,
    };
    let english = printing(Paper::A4, Language::English);
    let read = |sheet: Sheet| {
        let read = text(&sheet).replace('\u{a0}', " ");
        let lines: Vec<&str> = read.lines().map(str::trim).filter(|it| !it.is_empty()).collect();
        lines.join("\n")
    };
    let line =
        |dose: &str| format!("amLODIPine — DOSE {dose} mg — oral — once daily — for 30 days");
    let [few, five, ten] = ["2.5", "5", "10"].map(line);
    let one = "⚠ ONE of these – not both; ask before taking\nWritten differently in two places:";
    let of_patient = read(summary(&a_letter(), &of_visit, &english).unwrap());
    let want = format!("Medicines\n{few}\n{one}\n{five}\nor\n{ten}\n");
    assert!(of_patient.contains(&want), "{of_patient}");
    let [twenty, thirty, forty] = ["20", "30", "40"].map(line);
    let several = format!("{twenty}\nor\n{thirty}\nor\n{forty}\n");
    assert!(of_patient.contains(&several), "{of_patient}");
    assert_eq!(of_patient.matches("ONE of these – never more than one; ask").count(), 1);
    let over = format!("{}\nor\namLODIPine — not taken any more\n", line("50"));
    assert!(of_patient.contains(&over), "{of_patient}");
    let of_colleague = read(referral(&a_letter(), &letter, &english).unwrap());
    let one = one.replace("taking", "giving");
    assert!(of_colleague.contains(&format!("{one}\n{five}\nor\n{ten}\n")), "{of_colleague}");
}

#[test]
fn letters_say_what_they_are_for() {
    let amlodipine = |dose: &str| Taken::from(item("amlodipine", dose, "mg", "1", "30").order);
    let medicines = Medicines { agreed: vec![amlodipine("5")], disputed: Vec::new() };
    let allergies = (AllergyState::Known, vec!["penicillin".to_owned()]);
    let english = printing(Paper::A5, Language::English);
    let of_visit = Summary {
        reason: "Headache".to_owned(),
        vitals: vec!["Blood pressure 150/95 mmHg".to_owned(), "Weight 68.5 kg".to_owned()],
        assessment: "Hypertension, not controlled.".to_owned(),
        plan: "Less salt.\n\nCome back in two weeks.".to_owned(),
        medicines,
        allergies,
        follow_up: Some("2026-12-11".parse().unwrap()),
    };
    let sheet = summary(&a_letter(), &of_visit, &english).unwrap();
    insta::assert_snapshot!("summary", text(&sheet));
    let note = SickNote {
        from: "2026-11-27".parse().unwrap(),
        until: "2026-12-01".parse().unwrap(),
        remark: String::new(),
        is_school: false,
    };
    let sheet = sick_note(&a_letter(), &note, &printing(Paper::A5, Language::French)).unwrap();
    insta::assert_snapshot!("sick-note", text(&sheet));
    assert!(!text(&sheet).contains("Hypertension"), "no diagnosis");
    let letter = Referral {
        to: "Lira Regional Referral Hospital, cardiology".to_owned(),
        urgent: true,
        situation: "Blood pressure stays above 180/110.".to_owned(),
        background: "Hypertension since 2015.".to_owned(),
        assessment: "Resistant hypertension.".to_owned(),
        recommendation: "Please see her this week.".to_owned(),
        medicines: Medicines {
            agreed: Vec::new(),
            disputed: vec![vec![amlodipine("5"), amlodipine("10")]],
        },
        allergies: (AllergyState::NotRecorded, Vec::new()),
    };
    let sheet = referral(&a_letter(), &letter, &english).unwrap();
    insta::assert_snapshot!("referral", text(&sheet));
}

#[test]
fn every_language_has_every_word() {
    for (language, tag) in Language::ALL {
        assert_eq!(language.keys(), Language::English.keys(), "{tag}");
        let doses = format!("{:?}", language.dose_words());
        for stem in ["dose.", "unit.", "route."] {
            assert!(!doses.contains(stem), "{tag}: {doses}");
        }
        assert_eq!(Language::from_tag(tag), Some(language));
        assert_eq!(language.months().len(), 12, "{tag}");
    }
}

#[test]
fn a_label_says_who_it_is() {
    let letterhead = a_prescription().letterhead;
    let of = Label { letterhead, person: person("Okello", "Grace"), code: "CLN-88417".to_owned() };
    let sheet = label(&of, &printing(Paper::Roll80, Language::English)).unwrap();
    insta::assert_snapshot!("label", text(&sheet));
    let long = Label { code: "x".repeat(5_000), ..of };
    let answer = label(&long, &printing(Paper::Roll80, Language::English));
    assert_eq!(answer.unwrap_err(), PrintError::Code);
}
