//! People and sheets for the tests, and a file's text as `pdftotext` (poppler) gives it.

use crate::{
    Item, Language, Letter, Letterhead, Medicines, Person, Prescriber, Prescription, Printing,
    Referral, Sheet, Summary, Weight,
};
use clinical::{
    AdministrativeGender, AllergyState, DispenseRequest, HumanName, Identity, MedicationDraft,
    MedicationId, Quantity, SheetPaper,
};
use std::{
    io::Write as _,
    process::{Command, Stdio},
};

pub(super) fn person(family: &str, given: &str) -> Person {
    let identity = Identity {
        name: vec![HumanName::new(family, given)],
        gender: AdministrativeGender::Female,
        birth_date: Some("1980-03-14".parse().unwrap()),
        birth_date_estimated: false,
        identifier: vec![clinical::Identifier {
            system: String::new(),
            value: "CLN-88417".to_owned(),
            label: None,
        }],
    };
    Person {
        identity,
        age: Some("46y".to_owned()),
        address: Some("Amolatar".to_owned()),
        guardian: None,
    }
}

pub(super) fn item(medication: &str, dose: &str, unit: &str, times: &str, days: &str) -> Item {
    let draft = MedicationDraft {
        medication: medication.into(),
        dose: dose.into(),
        unit: unit.into(),
        route: "oral".into(),
        frequency: times.into(),
        duration_days: days.into(),
        ..MedicationDraft::default()
    };
    let id = MedicationId::from_uuid(uuid::Uuid::from_u128(7));
    let order = draft.complete(id, "2026-11-27".parse().unwrap()).unwrap().order;
    Item { order, controlled: false, instruction: None, against: Vec::new(), reason: None }
}

/// The same, so much of it handed out, and so often again.
pub(super) fn handed_out(mut item: Item, value: &str, unit: &str, repeats: u32) -> Item {
    let value = value.parse().unwrap();
    let quantity = Quantity { value, comparator: None, unit: unit.to_owned(), ucum: None };
    let dispense = DispenseRequest { quantity: Some(quantity), repeats: Some(repeats) };
    item.order.dispense = Some(dispense);
    item
}

pub(super) fn a_prescription() -> Prescription {
    Prescription {
        letterhead: Letterhead {
            name: "Lakeside Health Centre".to_owned(),
            address: vec!["Shore Road 4, Amolatar".to_owned()],
            telephone: Some("+256 700 123456".to_owned()),
            registration: Some("HF 1207".to_owned()),
            footer: Some("Open every day, also at night".to_owned()),
            template: None,
            demonstration: false,
        },
        person: person("Okello", "Grace"),
        prescriber: Prescriber {
            name: "Dr Ana Reyes".to_owned(),
            registration: Some("UMDPC 10234".to_owned()),
        },
        written: "2026-11-27".parse().unwrap(),
        weight: Some(Weight {
            value: "68.5\u{a0}kg".to_owned(),
            measured: "2026-11-20".parse().unwrap(),
            jumps_from: None,
        }),
        allergies: (AllergyState::Known, vec!["penicillin".to_owned(), "latex".to_owned()]),
        items: vec![
            Item {
                instruction: Some("In the morning, with water.".to_owned()),
                ..handed_out(item("amlodipine", "5", "mg", "1", "30"), "30", "tablets", 2)
            },
            Item {
                controlled: true,
                ..handed_out(item("morphine", "10", "mg", "3", "7"), "21", "tablets", 0)
            },
        ],
        serial: "2026-000417".to_owned(),
        code: "FCRX1:2026-000417:9f3a77c2".to_owned(),
    }
}

pub(super) fn a_letter() -> Letter {
    let Prescription { letterhead, person, prescriber, written, serial, code, .. } =
        a_prescription();
    Letter { letterhead, person, author: prescriber, written, serial, code }
}

pub(super) fn a_summary(medicines: Medicines) -> Summary {
    Summary {
        reason: String::new(),
        vitals: Vec::new(),
        assessment: String::new(),
        plan: String::new(),
        medicines,
        allergies: (AllergyState::NoneKnown, Vec::new()),
        follow_up: None,
        is_unsigned: false,
    }
}

pub(super) fn a_referral(medicines: Medicines) -> Referral {
    Referral {
        to: "Lira".to_owned(),
        urgent: false,
        situation: String::new(),
        background: String::new(),
        assessment: String::new(),
        recommendation: String::new(),
        weight: None,
        medicines,
        allergies: (AllergyState::NoneKnown, Vec::new()),
    }
}

pub(super) fn printing(paper: SheetPaper, language: Language) -> Printing {
    let at_local = "2026-11-27T09:05:00+03:00".parse().unwrap();
    Printing { paper, language, at: 1_795_763_100, at_local, copy: 1 }
}

/// The text of a file, page by page, as it is laid out.
pub(super) fn text(sheet: &Sheet) -> String {
    text_of(&sheet.pdf, &["-layout"])
}

/// The text of a file by other switches; what marks direction in it is left out.
pub(super) fn text_of(pdf: &[u8], switches: &[&str]) -> String {
    let mut reader = Command::new("pdftotext")
        .args(switches)
        .args(["-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("pdftotext, of poppler-utils");
    reader.stdin.take().unwrap().write_all(pdf).unwrap();
    let text = reader.wait_with_output().unwrap().stdout;
    let is_text =
        |character: &char| !matches!(character, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}');
    String::from_utf8(text).unwrap().chars().filter(is_text).collect()
}
