//! Paper: from the chart to the printer, kept and attested, printed again and held against its code.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::support::{Desk, PASSWORD, call, clinic, refused, signed_in};
use api::{ErrorCode, PrintOutcome, SheetItem, SheetPrinted, SheetStanding};
use app::App;
use clinical::*;
use std::{
    io::Write as _,
    process::{Command, Stdio},
};

/// The text of a file, as `pdftotext` (poppler) lays it out, in small letters (names that look alike
/// are told apart by capitals) and on one line.
fn text(pdf: &[u8]) -> String {
    let mut reader = Command::new("pdftotext")
        .args(["-layout", "-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("pdftotext, of poppler-utils");
    reader.stdin.take().unwrap().write_all(pdf).unwrap();
    let text = reader.wait_with_output().unwrap().stdout;
    let is_text = |sign: &char| !matches!(sign, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}');
    let text: String = String::from_utf8(text).unwrap().chars().filter(is_text).collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

fn last(desk: &Desk) -> String {
    text(desk.printed.lock().unwrap().last().unwrap())
}

fn assert_says(text: &str, said: &[&str]) {
    let is_missing = |words: &&&str| !text.contains(&words.to_lowercase());
    let missing: Vec<_> = said.iter().filter(is_missing).collect();
    assert!(missing.is_empty(), "{missing:?} in {text}");
}

fn register(app: &App<Desk>, family: &str, given: &str, born: &str) -> PatientId {
    let draft = PatientDraft {
        family: family.into(),
        given: given.into(),
        gender: Some(AdministrativeGender::Female),
        birth_date: born.into(),
        city: "Amolatar".into(),
        identifier: "MRN-000417".into(),
        ..Default::default()
    };
    call(app, api::RegisterPatient { draft })
}

fn medicine(name: &str, instruction: &str, encounter: Option<EncounterId>) -> MedicationDraft {
    MedicationDraft {
        medication: name.into(),
        dose: "5".into(),
        unit: "mg".into(),
        route: "oral".into(),
        frequency: "1".into(),
        duration_days: "30".into(),
        instruction: instruction.into(),
        encounter,
        ..Default::default()
    }
}

fn order(app: &App<Desk>, patient: PatientId, draft: MedicationDraft) -> MedicationId {
    let recorded = call(app, api::RecordMedication { patient, draft });
    MedicationId::from_uuid(recorded.entries[0].id)
}

fn prescription(medications: &[MedicationId]) -> SheetDraft {
    let medications = medications.to_vec();
    SheetDraft::Prescription(PrescriptionDraft { medications, encounter: None })
}

fn print(patient: PatientId, sheet: SheetDraft) -> api::PrintSheet {
    api::PrintSheet { patient, sheet, paper: None, language: None }
}

fn set_up_paper(app: &App<Desk>) {
    let letterhead = Letterhead {
        name: "Lakeside Health Centre".into(),
        address: vec!["Shore Road 4".into(), "Amolatar".into()],
        telephone: "+256 700 123456".into(),
        registration: "HF 1207".into(),
        footer: "Open every day".into(),
        papers: [(SheetKind::Prescription, SheetPaper::A4)].into(),
        ..Letterhead::default()
    };
    call(app, api::SetLetterhead { letterhead });
    let ana = call(app, api::ListPeople {}).remove(0);
    let credentials =
        Credentials { registration: "UMDPC 10234".into(), qualification: "MBChB".into() };
    call(app, api::SetCredentials { person: ana.id, credentials: credentials.clone() });
    assert_eq!(call(app, api::ListPeople {})[0].credentials, credentials);
}

fn listed(app: &App<Desk>, patient: PatientId) -> Vec<SheetItem> {
    call(app, api::ListSheets { patient: Some(patient), limit: 9 })
}

fn verified(app: &App<Desk>, code: &str) -> api::SheetVerdict {
    call(app, api::VerifySheet { code: code.to_owned() })
}

fn audited(app: &App<Desk>) -> Vec<String> {
    let from = api::AuditFrom::Newest;
    let page = call(app, api::ReadAudit { patient: None, from, limit: 200 });
    let rows = page.rows.iter().filter(|row| row.action == "print");
    rows.map(|row| format!("{} {} {}", row.resource, row.outcome, row.patient.is_some())).collect()
}

#[test]
fn a_prescription_says_what_the_chart_says_and_is_kept_and_attested() {
    let desk = Desk::new();
    let app = clinic(&desk);
    set_up_paper(&app);
    let patient = register(&app, "Okello", "Grace", "1988-03-14");
    let substance = "Penicillin".to_owned();
    let draft = AllergyDraft { substance, ..AllergyDraft::default() };
    call(&app, api::RecordAllergy { patient, draft });
    let values = [("weight".to_owned(), "68.5".to_owned())].into();
    call(&app, api::RecordVitals { patient, draft: VitalsDraft { values, encounter: None } });
    let amlodipine = order(&app, patient, medicine("Amlodipine", "1 tab QD", None));
    let other = order(&app, patient, medicine("Metformin", "", None));

    let printed = call(&app, print(patient, prescription(&[amlodipine])));
    assert_eq!((printed.copy, printed.pages), (1, 1));
    assert_eq!((printed.outcome, printed.unwritten.as_str()), (PrintOutcome::Printer, ""));
    let told: Vec<_> = printed.misread.iter().map(|it| (&*it.text, &*it.instead)).collect();
    assert_eq!(told, [("QD", "daily")], "it is told, and printed as it was written");
    let said = last(&desk);
    assert_says(
        &said,
        &[
            "Lakeside Health Centre",
            "Shore Road 4",
            "+256 700 123456",
            "HF 1207",
            "OKELLO, Grace",
            "14-Mar-1988 (38y)",
            "MRN-000417",
            "Amolatar",
            "68.5 kg",
            "Known allergies Penicillin",
            "amlodipine",
            "DOSE 5 mg",
            "1 tab QD",
            "Dr Ana Reyes, MBChB",
            "UMDPC 10234",
            &printed.serial,
            "Page 1 of 1",
            "Open every day",
        ],
    );
    assert!(!said.contains("metformin") && !said.contains("copy"), "{said}");

    let items = listed(&app, patient);
    let [item] = items.as_slice() else { panic!("{items:?}") };
    assert_eq!((item.serial.as_str(), item.kind), (&*printed.serial, SheetKind::Prescription));
    assert_eq!((item.copies, item.paper, item.by.as_str()), (1, SheetPaper::A4, "Dr Ana Reyes"));
    let hash = sha2::Digest::finalize(sha2::Digest::chain_update(
        <sha2::Sha256 as sha2::Digest>::new(),
        desk.printed.lock().unwrap()[0].as_slice(),
    ));
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(item.digest, hash, "what is kept is what was printed");
    assert_eq!(audited(&app), [format!("print-sheet/{} success true", printed.serial)]);

    // A later number, another sheet.
    let both = call(&app, print(patient, prescription(&[other, amlodipine])));
    assert!(both.serial > printed.serial, "{} {}", both.serial, printed.serial);
    assert_says(&last(&desk), &["metformin", "amlodipine"]);
    assert!(app.check().unwrap().sound);
}

#[test]
fn a_copy_says_what_the_original_said_and_which_copy_it_is() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let patient = register(&app, "Okello", "Grace", "1988-03-14");
    let medication = order(&app, patient, medicine("Amlodipine", "", None));
    let printed = call(&app, print(patient, prescription(&[medication])));
    let first = listed(&app, patient).remove(0);
    assert_eq!((first.first_at, &first.first_by), (first.at, &first.by));
    let first_seen = call(&app, api::ShowSheet { serial: printed.serial.clone() });
    desk.later(60_000);
    let stop = api::StopMedication { patient, medication, seen: None, reason: "cough".into() };
    call(&app, stop);
    assert_eq!(refused(&app, print(patient, prescription(&[medication]))), ErrorCode::Invalid);

    // After a restart, by somebody who types the number.
    drop(app);
    let app = signed_in(&desk, "ana");
    let again = |serial: &str| api::ReprintSheet { serial: serial.to_owned() };
    let second = call(&app, again(&printed.serial.to_lowercase().replace('-', " ")));
    let third: SheetPrinted = call(&app, again(&printed.serial));
    assert_eq!((second.copy, third.copy), (2, 3));
    assert_says(&last(&desk), &["amlodipine", "DOSE 5 mg", &printed.serial, "COPY 3"]);
    let items = listed(&app, patient);
    assert_eq!((items.len(), items[0].copies), (1, 3));
    // It is listed by who printed it first and when, and is shown as it was then.
    assert_eq!(items[0].first_at, first.first_at);
    assert!(items[0].at > items[0].first_at, "{items:?}");
    let shown = call(&app, api::ShowSheet { serial: printed.serial.clone() });
    assert_eq!(shown, first_seen);
    assert_eq!((shown.paper, shown.pages.len()), (SheetPaper::A5, 1));
    let reprint = format!("reprint-sheet/{} success true", printed.serial);
    let print = format!("print-sheet/{} success true", printed.serial);
    assert_eq!(audited(&app), [print, reprint.clone(), reprint]);
    for unknown in ["0000-0000-0000", "7KQ3", ""] {
        assert_eq!(refused(&app, again(unknown)), ErrorCode::NotFound, "{unknown}");
        let show = api::ShowSheet { serial: unknown.to_owned() };
        assert_eq!(refused(&app, show), ErrorCode::NotFound, "{unknown}");
    }
    assert!(app.check().unwrap().sound);
}

#[test]
fn a_sheet_is_held_against_its_code_and_its_number() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let patient = register(&app, "Okello", "Grace", "1988-03-14");
    let medication = order(&app, patient, medicine("Amlodipine", "", None));
    // A copy of the folder from before: another computer as far as paper is concerned.
    drop(app);
    let other = Desk::new();
    for file in std::fs::read_dir(desk.path()).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), other.path().join(file.file_name())).unwrap();
    }
    let app = signed_in(&desk, "ana");
    let printed = call(&app, print(patient, prescription(&[medication])));
    let code = listed(&app, patient).remove(0).code;
    let standing = |app: &App<Desk>, code: &str| verified(app, code).standing;

    let genuine = verified(&app, &code);
    assert_eq!(genuine.standing, SheetStanding::Genuine);
    assert_eq!(genuine.signed_by.as_deref(), Some("Dr Ana Reyes"));
    assert_eq!(genuine.patient.as_deref(), Some("OKELLO, Grace"));
    assert_eq!(genuine.sheet.unwrap().serial, printed.serial);
    let number = verified(&app, &printed.serial);
    assert_eq!((number.standing, number.signed_by), (SheetStanding::NumberKnown, None));
    let mut altered = code.clone().into_bytes();
    let end = altered.len() - 30;
    altered[end] = if altered[end] == b'0' { b'1' } else { b'0' };
    let altered = String::from_utf8(altered).unwrap();
    assert_eq!(standing(&app, &altered), SheetStanding::Forged);
    assert_eq!(standing(&app, "FCS1:what:ever"), SheetStanding::Mistyped);
    assert_eq!(standing(&app, "what ever"), SheetStanding::Mistyped);

    let app = signed_in(&other, "ana");
    other.later(1_000_000);
    let elsewhere = verified(&app, &code);
    assert_eq!(elsewhere.standing, SheetStanding::GenuineElsewhere);
    assert_eq!((elsewhere.sheet, elsewhere.patient), (None, None));
    assert_eq!(standing(&app, &printed.serial), SheetStanding::NumberNotHere);
    // It gives out another number, though it does not know of the first.
    let there = call(&app, print(patient, prescription(&[medication])));
    assert_ne!(there.serial, printed.serial);
}

#[test]
fn a_visit_a_sick_note_and_a_letter_are_printed() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let patient = register(&app, "Okello", "Grace", "1988-03-14");
    let draft = EncounterDraft { reason: "Headache".into(), class: None };
    let visit = call(&app, api::BeginEncounter { patient, draft }).entries[0];
    let visit = EncounterId::from_uuid(visit.id);
    let values = [("systolic", "150"), ("diastolic", "95"), ("temperature", "37.2")];
    let values = values.map(|(sign, value)| (sign.to_owned(), value.to_owned())).into();
    let draft = VitalsDraft { values, encounter: Some(visit) };
    call(&app, api::RecordVitals { patient, draft });
    order(&app, patient, medicine("Amlodipine", "", Some(visit)));
    let draft = call(&app, api::OpenDraft { patient, which: api::WhichDraft::Last }).id;
    for (section, text) in [
        (NoteSectionCode::Assessment, "Hypertension, not controlled."),
        (NoteSectionCode::Plan, "Less salt."),
    ] {
        let text = text.to_owned();
        call(&app, api::SaveDraft { draft, section, text, settled: true });
    }
    call(&app, api::SignNote { draft });
    let end = api::EndEncounter { patient, encounter: visit, seen: None };
    call(&app, end);

    call(&app, print(patient, SheetDraft::Summary(visit)));
    let summary = [
        "Headache",
        "Blood pressure 150/95 mmHg",
        "Temperature 37.2",
        "Hypertension, not controlled.",
        "Less salt.",
        "amlodipine — DOSE 5 mg",
        "Allergies not recorded",
    ];
    assert_says(&last(&desk), &summary);
    let of_visit = PrescriptionDraft { medications: Vec::new(), encounter: Some(visit) };
    call(&app, print(patient, SheetDraft::Prescription(of_visit)));
    assert_says(&last(&desk), &["amlodipine"]);
    assert_eq!(refused(&app, print(patient, prescription(&[]))), ErrorCode::Invalid);

    let note = SickNoteDraft {
        from: "2026-11-27".into(),
        until: "2026-12-01".into(),
        ..SickNoteDraft::default()
    };
    let in_french = api::PrintSheet {
        language: Some("fr".into()),
        paper: Some(SheetPaper::A5),
        ..print(patient, SheetDraft::SickNote(note))
    };
    call(&app, in_french.clone());
    let said = last(&desk);
    assert_says(&said, &["27-nov-2026", "01-déc-2026"]);
    assert!(!said.contains("hypertension"), "no diagnosis stands on it: {said}");
    let unknown = api::PrintSheet { language: Some("xx".into()), ..in_french };
    assert_eq!(refused(&app, unknown), ErrorCode::Invalid);
    assert_eq!(
        refused(&app, print(patient, SheetDraft::SickNote(SickNoteDraft::default()))),
        ErrorCode::Invalid
    );

    let letter = ReferralDraft {
        to: "Cardiology, Lira".into(),
        urgent: true,
        situation: "Stays above 180/110.".into(),
        ..ReferralDraft::default()
    };
    call(&app, print(patient, SheetDraft::Referral(letter)));
    assert_says(&last(&desk), &["Cardiology, Lira", "URGENT", "Stays above", "amlodipine"]);
    let kinds: Vec<_> = listed(&app, patient).iter().map(|item| item.kind).collect();
    let want =
        [SheetKind::Referral, SheetKind::SickNote, SheetKind::Prescription, SheetKind::Summary];
    assert_eq!(kinds, want, "the newest first");
    assert_eq!(listed(&app, patient)[3].encounter, Some(visit));
}

#[test]
fn a_preview_is_a_picture_and_keeps_nothing() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let patient = register(&app, "Okello", "Grace", "1988-03-14");
    let medication = order(&app, patient, medicine("Amlodipine", "1 tab QD", None));
    let (sheet, language) = (prescription(&[medication]), Some("fr".to_owned()));
    let preview = api::PreviewSheet { patient, sheet, paper: None, language };
    let picture = call(&app, preview);
    assert!(picture.pages.len() == 1 && picture.pages[0].starts_with("<svg"), "{picture:?}");
    assert_eq!((picture.paper, picture.language.as_str()), (SheetPaper::A5, "fr"));
    assert_eq!(picture.misread.len(), 1);
    assert_eq!((listed(&app, patient), audited(&app)), (Vec::new(), Vec::new()));
    assert!(desk.printed.lock().unwrap().is_empty());

    // Before it is kept, the letterhead is seen; what paper cannot say is told.
    let letterhead = Letterhead { name: "Lakeside".into(), ..Letterhead::default() };
    for kind in SheetKind::ALL.iter().copied() {
        let letterhead = letterhead.clone();
        let picture = call(&app, api::PreviewLetterhead { letterhead, kind });
        assert_eq!((picture.pages.len(), picture.paper), (1, kind.paper()));
    }
    assert_eq!(call(&app, api::GetLetterhead {}).letterhead, Letterhead::default());
    for wrong in [
        Letterhead { language: "xx".into(), ..letterhead.clone() },
        Letterhead { footer: "x".repeat(1000), ..letterhead.clone() },
    ] {
        assert_eq!(refused(&app, api::SetLetterhead { letterhead: wrong }), ErrorCode::Invalid);
    }
    let french = Letterhead { language: "fr".into(), ..letterhead };
    call(&app, api::SetLetterhead { letterhead: french });
    let view = call(&app, api::GetLetterhead {});
    assert_eq!((view.clinic_name.as_str(), view.languages[0].as_str()), ("Lakeside", "fr"));
}

#[test]
fn the_front_desk_prints_labels_and_nothing_clinical() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let patient = register(&app, "Okello", "Grace", "1988-03-14");
    let medication = order(&app, patient, medicine("Amlodipine", "", None));
    let printed = call(&app, print(patient, prescription(&[medication])));
    let person = api::AddPerson {
        user_name: "rose".into(),
        name: "Rose".into(),
        role: Role::Reception,
        password: PASSWORD.into(),
    };
    call(&app, person);
    drop(app);
    let app = signed_in(&desk, "rose");
    let preview = |paper, language: Option<&str>| {
        let language = language.map(str::to_owned);
        api::PreviewLabel { patient, paper, language }
    };
    let picture = call(&app, preview(None, None));
    assert!(picture.pages.len() == 1 && picture.pages[0].starts_with("<svg"), "{picture:?}");
    assert_eq!((picture.paper, picture.language.as_str()), (SheetPaper::Roll80, "en"));
    let picture = call(&app, preview(Some(SheetPaper::A4), Some("fr")));
    assert_eq!((picture.paper, picture.language.as_str()), (SheetPaper::A4, "fr"));
    assert_eq!(refused(&app, preview(None, Some("xx"))), ErrorCode::Invalid);
    assert!(desk.printed.lock().unwrap().len() == 1, "a preview prints nothing");
    let label = api::PrintLabel { patient, paper: None, language: None, copies: 3 };
    let labels = call(&app, label);
    assert_eq!((labels.outcome, labels.unwritten.as_str()), (PrintOutcome::Printer, ""));
    assert_eq!(desk.printed.lock().unwrap().len(), 4, "three of them");
    let said = last(&desk);
    assert_says(&said, &["OKELLO, Grace", "MRN-000417"]);
    assert!(!said.contains("amlodipine") && !said.contains("llerg"), "{said}");

    let denied = ErrorCode::NotPermitted;
    let sheet = prescription(&[medication]);
    let preview = api::PreviewSheet { patient, sheet: sheet.clone(), paper: None, language: None };
    assert_eq!(refused(&app, print(patient, sheet)), denied);
    assert_eq!(refused(&app, preview), denied);
    assert_eq!(refused(&app, api::ReprintSheet { serial: printed.serial.clone() }), denied);
    assert_eq!(refused(&app, api::ShowSheet { serial: printed.serial.clone() }), denied);
    assert_eq!(refused(&app, api::ListSheets { patient: Some(patient), limit: 9 }), denied);
    assert_eq!(refused(&app, api::VerifySheet { code: printed.serial }), denied);
    let letterhead = Letterhead::default();
    assert_eq!(refused(&app, api::SetLetterhead { letterhead }), denied);
    drop(app);
    let rows = audited(&signed_in(&desk, "ana"));
    assert!(rows.contains(&"print-label success true".to_owned()), "{rows:?}");
    assert!(rows.contains(&"print-sheet refused true".to_owned()), "{rows:?}");
}

#[test]
fn hostile_words_are_words_on_paper() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let hostile = ") Tj /OpenAction << /S /JavaScript /JS (app.alert(1)) >> <script>";
    let patient = register(&app, "Okello", "Grace", "1988-03-14");
    let medication = order(&app, patient, medicine(hostile, hostile, None));
    call(&app, print(patient, prescription(&[medication])));
    let pdf = desk.printed.lock().unwrap().last().unwrap().clone();
    assert_says(&text(&pdf).replace(' ', ""), &["/S/JavaScript/JS(app.alert(1))>>"]);
    let raw = String::from_utf8_lossy(&pdf);
    assert!(!raw.contains("OpenAction") && !raw.contains("JavaScript"), "they are glyphs");
    let picture = call(
        &app,
        api::PreviewSheet {
            patient,
            sheet: prescription(&[medication]),
            paper: None,
            language: None,
        },
    );
    assert!(!picture.pages.iter().any(|page| page.contains("script") || page.contains("alert")));
}

#[test]
fn how_much_of_a_controlled_medicine_is_handed_out_stands_in_words() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let patient = register(&app, "Okello", "Grace", "1988-03-14");
    let check = |name: &str, want: bool| {
        let draft = MedicationDraft {
            quantity: "20".into(),
            quantity_unit: "tablets".into(),
            ..medicine(name, "", None)
        };
        let medication = order(&app, patient, draft);
        call(&app, print(patient, prescription(&[medication])));
        let said = last(&desk);
        assert!(said.contains("20 tablets"), "{said}");
        assert_eq!(said.contains("(twenty)"), want, "{name}: {said}");
    };
    check("Morphine sulfate", true);
    check("Amlodipine", false);
}

#[test]
fn an_allergy_stands_beside_the_medicine_it_speaks_against_on_every_sheet() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let patient = register(&app, "Okello", "Grace", "1988-03-14");
    let draft = AllergyDraft {
        substance: "Penicillin".into(),
        reaction: "anaphylaxis".into(),
        severity: Some(ReactionSeverity::Severe),
        ..AllergyDraft::default()
    };
    call(&app, api::RecordAllergy { patient, draft });
    let draft = EncounterDraft { reason: "Cough".into(), class: None };
    let visit = call(&app, api::BeginEncounter { patient, draft }).entries[0];
    let visit = EncounterId::from_uuid(visit.id);
    order(&app, patient, medicine("Metformin", "", Some(visit)));
    let note = "Despite the alert: tolerated before. With food.".to_owned();
    let draft = MedicationDraft { note, ..medicine("Amoxicillin", "", Some(visit)) };
    let medication = order(&app, patient, draft);
    let end = api::EndEncounter { patient, encounter: visit, seen: None };
    call(&app, end);
    let letter = ReferralDraft {
        to: "Cardiology, Lira".into(),
        situation: "Cough".into(),
        ..ReferralDraft::default()
    };
    let sheets =
        [prescription(&[medication]), SheetDraft::Summary(visit), SheetDraft::Referral(letter)];
    for sheet in sheets {
        let printed = call(&app, print(patient, sheet.clone()));
        let read = last(&desk);
        let said = "prescribed despite a recorded allergy: penicillin (anaphylaxis, severe) \
                    reason given: tolerated before";
        assert_eq!(read.matches(said).count(), 1, "{sheet:?}: {read}");
        assert!(read.find("amoxicillin") < read.find(said), "{read}");
        // What is kept says it again.
        let reprint = api::ReprintSheet { serial: printed.serial };
        call(&app, reprint);
        assert!(last(&desk).contains(said), "{}", last(&desk));
    }
}

#[test]
fn a_label_that_is_printed_with_boxes_in_it_says_so() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let patient = register(&app, "Okello", "ᠮᠣᠩ", "1988-03-14");
    let label = api::PrintLabel { patient, paper: None, language: None, copies: 1 };
    assert_eq!(call(&app, label).unwritten, "ᠣᠩᠮ");
    let preview = api::PreviewLabel { patient, paper: None, language: None };
    assert_eq!(call(&app, preview).unwritten, "ᠣᠩᠮ");
}

#[test]
fn what_is_printed_of_a_changed_dose_says_why_it_was_changed() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let patient = register(&app, "Okello", "Grace", "1988-03-14");
    let substance = "Penicillin".to_owned();
    let draft = AllergyDraft { substance, ..AllergyDraft::default() };
    call(&app, api::RecordAllergy { patient, draft });
    let note = |why: &str| format!("Despite the alert: {why}.");
    let draft =
        |why: &str| MedicationDraft { note: note(why), ..medicine("Amoxicillin", "", None) };
    // Two that say the same, each prescribed for a reason of its own.
    let one = order(&app, patient, draft("tolerated before"));
    let other = order(&app, patient, draft("no other medicine"));
    let said = |medication: MedicationId| {
        call(&app, print(patient, prescription(&[medication])));
        let read = last(&desk);
        let (_, said) = read.split_once("reason given: ").expect(&read);
        said.split(" quantity").next().unwrap().to_owned()
    };
    assert_eq!(
        (said(one).as_str(), said(other).as_str()),
        ("tolerated before", "no other medicine")
    );
    let draft = MedicationDraft { dose: "10".into(), ..draft("the benefit outweighs the risk") };
    call(&app, api::ChangeDosage { patient, medication: one, seen: None, draft });
    assert_eq!(said(one), "the benefit outweighs the risk");
    assert_eq!(said(other), "no other medicine");
}

#[test]
fn a_summary_that_is_printed_before_the_note_is_signed_says_so() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let patient = register(&app, "Okello", "Grace", "1988-03-14");
    let draft = EncounterDraft { reason: "Headache".into(), class: None };
    let visit = call(&app, api::BeginEncounter { patient, draft }).entries[0];
    let visit = EncounterId::from_uuid(visit.id);
    let check = |want: bool| {
        let sheet = SheetDraft::Summary(visit);
        let preview = api::PreviewSheet { patient, sheet, paper: None, language: None };
        assert_eq!(call(&app, preview).unsigned_note, want);
        let printed = call(&app, print(patient, SheetDraft::Summary(visit)));
        assert_eq!(printed.unsigned_note, want);
        let read = last(&desk);
        let said = "a note of this visit is not signed and is not on this sheet";
        assert_eq!((read.contains(said), read.contains("less salt")), (want, false), "{read}");
        // A copy says what it said.
        let again = call(&app, api::ReprintSheet { serial: printed.serial });
        assert_eq!((again.unsigned_note, last(&desk).contains(said)), (want, want));
    };
    check(false);
    let draft = call(&app, api::OpenDraft { patient, which: api::WhichDraft::OfVisit(visit) }).id;
    check(false);
    let (section, text) = (NoteSectionCode::Plan, "Less salt.".to_owned());
    // It counts as soon as it is typed.
    call(&app, api::SaveDraft { draft, section, text: text.clone(), settled: false });
    check(true);
    call(&app, api::SaveDraft { draft, section, text, settled: true });
    check(true);
    call(&app, api::SignNote { draft });
    let printed = call(&app, print(patient, SheetDraft::Summary(visit)));
    assert!(!printed.unsigned_note);
    assert_says(&last(&desk), &["Less salt."]);
}

#[test]
fn what_is_printed_in_a_demonstration_is_no_prescription() {
    let check = |app: &App<Desk>, desk: &Desk, want: bool| {
        let patient = register(app, "Okello", "Grace", "1988-03-14");
        let medication = order(app, patient, medicine("Amlodipine", "", None));
        call(app, print(patient, prescription(&[medication])));
        let said = "demonstration – not a prescription";
        assert_eq!(last(desk).starts_with(said), want, "{}", last(desk));
        let label = api::PrintLabel { patient, paper: None, language: None, copies: 1 };
        call(app, label);
        let said = "demonstration – not a real patient";
        assert_eq!(last(desk).starts_with(said), want, "{}", last(desk));
    };
    let desk = Desk::new();
    check(&clinic(&desk), &desk, false);
    let desk = Desk::new();
    let app = App::new(desk.clone());
    app.demonstrate(1, |_, _| {}).unwrap();
    check(&app, &desk, true);
}
