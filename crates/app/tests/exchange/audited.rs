//! Every command of the contract leaves exactly the audit rows that are written here.

mod documents;
mod paper;

use super::{
    Station, address, allergy, call, conflicts, medication, refused, register,
    server::{Server, Spoilt},
    synced, two,
};
use crate::support::PASSWORD;
use api::{AuditFrom, Command, ErrorCode};
use app::App;
use clinical::{
    AllergyDraft, ConditionDraft, DeviceId, EncounterDraft, EncounterId, EntryRef, MedicationId,
    NoteDraft, NoteSectionCode, PatientDraft, PatientId, PractitionerId, Role, VitalsDraft,
};
use std::{collections::BTreeSet, time::Duration};

/// Action, resource, and whether a patient is named.
type Row = (&'static str, &'static str, bool);

/// About one patient, and about none.
const PATIENT: bool = true;
const NOBODY: bool = false;

/// A command at work, and what it leaves.
struct Case {
    name: &'static str,
    act: fn(&mut World),
    want: &'static [Row],
}

/// Two computers of a clinic that dispute a dosage and have a task to do.
struct World {
    server: Server,
    a: App<Station>,
    b: App<Station>,
    /// A computer that came in the course of a case: its rows are looked at from the first.
    newcomer: Option<App<Station>>,
    patient: PatientId,
    metformin: MedicationId,
    vitals: Option<EntryRef>,
    draft: Option<NoteDraft>,
    rose: Option<PractitionerId>,
    serial: String,
    recovery_code: String,
    bundle: String,
    card: String,
    /// Another clinic.
    elsewhere: Option<App<Station>>,
    folder: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let server = Server::default();
        let (_, [a, b]) = two(&server);
        let patient = register(&a, "Okello");
        let draft = medication("Metformin", "500", "1");
        let entry = call(&a, api::RecordMedication { patient, draft }).entries[0];
        let metformin = MedicationId::from_uuid(entry.id);
        synced(&a);
        synced(&b);
        let change = |app: &App<Station>, dose, frequency| {
            let draft = medication("Metformin", dose, frequency);
            call(app, api::ChangeDosage { patient, medication: metformin, seen: None, draft });
        };
        allergy(&a, patient, "Penicillin");
        change(&a, "1000", "1");
        call(&b, api::RecordMedication { patient, draft: medication("Amoxicillin", "500", "3") });
        change(&b, "500", "2");
        for app in [&a, &b, &a, &b] {
            synced(app);
        }
        Self {
            server,
            a,
            b,
            newcomer: None,
            patient,
            metformin,
            vitals: None,
            draft: None,
            rose: None,
            serial: String::new(),
            recovery_code: String::new(),
            bundle: String::new(),
            card: String::new(),
            elsewhere: None,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// A computer that has nothing yet.
    fn station(&self) -> App<Station> {
        App::new(Station::new(&self.server))
    }

    fn code(&self) -> String {
        call(&self.a, api::MakeDeviceCode {}).code
    }

    fn sign_in(&self) {
        let (user_name, password) = ("ana".into(), PASSWORD.into());
        call(&self.a, api::SignIn { user_name, password });
    }
}

/// The place of the last row; asking leaves one more.
fn last(app: &App<Station>) -> u64 {
    let newest = api::ReadAudit { patient: None, from: AuditFrom::Newest, limit: 1 };
    call(app, newest).rows.last().map_or(0, |row| row.seq) + 1
}

/// What the rules do to tasks is the program's own deed: no person settled them.
#[test]
fn what_the_rules_do_to_tasks_is_theirs_in_the_log() {
    let world = World::new();
    let by_rules = |app: &App<Station>, after| {
        let from = AuditFrom::After(after);
        let rows =
            call(app, api::ReadAudit { patient: Some(world.patient), from, limit: 500 }).rows;
        assert!(rows.iter().all(|row| row.resource != "settle-task"), "{rows:?}");
        let purposes = rows.into_iter().filter(|row| row.resource == "decision-rules");
        purposes.map(|row| (row.action, row.purpose)).collect::<Vec<_>>()
    };
    let system = || vec![("update".to_owned(), "system".to_owned())];
    let raised = [by_rules(&world.a, 0), by_rules(&world.b, 0)];
    assert!(raised.contains(&system()), "raised where the charts met: {raised:?}");
    let chart = call(&world.a, api::OpenChart { patient: world.patient }).chart;
    let cause = chart.medications.iter().find(|one| one.id != world.metformin).unwrap();
    let entry = EntryRef::new(clinical::EntryKind::Medication, cause.id.uuid());
    // What loses its cause by a slip that is taken back waits again.
    let before = last(&world.a);
    let (patient, medication) = (world.patient, cause.id);
    let stop = api::StopMedication { patient, medication, seen: None, reason: String::new() };
    let api::Recorded { entries, before: heads, heads: seen, .. } = call(&world.a, stop);
    assert_eq!(by_rules(&world.a, before), system(), "closed with its cause");
    let before = last(&world.a);
    call(&world.a, api::UndoEdit { patient, entries, before: heads, seen });
    assert_eq!(by_rules(&world.a, before), system(), "and raised again with it");
    let before = last(&world.a);
    call(
        &world.a,
        api::WithdrawEntry { patient: world.patient, entry, seen: None, reason: String::new() },
    );
    assert_eq!(by_rules(&world.a, before), system(), "closed with its cause");
}

fn rows_after(app: &App<Station>, seq: u64) -> Vec<(String, String, bool)> {
    let after = api::ReadAudit { patient: None, from: AuditFrom::After(seq), limit: 500 };
    let rows = call(app, after).rows.into_iter();
    // Of a sheet the number follows.
    let resource = |row: &str| row.split('/').next().unwrap_or_default().to_owned();
    rows.map(|row| (row.action, resource(&row.resource), row.patient.is_some())).collect()
}

/// A computer whose number and the clinic's are compared.
fn comparing(w: &World) -> App<Station> {
    let app = w.station();
    let opened = call(&w.a, api::OpenRoom {});
    let api::AdmissionView::Waiting { room, server, .. } = opened else { panic!("{opened:?}") };
    call(&app, api::EnterRoom { room, server, device_name: "Third".to_owned() });
    for _ in 0..3 {
        w.a.look_into_rooms();
        app.look_into_rooms();
    }
    app
}

fn case<C: Command>(act: fn(&mut World), want: &'static [Row]) -> Case {
    Case { name: C::NAME, act, want }
}

/// The commands of the door, and of who comes and goes by it.
fn door() -> Vec<Case> {
    let sign_in: &[Row] = &[("lock", "lock", NOBODY), ("sign-in", "sign-in", NOBODY)];
    let joined: &[Row] =
        &[("administer", "join-clinic", NOBODY), ("administer", "record-key", NOBODY)];
    vec![
        case::<api::GetStatus>(|w| drop(call(&w.a, api::GetStatus {})), &[]),
        case::<api::CreateClinic>(
            |w| w.newcomer = Some(super::clinic(&Station::new(&w.server))),
            &[("administer", "create-clinic", NOBODY)],
        ),
        case::<api::CreateDemonstration>(
            |w| {
                let app = w.station();
                call(&app, api::CreateDemonstration { patients: 1 });
                w.newcomer = Some(app);
            },
            &[("administer", "create-clinic", NOBODY), ("import", "demonstration", PATIENT)],
        ),
        case::<api::ReadInvitation>(
            |w| {
                let (app, code) = (w.station(), Some(w.code()));
                let read = call(&app, api::ReadInvitation { code });
                assert_eq!((read.user_name.as_str(), read.name.as_str()), ("ana", "Dr Ana Reyes"));
            },
            &[("administer", "make-device-code", NOBODY)],
        ),
        case::<api::JoinClinic>(
            |w| w.newcomer = Some(super::join(&Station::new(&w.server), w.code())),
            joined,
        ),
        case::<api::RecoverClinic>(
            |w| {
                let kit = call(&w.a, api::MakeRecoveryKit { password: PASSWORD.into() });
                let app = w.station();
                let recover = api::RecoverClinic {
                    code: kit.code,
                    clinic: kit.clinic,
                    server: kit.server,
                    user_name: None,
                    device_name: "New laptop".to_owned(),
                    password: PASSWORD.into(),
                };
                call(&app, recover);
                w.newcomer = Some(app);
            },
            &[
                ("administer", "join-clinic", NOBODY),
                ("administer", "record-key", NOBODY),
                ("administer", "recover-clinic", NOBODY),
            ],
        ),
        case::<api::ResumeJoining>(
            |w| {
                let (app, code) = (w.station(), w.code());
                w.server.spoil_next_push(Spoilt::Request);
                let device_name = "Third".to_owned();
                let join = api::JoinClinic { code, device_name, password: PASSWORD.into() };
                assert_eq!(refused(&app, join), ErrorCode::Unreachable);
                call(&app, api::ResumeJoining { password: PASSWORD.into() });
                w.newcomer = Some(app);
            },
            joined,
        ),
        case::<api::EnterRoom>(|w| drop(comparing(w)), &[]),
        case::<api::GetEntrance>(|w| drop(call(&w.station(), api::GetEntrance {})), &[]),
        case::<api::AnswerEntrance>(
            |w| drop(call(&comparing(w), api::AnswerEntrance { same: true })),
            &[],
        ),
        case::<api::LeaveRoom>(|w| call(&w.station(), api::LeaveRoom {}), &[]),
        case::<api::JoinAdmitted>(
            |w| {
                let app = comparing(w);
                call(&app, api::AnswerEntrance { same: true });
                call(&w.a, api::AnswerAdmission { same: true });
                for app in [&app, &w.a, &app] {
                    app.look_into_rooms();
                }
                call(&app, api::JoinAdmitted { password: PASSWORD.into() });
                w.newcomer = Some(app);
            },
            joined,
        ),
        case::<api::SignIn>(
            |w| {
                call(&w.a, api::Lock {});
                w.sign_in();
            },
            sign_in,
        ),
        case::<api::Lock>(
            |w| {
                call(&w.a, api::Lock {});
                w.sign_in();
            },
            sign_in,
        ),
        // Nobody need be signed in, and it tells nothing of anyone.
        case::<api::Speak>(
            |w| {
                call(&w.a, api::Speak { language: "sw".into() });
                let no_tag = api::Speak { language: "../sw".into() };
                assert_eq!(refused(&w.a, no_tag), ErrorCode::Invalid);
            },
            &[],
        ),
        case::<api::ChangePassword>(
            |w| {
                let (password, new_password) = (PASSWORD.into(), PASSWORD.into());
                call(&w.a, api::ChangePassword { password, new_password });
            },
            &[("administer", "change-password", NOBODY)],
        ),
        case::<api::ReplaceRecoveryCode>(
            |w| {
                let replace = api::ReplaceRecoveryCode { password: PASSWORD.into() };
                w.recovery_code = call(&w.a, replace).recovery_code;
            },
            &[("administer", "replace-recovery-code", NOBODY)],
        ),
        case::<api::RecoverAccess>(
            |w| {
                let (code, user_name) = (w.recovery_code.clone(), "ana".into());
                call(&w.a, api::Lock {});
                call(&w.a, api::RecoverAccess { code, user_name, password: PASSWORD.into() });
            },
            &[
                ("lock", "lock", NOBODY),
                ("administer", "recover-access", NOBODY),
                ("sign-in", "sign-in", NOBODY),
            ],
        ),
    ]
}

/// What is read and decided.
fn reading() -> Vec<Case> {
    vec![
        case::<api::FindPatients>(
            |w| drop(call(&w.a, api::FindPatients { query: "ok".into(), limit: 5 })),
            &[("search", "find-patients", NOBODY)],
        ),
        case::<api::FindDuplicates>(
            |w| {
                let draft = PatientDraft { family: "Okello".into(), ..Default::default() };
                call(&w.a, api::FindDuplicates { draft });
            },
            &[("search", "find-duplicates", NOBODY)],
        ),
        case::<api::OpenChart>(
            |w| drop(call(&w.a, api::OpenChart { patient: w.patient })),
            &[("read", "open-chart", PATIENT)],
        ),
        case::<api::GetHistory>(
            |w| {
                let entry = EntryRef::new(clinical::EntryKind::Medication, w.metformin.uuid());
                call(&w.a, api::GetHistory { patient: w.patient, entry });
            },
            &[("read", "get-history", PATIENT)],
        ),
        case::<api::GetWhereabouts>(
            |w| {
                call(&w.a, api::GetWhereabouts { patient: w.patient });
            },
            &[],
        ),
        case::<api::ReviewMedication>(
            |w| {
                let draft = medication("Ibuprofen", "400", "3");
                call(
                    &w.a,
                    api::ReviewMedication {
                        patient: w.patient,
                        order: api::ProposedOrder::New(draft),
                    },
                );
            },
            &[("read", "review-medication", PATIENT)],
        ),
        case::<api::ListConflicts>(
            |w| {
                // The number alone shows nobody.
                assert_eq!(call(&w.a, api::ListConflicts { after: None, limit: 0 }).total, 1);
                assert_eq!(conflicts(&w.a).len(), 1);
            },
            &[("read", "list-conflicts", PATIENT)],
        ),
        case::<api::Decide>(
            |w| {
                let conflict = call(&w.b, api::OpenChart { patient: w.patient }).chart.conflicts;
                let conflict = conflict.into_iter().next().unwrap();
                let change = conflict.versions[0].change.clone();
                let (patient, conflict) = (w.patient, conflict.id);
                call(&w.a, api::Decide { patient, conflict, change, seen: None });
            },
            &[("decide", "decide", PATIENT)],
        ),
        case::<api::ListTasks>(
            |w| {
                assert_eq!(call(&w.a, api::ListTasks { after: None, limit: 0 }).total, 1);
                assert_eq!(call(&w.a, api::ListTasks { after: None, limit: 5 }).items.len(), 1);
            },
            &[("read", "list-tasks", PATIENT)],
        ),
        case::<api::SettleTask>(
            |w| {
                let chart = call(&w.b, api::OpenChart { patient: w.patient }).chart;
                let (patient, task) = (w.patient, chart.tasks[0].id);
                let outcome = "Changed.".into();
                call(&w.a, api::SettleTask { patient, task, outcome, seen: None });
            },
            &[("update", "settle-task", PATIENT)],
        ),
        case::<api::ReadAudit>(
            |w| {
                let (patient, from) = (Some(w.patient), AuditFrom::Newest);
                let page = call(&w.a, api::ReadAudit { patient, from, limit: 2 });
                assert!(page.more && page.rows.iter().all(|row| row.patient == patient));
            },
            &[("read", "read-audit", PATIENT)],
        ),
    ]
}

/// Two charts that are shown as one.
fn merged(w: &World) -> [PatientId; 2] {
    let [patient, other] = ["Berg", "Bergh"].map(|family| register(&w.a, family));
    call(&w.a, api::MergePatients { patient, other });
    [patient, other]
}

/// What is written.
fn writing() -> Vec<Case> {
    vec![
        case::<api::RegisterPatient>(
            |w| {
                register(&w.a, "Berg");
            },
            &[("create", "register-patient", PATIENT)],
        ),
        case::<api::AmendPatient>(
            |w| {
                let draft = PatientDraft {
                    family: "Okello".into(),
                    given: "Amina Grace".into(),
                    ..Default::default()
                };
                call(&w.a, api::AmendPatient { patient: w.patient, seen: None, draft });
            },
            &[("update", "amend-patient", PATIENT)],
        ),
        case::<api::ComparePatients>(
            |w| {
                let [patient, other] = ["Berg", "Bergh"].map(|family| register(&w.a, family));
                call(&w.a, api::ComparePatients { patient, other });
            },
            &[
                ("create", "register-patient", PATIENT),
                ("create", "register-patient", PATIENT),
                ("read", "compare-patients", PATIENT),
                ("read", "compare-patients", PATIENT),
            ],
        ),
        case::<api::MergePatients>(
            |w| {
                merged(w);
            },
            &[
                ("create", "register-patient", PATIENT),
                ("create", "register-patient", PATIENT),
                ("update", "merge-patients", PATIENT),
                ("update", "merge-patients", PATIENT),
            ],
        ),
        case::<api::SeparatePatients>(
            |w| {
                let [patient, other] = merged(w);
                call(&w.a, api::SeparatePatients { patient, other });
            },
            &[
                ("create", "register-patient", PATIENT),
                ("create", "register-patient", PATIENT),
                ("update", "merge-patients", PATIENT),
                ("update", "merge-patients", PATIENT),
                ("update", "separate-patients", PATIENT),
                ("update", "separate-patients", PATIENT),
            ],
        ),
        case::<api::RecordAllergy>(
            |w| {
                let draft = AllergyDraft { substance: "Latex".into(), ..Default::default() };
                call(&w.a, api::RecordAllergy { patient: w.patient, draft });
            },
            &[("update", "record-allergy", PATIENT)],
        ),
        case::<api::FindDiagnoses>(
            |w| drop(call(&w.a, api::FindDiagnoses { query: "asthma".into(), limit: 5 })),
            &[],
        ),
        case::<api::RecordCondition>(
            |w| {
                let draft = ConditionDraft { problem: "Asthma".into(), ..Default::default() };
                call(&w.a, api::RecordCondition { patient: w.patient, draft });
            },
            &[("update", "record-condition", PATIENT)],
        ),
        case::<api::EndCondition>(
            |w| {
                let chart = call(&w.a, api::OpenChart { patient: w.patient }).chart;
                let condition = chart.conditions.iter().find(|one| one.holds()).unwrap().id;
                let end = String::new();
                call(&w.a, api::EndCondition { patient: w.patient, condition, seen: None, end });
            },
            &[("read", "open-chart", PATIENT), ("update", "end-condition", PATIENT)],
        ),
        case::<api::BeginEncounter>(
            |w| {
                let draft = EncounterDraft { reason: "cough".into(), ..Default::default() };
                call(&w.a, api::BeginEncounter { patient: w.patient, draft });
            },
            &[("update", "begin-encounter", PATIENT)],
        ),
        case::<api::EndEncounter>(
            |w| {
                let chart = call(&w.a, api::OpenChart { patient: w.patient }).chart;
                let encounter = chart.encounters[0].id;
                call(&w.a, api::EndEncounter { patient: w.patient, encounter, seen: None });
            },
            &[("read", "open-chart", PATIENT), ("update", "end-encounter", PATIENT)],
        ),
        case::<api::CheckIn>(
            |w| {
                let draft = EncounterDraft::default();
                let checked = call(&w.a, api::CheckIn { patient: w.patient, draft });
                assert!(!checked.already, "the visit before has ended");
            },
            &[("update", "check-in", PATIENT)],
        ),
        case::<api::GetToday>(
            |w| {
                assert!(!call(&w.a, api::GetToday {}).visits.is_empty());
            },
            &[("read", "get-today", PATIENT)],
        ),
        case::<api::SeePatient>(
            |w| {
                let (patient, encounter) = (w.patient, last_visit(w));
                call(&w.a, api::SeePatient { patient, encounter, seen: None });
            },
            &[("read", "get-today", PATIENT), ("update", "see-patient", PATIENT)],
        ),
        case::<api::AmendEncounter>(
            |w| {
                let (patient, encounter) = (w.patient, last_visit(w));
                let (reason, follow_up) = ("fever".into(), String::new());
                call(
                    &w.a,
                    api::AmendEncounter { patient, encounter, seen: None, reason, follow_up },
                );
            },
            &[("read", "get-today", PATIENT), ("update", "amend-encounter", PATIENT)],
        ),
        case::<api::CancelEncounter>(
            |w| {
                let (patient, encounter) = (w.patient, last_visit(w));
                call(&w.a, api::EndEncounter { patient, encounter, seen: None });
                let draft = EncounterDraft::default();
                let encounter = call(&w.a, api::CheckIn { patient, draft }).encounter;
                call(&w.a, api::CancelEncounter { patient, encounter, seen: None });
            },
            &[
                ("read", "get-today", PATIENT),
                ("update", "end-encounter", PATIENT),
                ("update", "check-in", PATIENT),
                ("update", "cancel-encounter", PATIENT),
            ],
        ),
        case::<api::KeepForm>(
            |w| {
                call(&w.a, api::KeepForm { form: "allergy".into(), body: Some("{}".into()) });
            },
            &[],
        ),
        case::<api::ListKeptForms>(|w| assert_eq!(call(&w.a, api::ListKeptForms {}).len(), 1), &[]),
        case::<api::RecordMedication>(
            |w| {
                let draft = medication("Paracetamol", "500", "3");
                call(&w.a, api::RecordMedication { patient: w.patient, draft });
            },
            &[("update", "record-medication", PATIENT)],
        ),
        case::<api::RenewMedication>(
            |w| {
                let (patient, draft) = (w.patient, medication("Zinc", "20", "1"));
                let entry = call(&w.a, api::RecordMedication { patient, draft }).entries[0];
                let medication = MedicationId::from_uuid(entry.id);
                let note = String::new();
                call(&w.a, api::RenewMedication { patient, medication, seen: None, note });
            },
            &[("update", "record-medication", PATIENT), ("update", "renew-medication", PATIENT)],
        ),
        // What is typed and not recorded is of nobody yet.
        case::<api::ReadPrescription>(
            |w| drop(call(&w.a, api::ReadPrescription { text: "amlo 5 od 30".into() })),
            &[],
        ),
        case::<api::ReadInstruction>(
            |w| {
                let misread = call(&w.a, api::ReadInstruction { text: "1 tab QD".into() });
                assert_eq!(misread, [("QD".to_owned(), "daily".to_owned())]);
            },
            &[],
        ),
        case::<api::ChangeDosage>(
            |w| {
                let draft = medication("Metformin", "850", "2");
                let (patient, medication) = (w.patient, w.metformin);
                call(&w.a, api::ChangeDosage { patient, medication, seen: None, draft });
            },
            &[("update", "change-dosage", PATIENT)],
        ),
        case::<api::StopMedication>(
            |w| {
                let (patient, medication) = (w.patient, w.metformin);
                call(
                    &w.a,
                    api::StopMedication { patient, medication, seen: None, reason: String::new() },
                );
            },
            &[("update", "stop-medication", PATIENT)],
        ),
        case::<api::RecordVitals>(
            |w| {
                let values = [("weight".to_owned(), "70".to_owned())].into();
                let draft = VitalsDraft { values, encounter: None };
                let recorded = call(&w.a, api::RecordVitals { patient: w.patient, draft });
                w.vitals = recorded.entries.first().copied();
            },
            &[("update", "record-vitals", PATIENT)],
        ),
        case::<api::CorrectVitals>(
            |w| {
                let values = [("weight".to_owned(), "71".to_owned())].into();
                let draft = VitalsDraft { values, encounter: None };
                let observation = clinical::ObservationId::from_uuid(w.vitals.unwrap().id);
                call(&w.a, api::CorrectVitals { patient: w.patient, observation, draft });
            },
            &[("update", "correct-vitals", PATIENT)],
        ),
        case::<api::UndoEdit>(
            |w| {
                let values = [("weight".to_owned(), "72".to_owned())].into();
                let draft = VitalsDraft { values, encounter: None };
                let patient = w.patient;
                let recorded = call(&w.a, api::RecordVitals { patient, draft });
                let api::Recorded { entries, before, heads: seen, .. } = recorded;
                call(&w.a, api::UndoEdit { patient, entries, before, seen });
            },
            &[("update", "record-vitals", PATIENT), ("update", "undo-edit", PATIENT)],
        ),
        case::<api::WithdrawEntry>(
            |w| {
                let (patient, entry) = (w.patient, w.vitals.unwrap());
                call(
                    &w.a,
                    api::WithdrawEntry { patient, entry, seen: None, reason: String::new() },
                );
            },
            &[("withdraw", "withdraw-entry", PATIENT)],
        ),
        case::<api::OpenDraft>(
            |w| {
                call(&w.a, api::OpenDraft { patient: w.patient, which: api::WhichDraft::Last });
                w.draft = Some(call(
                    &w.a,
                    api::OpenDraft { patient: w.patient, which: api::WhichDraft::Last },
                ));
            },
            &[("update", "open-draft", PATIENT), ("read", "read-draft", PATIENT)],
        ),
        case::<api::SaveDraft>(
            |w| {
                let (draft, section) = (w.draft.as_ref().unwrap().id, NoteSectionCode::Plan);
                let text = "Review in a week.".to_owned();
                call(&w.a, api::SaveDraft { draft, section, text, settled: true });
            },
            &[("update", "save-draft", PATIENT)],
        ),
        case::<api::SignNote>(
            |w| {
                call(&w.a, api::SignNote { draft: w.draft.as_ref().unwrap().id });
            },
            // The note of the chart, and the end of its draft.
            &[("sign", "sign-note", PATIENT), ("sign", "sign-note", PATIENT)],
        ),
    ]
}

/// People, computers, sync, import.
/// The visit of the day that came last.
fn last_visit(w: &World) -> EncounterId {
    let visits = call(&w.a, api::GetToday {}).visits;
    visits.iter().map(|visit| visit.encounter).max().unwrap()
}

fn running() -> Vec<Case> {
    vec![
        case::<api::ListPeople>(|w| drop(call(&w.a, api::ListPeople {})), &[]),
        case::<api::AddPerson>(
            |w| {
                let (user_name, name) = ("rose".into(), "Rose".into());
                let (role, password) = (Role::Reception, PASSWORD.into());
                w.rose = Some(call(&w.a, api::AddPerson { user_name, name, role, password }));
            },
            &[("administer", "add-person", NOBODY)],
        ),
        case::<api::RemovePerson>(
            |w| call(&w.a, api::RemovePerson { person: w.rose.unwrap() }),
            &[("administer", "remove-person", NOBODY)],
        ),
        case::<api::MakeDeviceCode>(
            |w| drop(w.code()),
            &[("administer", "make-device-code", NOBODY)],
        ),
        case::<api::OpenRoom>(|w| drop(call(&w.a, api::OpenRoom {})), &[]),
        case::<api::GetAdmission>(|w| drop(call(&w.a, api::GetAdmission {})), &[]),
        case::<api::AnswerAdmission>(
            |w| {
                comparing(w);
                call(&w.a, api::AnswerAdmission { same: false });
            },
            &[("administer", "admit-device", NOBODY)],
        ),
        case::<api::EndAdmission>(|w| call(&w.a, api::EndAdmission {}), &[]),
        case::<api::ListDevices>(|w| drop(call(&w.a, api::ListDevices {})), &[]),
        case::<api::SetServer>(
            |w| call(&w.a, api::SetServer { server: address(), keeper_lost: false }),
            &[("administer", "set-server", NOBODY)],
        ),
        case::<api::GetSyncState>(|w| drop(call(&w.a, api::GetSyncState {})), &[]),
        case::<api::StopSync>(|w| call(&w.a, api::StopSync {}), &[]),
        case::<api::StopFile>(|w| call(&w.a, api::StopFile {}), &[]),
        case::<api::SyncNow>(
            |w| {
                synced(&w.a);
                synced(&w.b);
                allergy(&w.b, w.patient, "Eggs");
                synced(&w.b);
                let before = last(&w.a);
                synced(&w.a);
                let merged = ("merge".to_owned(), "sync".to_owned(), PATIENT);
                assert_eq!(rows_after(&w.a, before), [merged]);
            },
            // Beside the two looks into the log, merges alone.
            &[("read", "read-audit", NOBODY), ("read", "read-audit", NOBODY)],
        ),
        case::<api::ListQuarantine>(|w| drop(call(&w.a, api::ListQuarantine { limit: 10 })), &[]),
        case::<api::SetLan>(
            |w| {
                call(&w.a, api::SetLan { on: false });
                call(&w.a, api::SetLan { on: true });
            },
            &[("administer", "set-lan", NOBODY), ("administer", "set-lan", NOBODY)],
        ),
        case::<api::SetHold>(
            |w| call(&w.a, api::SetHold { hold: api::Hold::All }),
            &[("administer", "set-hold", NOBODY)],
        ),
        // A chart that is here is not fetched.
        case::<api::FetchChart>(|w| call(&w.a, api::FetchChart { patient: w.patient }), &[]),
        case::<api::RetrySetAside>(
            |w| {
                call(&w.a, api::RetrySetAside {});
            },
            &[("administer", "retry-set-aside", NOBODY)],
        ),
        case::<api::DecideSetAside>(
            |w| {
                w.server.hold_keys(true);
                register(&w.b, "Wanjiru");
                call(&w.b, api::SyncNow {});
                call(&w.a, api::SyncNow {});
                w.server.hold_keys(false);
                let aside = call(&w.a, api::ListQuarantine { limit: 1 }).items.remove(0);
                let envelopes = vec![aside.envelope];
                call(&w.a, api::DecideSetAside { envelopes, take_in: false });
            },
            &[("decide", "decide-set-aside", NOBODY)],
        ),
        case::<api::ListDrives>(|w| drop(call(&w.a, api::ListDrives {})), &[]),
        case::<api::WriteBundle>(
            |w| {
                w.a.host().plug("STICK", w.folder.path());
                w.bundle =
                    call(&w.a, api::WriteBundle { drive: "STICK".into(), documents: true }).file;
            },
            &[("export", "write-bundle", NOBODY)],
        ),
        case::<api::ReadBundle>(
            |w| {
                let file = w.bundle.clone();
                call(&w.a, api::ReadBundle { drive: "STICK".into(), file, documents: true });
            },
            &[("import", "read-bundle", NOBODY)],
        ),
        case::<api::ImportFiles>(
            |w| {
                let path = w.folder.path().join("one.ndjson");
                let patient = r#"{"resourceType":"Patient","id":"p1","name":[{"family":"Ali"}]}"#;
                std::fs::write(&path, patient).unwrap();
                call(&w.a, api::ImportFiles { paths: vec![path.display().to_string()] });
                for _ in 0..6000 {
                    if !call(&w.a, api::GetImport {}).running {
                        return;
                    }
                    std::thread::park_timeout(Duration::from_millis(10));
                }
                panic!("the import does not end");
            },
            &[("import", "import-files", PATIENT)],
        ),
        case::<api::GetImport>(|w| drop(call(&w.a, api::GetImport {})), &[]),
        case::<api::EraseChart>(
            |w| {
                let patient = register(&w.a, "Achieng");
                let number = patient.to_string().rsplit('-').next().unwrap().to_owned();
                call(&w.a, api::EraseChart { patient, number, ground: "asked for".into() });
            },
            &[("create", "register-patient", PATIENT), ("administer", "erase-chart", PATIENT)],
        ),
        case::<api::ListErased>(|w| drop(call(&w.a, api::ListErased {})), &[]),
        case::<api::GetCard>(|w| drop(call(&w.a, api::GetCard {})), &[]),
        case::<api::ReadCard>(
            |w| {
                let other = w.station();
                crate::support::create(&other, None);
                w.card = call(&other, api::GetCard {}).card;
                call(&w.a, api::ReadCard { card: w.card.clone() });
                w.elsewhere = Some(other);
            },
            &[],
        ),
        case::<api::ShareChart>(
            |w| {
                let path = w.folder.path().join("given").display().to_string();
                let ground = Some(clinical::SharingGround::Referral);
                let draft = clinical::SharingDraft { ground, ..Default::default() };
                let (patient, card) = (w.patient, w.card.clone());
                call(&w.a, api::ShareChart { patient, card, compared: true, draft, path });
            },
            &[("export", "share-chart", PATIENT)],
        ),
        // It is amended elsewhere and comes back.
        case::<api::LookAtGiven>(
            |w| {
                let elsewhere = w.elsewhere.as_ref().unwrap();
                let path = |name: &str| w.folder.path().join(name).display().to_string();
                let path_given = path("given");
                let take = api::TakeInGiven { path: path_given, compared: false, seen: None };
                call(elsewhere, take);
                allergy(elsewhere, w.patient, "Latex");
                let ground = Some(clinical::SharingGround::Referral);
                let draft = clinical::SharingDraft { ground, ..Default::default() };
                let (patient, card) = (w.patient, call(&w.a, api::GetCard {}).card);
                let path = path("answer");
                let share =
                    api::ShareChart { patient, card, compared: true, draft, path: path.clone() };
                call(elsewhere, share);
                call(&w.a, api::LookAtGiven { path });
            },
            &[("read", "look-at-given", PATIENT)],
        ),
        case::<api::TakeInGiven>(
            |w| {
                let path = w.folder.path().join("answer").display().to_string();
                call(&w.a, api::TakeInGiven { path, compared: false, seen: None });
            },
            &[("import", "take-in-given", PATIENT)],
        ),
        case::<api::ListShared>(
            |w| drop(call(&w.a, api::ListShared {})),
            &[("read", "list-shared", NOBODY)],
        ),
        case::<api::RotateKeys>(
            |w| assert!(call(&w.a, api::RotateKeys {}).entered),
            &[("administer", "rotate-keys", NOBODY)],
        ),
        case::<api::SeeAlarm>(
            |w| {
                w.server.wipe();
                synced(&w.a);
                let view = call(&w.a, api::GetSyncState {});
                let api::SyncAlarm { alarm, at, .. } = view.alarms[0].clone();
                call(&w.a, api::SeeAlarm { alarm: alarm.clone(), at });
                assert_eq!(refused(&w.a, api::SeeAlarm { alarm, at }), ErrorCode::NotFound);
            },
            &[("administer", "see-alarm", NOBODY)],
        ),
        // Nobody asks: nothing is done.
        case::<api::SettleCopy>(
            |w| {
                let (answer, device_name) = (api::CopyIs::PutBack, String::new());
                let settle = api::SettleCopy { answer, device_name };
                assert_eq!(refused(&w.a, settle), ErrorCode::NotFound);
            },
            &[],
        ),
        case::<api::MakeRecoveryKit>(
            |w| drop(call(&w.a, api::MakeRecoveryKit { password: PASSWORD.into() })),
            &[("administer", "make-recovery-kit", NOBODY)],
        ),
        case::<api::PrintRecoveryKit>(
            |w| {
                let kit = call(&w.a, api::MakeRecoveryKit { password: PASSWORD.into() });
                call(&w.a, api::PrintRecoveryKit { kit, language: None, drive: None });
            },
            &[("administer", "make-recovery-kit", NOBODY), ("print", "print-recovery-kit", NOBODY)],
        ),
        case::<api::RevokeDevice>(
            |w| {
                let devices = call(&w.a, api::ListDevices {});
                let other = |device: &&api::DeviceView| !device.here && !device.revoked;
                let device: DeviceId = devices.iter().find(other).unwrap().id;
                call(&w.a, api::RevokeDevice { device });
            },
            &[("administer", "revoke-device", NOBODY)],
        ),
    ]
}

#[test]
fn every_command_leaves_exactly_its_audit_rows() {
    let families =
        [door(), reading(), writing(), documents::documents(), paper::paper(), running()];
    let cases: Vec<Case> = families.into_iter().flatten().collect();
    let walked: Vec<&str> = cases.iter().map(|case| case.name).collect();
    let distinct: BTreeSet<&str> = walked.iter().copied().collect();
    assert_eq!(walked.len(), distinct.len(), "each command once");
    let commands: BTreeSet<&str> = api::command_names().into_iter().collect();
    assert_eq!(distinct, commands, "every command of the contract is in the table");
    let mut world = World::new();
    for case in cases {
        let before = last(&world.a);
        (case.act)(&mut world);
        let mut rows = match world.newcomer.take() {
            Some(newcomer) => rows_after(&newcomer, 0),
            None => rows_after(&world.a, before),
        };
        // What a newcomer fetched, and what is fetched on the way to the server, are merges.
        rows.retain(|(action, ..)| action != "merge");
        let want: Vec<_> =
            case.want.iter().map(|(a, r, p)| ((*a).to_owned(), (*r).to_owned(), *p)).collect();
        assert_eq!(rows, want, "{}", case.name);
    }
}

/// The row comes before the deed: where the deed then fails it is there all the same, and where
/// it cannot be kept nothing is done.
#[test]
fn a_computer_is_let_in_and_shut_out_after_its_row() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let device = call(&b, api::ListDevices {}).into_iter().find(|one| one.here).unwrap().id;
    let check = |act: &dyn Fn(), row: &str| {
        let before = last(&a);
        server.spoil_next_push(Spoilt::Request);
        act();
        let rows = rows_after(&a, before);
        assert_eq!(rows, [("administer".to_owned(), row.to_owned(), NOBODY)]);
    };
    let unreachable = |code| assert_eq!(code, ErrorCode::Unreachable);
    check(&|| unreachable(refused(&a, api::MakeDeviceCode {})), "make-device-code");
    check(&|| unreachable(refused(&a, api::RotateKeys {})), "rotate-keys");
    // That somebody is shut out is wished for as soon as it is said, and done with the next word to
    // the server.
    check(&|| call(&a, api::RevokeDevice { device }), "revoke-device");
    let devices = call(&a, api::ListDevices {});
    assert!(devices.iter().any(|one| one.id == device && one.leaving), "{devices:?}");
}
