//! What nobody may overlook: the allergies on every page and beside what was prescribed in spite of
//! them, who looks after a child, a number that is to be written by hand.

use super::samples::{a_prescription, handed_out, item, printing, text};
use crate::{
    Item, Language, Letter, Paper, Prescriber, Prescription, Printing, Sheet, SickNote,
    prescription, sick_note,
};
use clinical::{AllergyState, CodeableConcept};

fn read(sheet: &Sheet) -> String {
    // What is broken over two lines reads on.
    text(sheet).replace('\u{a0}', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn pages(sheet: &Sheet) -> Vec<String> {
    let all = text(sheet).replace('\u{a0}', " ");
    all.split('\u{c}').filter(|page| !page.trim().is_empty()).map(str::to_owned).collect()
}

#[test]
fn the_allergies_stand_on_every_page() {
    let known = vec!["penicillin (rash, severe)".to_owned(), "latex".to_owned()];
    let check = |state: AllergyState, known: Vec<String>, want: &str| {
        let items: Vec<Item> = (0..20).map(|_| item("amlodipine", "5", "mg", "1", "30")).collect();
        let of = Prescription { items, allergies: (state, known), ..a_prescription() };
        let pages = pages(&prescription(&of, &printing(Paper::A5, Language::English)).unwrap());
        assert!(pages.len() > 1);
        for page in pages.iter().skip(1) {
            assert!(page.contains(want), "{want}: {page}");
        }
    };
    check(AllergyState::Known, known, "⚠ Allergies penicillin (rash, severe), latex");
    check(AllergyState::NotRecorded, Vec::new(), "Allergies not recorded");
    let many: Vec<String> = (1..=9).map(|n| format!("allergy{n}")).collect();
    check(AllergyState::Known, many, "allergy4 and 5 more: page 1");
    let long = vec!["x".repeat(5_000)];
    check(AllergyState::Known, long, "x…");
}

#[test]
fn an_allergy_is_told_beside_the_medicine_it_speaks_against() {
    let against = vec!["penicillin (rash, severe)".to_owned()];
    let items = vec![
        item("amlodipine", "5", "mg", "1", "30"),
        Item { against, ..item("amoxicillin", "500", "mg", "3", "7") },
    ];
    let of = Prescription { items, ..a_prescription() };
    let check = |language, paper, want: &str| {
        let read = read(&prescription(&of, &printing(paper, language)).unwrap());
        assert_eq!(read.matches(want).count(), 1, "{want}: {read}");
    };
    let said = "⚠ Prescribed despite a recorded allergy penicillin (rash, severe)";
    check(Language::English, Paper::A5, said);
    check(Language::English, Paper::Roll80, said);
    check(Language::French, Paper::A5, "Prescrit malgré une allergie connue penicillin");
}

#[test]
fn what_was_typed_in_the_singular_is_read_in_the_number_and_language_of_the_sheet() {
    let mut one = handed_out(item("amlodipine", "2", "tablet", "1", "30"), "30", "tablet", 0);
    one.order.form = Some(CodeableConcept::from_text("tablet"));
    let of = Prescription { items: vec![one], ..a_prescription() };
    let check = |language, wanted: [&str; 3]| {
        let read = read(&prescription(&of, &printing(Paper::A4, language)).unwrap());
        for want in wanted {
            assert!(read.contains(want), "{want}: {read}");
        }
    };
    check(Language::English, ["— tablet —", "DOSE 2 tablets", "Quantity 30 tablets"]);
    check(Language::French, ["— comprimé —", "2 comprimés", "Quantité 30 comprimés"]);
    check(Language::Spanish, ["— comprimido —", "2 comprimidos", "Cantidad 30 comprimidos"]);
    check(Language::Swahili, ["— kidonge —", "2 vidonge", "Kiasi 30 vidonge"]);
    check(Language::Arabic, ["قرص", "قرصان", "قرصا"]);
}

#[test]
fn a_number_that_is_not_known_has_a_line_to_be_written_on() {
    let check = |registration: Option<&str>, want: bool| {
        let prescriber = Prescriber {
            name: "Dr Ana Reyes".to_owned(),
            registration: registration.map(str::to_owned),
        };
        let of = Prescription { prescriber, ..a_prescription() };
        let read = read(&prescription(&of, &printing(Paper::A5, Language::English)).unwrap());
        let is_asked = read.contains("Registration number (write by hand)");
        assert_eq!(is_asked, want, "{read}");
    };
    check(Some("UMDPC 10234"), false);
    check(None, true);
}

#[test]
fn a_child_has_who_looks_after_it_and_goes_to_school() {
    let Prescription { letterhead, mut person, prescriber, written, serial, code, .. } =
        a_prescription();
    person.guardian = Some("Mary Okello (mother), 0700 123456".to_owned());
    let of = Prescription { person: person.clone(), ..a_prescription() };
    let english = printing(Paper::A5, Language::English);
    let said = "Guardian Mary Okello (mother), 0700 123456";
    assert!(read(&prescription(&of, &english).unwrap()).contains(said));
    let letter = Letter { letterhead, person, author: prescriber, written, serial, code };
    let note = |language, is_school: bool| {
        let note = SickNote {
            from: "2026-11-27".parse().unwrap(),
            until: "2026-12-01".parse().unwrap(),
            remark: String::new(),
            is_school,
        };
        let printing = Printing { language, ..english.clone() };
        read(&sick_note(&letter, &note, &printing).unwrap())
    };
    assert!(note(Language::English, false).contains("Unfit for work or school from"));
    let read = note(Language::English, true);
    assert!(read.contains("Unfit for school from") && !read.contains("work"), "{read}");
    assert!(read.contains(said), "{read}");
    assert!(!note(Language::French, true).contains("travail"));
}

#[test]
fn an_english_instruction_stays_whole_on_an_arabic_sheet() {
    let told = "Take 1 tablet at 8 am, with food (not milk); stop if rash: call 0700 123456.";
    let mut one = item("amoxicillin", "500", "mg", "3", "7");
    let beside = "after meals; not with milk (8 am, 2 pm, 8 pm)";
    one.order.dosage[0].text = Some(beside.to_owned());
    one.instruction = Some(told.to_owned());
    let items = vec![one];
    let of = Prescription { items, ..a_prescription() };
    for paper in [Paper::A4, Paper::A5, Paper::Roll80] {
        let read = read(&prescription(&of, &printing(paper, Language::Arabic)).unwrap());
        assert!(read.contains(told) && read.contains(beside), "{paper:?}: {read}");
    }
}
