//! Sheets in every language: what they say of a dose, how they are read, and that it comes out.

use super::samples::{a_prescription, item, person, printing, text};
use crate::{Language, Letter, Medicines, Prescription, Referral, Taken, prescription, referral};
use clinical::{AllergyState, DurationUnit, MedicationDraft, SheetPaper, display::dosage_parts_in};

/// How a dose is read in English, French, Spanish, Swahili and Arabic; `every` so many hours where it
/// is not so often a day.
fn read(dose: &str, times: &str, every: &str, days: &str) -> [String; 5] {
    let draft = MedicationDraft {
        dose: dose.into(),
        unit: "IU".into(),
        route: "oral".into(),
        frequency: times.into(),
        period: every.into(),
        period_unit: Some(DurationUnit::Hour).filter(|_| !every.is_empty()),
        duration_days: days.into(),
        ..MedicationDraft::default()
    };
    let dosage: Vec<_> = draft.dosage(&mut Vec::new()).into_iter().collect();
    Language::ALL.map(|(language, _)| {
        let parts = dosage_parts_in(&dosage, &language.dose_words());
        parts.join(" — ").replace(['\u{a0}', '\u{202f}'], " ")
    })
}

#[test]
fn a_dose_is_read_in_every_language_and_a_noun_has_the_form_of_its_number() {
    let check = |(dose, times, every, days): (&str, &str, &str, &str), want: [&str; 5]| {
        assert_eq!(read(dose, times, every, days), want);
    };
    check(
        ("5.0", "1", "", "30"),
        [
            "DOSE 5 units — oral — once daily — for 30 days",
            "DOSE 5 unités — voie orale — une fois par jour — pendant 30 jours",
            "DOSIS 5 unidades — vía oral — una vez al día — durante 30 días",
            "DOZI 5 yuniti — kwa mdomo — mara moja kwa siku — kwa muda wa siku 30",
            "الجرعة 5 وحدات — عن طريق الفم — مرة واحدة يوميًا — لمدة 30 يومًا",
        ],
    );
    check(
        ("10000", "2", "", "2"),
        [
            "DOSE 10,000 units — oral — twice daily — for 2 days",
            "DOSE 10 000 unités — voie orale — deux fois par jour — pendant 2 jours",
            "DOSIS 10 000 unidades — vía oral — dos veces al día — durante 2 días",
            "DOZI 10,000 yuniti — kwa mdomo — mara mbili kwa siku — kwa muda wa siku 2",
            "الجرعة 10 000 وحدة — عن طريق الفم — مرتين يوميًا — لمدة يومين",
        ],
    );
    check(
        (".5", "3", "", "3"),
        [
            "DOSE 0.5 units — oral — 3 times daily — for 3 days",
            "DOSE 0.5 unités — voie orale — 3 fois par jour — pendant 3 jours",
            "DOSIS 0.5 unidades — vía oral — 3 veces al día — durante 3 días",
            "DOZI 0.5 yuniti — kwa mdomo — mara 3 kwa siku — kwa muda wa siku 3",
            "الجرعة 0.5 وحدة — عن طريق الفم — 3 مرات يوميًا — لمدة 3 أيام",
        ],
    );
    check(
        ("1", "1", "8", "1"),
        [
            "DOSE 1 unit — oral — every 8 hours — for 1 day",
            "DOSE 1 unité — voie orale — toutes les 8 heures — pendant 1 jour",
            "DOSIS 1 unidad — vía oral — cada 8 horas — durante 1 día",
            "DOZI 1 yuniti — kwa mdomo — kila baada ya masaa 8 — kwa muda wa siku 1",
            "الجرعة 1 وحدة — عن طريق الفم — كل 8 ساعات — لمدة 1 يوم",
        ],
    );
    let [.., arabic] = read("11", "1", "12", "100");
    assert_eq!(arabic, "الجرعة 11 وحدة — عن طريق الفم — كل 12 ساعة — لمدة 100 يومًا");
}

#[test]
fn a_sheet_is_in_the_language_of_who_reads_it() {
    for (language, tag) in Language::ALL {
        let sheet = prescription(&a_prescription(), &printing(SheetPaper::A5, language)).unwrap();
        assert_eq!(sheet.unwritten, [], "{tag}");
        // Of a line with both directions poppler gives the parts back as they stand.
        if ["es", "sw"].contains(&tag) {
            insta::assert_snapshot!(format!("prescription-{tag}"), text(&sheet));
        }
    }
}

#[test]
fn what_an_arabic_sheet_says_comes_out_of_it() {
    let words = |key| Language::Arabic.words(key);
    let read = text(
        &prescription(&a_prescription(), &printing(SheetPaper::A4, Language::Arabic)).unwrap(),
    );
    let values = [
        "OKELLO, Grace",
        "2026-000417",
        "68.5 kg",
        "penicillin، latex",
        "10 mg",
        "CLN-88417",
        "27-نوفمبر-2026",
        "14-مارس-1980 (46 سنة)",
        "مرة واحدة يوميًا",
        "لمدة 30 يومًا",
        "الجرعة 10 mg",
    ];
    let labels = ["prescription", "born", "sex", "quantity", "prescriber", "signature"].map(words);
    for said in values.into_iter().chain(labels).chain(["واحد وعشرون", "عن طريق الفم"])
    {
        assert!(read.replace('\u{a0}', " ").contains(said), "{said} is not in {read}");
    }
    let Prescription { letterhead, prescriber, written, serial, code, .. } = a_prescription();
    let person = person("عثمان", "أمينة");
    let letter = Letter { letterhead, person, author: prescriber, written, serial, code };
    let medicines = Medicines {
        agreed: vec![Taken::from(item("أملوديبين", "5", "mg", "1", "30").order)],
        disputed: Vec::new(),
    };
    let of = Referral {
        to: "مستشفى الملك".to_owned(),
        urgent: true,
        situation: "ضغط الدم مرتفع منذ سنة".to_owned(),
        background: String::new(),
        assessment: String::new(),
        recommendation: "نرجو الفحص".to_owned(),
        weight: None,
        medicines,
        allergies: (AllergyState::NotRecorded, Vec::new()),
    };
    let read = text(&referral(&letter, &of, &printing(SheetPaper::A5, Language::Arabic)).unwrap());
    let labels = ["referral", "urgent", "situation", "recommendation", "allergies.not-recorded"];
    let typed = ["عثمان", "أمينة", "ضغط الدم مرتفع منذ سنة", "نرجو الفحص", "أملوديبين"];
    for said in labels.map(words).into_iter().chain(typed) {
        assert!(read.replace('\u{a0}', " ").contains(said), "{said} is not in {read}");
    }
}
