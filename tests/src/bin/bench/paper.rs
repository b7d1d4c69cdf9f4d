//! A prescription onto paper.

use crate::{
    clock::{Spread, time},
    outcome::Outcome,
    places::Places,
    row::{Row, both, within},
};
use clinical::{
    AdministrativeGender, AllergyState, CodeableConcept, HumanName, Identity, MedicationDraft,
    MedicationOrder, MedicationStatus, PartialDate, SheetPaper,
};
use print::{Item, Language, Letterhead, Person, Prescriber, Prescription, Printing};
use std::time::Duration;

const MAX: Duration = Duration::from_millis(50);
const ROUNDS: usize = 200;
const MEDICINES: [(&str, &str); 6] = [
    ("amlodipine", "5"),
    ("metformin", "500"),
    ("amoxicillin", "500"),
    ("paracetamol", "1000"),
    ("αμοξικιλλίνη", "500"),
    ("أموكسيسيلين", "500"),
];

/// Lays a prescription of six medicines out on A4 and makes the file, and its picture for a preview.
pub(crate) fn measure(_: &Places) -> Outcome<Vec<Row>> {
    let of = prescription()?;
    let mut rows = Vec::new();
    for (language, tag) in [(Language::English, "en"), (Language::Arabic, "ar")] {
        let printing = printing(language)?;
        // The first one reads the typefaces, once in the life of the program.
        let (_, first) = time(|| print::prescription(&of, &printing))?;
        let took = |_| Ok(time(|| print::prescription(&of, &printing))?.1);
        let took = (0..ROUNDS).map(took).collect::<Outcome<Spread>>()?;
        rows.push(Row::new(
            format!("a prescription of six medicines to PDF, sheet in {tag}"),
            format!(
                "p50 {}, p95 {}; the first {}",
                both(took.at(50)),
                both(took.at(95)),
                both(first)
            ),
            "p95 ≤ 50 ms",
            within(&[(took.at(95), MAX)]),
        ));
    }
    Ok(rows)
}

fn printing(language: Language) -> Outcome<Printing> {
    let at_local: PartialDate = "2026-11-27T09:05:00+03:00".parse()?;
    Ok(Printing { paper: SheetPaper::A4, language, at: 1_795_763_100, at_local, copy: 1 })
}

fn prescription() -> Outcome<Prescription> {
    let identity = Identity {
        name: vec![HumanName::new("Okello", "Grace")],
        gender: AdministrativeGender::Female,
        birth_date: Some("1980-03-14".parse()?),
        birth_date_estimated: false,
        identifier: Vec::new(),
    };
    Ok(Prescription {
        letterhead: Letterhead {
            name: "Lakeside Health Centre".to_owned(),
            ..Letterhead::default()
        },
        person: Person {
            identity,
            age: Some("46y".to_owned()),
            address: Some("Amolatar".to_owned()),
            guardian: None,
        },
        prescriber: Prescriber { name: "Dr Ana Reyes".to_owned(), registration: None },
        written: "2026-11-27".parse()?,
        weight: None,
        allergies: (AllergyState::Known, vec!["penicillin".to_owned()]),
        items: MEDICINES.map(item).to_vec(),
        serial: "2026-000417".to_owned(),
        code: "FCRX1:2026-000417:9f3a77c2".to_owned(),
    })
}

fn item((name, dose): (&str, &str)) -> Item {
    let draft = MedicationDraft {
        dose: dose.to_owned(),
        unit: "mg".to_owned(),
        route: "oral".to_owned(),
        frequency: "3".to_owned(),
        duration_days: "7".to_owned(),
        ..MedicationDraft::default()
    };
    let medication = CodeableConcept::from_text(name);
    let dosage = draft.dosage(&mut Vec::new()).into_iter().collect();
    let order = MedicationOrder::new(medication, dosage, MedicationStatus::Active);
    let instruction = Some("With food.".to_owned());
    Item { order, controlled: false, instruction, against: Vec::new(), reason: None }
}
