//! What is kept of a sheet stays readable for ever.

use super::content::*;
use clinical::{
    AdministrativeGender, AllergyState, HumanName, Identity, MedicationDraft, MedicationId,
    MedicationOrder,
};

fn order(dose: &str) -> MedicationOrder {
    let draft = MedicationDraft {
        medication: "amlodipine".into(),
        dose: dose.into(),
        unit: "mg".into(),
        frequency: "1".into(),
        ..MedicationDraft::default()
    };
    let id = MedicationId::from_uuid(uuid::Uuid::from_u128(1));
    draft.complete(id, "2026-11-27".parse().unwrap()).unwrap().order
}

fn contents() -> Vec<SheetContent> {
    let identity = Identity {
        name: vec![HumanName::new("Okello", "Grace")],
        gender: AdministrativeGender::Female,
        birth_date: Some("1988-03-14".parse().unwrap()),
        birth_date_estimated: false,
        identifier: Vec::new(),
    };
    let allergies = || Allergies { state: AllergyState::Known, known: vec!["penicillin".into()] };
    let medicines = || Medicines {
        agreed: vec![order("5")],
        disputed: vec![order("5"), order("10")],
        versions: Vec::new(),
        despite: Vec::new(),
    };
    let of = |body| SheetContent {
        clinic: ClinicLines {
            name: "Lakeside".into(),
            address: vec!["Shore Road 4".into()],
            telephone: "+256 700 123456".into(),
            registration: "HF 1207".into(),
            footer: "Open every day".into(),
            template: None,
            demonstration: false,
        },
        person: PersonLines {
            identity: identity.clone(),
            age: Some("38y".into()),
            address: Some("Amolatar".into()),
            guardian: None,
        },
        author: AuthorLines { name: "Dr Ana Reyes".into(), registration: "UMDPC 10234".into() },
        written: "2026-11-27".parse().unwrap(),
        body,
    };
    vec![
        of(Body::Prescription(PrescriptionBody {
            weighed: Weighed {
                weight: Some(("14.20\u{a0}kg".into(), "2026-11-20".parse().unwrap())),
                weight_before: None,
            },
            allergies: allergies(),
            items: vec![ItemBody {
                order: order("2.50"),
                controlled: true,
                instruction: Some("In the morning.".into()),
                against: Vec::new(),
                reason: None,
            }],
        })),
        of(Body::Summary(SummaryBody {
            reason: "cough".into(),
            vitals: vec![SignLine::Whole("Weight 14.20\u{a0}kg".into())],
            assessment: "A cold.".into(),
            plan: "Come back if worse.".into(),
            medicines: medicines(),
            allergies: allergies(),
            follow_up: Some("2026-12-11".parse().unwrap()),
            unsigned: false,
        })),
        of(Body::SickNote(SickNoteBody {
            from: "2026-11-27".parse().unwrap(),
            until: "2026-12-01".parse().unwrap(),
            remark: "Rest.".into(),
            school: false,
        })),
        of(Body::Referral(ReferralBody {
            weighed: Weighed::default(),
            to: "Cardiology".into(),
            urgent: true,
            situation: "S".into(),
            background: "B".into(),
            assessment: "A".into(),
            recommendation: "R".into(),
            medicines: medicines(),
            allergies: allergies(),
        })),
    ]
}

/// Never written again: a field that comes later is optional and left out where it is empty, and a
/// new form gets a new version byte.
const GOLDEN: &str = include_str!("../../tests/golden/sheet_content_v1.jsonl");

#[test]
fn what_was_printed_once_reads_as_it_did() {
    let made: Vec<String> = contents()
        .iter()
        .map(|content| {
            let bytes = content.to_bytes().unwrap();
            assert_eq!(bytes[0], 1);
            String::from_utf8(bytes[1..].to_vec()).unwrap()
        })
        .collect();
    assert_eq!(made.join("\n"), GOLDEN.trim_end());
    for (line, want) in GOLDEN.lines().zip(contents()) {
        let kept = [&[1], line.as_bytes()].concat();
        assert_eq!(SheetContent::of_bytes(&kept).unwrap(), want);
    }
}

#[test]
fn what_came_later_is_kept_and_read() {
    let mut all = contents();
    for content in &mut all {
        content.clinic.demonstration = true;
        content.person.guardian = Some("Mary Okello (mother), 0700 123456".into());
        match &mut content.body {
            Body::Prescription(body) => {
                body.items[0].against = vec!["penicillin (rash)".into()];
                body.items[0].reason = Some("tolerated before".into());
                body.weighed.weight_before = Some("7.2 kg".into());
            }
            Body::SickNote(body) => body.school = true,
            Body::Summary(body) => {
                body.unsigned = true;
                body.vitals.push(SignLine::Apart("Weight".into(), "14.2 kg".into()));
            }
            Body::Referral(ReferralBody { medicines, weighed, .. }) => {
                weighed.weight = Some(("72 kg".into(), "2026-11-20".parse().unwrap()));
                weighed.weight_before = Some("7.2 kg".into());
                let against = vec!["penicillin (rash)".into()];
                medicines.despite = vec![Despite { place: 1, against, reason: None }];
                medicines.versions = vec![1, 1];
            }
        }
    }
    for content in all {
        assert_eq!(SheetContent::of_bytes(&content.to_bytes().unwrap()).unwrap(), content);
    }
}

#[test]
fn versions_of_an_older_sheet_belong_to_the_medicine_of_their_name() {
    let mut other = order("5");
    other.medication = clinical::CodeableConcept::from_text("warfarin");
    let disputed = vec![order("5"), order("10"), other.clone(), other];
    let check = |versions: &[usize], want: &[usize]| {
        let versions = versions.to_vec();
        let of = Medicines { disputed: disputed.clone(), versions, ..Medicines::default() };
        assert_eq!(of.versions(), want);
    };
    check(&[], &[2, 2]);
    check(&[1, 3], &[1, 3]);
}

#[test]
fn what_cannot_be_read_is_told() {
    let code = |bytes: &[u8]| SheetContent::of_bytes(bytes).unwrap_err().code;
    assert_eq!(code(b"\x02{}"), api::ErrorCode::NewerVersion);
    for damaged in [&b""[..], b"\x00{}", b"\x01{", b"\x01{}"] {
        assert_eq!(code(damaged), api::ErrorCode::Damaged);
    }
}
