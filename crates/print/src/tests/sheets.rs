//! The sheets as they are read, on every paper.

use super::samples::{
    a_letter, a_prescription, a_summary, handed_out, item, person, printing, text,
};
use crate::{
    Item, Kit, Label, Language, Letter, Medicines, Prescription, PrintError, Printing, Referral,
    Sheet, SickNote, Summary, Taken, Weight, kit, label, prescription, referral, sick_note,
    summary,
};
use clinical::{AllergyState, MedicationStatus, SheetPaper};

#[test]
fn a_prescription_says_what_the_who_asks_for() {
    let sheet =
        prescription(&a_prescription(), &printing(SheetPaper::A4, Language::English)).unwrap();
    insta::assert_snapshot!("prescription-en", text(&sheet));
    let sheet =
        prescription(&a_prescription(), &printing(SheetPaper::A5, Language::French)).unwrap();
    insta::assert_snapshot!("prescription-fr", text(&sheet));
    let sheet =
        prescription(&a_prescription(), &printing(SheetPaper::Roll80, Language::English)).unwrap();
    insta::assert_snapshot!("prescription-roll", text(&sheet));
    assert_eq!(sheet.pages, 1);
}

#[test]
fn a_long_one_names_its_patient_on_every_page() {
    let items: Vec<Item> = (0..40).map(|_| item("amlodipine", "5", "mg", "1", "30")).collect();
    let of = Prescription { items, ..a_prescription() };
    for paper in [SheetPaper::A4, SheetPaper::A5, SheetPaper::Letter] {
        let sheet = prescription(&of, &printing(paper, Language::English)).unwrap();
        let read = text(&sheet).replace('\u{a0}', " ");
        let pages: Vec<&str> = read.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
        assert_eq!(pages.len(), sheet.pages, "{paper:?}");
        assert!(pages.len() > 1, "{paper:?}");
        for (page, number) in pages.iter().zip(1..) {
            assert!(page.contains("OKELLO, Grace"), "{page}");
            assert!(page.contains(&format!("Page {number} of {}", pages.len())), "{page}");
        }
        assert_eq!(read.matches("Signature").count(), 1, "{paper:?}");
        // Each page tells who prescribed, and each but the last that another follows.
        for (place, page) in pages.iter().enumerate() {
            assert!(page.contains("Prescriber Dr Ana Reyes"), "{page}");
            let is_followed = page.contains("Continued on the next page");
            assert_eq!(is_followed, place + 1 < pages.len(), "{page}");
        }
    }
}

#[test]
fn nothing_is_lost_below_a_page() {
    let words: Vec<String> = (0..900).map(|n| format!("word{n}")).collect();
    let instruction = Some(words.join(" "));
    let items = vec![Item { instruction, ..item("amlodipine", "5", "mg", "1", "30") }];
    let of = Prescription { items, ..a_prescription() };
    let sheet = prescription(&of, &printing(SheetPaper::A5, Language::English)).unwrap();
    let read = text(&sheet);
    let missing: Vec<&String> =
        words.iter().filter(|word| !read.split_whitespace().any(|one| one == *word)).collect();
    assert_eq!(missing, [""; 0], "{read}");
    assert!(sheet.pages > 2);
}

#[test]
fn a_line_of_a_medicine_is_broken_between_its_parts() {
    for paper in [SheetPaper::A5, SheetPaper::Roll80] {
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
        let printing = Printing { copy, ..printing(SheetPaper::A4, Language::English) };
        text(&prescription(&a_prescription(), &printing).unwrap())
    };
    assert!(!copy(1).contains("COPY"));
    assert!(copy(2).contains("COPY 2"));
}

#[test]
fn the_allergy_list_has_one_of_its_titles() {
    let check = |state: AllergyState, want: &str| {
        let of = Prescription { allergies: (state, Vec::new()), ..a_prescription() };
        let read = text(&prescription(&of, &printing(SheetPaper::A4, Language::English)).unwrap());
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
fn what_a_line_does_not_say_is_told_before_it_is_printed_and_can_be_filled_in() {
    let with = |dose: bool, how_often: bool| {
        let mut item = item("paracetamol", "500", "mg", "3", "5");
        item.order.dosage[0].dose = item.order.dosage[0].dose.take().filter(|_| dose);
        item.order.dosage[0].timing = item.order.dosage[0].timing.take().filter(|_| how_often);
        item
    };
    let mut bare = with(true, true);
    bare.order.dosage.clear();
    let check = |item: Item, rules: &[&str], said: &[&str]| {
        let of = Prescription { items: vec![item], ..a_prescription() };
        let told: Vec<&str> = of.misread().iter().map(|one| one.rule).collect();
        assert_eq!(told, rules, "{of:?}");
        for paper in [SheetPaper::A5, SheetPaper::Roll80] {
            let read = text(&prescription(&of, &printing(paper, Language::English)).unwrap());
            let words: Vec<&str> = read.split_whitespace().collect();
            let read = words.join(" ");
            for words in ["DOSE NOT WRITTEN ____", "HOW OFTEN NOT WRITTEN ____"] {
                assert_eq!(read.contains(words), said.contains(&words), "{words}: {read}");
            }
        }
    };
    let (dose, often) = ("DOSE NOT WRITTEN ____", "HOW OFTEN NOT WRITTEN ____");
    check(with(true, true), &[], &[]);
    check(with(false, true), &["no-dose"], &[dose]);
    check(with(true, false), &["no-frequency"], &[often]);
    check(with(false, false), &["no-dose", "no-frequency"], &[dose, often]);
    check(bare, &["no-dose", "no-frequency"], &[dose, often]);
    // Who is told of a medicine signs nothing: there is nothing to fill in.
    let taken = vec![Taken::from(with(false, true).order)];
    let medicines = Medicines { agreed: taken, disputed: Vec::new() };
    let sheet =
        summary(&a_letter(), &a_summary(medicines), &printing(SheetPaper::A5, Language::English));
    let read = text(&sheet.unwrap()).replace('\u{a0}', " ");
    assert!(read.contains("DOSE NOT WRITTEN") && !read.contains("__"), "{read}");
}

#[test]
fn a_dose_that_is_told_in_words_stands_as_it_was_written() {
    let with = |text: &str| {
        let mut item = item("prednisolone", "40", "mg", "1", "21");
        let dosage = &mut item.order.dosage[0];
        (dosage.dose, dosage.timing, dosage.text) = (None, None, Some(text.to_owned()));
        item
    };
    let one_line = |sheet: &Sheet| {
        let read = text(sheet).replace('\u{a0}', " ");
        read.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let taper = "40 mg then 5 mg less each day";
    let labels = ["DOSE AS WRITTEN", "DOSE TELLE QU’ÉCRITE", "DOSIS COMO ESTÁ ESCRITA"];
    let labels = labels.into_iter().chain(["DOZI KAMA ILIVYOANDIKWA", "الجرعة كما هي مكتوبة"]);
    for ((language, tag), label) in Language::ALL.into_iter().zip(labels) {
        let of = Prescription { items: vec![with(taper)], ..a_prescription() };
        assert!(!of.misread().iter().any(|one| one.rule == "no-dose"), "{tag}");
        let medicines = Medicines { agreed: vec![with(taper).order.into()], disputed: Vec::new() };
        let with = printing(SheetPaper::A5, language);
        let told = summary(&a_letter(), &a_summary(medicines), &with);
        for sheet in [prescription(&of, &with).unwrap(), told.unwrap()] {
            let read = one_line(&sheet);
            assert!(read.contains(label), "{tag}: {read}");
            assert_eq!(read.matches(taper).count(), 1, "{tag}: {read}");
            let none = language.words("dosage.no-dose");
            assert!(!read.contains(none) && !read.contains("___"), "{tag}: {read}");
        }
    }
    let check = |typed: &str, is_told: bool| {
        let of = Prescription { items: vec![with(typed)], ..a_prescription() };
        let is_remarked = of.misread().iter().any(|one| one.rule == "no-dose");
        let read =
            one_line(&prescription(&of, &printing(SheetPaper::A4, Language::English)).unwrap());
        assert!(read.contains(&format!("DOSE AS WRITTEN {typed}")), "{read}");
        assert!(!read.contains("NOT WRITTEN"), "{read}");
        // Of words that tell no amount the dose is asked for, and there is room for it.
        assert_eq!((is_remarked, read.contains("____")), (!is_told, !is_told), "{read}");
    };
    check(taper, true);
    check("half a tablet at night", true);
    check("un comprimé le soir", true);
    check("vidonge viwili usiku", true);
    check("with food", false);
}

#[test]
fn each_of_several_dosages_begins_a_line() {
    let mut one = item("insulin glargine", "12", "IU", "1", "30");
    let mut other = one.order.dosage[0].clone();
    (other.as_needed, other.timing) = (true, None);
    one.order.dosage.push(other);
    let of = Prescription { items: vec![one], ..a_prescription() };
    for paper in [SheetPaper::A4, SheetPaper::Roll80] {
        let read = text(&prescription(&of, &printing(paper, Language::English)).unwrap());
        let read = read.replace('\u{a0}', " ");
        let lines: Vec<&str> = read.lines().map(str::trim).collect();
        for number in ["(1)", "(2)"] {
            let begins = format!("{number} DOSE 12 units —");
            assert!(lines.iter().any(|line| line.starts_with(&begins)), "{paper:?}: {read}");
        }
    }
}

#[test]
fn words_that_look_like_a_dose_take_the_place_of_none() {
    let mut one = item("prednisolone", "5", "mg", "1", "21");
    let mut before = one.order.dosage[0].clone();
    (before.dose, before.text) = (None, Some("DOSE 7 mg".to_owned()));
    one.order.dosage.insert(0, before);
    let of = Prescription { items: vec![one], ..a_prescription() };
    let read = text(&prescription(&of, &printing(SheetPaper::A4, Language::English)).unwrap());
    let read = read.replace('\u{a0}', " ");
    assert_eq!(
        (read.matches("DOSE 7 mg").count(), read.matches("DOSE 5 mg").count()),
        (1, 1),
        "{read}"
    );
}

#[test]
fn a_dose_that_goes_by_weight_is_told_where_no_weight_is_known() {
    let check = |unit: &str, text_of: &str, weight: bool, want: bool| {
        let mut item = item("gentamicin", "5", unit, "1", "5");
        item.order.dosage[0].text = Some(text_of.to_owned()).filter(|text| !text.is_empty());
        let weight = a_prescription().weight.filter(|_| weight);
        let of = Prescription { items: vec![item], weight, ..a_prescription() };
        let told = of.misread().iter().any(|one| one.rule == "no-weight");
        let read = text(&prescription(&of, &printing(SheetPaper::A5, Language::English)).unwrap());
        let words: Vec<&str> = read.split_whitespace().collect();
        let said = words.join(" ").contains("DOSE BY WEIGHT – WEIGHT NOT KNOWN");
        assert_eq!((told, said), (want, want), "{unit} {text_of}: {read}");
    };
    check("mg/kg", "", false, true);
    check("mg/kg/day", "", false, true);
    check("mg", "5 mg / kg", false, true);
    check("mg/kg", "", true, false);
    check("mg", "", false, false);
    check("mg/kit", "", false, false);
}

#[test]
fn a_weight_that_jumps_is_told_with_the_one_before_it() {
    let check = |unit: &str, before: Option<&str>, want: bool| {
        let (jumps_from, measured) = (before.map(str::to_owned), "2026-11-20".parse().unwrap());
        let weight = Some(Weight { value: "72\u{a0}kg".to_owned(), measured, jumps_from });
        let items = vec![item("gentamicin", "5", unit, "1", "5")];
        let of = Prescription { items, weight, ..a_prescription() };
        let told = of.misread().iter().any(|one| one.rule == "odd-weight");
        assert_eq!(told, want, "{unit} {before:?}");
        let read = text(&prescription(&of, &printing(SheetPaper::A5, Language::English)).unwrap());
        let words = read.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(words.contains("CHECK – before: 7.2 kg"), before.is_some(), "{words}");
    };
    check("mg/kg", Some("7.2\u{a0}kg"), true);
    check("mg", Some("7.2\u{a0}kg"), false);
    check("mg/kg", None, false);
}

#[test]
fn an_allergy_nobody_answered_is_told_as_that() {
    let against = vec!["penicillin (rash)".to_owned()];
    let check = |reason: Option<&str>, want: &str| {
        let amoxicillin = item("amoxicillin", "500", "mg", "3", "5");
        let (against, reason) = (against.clone(), reason.map(str::to_owned));
        let items = vec![Item { against, reason, ..amoxicillin }];
        let of = Prescription { items, ..a_prescription() };
        let read = text(&prescription(&of, &printing(SheetPaper::A4, Language::English)).unwrap());
        let words = read.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(&format!("{want} penicillin (rash)")), "{words}");
    };
    check(Some("tolerated before"), "Prescribed despite a recorded allergy:");
    check(None, "A RECORDED ALLERGY SPEAKS AGAINST IT:");
}

#[test]
fn what_is_misread_in_the_name_of_a_medicine_is_told() {
    let items = vec![item("MgSO4", "4", "g", "1", "1")];
    let told = Prescription { items, ..a_prescription() }.misread();
    let told: Vec<(&str, &str)> =
        told.iter().map(|one| (one.text.as_str(), one.instead.as_str())).collect();
    assert_eq!(told, [("MgSO4", "magnesium sulfate")]);
}

#[test]
fn how_often_it_is_handed_out_stays_with_its_number() {
    for (language, _) in Language::ALL {
        let item = handed_out(item("prednisolone", "5", "mg", "1", "30"), "30", "tablet", 2);
        let mut bare = item.clone();
        bare.order.dispense.as_mut().unwrap().quantity = None;
        for item in [item, bare] {
            let of = Prescription { items: vec![item], ..a_prescription() };
            let sheet = prescription(&of, &printing(SheetPaper::Roll80, language)).unwrap();
            let label = language.words("repeats");
            let read = text(&sheet).replace('\u{a0}', " ");
            let line = read.lines().find(|line| line.contains(label));
            let line = line.unwrap_or_else(|| panic!("{label} in {read}"));
            assert!(line.contains('2'), "{line}");
        }
    }
}

#[test]
fn an_unsigned_note_of_the_visit_is_told() {
    let said = "A note of this visit is not signed and is not on this sheet.";
    for is_unsigned in [false, true] {
        let of = Summary { is_unsigned, ..a_summary(Medicines::default()) };
        let sheet = summary(&a_letter(), &of, &printing(SheetPaper::A4, Language::English));
        assert_eq!(text(&sheet.unwrap()).contains(said), is_unsigned);
    }
}

#[test]
fn in_a_demonstration_only_a_prescription_is_called_none() {
    let mut letter = a_letter();
    letter.letterhead.demonstration = true;
    let with = printing(SheetPaper::A5, Language::English);
    let Letter { letterhead, person, .. } = letter.clone();
    let of = Prescription { letterhead: letterhead.clone(), ..a_prescription() };
    let of_label = Label { letterhead, person, code: "CLN-88417".to_owned() };
    let day = || "2026-11-27".parse().unwrap();
    let note = SickNote { from: day(), until: day(), remark: String::new(), is_school: false };
    let check = |sheet: Sheet, want: &str| {
        let read = text(&sheet);
        let first = read.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        assert_eq!(first.trim(), want);
    };
    check(prescription(&of, &with).unwrap(), "DEMONSTRATION – NOT A PRESCRIPTION");
    let patient = "DEMONSTRATION – not a real patient";
    check(label(&of_label, &with).unwrap(), patient);
    check(sick_note(&letter, &note, &with).unwrap(), patient);
    check(summary(&letter, &a_summary(Medicines::default()), &with).unwrap(), patient);
}

#[test]
fn a_name_that_is_wider_than_a_label_is_parted_at_its_hyphen() {
    let letterhead = a_prescription().letterhead;
    let person = person("Nakanwagi-Ssemwogerere-Nabukenya", "Amina");
    let of = Label { letterhead, person, code: "CLN-88417".to_owned() };
    let read = text(&label(&of, &printing(SheetPaper::Roll80, Language::English)).unwrap());
    let lines: Vec<&str> = read.lines().map(str::trim).collect();
    assert_eq!(lines[..2], ["NAKANWAGI-", "SSEMWOGERERE-"], "{read}");
    assert!(lines[2].starts_with("NABUKENYA, Amina"), "{read}");
}

#[test]
fn without_a_medicine_there_is_no_prescription() {
    let of = Prescription { items: Vec::new(), ..a_prescription() };
    let answer = prescription(&of, &printing(SheetPaper::A4, Language::English));
    assert_eq!(answer.unwrap_err(), PrintError::Nothing);
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
    let of_visit = Summary { allergies: allergies.clone(), ..a_summary(medicines.clone()) };
    let letter = Referral {
        to: "Lira".to_owned(),
        urgent: false,
        situation: String::new(),
        background: String::new(),
        assessment: String::new(),
        recommendation: String::new(),
        weight: None,
        medicines,
        allergies,
    };
    let english = printing(SheetPaper::A4, Language::English);
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
    let english = printing(SheetPaper::A5, Language::English);
    let of_visit = Summary {
        reason: "Headache".to_owned(),
        vitals: [("Blood pressure", "150/95 mmHg"), ("Weight", "68.5 kg")]
            .map(|(sign, value)| (sign.to_owned(), value.to_owned()))
            .into(),
        assessment: "Hypertension, not controlled.".to_owned(),
        plan: "Less salt.\n\nCome back in two weeks.".to_owned(),
        medicines,
        allergies,
        follow_up: Some("2026-12-11".parse().unwrap()),
        is_unsigned: false,
    };
    let sheet = summary(&a_letter(), &of_visit, &english).unwrap();
    insta::assert_snapshot!("summary", text(&sheet));
    let note = SickNote {
        from: "2026-11-27".parse().unwrap(),
        until: "2026-12-01".parse().unwrap(),
        remark: String::new(),
        is_school: false,
    };
    let sheet = sick_note(&a_letter(), &note, &printing(SheetPaper::A5, Language::French)).unwrap();
    insta::assert_snapshot!("sick-note", text(&sheet));
    assert!(!text(&sheet).contains("Hypertension"), "no diagnosis");
    let letter = Referral {
        to: "Lira Regional Referral Hospital, cardiology".to_owned(),
        urgent: true,
        situation: "Blood pressure stays above 180/110.".to_owned(),
        background: "Hypertension since 2015.".to_owned(),
        assessment: "Resistant hypertension.".to_owned(),
        recommendation: "Please see her this week.".to_owned(),
        weight: None,
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
    let sheet = label(&of, &printing(SheetPaper::Roll80, Language::English)).unwrap();
    insta::assert_snapshot!("label", text(&sheet));
    let long = Label { code: "x".repeat(5_000), ..of };
    let answer = label(&long, &printing(SheetPaper::Roll80, Language::English));
    assert_eq!(answer.unwrap_err(), PrintError::Code);
}

/// Whoever locks it away reads on the sheet what it is for, where it is kept and what to do when it
/// was seen; and types from it what brings the clinic back.
#[test]
fn a_recovery_kit_says_what_it_is_for_and_where_to_keep_it_on_one_page() {
    let code = "4K7M2-9QXRT-0ABCD-EFGHJ-KMNPQ-RSTVW-XYZ01";
    let server = format!("https://clinic.example:8443#sha256:{}", "9f3a".repeat(16));
    let clinic = "019395b4-5c00-7000-8000-0123456789ab";
    let of = Kit {
        letterhead: a_prescription().letterhead,
        code: code.to_owned(),
        clinic: clinic.to_owned(),
        server: server.clone(),
        people: vec!["amina".to_owned(), "ben".to_owned()],
        square: format!(
            "Fieldchart recovery kit 1\ncode {code}\nclinic {clinic}\nserver {server}\n"
        ),
    };
    for (language, tag) in Language::ALL {
        for paper in [SheetPaper::A4, SheetPaper::Letter] {
            let sheet = kit(&of, &printing(paper, language)).unwrap();
            assert_eq!((sheet.pages, sheet.unwritten.as_slice()), (1, [].as_slice()), "{tag}");
            let read = text(&sheet).split_whitespace().collect::<String>();
            let said = ["kit.what", "kit.use.how", "kit.keep.where", "kit.lost.what"];
            let said = said.map(|key| language.words(key).to_owned());
            let values = [code, clinic, &server, "amina, ben"].map(str::to_owned);
            for said in said.into_iter().chain(values) {
                let said: String = said.split_whitespace().collect();
                assert!(read.contains(&said), "{tag} {paper:?}: {said}\n{read}");
            }
        }
    }
    let longer = Kit { square: "a".repeat(4000), ..of };
    let answer = kit(&longer, &printing(SheetPaper::A4, Language::English));
    assert_eq!(answer.unwrap_err(), PrintError::Code);
}
