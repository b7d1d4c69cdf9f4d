//! A clinic of one computer: made, used, locked, opened again.

#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::redundant_clone,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::support::{Desk, PASSWORD, call, clinic, create, refused, signed_in};
use api::{ErrorCode, Event, Origin, Stage, Topic};
use app::App;
use clinical::{
    AllergyDraft, AllergyState, EntryKind, MedicationDraft, NoteSectionCode, Observation,
    PatientDraft, PatientId, Role, VitalsDraft,
};

fn register(app: &App<Desk>, family: &str) -> PatientId {
    let draft = PatientDraft {
        family: family.into(),
        given: "Amina".into(),
        birth_date: "1988-03-14".into(),
        phone: "+256 700 123456".into(),
        ..Default::default()
    };
    call(app, api::RegisterPatient { draft })
}

fn allergy(substance: &str) -> AllergyDraft {
    AllergyDraft { substance: substance.into(), ..Default::default() }
}

fn medication(name: &str) -> MedicationDraft {
    MedicationDraft {
        medication: name.into(),
        dose: "500".into(),
        unit: "mg".into(),
        frequency: "3".into(),
        ..Default::default()
    }
}

#[test]
fn what_is_recorded_is_there_after_a_restart() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let patient = register(&app, "Okello");
    call(&app, api::RecordAllergy { patient, draft: allergy("Penicillin") });
    let asked = call(
        &app,
        api::ReviewMedication {
            patient,
            order: api::ProposedOrder::New(medication("Amoxicillin")),
        },
    );
    assert_eq!(asked.advice[0].rule, "drug-allergy", "asked before it is recorded: {asked:?}");
    let nameless =
        api::ReviewMedication { patient, order: api::ProposedOrder::New(medication("")) };
    assert_eq!(refused(&app, nameless), ErrorCode::Invalid, "nothing was checked");
    let advice = call(&app, api::RecordMedication { patient, draft: medication("Amoxicillin") });
    assert_eq!(advice.advice[0].rule, "drug-allergy", "{:?}", advice.advice);
    let values = [("systolic", "128"), ("diastolic", "84")];
    let values = values.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
    call(&app, api::RecordVitals { patient, draft: VitalsDraft { values, encounter: None } });
    drop(app);

    let app = signed_in(&desk, "ana");
    let view = call(&app, api::OpenChart { patient });
    assert_eq!(view.chart.allergy_state(), AllergyState::Known);
    assert_eq!(view.chart.medications.len(), 1);
    assert_eq!(view.chart.observations[0].value_label(), "128/84\u{a0}mmHg");
    assert_eq!(view.people.values().collect::<Vec<_>>(), ["Dr Ana Reyes"]);
    let found = |query: &str| {
        let query = query.to_owned();
        call(&app, api::FindPatients { query, limit: 10 }).iter().map(|h| h.patient).collect()
    };
    for query in ["okel", "amina ok", "14mar88", "700123456", ""] {
        let found: Vec<PatientId> = found(query);
        assert_eq!(found, [patient], "{query}");
    }
    assert!(app.check().unwrap().sound);
    assert_eq!(app.rebuild(|_, _| {}).unwrap(), 2, "the clinic and one chart");
}

#[test]
fn a_medicine_is_changed_stopped_and_withdrawn_and_its_past_is_told() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let patient = register(&app, "Okello");
    let entry =
        call(&app, api::RecordMedication { patient, draft: medication("Metformin") }).entries[0];
    let medication = clinical::MedicationId::from_uuid(entry.id);
    let draft = MedicationDraft { dose: "850".into(), unit: "mg".into(), ..Default::default() };
    let change = || api::ChangeDosage { patient, medication, seen: None, draft: draft.clone() };
    let stop =
        || api::StopMedication { patient, medication, seen: None, reason: "vomiting".into() };
    let is_over = || {
        assert_eq!(refused(&app, change()), ErrorCode::Invalid, "no dose of what is over");
        assert_eq!(refused(&app, stop()), ErrorCode::Invalid, "it is over once");
    };
    call(&app, change());
    call(&app, stop());
    is_over();
    let history = call(&app, api::GetHistory { patient, entry });
    let orders: Vec<_> = history.iter().filter(|item| item.field == "order").collect();
    assert_eq!(orders.len(), 3);
    assert!(orders[0].value.contains("stopped"), "newest first: {orders:?}");
    assert_eq!(orders[2].author, "Dr Ana Reyes");
    let mistake = "not hers".to_owned();
    call(&app, api::WithdrawEntry { patient, entry, seen: None, reason: mistake });
    is_over();
    let chart = call(&app, api::OpenChart { patient }).chart;
    assert_eq!(chart.medications[0].order.status.code(), "entered-in-error");
    assert_eq!(chart.reason_of(entry).unwrap().text, "not hers");
}

#[test]
fn a_note_is_kept_as_typed_and_frozen_when_signed() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let patient = register(&app, "Okello");
    let draft = call(&app, api::OpenDraft { patient, which: api::WhichDraft::Last }).id;
    let save = |app: &App<Desk>, text: &str, settled| {
        let section = NoteSectionCode::Subjective;
        call(app, api::SaveDraft { draft, section, text: text.into(), settled });
    };
    save(&app, "Cough", true);
    save(&app, "Cough for three days", false);
    drop(app);
    let app = signed_in(&desk, "ana");
    let again = call(&app, api::OpenDraft { patient, which: api::WhichDraft::Last });
    assert_eq!(again.id, draft);
    assert_eq!(again.sections[&NoteSectionCode::Subjective], "Cough for three days");
    let note = call(&app, api::SignNote { draft });
    let chart = call(&app, api::OpenChart { patient }).chart;
    let signed = &chart.compositions[0];
    assert_eq!((signed.id, signed.section[0].text.as_str()), (note, "Cough for three days"));
    let signature = signed.signature.clone().unwrap();
    let bytes = |hex: &str| -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap()).collect()
    };
    let key = bytes(&signature.public_key).try_into().unwrap();
    let mark = bytes(&signature.signature).try_into().unwrap();
    assert!(vault::user_keys::verify(&key, &app::signed_bytes(signed), &mark));
    let mut altered = signed.clone();
    altered.section[0].text.push('.');
    assert!(!vault::user_keys::verify(&key, &app::signed_bytes(&altered), &mark));
    assert_eq!(refused(&app, api::SignNote { draft }), ErrorCode::Invalid);
    // Words that come after the signature are in no note: nobody is told that they are kept.
    let late = api::SaveDraft {
        draft,
        section: NoteSectionCode::Plan,
        text: "Rest.".to_owned(),
        settled: true,
    };
    assert_eq!(refused(&app, late), ErrorCode::Changed);
    assert_ne!(
        call(&app, api::OpenDraft { patient, which: api::WhichDraft::Last }).id,
        draft,
        "a signed draft is closed"
    );
}

#[test]
fn the_last_weight_comes_with_the_review_of_a_medicine() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let patient = register(&app, "Okello");
    let weight = || {
        let draft = medication("Paracetamol");
        let weight =
            call(&app, api::ReviewMedication { patient, order: api::ProposedOrder::New(draft) })
                .weight;
        weight.first().map(Observation::value_label)
    };
    assert_eq!(weight(), None);
    let values = [("weight".to_owned(), "14.6".to_owned())].into();
    let draft = VitalsDraft { values, encounter: None };
    call(&app, api::RecordVitals { patient, draft });
    assert_eq!(weight().as_deref(), Some("14.6\u{a0}kg"));
}

#[test]
fn a_draft_says_who_began_it_and_another_can_be_begun_beside_it() {
    use api::WhichDraft::{Last, New, Of};
    let desk = Desk::new();
    let app = clinic(&desk);
    let patient = register(&app, "Okello");
    let open = |which| call(&app, api::OpenDraft { patient, which });
    let old = open(Last);
    let begun = old.begun.unwrap();
    assert_eq!(old.names[&begun.author], "Dr Ana Reyes");
    assert_eq!((open(Last).id, open(Last).begun), (old.id, old.begun));
    let today = open(New);
    assert!(today.id != old.id && today.begun.unwrap().at >= begun.at);
    assert_eq!(open(Last).id, today.id, "who comes back goes on with the last");
    assert_eq!(open(Of(old.id)).id, old.id);
    let listed = || call(&app, api::OpenChart { patient }).drafts;
    assert_eq!(listed(), [], "what nobody wrote in is none");
    for (draft, settled) in [(old.id, false), (today.id, true)] {
        let (section, text) = (NoteSectionCode::Plan, "Rest.".to_owned());
        call(&app, api::SaveDraft { draft, section, text, settled });
    }
    assert_eq!(listed().len(), 2, "the old one stays");
    let (draft, section) = (today.id, NoteSectionCode::Plan);
    call(&app, api::SaveDraft { draft, section, text: " ".into(), settled: false });
    let words: Vec<String> =
        listed().into_iter().map(|draft| draft.sections[&section].clone()).collect();
    assert_eq!(words, ["Rest.", "Rest."], "what is deleted stays until that settles");
    assert_eq!(open(Of(draft)).sections[&section], " ", "who opens it sees what was typed");
    call(&app, api::SaveDraft { draft, section, text: "Rest.".into(), settled: false });
    call(&app, api::SignNote { draft: today.id });
    assert_eq!(open(Of(today.id)).id, old.id, "what is signed is open no longer");
}

#[test]
fn each_door_that_stays_shut_says_why() {
    let desk = Desk::new();
    let app = App::new(desk.clone());
    assert_eq!(call(&app, api::GetStatus {}).stage, Stage::FirstRun);
    let sign_in = |user: &str, password: &str| api::SignIn {
        user_name: user.into(),
        password: password.into(),
    };
    assert_eq!(refused(&app, sign_in("ana", PASSWORD)), ErrorCode::NoClinic);
    assert_eq!(refused(&app, api::ListTasks { after: None, limit: 9 }), ErrorCode::SignedOut);
    let app = clinic(&desk);
    call(&app, api::Lock {});
    let users = vec!["ana".to_owned()];
    // A locked window remembers the clinic; no file outside the encrypted store names it.
    let named = |clinic: Option<&str>| Stage::SignedOut {
        users: users.clone(),
        clinic_name: clinic.map(str::to_owned),
    };
    assert_eq!(call(&app, api::GetStatus {}).stage, named(Some("Lakeside")));
    assert_eq!(call(&App::new(desk.clone()), api::GetStatus {}).stage, named(None));
    assert_eq!(refused(&app, sign_in("ana", "another long password")), ErrorCode::WrongPassword);
    assert_eq!(refused(&app, sign_in("bo", PASSWORD)), ErrorCode::UnknownUser);
    let second = App::new(desk.clone());
    call(&app, sign_in("ana", PASSWORD));
    assert_eq!(refused(&second, sign_in("ana", PASSWORD)), ErrorCode::StoreInUse);
    drop(app);
    let create = api::CreateClinic {
        clinic_name: "Other".into(),
        user_name: "bo".into(),
        name: "Bo".into(),
        password: PASSWORD.into(),
        device_name: None,
        server: None,
    };
    let (database, away) = (desk.path().join("fieldchart.db"), desk.path().join("away"));
    std::fs::rename(&database, &away).unwrap();
    let Stage::Blocked(error) = call(&second, api::GetStatus {}).stage else { panic!() };
    assert_eq!(error.code, ErrorCode::Damaged, "keys without a database are no first run");
    let told = second.call(sign_in("ana", PASSWORD), Origin::Host).unwrap_err();
    assert_eq!(told, error);
    assert_eq!(refused(&second, create.clone()), ErrorCode::AlreadyExists);
    std::fs::rename(&away, &database).unwrap();
    assert_eq!(refused(&second, create), ErrorCode::AlreadyExists);
    for slots in ["keyslots.a", "keyslots.b"] {
        std::fs::write(desk.path().join(slots), b"damaged").unwrap();
    }
    assert_eq!(refused(&second, sign_in("ana", PASSWORD)), ErrorCode::Damaged);
    let Stage::Blocked(error) = call(&second, api::GetStatus {}).stage else { panic!() };
    assert_eq!(error.code, ErrorCode::Damaged);
    for slots in ["keyslots.a", "keyslots.b"] {
        std::fs::remove_file(desk.path().join(slots)).unwrap();
    }
    let Stage::Blocked(_) = call(&second, api::GetStatus {}).stage else {
        panic!("a store without its keys is not a first run")
    };
}

#[test]
fn the_recovery_code_opens_when_the_password_is_lost() {
    let desk = Desk::new();
    let app = App::new(desk.clone());
    let created = create(&app, None);
    call(&app, api::Lock {});
    let recover = |code: &str| api::RecoverAccess {
        code: code.into(),
        user_name: "ana".into(),
        password: "an entirely new long password".into(),
    };
    let wrong = created.recovery_code.replace(|c: char| c.is_ascii_digit(), "7");
    assert_eq!(refused(&app, recover(&wrong)), ErrorCode::WrongRecoveryCode);
    let session = call(&app, recover(&created.recovery_code.to_lowercase()));
    assert_eq!(session.name, "Dr Ana Reyes");
    call(&app, api::Lock {});
    let old = api::SignIn { user_name: "ana".into(), password: PASSWORD.into() };
    assert_eq!(refused(&app, old), ErrorCode::WrongPassword);
}

#[test]
fn reception_finds_and_registers_and_sees_no_chart() {
    let desk = Desk::new();
    let app = clinic(&desk);
    call(
        &app,
        api::AddPerson {
            user_name: "rose".into(),
            name: "Rose".into(),
            role: Role::Reception,
            password: PASSWORD.into(),
        },
    );
    drop(app);
    let app = signed_in(&desk, "rose");
    let patient = register(&app, "Okello");
    assert_eq!(call(&app, api::FindPatients { query: "ok".into(), limit: 5 }).len(), 1);
    let entry = clinical::EntryRef::new(EntryKind::Patient, patient.uuid());
    let denied = ErrorCode::NotPermitted;
    assert_eq!(refused(&app, api::OpenChart { patient }), denied);
    assert_eq!(refused(&app, api::GetHistory { patient, entry }), denied);
    assert_eq!(refused(&app, api::RecordAllergy { patient, draft: allergy("Eggs") }), denied);
    assert_eq!(refused(&app, api::ListPeople {}), denied);
    assert_eq!(app.check().unwrap_err().code, denied);
}

#[test]
fn bad_fields_are_told_and_nothing_is_saved() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let patient = register(&app, "Okello");
    assert_eq!(
        refused(&app, api::RecordAllergy { patient, draft: allergy(" ") }),
        ErrorCode::Invalid
    );
    let nobody = PatientId::from_uuid(clinical::uuid_v7(5, [5; 10]));
    let unknown = api::RecordAllergy { patient: nobody, draft: allergy("Eggs") };
    assert_eq!(refused(&app, unknown), ErrorCode::NotFound);
    let impossible = MedicationDraft { dose: "-1".into(), ..medication("Ibuprofen") };
    let record = api::RecordMedication { patient, draft: impossible };
    assert_eq!(refused(&app, record), ErrorCode::Invalid);
    let chart = call(&app, api::OpenChart { patient }).chart;
    assert_eq!((chart.allergies.len(), chart.medications.len()), (0, 0));
}

#[test]
fn a_payload_that_is_not_understood_is_not_quoted() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let check = |payload: serde_json::Value, want: &str| {
        let told = app.dispatch("register-patient", payload, Origin::Host).unwrap_err();
        assert_eq!(told.code, ErrorCode::Invalid);
        assert!(told.detail.contains("register-patient") && told.detail.contains(want), "{told}");
        assert!(!format!("{told:?}{told}").contains("Okello"), "{told:?}");
    };
    check(serde_json::json!("Okello"), "invalid type");
    check(serde_json::json!({ "draft": "Okello" }), "invalid type");
    check(serde_json::json!({ "draft": { "family": ["Okello"] } }), "invalid type");
    check(serde_json::json!({ "draft": { "gender": "Okello" } }), "");
    check(serde_json::json!({ "draft": { "Okello": "" } }), "");
    check(serde_json::json!({ "Okello": 1 }), "");
}

#[test]
fn a_store_that_lost_its_anchor_opens_only_by_decision() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let patient = register(&app, "Okello");
    drop(app);
    std::fs::remove_file(desk.path().join("fieldchart.anchor")).unwrap();
    let app = App::new(desk.clone());
    let sign_in = || api::SignIn { user_name: "ana".into(), password: PASSWORD.into() };
    refused(&app, sign_in());
    assert_eq!(
        app.accept_loss("ana", "another long password").unwrap_err().code,
        ErrorCode::WrongPassword
    );
    app.accept_loss("ana", PASSWORD).unwrap();
    assert!(app.check().unwrap().sound);
    assert!(call(&app, api::OpenChart { patient }).chart.patient.is_some());
    call(&app, api::Lock {});
    call(&app, sign_in());
}

#[test]
fn a_loss_is_accepted_by_an_administrator_alone_and_their_decision_is_audited() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let add = |user: &str, role| api::AddPerson {
        user_name: user.into(),
        name: user.into(),
        role,
        password: PASSWORD.into(),
    };
    call(&app, add("ben", Role::Clinician));
    call(&app, add("rose", Role::Reception));
    drop(app);
    let database = desk.path().join(store::DATABASE_FILE);
    let old = std::fs::read(&database).unwrap();
    let app = signed_in(&desk, "ana");
    register(&app, "Okello");
    drop(app);
    std::fs::write(&database, old).unwrap();

    let app = App::new(desk.clone());
    let sign_in = |user: &str| api::SignIn { user_name: user.into(), password: PASSWORD.into() };
    for user in ["ben", "rose"] {
        let denied = app.accept_loss(user, PASSWORD).unwrap_err().code;
        assert_eq!(denied, ErrorCode::NotPermitted, "{user}");
        for next in ["ben", "rose", "ana"] {
            assert_eq!(refused(&app, sign_in(next)), ErrorCode::MissingCommits, "{user}, {next}");
        }
    }
    app.accept_loss("ana", PASSWORD).unwrap();
    let page = api::ReadAudit { from: api::AuditFrom::Newest, patient: None, limit: 99 };
    let rows = call(&app, page).rows;
    let by = |row: &api::AuditItem| (row.resource.clone(), row.name.clone());
    let accepted: Vec<_> = rows.iter().filter(|row| row.resource == "accept-loss").collect();
    let (accepted, refused): (Vec<_>, Vec<_>) =
        accepted.into_iter().partition(|row| row.outcome == "success");
    let refused: Vec<_> = refused.iter().map(|row| (row.outcome.as_str(), &*row.name)).collect();
    assert_eq!(refused, [("refused", "ben"), ("refused", "rose")]);
    assert_eq!(accepted.len(), 1, "{rows:?}");
    assert_eq!(by(accepted[0]), ("accept-loss".into(), "Dr Ana Reyes".into()));
    call(&app, api::Lock {});
    call(&app, sign_in("ben"));
}

#[test]
fn what_changed_is_told_by_topic() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let patient = register(&app, "Okello");
    desk.events.lock().unwrap().clear();
    call(&app, api::RecordAllergy { patient, draft: allergy("Eggs") });
    let events = desk.events.lock().unwrap().clone();
    let [Event::Changed { topics, .. }] = events.as_slice() else { panic!("{events:?}") };
    assert!(topics.contains(&Topic::Chart(patient)));
    assert!(!topics.contains(&Topic::Patients), "nobody's name has changed");
    // The chart lists its drafts.
    desk.events.lock().unwrap().clear();
    let draft = call(&app, api::OpenDraft { patient, which: api::WhichDraft::New }).id;
    let events = desk.events.lock().unwrap().clone();
    let [Event::Changed { topics, .. }] = events.as_slice() else { panic!("{events:?}") };
    assert!(api::draft_topics(draft, patient).iter().all(|topic| topics.contains(topic)));
}

/// Nobody is told a recovery code of a clinic that does not open.
#[test]
fn of_several_who_make_a_clinic_in_one_folder_at_once_one_does() {
    for round in 0..8 {
        let desk = Desk::new();
        let begin = std::sync::Barrier::new(3);
        let make = &|user: &str| {
            let app = App::new(desk.clone());
            let create = api::CreateClinic {
                clinic_name: "Kibera".into(),
                user_name: user.into(),
                name: user.into(),
                password: PASSWORD.into(),
                device_name: None,
                server: None,
            };
            begin.wait();
            app.call(create, Origin::Host).map(drop).map_err(|error| error.code)
        };
        let made = std::thread::scope(|scope| {
            ["ana", "bo", "cy"]
                .map(|user| (user, scope.spawn(move || make(user))))
                .map(|(user, making)| (user, making.join().unwrap()))
        });
        let ways: Vec<_> = made.iter().filter(|(_, made)| made.is_ok()).collect();
        let [(user, _)] = ways.as_slice() else { panic!("{round}: {made:?}") };
        for (_, made) in &made {
            let refused = [ErrorCode::AlreadyExists, ErrorCode::StoreInUse];
            assert!(made.as_ref().err().is_none_or(|code| refused.contains(code)), "{made:?}");
        }
        drop(signed_in(&desk, user));
    }
}
