//! Disputes of every kind, as they are told.

use super::*;
use crate::sections::part::tests::{chart_view, people, stamp, uuid};
use clinical::{
    AdministrativeGender, AllergyDraft, AllergyIntolerance, AllergyIntoleranceId, CodeableConcept,
    HumanName, Identity, MedicationDraft, MedicationOrder, MedicationStatus, VerificationStatus,
};

fn conflict(kind: EntryKind, sides: Vec<EntryValue>) -> Conflict {
    let entry = EntryRef::new(kind, uuid(1));
    let names = ["a", "b", "c"];
    let version = |(value, change): (EntryValue, &str)| Version {
        value,
        stamp: stamp(),
        change: change.into(),
    };
    Conflict {
        id: Conflict::id_of(entry, "order"),
        entry,
        field: "order".into(),
        base: sides.first().cloned(),
        versions: sides.into_iter().zip(names).map(version).collect(),
    }
}

fn shown(conflict: &Conflict) -> Dispute {
    let view = chart_view();
    dispute((view.patient, &view.heads), conflict, &people(&view))
}

fn order(status: MedicationStatus, dose: &str, times: &str, days: &str) -> EntryValue {
    let draft = MedicationDraft {
        dose: dose.into(),
        unit: if dose.is_empty() { "" } else { "mg" }.into(),
        route: if dose.is_empty() { "" } else { "oral" }.into(),
        frequency: times.into(),
        duration_days: days.into(),
        ..MedicationDraft::default()
    };
    let dosage = draft.dosage(&mut Vec::new()).into_iter().collect();
    let medication = CodeableConcept::from_text("amlodipine");
    EntryValue::Medication(MedicationOrder::new(medication, dosage, status))
}

fn latex() -> AllergyIntolerance {
    let draft = AllergyDraft {
        substance: "Latex".into(),
        reaction: "rash".into(),
        ..AllergyDraft::default()
    };
    draft.complete(AllergyIntoleranceId::from_uuid(uuid(1))).unwrap()
}

/// A side as it is read, what stands out in brackets.
fn read(side: &Side) -> String {
    let marked = |words: String, differs| if differs { format!("[{words}]") } else { words };
    let piece = |piece: &Piece| {
        let name = piece.name.map(|name| format!("{name}: ")).unwrap_or_default();
        format!("{name}{}", marked(piece.words.clone(), piece.differs))
    };
    let label = marked(side.label.clone(), side.renamed);
    let all: Vec<_> = Some(label).into_iter().chain(side.pieces.iter().map(piece)).collect();
    all.join(" — ").replace('\u{a0}', " ")
}

/// The same with nothing known of what stood before.
fn groundless(conflict: Conflict) -> Conflict {
    Conflict { base: None, ..conflict }
}

fn both(dispute: &Dispute) -> Vec<String> {
    dispute.sides.iter().map(read).collect()
}

#[test]
fn each_side_is_a_whole_medication_line_with_what_differs_marked() {
    use MedicationStatus::{Active, Stopped};
    let check = |sides: [EntryValue; 2], want: [&str; 2]| {
        let conflict = groundless(conflict(EntryKind::Medication, sides.into()));
        assert_eq!(both(&shown(&conflict)), want);
    };
    check(
        [order(Active, "10", "1", ""), order(Active, "5", "2", "")],
        [
            "amlodipine — [DOSE 10 mg] — oral — [once daily]",
            "amlodipine — [DOSE 5 mg] — oral — [twice daily]",
        ],
    );
    check(
        [order(Active, "5", "1", ""), order(Stopped, "5", "1", "")],
        [
            "amlodipine — DOSE 5 mg — oral — once daily — Status: [active]",
            "amlodipine — Status: [stopped] — DOSE 5 mg — oral — once daily",
        ],
    );
    check(
        [order(Active, "5", "1", "30"), order(Active, "5", "1", "")],
        [
            "amlodipine — DOSE 5 mg — oral — once daily — [for 30 days]",
            "amlodipine — DOSE 5 mg — oral — once daily",
        ],
    );
    check(
        [order(Active, "", "", ""), order(Active, "5", "1", "")],
        ["amlodipine — Dosage: [Not recorded]", "amlodipine — [DOSE 5 mg] — [oral] — [once daily]"],
    );
}

#[test]
fn product_and_supply_stand_in_the_line() {
    let of = |strength: &str, quantity: &str| {
        let EntryValue::Medication(mut order) = order(MedicationStatus::Active, "5", "1", "")
        else {
            panic!("a medicine")
        };
        let draft = MedicationDraft {
            medication: "x".into(),
            strength: strength.into(),
            quantity: quantity.into(),
            quantity_unit: if quantity.is_empty() { "" } else { "tablets" }.into(),
            ..MedicationDraft::default()
        };
        let typed = draft.order(&mut Vec::new());
        (order.strength, order.dispense) = (typed.strength, typed.dispense);
        EntryValue::Medication(order)
    };
    let check = |sides: [EntryValue; 2], want: [&str; 2]| {
        let conflict = groundless(conflict(EntryKind::Medication, sides.into()));
        assert_eq!(both(&shown(&conflict)), want);
    };
    check(
        [of("5 mg", "30"), of("5 mg", "60")],
        [
            "amlodipine — 5 mg — DOSE 5 mg — oral — once daily — [QUANTITY 30 tablets]",
            "amlodipine — 5 mg — DOSE 5 mg — oral — once daily — [QUANTITY 60 tablets]",
        ],
    );
    check(
        [of("5 mg", ""), of("", "")],
        [
            "amlodipine — [5 mg] — DOSE 5 mg — oral — once daily",
            "amlodipine — Product: [Not recorded] — DOSE 5 mg — oral — once daily",
        ],
    );
}

#[test]
fn a_side_that_ends_it_says_so_first_and_why_and_marks_nothing_that_stood_before() {
    use MedicationStatus::{Active, EnteredInError, Stopped};
    let check = |ended: [MedicationStatus; 2], want: [&str; 2], reasons: [bool; 2]| {
        let mut view = chart_view();
        let [first, second] = ended;
        let sides = vec![order(first, "2.5", "1", ""), order(second, "10", "1", "")];
        let mut conflict = conflict(EntryKind::Medication, sides);
        conflict.base = Some(order(Active, "10", "1", ""));
        conflict.versions[0].stamp.author = PractitionerId::from_uuid(uuid(7));
        view.chart.reasons = vec![StatusReason {
            entry: conflict.entry,
            text: "swollen feet".into(),
            stamp: stamp(),
        }];
        view.chart.conflicts = vec![conflict];
        let disputes = disputes_of(&view, &people(&view), EntryKind::Medication);
        assert_eq!(both(&disputes[0]), want);
        let told: Vec<_> = disputes[0].sides.iter().map(|it| it.reason.clone()).collect();
        let said = reasons.map(|is_told| is_told.then(|| "reason: swollen feet".to_owned()));
        assert_eq!(told, said);
    };
    check(
        [Active, Stopped],
        [
            "amlodipine — [DOSE 2.5 mg] — oral — once daily — Status: active",
            "amlodipine — Status: [stopped] — DOSE 10 mg — oral — once daily",
        ],
        [false, true],
    );
    check(
        [EnteredInError, Stopped],
        [
            "amlodipine — Status: [recorded by mistake] — [DOSE 2.5 mg] — oral — once daily",
            "amlodipine — Status: [stopped] — DOSE 10 mg — oral — once daily",
        ],
        [false, true],
    );
}

#[test]
fn what_is_as_usual_and_undisputed_is_not_told_of_before() {
    use MedicationStatus::Active;
    let sides = vec![order(Active, "5", "1", ""), order(Active, "10", "1", "")];
    let (_, before) = shown(&conflict(EntryKind::Medication, sides)).base.unwrap();
    assert!(before.iter().all(|piece| piece.name.is_none()), "{before:?}");
}

#[test]
fn lines_that_read_alike_and_are_not_say_in_what() {
    let coded = |code: &str| {
        let EntryValue::Medication(mut order) = order(MedicationStatus::Active, "5", "1", "")
        else {
            panic!("a medicine")
        };
        order.dosage[0].route = Some(CodeableConcept::from_coding("urn:routes", code, "oral"));
        EntryValue::Medication(order)
    };
    let sides = vec![coded("1"), coded("2")];
    for side in both(&shown(&groundless(conflict(EntryKind::Medication, sides)))) {
        assert!(side.starts_with("amlodipine — Dosage: [DOSE 5 mg — oral"), "{side}");
        assert!(side.contains("urn:routes"), "{side}");
    }
}

#[test]
fn a_dispute_names_every_side_and_what_stood_before() {
    use MedicationStatus::{Active, Stopped};
    let sides = vec![order(Active, "", "", ""), order(Stopped, "", "", "")];
    let dispute = shown(&conflict(EntryKind::Medication, sides));
    assert_eq!(dispute.title, "Medicine: amlodipine");
    let (name, before) = dispute.base.unwrap();
    assert_eq!((name.as_str(), before[0].words.as_str()), ("amlodipine", "active"));
    let stopped = &dispute.sides[1];
    assert_eq!(stopped.change, "b");
    assert_eq!(stopped.spoken(), "amlodipine, Status: stopped");
    assert_eq!(stopped.written_out(), "amlodipine — Status: stopped");
    assert_eq!(stopped.written.who, "Dr Amina");
    assert_eq!(stopped.written.when, "20-Nov-2026 09:00");
}

#[test]
fn a_dispute_is_called_alike_wherever_it_is_told() {
    let check = |kind, sides: Vec<EntryValue>, want: &str| {
        let mut view = chart_view();
        view.chart.conflicts = vec![conflict(kind, sides)];
        let card = tall_man(&shown(&view.chart.conflicts[0]).title).into_owned();
        assert_eq!(disputed_names(&view, |_| true), [card.as_str()]);
        assert_eq!(card, want);
    };
    let medicine = |dose| order(MedicationStatus::Active, dose, "1", "");
    let identity = |given: &str, born: &str| {
        EntryValue::Identity(Identity {
            name: vec![HumanName::new("Okello", given)],
            gender: AdministrativeGender::Female,
            birth_date: born.parse().ok(),
            birth_date_estimated: false,
            identifier: Vec::new(),
        })
    };
    check(EntryKind::Medication, vec![medicine("5"), medicine("10")], "Medicine: amLODIPine");
    let unread = vec![EntryValue::Unreadable, medicine("5")];
    check(EntryKind::Medication, unread, "Medicine: amLODIPine");
    check(EntryKind::Medication, vec![EntryValue::Unreadable], "Medicine");
    let born = vec![identity("Grace", "1980-03-14"), identity("Grace", "1981-03-14")];
    check(EntryKind::Patient, born, "Patient: OKELLO, Grace");
    let named = vec![identity("Grace", "1980"), identity("Gracie", "1980")];
    check(EntryKind::Patient, named, "Patient");
}

#[test]
fn a_colon_stands_as_the_language_has_it() {
    let title = |tag: &str| {
        let sides = vec![order(MedicationStatus::Active, "5", "1", "")];
        crate::i18n::tests::speak(tag, || title(&conflict(EntryKind::Medication, sides)))
    };
    assert!(title("en").contains(": amlodipine"));
    assert!(title("fr").ends_with(" : amlodipine"), "{}", title("fr"));
}

#[test]
fn two_people_are_told_from_one_in_two_places() {
    use MedicationStatus::Active;
    let sides = vec![order(Active, "5", "1", ""), order(Active, "10", "1", "")];
    let mut conflict = conflict(EntryKind::Medication, sides);
    let dispute = shown(&conflict);
    assert!(dispute.by_one.is_some());
    let line = dispute.sides[1].written_out().replace('\u{a0}', " ");
    assert_eq!(line, "amlodipine — DOSE 10 mg — oral — once daily");
    conflict.versions[1].stamp.author = PractitionerId::from_uuid(uuid(7));
    assert_eq!(shown(&conflict).by_one, None);
}

#[test]
fn an_allergy_in_doubt_is_read_with_all_it_is() {
    let mut other = latex();
    other.verification_status = VerificationStatus::Refuted;
    let sides = vec![EntryValue::Allergy(latex()), EntryValue::Allergy(other)];
    let dispute = shown(&groundless(conflict(EntryKind::Allergy, sides)));
    let want = [
        "Latex — How sure: [confirmed] — Reaction: rash",
        "Latex — How sure: [shown to be false] — Reaction: rash",
    ];
    assert_eq!(both(&dispute), want);
    assert!(!dispute.unseen);
}

#[test]
fn another_name_of_a_patient_stands_out() {
    let identity = |given: &str| {
        EntryValue::Identity(Identity {
            name: vec![HumanName::new("Okello", given)],
            gender: AdministrativeGender::Female,
            birth_date: Some("1980-03-14".parse().unwrap()),
            birth_date_estimated: false,
            identifier: Vec::new(),
        })
    };
    let sides = vec![identity("Grace"), identity("Gracie")];
    let dispute = shown(&conflict(EntryKind::Patient, sides));
    assert_eq!(dispute.title, "Patient");
    let want = [
        "[OKELLO, Grace] — Sex: Female — Born: 14-Mar-1980",
        "[OKELLO, Gracie] — Sex: Female — Born: 14-Mar-1980",
    ];
    assert_eq!(both(&dispute), want);
}

#[test]
fn a_side_that_cannot_be_shown_is_a_side() {
    let sides = vec![EntryValue::Allergy(latex()), EntryValue::Unreadable];
    let dispute = shown(&conflict(EntryKind::Allergy, sides));
    assert_eq!(dispute.title, "Allergy: Latex");
    assert!(dispute.sides[1].label.contains("newer version"), "{:?}", dispute.sides[1]);
    assert_eq!(dispute.sides[1].written.who, "Dr Amina");
    assert_eq!(dispute.sides[1].change, "b");
    // Nothing is compared: what can be read says all it has, and nothing stands out.
    let shown = read(&dispute.sides[0]);
    assert!(shown.contains("How sure: confirmed") && !shown.contains('['), "{shown}");
}

#[test]
fn what_was_picked_stays_while_the_same_sides_stand_there() {
    use super::super::picked::{Picked, card};
    use MedicationStatus::{Active, Stopped};
    let sides = || vec![order(Active, "5", "1", ""), order(Active, "10", "1", "")];
    let dispute = shown(&conflict(EntryKind::Medication, sides()));
    let mut picked = Picked::default();
    picked.put(&card(&dispute), Some(1));
    // The chart was written beside it.
    let later = Dispute { heads: "later".into(), ..dispute.clone() };
    assert_eq!(picked.on(&card(&later)), Some(1));
    let mut third = sides();
    third.push(order(Stopped, "5", "1", ""));
    let third = shown(&conflict(EntryKind::Medication, third));
    assert_eq!(picked.on(&card(&third)), None, "another side came: look again");
    let turned = Dispute { sides: dispute.sides.iter().rev().cloned().collect(), ..later };
    assert_eq!(picked.on(&card(&turned)), None, "the second is another one");
    picked.put(&card(&dispute), None);
    assert_eq!(picked, Picked::default());
}

#[test]
fn what_sides_differ_in_and_cannot_be_shown_is_told() {
    let same = || EntryValue::Allergy(latex());
    assert!(shown(&conflict(EntryKind::Allergy, vec![same(), same()])).unseen);
}
