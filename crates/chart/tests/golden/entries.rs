//! Entries of every kind in which nothing is left out, with ids and stamps fixed for ever.
//!
//! What is built here is what the golden files hold: a field that comes later is left empty, and
//! held by a golden of its own.

use chart::{Actor, ChartDocument, ChartEdit, ClinicDocument, ClinicEdit, DraftDocument};
use clinical::*;
use uuid::Uuid;

/// An id that tells its number: `000000NN-…`.
pub(crate) fn id(n: u32) -> Uuid {
    Uuid::from_u128((u128::from(n) << 96) | 0x7000_8000_0000_0000_0001)
}

fn stamp(author: u32, device: u32, at: i64) -> Stamp {
    Stamp {
        author: PractitionerId::from_uuid(id(author)),
        device: DeviceId::from_uuid(id(device)),
        at: Instant::from_unix_ms(1_795_512_600_000 + at),
    }
}

pub(crate) fn patient_id() -> PatientId {
    PatientId::from_uuid(id(1))
}

pub(crate) fn clinic_id() -> ClinicId {
    ClinicId::from_uuid(id(2))
}

pub(crate) fn draft_id() -> CompositionId {
    CompositionId::from_uuid(id(3))
}

/// The chart: written here, disputed there, ended with reasons.
pub(crate) fn chart() -> ChartDocument {
    let mut here = ChartDocument::new(patient_id(), Actor::from_random([1; 16]));
    let first = here.apply(&recorded(), stamp(80, 90, 257)).unwrap();
    let bytes: Vec<_> = first.changes.iter().map(|raw| raw.bytes.clone()).collect();
    let there = ChartDocument::new(patient_id(), Actor::from_random([2; 16]));
    let (mut there, _) = there.merge(bytes).unwrap();
    here.apply(&ended(), stamp(80, 90, 60_000)).unwrap();
    let dispute = [ChartEdit::RecordAllergy(allergy("penicillin V"))];
    let dispute = there.apply(&dispute, stamp(81, 91, 61_001)).unwrap();
    here.apply(&[ChartEdit::RecordAllergy(allergy("amoxicillin"))], stamp(80, 90, 62_002)).unwrap();
    here.merge(dispute.changes.into_iter().map(|raw| raw.bytes).collect()).unwrap().0
}

fn recorded() -> Vec<ChartEdit> {
    vec![
        ChartEdit::RecordPatient(patient()),
        ChartEdit::RecordAllergy(allergy("penicillin")),
        ChartEdit::RecordCondition(condition()),
        ChartEdit::RecordEncounter(encounter()),
        ChartEdit::RecordMedication(medication(MedicationStatus::Active)),
        ChartEdit::RecordObservation(pulse(30, "88", None)),
        ChartEdit::RecordObservation(pulse(31, "78", Some(30))),
        ChartEdit::RecordObservation(pressure()),
        ChartEdit::RecordObservation(found(33, ObservationValue::Concept(concept("260385009")))),
        ChartEdit::RecordObservation(found(34, ObservationValue::Text("1-2 /HPF".into()))),
        ChartEdit::RecordObservation(found(35, ObservationValue::Boolean(true))),
        ChartEdit::RecordObservation(found(36, ObservationValue::Date(date("2026-10")))),
        ChartEdit::RecordComposition(note(40, None)),
        ChartEdit::RecordComposition(note(41, Some(40))),
        ChartEdit::RaiseTask(task(50)),
        ChartEdit::RaiseTask(task(51)),
        ChartEdit::KeepSource(source()),
    ]
}

fn ended() -> Vec<ChartEdit> {
    let why = |kind, n, reason: &str| ChartEdit::Explain {
        entry: EntryRef::new(kind, id(n)),
        reason: reason.into(),
    };
    vec![
        ChartEdit::RecordMedication(medication(MedicationStatus::Stopped)),
        why(EntryKind::Medication, 20, "ankle swelling"),
        ChartEdit::Withdraw(EntryRef::new(EntryKind::Observation, id(30))),
        why(EntryKind::Observation, 30, "another patient’s pulse"),
        ChartEdit::Withdraw(EntryRef::new(EntryKind::Composition, id(40))),
        ChartEdit::SettleTask {
            task: TaskId::from_uuid(id(51)),
            status: TaskStatus::Completed,
            outcome: "Changed to erythromycin".into(),
        },
    ]
}

fn date(text: &str) -> PartialDate {
    text.parse().unwrap()
}

fn concept(code: &str) -> CodeableConcept {
    let coding = vec![Coding::new(SNOMED_CT, code, "as coded")];
    CodeableConcept { coding, text: Some("as written".into()) }
}

fn quantity(value: &str, unit: &str) -> Quantity {
    Quantity {
        value: value.parse().unwrap(),
        comparator: Some("<".into()),
        unit: unit.into(),
        ucum: Some(unit.into()),
    }
}

fn visit() -> Option<EncounterId> {
    Some(EncounterId::from_uuid(id(15)))
}

/// Whom to reach about a patient: held by a golden of its own.
pub(crate) fn contact() -> Vec<PatientContact> {
    vec![PatientContact {
        name: Some(HumanName { text: Some("Mary Atieno".into()), ..HumanName::default() }),
        relationship: Some(CodeableConcept::from_text("mother")),
        telecom: vec![ContactPoint::phone("+254 722 000 111".into())],
    }]
}

/// A chart of a patient about whom somebody can be reached.
pub(crate) fn chart_with_contact() -> ChartDocument {
    let mut chart = ChartDocument::new(patient_id(), Actor::from_random([1; 16]));
    let patient = Patient { contact: contact(), ..patient() };
    chart.apply(&[ChartEdit::RecordPatient(patient)], stamp(80, 90, 257)).unwrap();
    chart
}

fn patient() -> Patient {
    let name = HumanName {
        family: "Okello".into(),
        given: vec!["Grace".into(), "Akinyi".into()],
        prefix: vec!["Mrs".into()],
        text: Some("Grace A. Okello".into()),
    };
    let identifier = Identifier {
        system: "https://clinic.example/mrn".into(),
        value: "MRN-000123".into(),
        label: Some("Clinic number".into()),
    };
    let contact = |system, value: &str| ContactPoint { system, value: value.into() };
    Patient {
        id: patient_id(),
        identity: Identity {
            name: vec![name],
            gender: AdministrativeGender::Female,
            birth_date: Some(date("1988-03")),
            birth_date_estimated: true,
            identifier: vec![identifier],
        },
        telecom: vec![
            contact(ContactSystem::Phone, "+254 712 345 678"),
            contact(ContactSystem::Email, "grace@example.org"),
        ],
        address: vec![Address {
            line: vec!["12 Lake Road".into()],
            city: Some("Kisumu".into()),
            state: Some("Nyanza".into()),
            postal_code: Some("40100".into()),
            country: Some("KE".into()),
        }],
        contact: Vec::new(),
        deceased: Some(Deceased { at: Some(date("2026-11-23")) }),
        code_status: Some(concept("304253006")),
    }
}

fn allergy(substance: &str) -> AllergyIntolerance {
    AllergyIntolerance {
        id: AllergyIntoleranceId::from_uuid(id(10)),
        code: CodeableConcept::from_text(substance),
        category: Some(AllergyCategory::Medication),
        criticality: Some(AllergyCriticality::High),
        clinical_status: AllergyClinicalStatus::Active,
        verification_status: VerificationStatus::Confirmed,
        reaction: vec![Reaction {
            manifestation: vec![concept("39579001")],
            severity: Some(ReactionSeverity::Severe),
        }],
        onset: Some(date("1999")),
        note: Some("told by her mother".into()),
    }
}

fn condition() -> Condition {
    Condition {
        id: ConditionId::from_uuid(id(12)),
        code: concept("38341003"),
        clinical_status: Some(ConditionClinicalStatus::Remission),
        verification_status: VerificationStatus::Provisional,
        onset: Some(date("2024-03")),
        abatement: Some(date("2026-11-01")),
        encounter: visit(),
        note: Some("since her second child".into()),
    }
}

fn encounter() -> Encounter {
    Encounter {
        id: EncounterId::from_uuid(id(15)),
        status: EncounterStatus::InProgress,
        class: EncounterClass::Field,
        kind: vec![concept("185349003")],
        reason: vec![CodeableConcept::from_text("cough for three days")],
        start: Some(date("2026-11-24T09:30:00+03:00")),
        end: Some(date("2026-11-24T10:05:00+03:00")),
        participant: Vec::new(),
        follow_up: None,
    }
}

/// A medicine with what came later.
pub(crate) fn prescription() -> MedicationRequest {
    let mut medicine = medication(MedicationStatus::Active);
    medicine.order.form = Some(CodeableConcept::from_text("tablet"));
    medicine.order.strength = vec![quantity("5", "mg"), quantity("12.50", "mg")];
    let quantity = Some(quantity("30", "tablets"));
    medicine.order.dispense = Some(DispenseRequest { quantity, repeats: Some(2) });
    medicine.about.prior = Some(MedicationId::from_uuid(id(21)));
    medicine
}

pub(crate) fn medication(status: MedicationStatus) -> MedicationRequest {
    let dosage = Dosage {
        dose: Some(quantity("5", "mg")),
        route: Some(concept("26643006")),
        timing: Some(Timing {
            frequency: 2,
            period: "1".parse().unwrap(),
            period_unit: DurationUnit::Day,
        }),
        duration: Some(DosageDuration { value: "10".parse().unwrap(), unit: DurationUnit::Day }),
        as_needed: true,
        text: Some("with food".into()),
    };
    MedicationRequest {
        id: MedicationId::from_uuid(id(20)),
        order: MedicationOrder::new(concept("386864001"), vec![dosage], status),
        about: MedicationAbout {
            intent: MedicationIntent::Statement,
            encounter: visit(),
            authored_on: Some(date("2026-11-20")),
            reason: vec![concept("38341003")],
            note: Some("from the district hospital".into()),
            prior: None,
        },
    }
}

fn found(n: u32, value: ObservationValue) -> Observation {
    Observation {
        id: ObservationId::from_uuid(id(n)),
        status: ObservationStatus::Final,
        category: vec!["laboratory".into()],
        code: CodeableConcept::from_coding(LOINC, "5770-3", "Bilirubin"),
        value: Some(value),
        component: Vec::new(),
        effective: Some(date("2026-11-24T09:40:00+03:00")),
        encounter: visit(),
        interpretation: vec![CodeableConcept::from_text("H")],
        reference_range: Some("60-100".into()),
        note: Some("after rest".into()),
        replaces: None,
    }
}

fn pulse(n: u32, value: &str, replaces: Option<u32>) -> Observation {
    Observation {
        category: vec![VITAL_SIGNS.into()],
        code: CodeableConcept::from_coding(LOINC, "8867-4", "Heart rate"),
        replaces: replaces.map(|n| ObservationId::from_uuid(id(n))),
        ..found(n, ObservationValue::Quantity(quantity(value, "/min")))
    }
}

fn pressure() -> Observation {
    let part = |code, value| ObservationComponent {
        code: CodeableConcept::from_coding(LOINC, code, "pressure"),
        value: Some(ObservationValue::Quantity(quantity(value, "mm[Hg]"))),
    };
    Observation {
        value: None,
        component: vec![part("8480-6", "120"), part("8462-4", "80")],
        ..pulse(32, "0", None)
    }
}

fn note(n: u32, replaces: Option<u32>) -> Composition {
    let section = |code, text: &str| NoteSection { code, text: text.into() };
    Composition {
        id: CompositionId::from_uuid(id(n)),
        draft: CompositionId::from_uuid(id(n + 5)),
        encounter: visit(),
        title: "Visit note".into(),
        author: PractitionerId::from_uuid(id(80)),
        contributors: vec![PractitionerId::from_uuid(id(81)), PractitionerId::from_uuid(id(82))],
        signed_at: Instant::from_unix_ms(1_795_512_600_257),
        section: vec![
            section(NoteSectionCode::Subjective, "Coughs at night."),
            section(NoteSectionCode::Objective, "Chest clear."),
            section(NoteSectionCode::Assessment, "A cold."),
            section(NoteSectionCode::Plan, "Come back if worse."),
        ],
        heads: vec!["ab".repeat(32)],
        replaces: replaces.map(|n| CompositionId::from_uuid(id(n))),
        signature: Some(Signature { public_key: "cd".repeat(32), signature: "ef".repeat(64) }),
    }
}

fn task(n: u32) -> Task {
    Task {
        id: TaskId::from_uuid(id(n)),
        rule: "drug-allergy".into(),
        tier: AlertTier::Interrupt,
        subject: vec![
            EntryRef::new(EntryKind::Allergy, id(10)),
            EntryRef::new(EntryKind::Medication, id(20)),
        ],
        detail: "Amoxicillin is ordered; an allergy to penicillin is recorded.".into(),
        status: TaskStatus::Requested,
        outcome: None,
        settled_tier: None,
        said: Some(Said::new(
            "allergy-recorded",
            &[("medicine", "amoxicillin"), ("allergy", "penicillin")],
        )),
    }
}

fn source() -> Source {
    Source {
        id: id(60),
        resource_type: "Basic".into(),
        full_url: Some("urn:uuid:0000003c-0000-7000-8000-000000000001".into()),
        body: r#"{"resourceType":"Basic","x":1.50}"#.into(),
    }
}

/// The clinic: a person in use, one that two administrators removed apart.
pub(crate) fn clinic() -> ClinicDocument {
    let mut here = ClinicDocument::new(clinic_id(), Actor::from_random([3; 16]));
    let edits = [
        ClinicEdit::Name("Lakeside Clinic".into()),
        ClinicEdit::RecordPerson(person(80, "ana", Role::Admin, &[])),
        ClinicEdit::RecordPerson(person(81, "ben", Role::Clinician, &[])),
        ClinicEdit::KeepSource(source()),
    ];
    let first = here.apply(&edits, stamp(80, 90, 0)).unwrap();
    let bytes = first.changes.into_iter().map(|raw| raw.bytes).collect();
    let there = ClinicDocument::new(clinic_id(), Actor::from_random([4; 16]));
    let (mut there, _) = there.merge(bytes).unwrap();
    let removed = |by| ClinicEdit::RecordPerson(person(81, "ben", Role::Clinician, &[by]));
    here.apply(&[removed(80)], stamp(80, 90, 1)).unwrap();
    let apart = there.apply(&[removed(82)], stamp(82, 92, 2)).unwrap();
    here.merge(apart.changes.into_iter().map(|raw| raw.bytes).collect()).unwrap().0
}

/// The same, with what its paper says.
pub(crate) fn clinic_with_paper() -> ClinicDocument {
    let mut clinic = clinic();
    let letterhead = Letterhead {
        name: "Lakeside Health Centre".into(),
        address: vec!["Shore Road 4".into(), "Amolatar".into()],
        telephone: "+256 700 123456".into(),
        registration: "HF 1207".into(),
        footer: "Open every day".into(),
        language: "fr".into(),
        template: None,
        papers: [(SheetKind::Prescription, SheetPaper::A4)].into(),
    };
    let credentials =
        Credentials { registration: "UMDPC 10234".into(), qualification: "MBChB".into() };
    let edits = [
        ClinicEdit::SayLetterhead(Box::new(letterhead)),
        ClinicEdit::SayCredentials(PractitionerId::from_uuid(id(80)), credentials),
    ];
    clinic.apply(&edits, later()).unwrap();
    clinic
}

/// Later than the rest.
pub(crate) fn later() -> Stamp {
    stamp(80, 90, 3)
}

fn person(n: u32, user_name: &str, role: Role, removed_by: &[u32]) -> Practitioner {
    Practitioner {
        id: PractitionerId::from_uuid(id(n)),
        user_name: user_name.into(),
        name: format!("Dr {user_name}"),
        role,
        public_keys: vec!["12".repeat(32)],
        active: removed_by.is_empty(),
        removed_by: removed_by.iter().map(|n| PractitionerId::from_uuid(id(*n))).collect(),
        unconfirmed: false,
        credentials: Credentials::default(),
    }
}

/// A draft that two people wrote and one signed.
pub(crate) fn draft() -> DraftDocument {
    let mut draft = DraftDocument::new(draft_id(), Actor::from_random([5; 16]));
    draft.begin(patient_id(), visit(), "Visit note", stamp(80, 90, 0)).unwrap();
    draft.write(NoteSectionCode::Subjective, "Coughs at night.", stamp(80, 90, 1)).unwrap();
    let more = "Coughs at night, no fever.";
    draft.write(NoteSectionCode::Subjective, more, stamp(81, 91, 2)).unwrap();
    draft.write(NoteSectionCode::Objective, "Chest clear.", stamp(80, 90, 3)).unwrap();
    draft.write(NoteSectionCode::Assessment, "A cold.", stamp(80, 90, 4)).unwrap();
    draft.write(NoteSectionCode::Plan, "Come back if worse.", stamp(80, 90, 5)).unwrap();
    draft.mark_signed(CompositionId::from_uuid(id(41)), stamp(80, 90, 6)).unwrap();
    draft
}
