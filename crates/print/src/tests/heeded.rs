//! What nobody may overlook: the allergies on every page and beside what was prescribed in spite of
//! them, who looks after a child, a number that is to be written by hand.

use super::samples::{a_letter, a_prescription, a_referral, handed_out, item, printing, text};
use crate::{
    Item, Label, Language, Letter, Medicines, Prescriber, Prescription, Printing, Referral, Sheet,
    SickNote, Summary, Taken, Weight, label, paper::Extent, pdf::Mark, prescription, referral,
    sick_note, summary,
};
use clinical::{AllergyState, CodeableConcept, DispenseRequest, Quantity, SheetPaper};

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
        let pages =
            pages(&prescription(&of, &printing(SheetPaper::A5, Language::English)).unwrap());
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
fn each_page_of_a_prescription_has_the_weight_and_says_where_it_is_signed() {
    let items: Vec<Item> = (0..20).map(|_| item("gentamicin", "5", "mg/kg", "1", "5")).collect();
    let of = Prescription { items, ..a_prescription() };
    let one_line = |page: &str| page.split_whitespace().collect::<Vec<_>>().join(" ");
    let check = |language: Language, weight: &str, signed: &str| {
        let pages = pages(&prescription(&of, &printing(SheetPaper::A5, language)).unwrap());
        assert!(pages.len() > 1);
        for (place, page) in pages.iter().map(|page| one_line(page)).enumerate() {
            assert_eq!(page.matches(weight).count(), 1, "{weight}: {page}");
            // It stands above the medicines.
            assert!(page.find(weight) < page.find("gentamicin"), "{page}");
            assert_eq!(page.contains(signed), place + 1 < pages.len(), "{signed}: {page}");
        }
    };
    let signed = "Continued on the next page · this prescription is signed on its last page";
    check(Language::English, "Weight 68.5 kg (20-Nov-2026)", signed);
    let signed = "Suite à la page suivante · cette ordonnance est signée à sa dernière page";
    check(Language::French, "Poids 68.5 kg (20-nov-2026)", signed);
    check(Language::Spanish, "Peso 68.5 kg", "esta receta se firma en su última página");
    check(Language::Swahili, "Uzito 68.5 kg", "cheti hiki kinatiwa sahihi kwenye ukurasa wake wa");
    check(Language::Arabic, "68.5 kg", "تُوقَّع هذه الوصفة في صفحتها الأخيرة");
    let odd =
        a_prescription().weight.map(|it| Weight { jumps_from: Some("7 kg".to_owned()), ..it });
    let of = Prescription { weight: odd, ..of.clone() };
    for page in pages(&prescription(&of, &printing(SheetPaper::A5, Language::English)).unwrap()) {
        assert!(one_line(&page).contains("CHECK – before: 7 kg"), "{page}");
    }
}

#[test]
fn each_further_page_of_a_referral_has_the_weight() {
    let taken: Vec<Taken> =
        (0..40).map(|_| Taken::from(item("gentamicin", "5", "mg/kg", "1", "5").order)).collect();
    let medicines = Medicines { agreed: taken, disputed: Vec::new() };
    let weight = a_prescription().weight;
    let of = Referral { weight, ..a_referral(medicines) };
    let sheet = referral(&a_letter(), &of, &printing(SheetPaper::A5, Language::English)).unwrap();
    let pages = pages(&sheet);
    assert!(pages.len() > 2);
    assert!(pages.iter().all(|page| page.contains("Weight 68.5 kg")), "{pages:?}");
}

#[test]
fn an_allergy_is_told_beside_the_medicine_it_speaks_against() {
    let against = vec!["penicillin (rash, severe)".to_owned()];
    let items = vec![
        item("amlodipine", "5", "mg", "1", "30"),
        Item {
            against,
            reason: Some("tolerated before".to_owned()),
            ..item("amoxicillin", "500", "mg", "3", "7")
        },
    ];
    let of = Prescription { items, ..a_prescription() };
    let check = |language, paper, want: &str| {
        let read = read(&prescription(&of, &printing(paper, language)).unwrap());
        assert_eq!(read.matches(want).count(), 1, "{want}: {read}");
    };
    let said = "⚠ Prescribed despite a recorded allergy: penicillin (rash, severe)";
    check(Language::English, SheetPaper::A5, said);
    check(Language::English, SheetPaper::Roll80, said);
    check(Language::French, SheetPaper::A5, "Prescrit malgré une allergie connue : penicillin");
    check(Language::French, SheetPaper::A5, "Motif indiqué : tolerated before");
}

#[test]
fn an_allergy_is_told_beside_the_medicine_on_every_sheet_that_lists_it() {
    let of = |name: &str| Taken::from(item(name, "5", "mg", "1", "30").order);
    let despite = |name: &str| Taken {
        against: vec!["penicillin (anaphylaxis)".to_owned()],
        reason: Some("tolerated before".to_owned()),
        ..of(name)
    };
    let medicines = Medicines {
        agreed: vec![of("amlodipine"), despite("amoxicillin")],
        disputed: vec![vec![despite("ampicillin"), of("cefixime")]],
    };
    let allergies = (AllergyState::Known, vec!["penicillin (anaphylaxis)".to_owned()]);
    let of_visit = Summary {
        reason: String::new(),
        vitals: Vec::new(),
        assessment: String::new(),
        plan: String::new(),
        medicines: medicines.clone(),
        allergies: allergies.clone(),
        follow_up: None,
        is_unsigned: false,
    };
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
    for paper in [SheetPaper::A4, SheetPaper::A5, SheetPaper::Roll80] {
        let printing = printing(paper, Language::English);
        let sheets = [
            summary(&a_letter(), &of_visit, &printing).unwrap(),
            referral(&a_letter(), &letter, &printing).unwrap(),
        ];
        for sheet in sheets {
            let read = read(&sheet).to_lowercase();
            let said = "⚠ prescribed despite a recorded allergy: penicillin (anaphylaxis) \
                        reason given: tolerated before";
            assert_eq!(read.matches(said).count(), 2, "{paper:?}: {read}");
            for (name, next) in [("amoxicillin", "one of these"), ("ampicillin", "cefixime")] {
                let (_, behind) = read.split_once(name).unwrap();
                let said = behind.find("⚠").unwrap();
                assert!(said < behind.find(next).unwrap(), "{name} in {read}");
            }
        }
    }
}

#[test]
fn a_quantity_that_is_missing_is_said_and_nothing_can_be_written_in() {
    let check = |item: Item, language, want: &str, is_struck: bool| {
        let of = Prescription { items: vec![item], ..a_prescription() };
        let sheet = prescription(&of, &printing(SheetPaper::A5, language)).unwrap();
        assert_eq!(read(&sheet).contains(want), is_struck, "{want}: {}", read(&sheet));
        // The rules of the head and foot and the line to sign on are longer, frames thicker.
        let strokes = sheet.laid[0].marks.iter().filter(|mark| match mark {
            Mark::Stroke { from, to, thickness } => {
                from.1 == to.1 && *thickness < 1.0 && to.0 - from.0 > 20.0 && to.0 - from.0 < 230.0
            }
            Mark::Text { .. } | Mark::Box { .. } => false,
        });
        assert_eq!(strokes.count(), usize::from(is_struck), "{:?}", sheet.laid[0].marks);
    };
    let bare = || item("morphine", "10", "mg", "3", "7");
    let english = "Quantity not written · No repeats";
    check(bare(), Language::English, english, true);
    check(bare(), Language::French, "Quantité non écrite", true);
    check(bare(), Language::Arabic, "الكمية غير مكتوبة", true);
    check(handed_out(bare(), "21", "tablets", 0), Language::English, english, false);
}

#[test]
fn each_line_is_struck_to_its_end_where_a_quantity_is_missing() {
    for (language, tag) in Language::ALL {
        for paper in [SheetPaper::A4, SheetPaper::Letter, SheetPaper::Roll80] {
            let mut bare = item("morphine", "10", "mg", "3", "7");
            bare.order.dispense = Some(DispenseRequest { quantity: None, repeats: Some(12) });
            let of = Prescription { items: vec![bare], ..a_prescription() };
            let sheet = prescription(&of, &printing(paper, language)).unwrap();
            let marks = &sheet.laid[0].marks;
            let is_said = |text: &str| {
                let said = [language.words("quantity.none"), language.words("repeats")];
                said.iter().any(|said| text.replace('\u{a0}', " ").contains(said))
            };
            let said = marks.iter().filter_map(|mark| match mark {
                Mark::Text { line, y, .. } => {
                    let mut pieces: Vec<_> = line.pieces.iter().collect();
                    pieces.sort_by_key(|piece| piece.glyphs.iter().map(|glyph| glyph.at).min());
                    let text: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
                    is_said(&text).then(|| (*y, mark.left(), mark.right()))
                }
                Mark::Stroke { .. } | Mark::Box { .. } => None,
            });
            let (width, margin) = (paper.width(), paper.margin());
            let mut count = 0;
            for (y, left, right) in said {
                let is_struck = marks.iter().any(|mark| match mark {
                    Mark::Stroke { from, to, .. } if from.1 == to.1 && (y - from.1).abs() < 6.0 => {
                        let (free, side) = if language.is_rtl() {
                            (left - to.0, from.0)
                        } else {
                            (from.0 - right, width - to.0)
                        };
                        (0.0..8.0).contains(&free) && side < margin + 1.0
                    }
                    Mark::Stroke { .. } | Mark::Text { .. } | Mark::Box { .. } => false,
                });
                assert!(is_struck, "{tag} {paper:?}");
                count += 1;
            }
            assert!(count > 0, "{tag} {paper:?}");
        }
    }
}

#[test]
fn a_dose_is_told_as_it_is_counted_and_the_first_of_several_is_called_so() {
    let mut one = item("prednisolone", "40", "mg", "1", "21");
    one.order.strength = vec![Quantity::ucum("5".parse().unwrap(), "mg")];
    one.order.form = Some(CodeableConcept::from_text("tablet"));
    let mut tapering = one.clone();
    let taper = "40 mg for 5 days, then 30 mg for 5 days, then 10 mg OD till finished";
    tapering.order.dosage[0].text = Some(taper.to_owned());
    let mut small = item("levothyroxine", "0.05", "mg", "1", "90");
    small.order.strength = vec![Quantity::ucum("50".parse().unwrap(), "ug")];
    small.order.form = Some(CodeableConcept::from_text("tablet"));
    let mut liquid = item("morphine", "2.5", "mL", "6", "14");
    liquid.order.strength = vec![Quantity {
        unit: "mg/5 mL".to_owned(),
        ucum: None,
        ..Quantity::ucum("10".parse().unwrap(), "mg")
    }];
    let items = vec![one, tapering, small, liquid];
    let of = Prescription { items, ..a_prescription() };
    let check = |language, wanted: &[&str]| {
        let read = read(&prescription(&of, &printing(SheetPaper::A4, language)).unwrap());
        for want in wanted {
            assert!(read.contains(want), "{want}: {read}");
        }
        assert!(!read.contains("mcg"), "{read}");
    };
    check(
        Language::English,
        &[
            "1. prednisoLONE — 5 mg tablet — DOSE 40 mg (8 tablets) — oral",
            "2. prednisoLONE — 5 mg tablet — FIRST DOSE 40 mg (8 tablets) — oral",
            "50 micrograms tablet — DOSE 50 micrograms (1 tablet) — oral",
            "DOSE 2.5 mL (5 mg) — oral",
            taper,
        ],
    );
    check(Language::French, &["PREMIÈRE DOSE 40 mg (8 comprimés)", "DOSE 50 microgrammes"]);
    check(Language::Spanish, &["PRIMERA DOSIS 40 mg", "DOSIS 50 microgramos (1 comprimido)"]);
    check(Language::Swahili, &["DOZI YA KWANZA 40 mg", "DOZI 50 mikrogramu"]);
    check(
        Language::Arabic,
        &["— 5 mg قرص — الجرعة 40 mg (8 أقراص) —", "الجرعة الأولى 40 mg", "50 ميكروغرام قرص"],
    );
}

#[test]
fn a_number_and_its_unit_are_never_parted() {
    let taper = "40 mg for 5 days, then 30 mg for 5 days, then 20 mg 5 days, then 10 mg OD till \
                 finished; .5 mL of syrup at 8 am; take 2 tablets more if 100 % sure, never 3 tablets, \
                 10 000 IU in all; 0700 123456";
    let mut one = item("prednisolone", "40", "mg", "1", "21");
    one.order.dosage[0].text = Some(taper.to_owned());
    one.instruction = Some(taper.to_owned());
    let of = Prescription { items: vec![one], ..a_prescription() };
    for paper in [SheetPaper::A4, SheetPaper::A5, SheetPaper::Letter, SheetPaper::Roll80] {
        for (language, _) in Language::ALL {
            let sheet = prescription(&of, &printing(paper, language)).unwrap();
            let page = text(&sheet).replace('\u{a0}', " ");
            for line in page.lines() {
                let last = line.split_whitespace().next_back().unwrap_or_default();
                let is_number = last.chars().all(|one| one.is_ascii_digit() || one == '.');
                let is_parted = ["40", "30", "20", "10", "5", ".5", "8", "2", "100", "3", "0700"];
                assert!(!(is_number && is_parted.contains(&last)), "{paper:?}: {page}");
            }
            assert_eq!(read(&sheet).matches(taper).count(), 2, "{paper:?}: {page}");
        }
    }
}

#[test]
fn what_belongs_together_stands_on_one_line() {
    let mut of = a_prescription();
    of.person.guardian = Some("Mary Okello (mother), 0700 123456".to_owned());
    let mut tapering = item("prednisolone", "40", "mg", "1", "21");
    tapering.order.dosage[0].text = Some("then 5 mg less each day".to_owned());
    of.items = ["x", "of a longer name", "of a name that is longer still"]
        .map(|name| {
            let mut item = tapering.clone();
            item.order.medication = CodeableConcept::from_text(name);
            item
        })
        .into();
    for paper in [SheetPaper::A5, SheetPaper::Roll80] {
        for (language, label) in
            [(Language::English, "FIRST DOSE 40 mg"), (Language::French, "PREMIÈRE DOSE 40 mg")]
        {
            let page = text(&prescription(&of, &printing(paper, language)).unwrap());
            let page = page.replace('\u{a0}', " ");
            assert_eq!(page.matches(label).count(), 3, "{paper:?}: {page}");
            for whole in ["UMDPC 10234", "0700 123456"] {
                assert!(page.contains(whole), "{paper:?} {whole}: {page}");
            }
        }
    }
}

#[test]
fn a_sheet_of_a_demonstration_says_so_on_every_page_and_label() {
    let items: Vec<Item> = (0..20).map(|_| item("amlodipine", "5", "mg", "1", "30")).collect();
    let mut of = Prescription { items, ..a_prescription() };
    let english = printing(SheetPaper::A5, Language::English);
    let check = |sheet: &Sheet, want: Option<&str>| {
        for page in pages(sheet) {
            let first = page.lines().find(|line| !line.trim().is_empty()).unwrap().trim();
            assert_eq!(first.starts_with("DEMONSTRATION"), want.is_some(), "{page}");
            assert!(want.is_none_or(|want| first == want), "{page}");
        }
    };
    check(&prescription(&of, &english).unwrap(), None);
    of.letterhead.demonstration = true;
    let said = "DEMONSTRATION – NOT A PRESCRIPTION";
    let sheet = prescription(&of, &english).unwrap();
    assert!(sheet.pages > 1);
    check(&sheet, Some(said));
    let Prescription { letterhead, person, .. } = of;
    let of = Label { letterhead, person, code: "CLN-88417".to_owned() };
    let roll = printing(SheetPaper::Roll80, Language::English);
    let sheet = label(&of, &roll).unwrap();
    let said = Language::English.words("demonstration.patient");
    assert!(read(&sheet).starts_with(said), "{}", read(&sheet));
    let sheet = label(&of, &Printing { language: Language::Arabic, ..roll }).unwrap();
    assert!(read(&sheet).contains(Language::Arabic.words("demonstration.patient")));
}

#[test]
fn a_number_that_was_not_given_is_said_on_every_page() {
    let items: Vec<Item> = (0..20).map(|_| item("amlodipine", "5", "mg", "1", "30")).collect();
    let mut of = Prescription { items, ..a_prescription() };
    of.person.identity.identifier.clear();
    let check = |language, want: &str| {
        let pages = pages(&prescription(&of, &printing(SheetPaper::A5, language)).unwrap());
        assert!(pages.len() > 1);
        assert!(pages.iter().all(|page| page.contains(want)), "{want}: {pages:?}");
    };
    check(Language::English, "Number not known");
    check(Language::Swahili, "Namba haijulikani");
    let of = Label {
        letterhead: of.letterhead.clone(),
        person: of.person.clone(),
        code: "x".to_owned(),
    };
    let sheet = label(&of, &printing(SheetPaper::Roll80, Language::English)).unwrap();
    assert!(read(&sheet).contains("Number not known"), "{}", read(&sheet));
}

#[test]
fn what_was_typed_in_the_singular_is_read_in_the_number_and_language_of_the_sheet() {
    let mut one = handed_out(item("amlodipine", "2", "tablet", "1", "30"), "30", "tablet", 0);
    one.order.form = Some(CodeableConcept::from_text("tablet"));
    let of = Prescription { items: vec![one], ..a_prescription() };
    let check = |language, wanted: [&str; 3]| {
        let read = read(&prescription(&of, &printing(SheetPaper::A4, language)).unwrap());
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
        let read = read(&prescription(&of, &printing(SheetPaper::A5, Language::English)).unwrap());
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
    let english = printing(SheetPaper::A5, Language::English);
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
    let days = "until 01-Dec-2026 (5 days, the last included)";
    assert!(note(Language::English, false).contains(days), "{}", note(Language::English, false));
    assert!(note(Language::Arabic, false).contains("(5 أيام، شاملة اليوم الأخير)"));
    let read = note(Language::English, true);
    assert!(read.contains("Unfit for school from") && !read.contains("work"), "{read}");
    assert!(read.contains(said), "{read}");
    assert!(!note(Language::French, true).contains("travail"));
    let Letter { letterhead, person, .. } = letter;
    let of = Label { letterhead, person, code: "CLN-88417".to_owned() };
    let read = read_label(&of);
    assert!(read.contains(said), "{read}");
}

fn read_label(of: &Label) -> String {
    read(&label(of, &printing(SheetPaper::Roll80, Language::English)).unwrap())
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
    for paper in [SheetPaper::A4, SheetPaper::A5, SheetPaper::Roll80] {
        let read = read(&prescription(&of, &printing(paper, Language::Arabic)).unwrap());
        assert!(read.contains(told) && read.contains(beside), "{paper:?}: {read}");
    }
}
