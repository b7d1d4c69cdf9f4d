//! What was settled and is louder later is raised again, alike on every computer.

use super::{Station, call, chart, medication, refused, server::Server, synced, two};
use api::ErrorCode;
use app::App;
use clinical::{AlertTier, PatientId, Task, TaskStatus};

/// A computer takes in a patient's allergy to penicillin, of such a criticality.
fn import(station: &Station, app: &App<Station>, criticality: &str) {
    let patient = r#"{"resourceType":"Patient","id":"p1","name":[{"family":"Okello"}]}"#;
    let allergy = format!(
        r#"{{"resourceType":"AllergyIntolerance","id":"a1","patient":{{"reference":"Patient/p1"}},"criticality":"{criticality}","code":{{"text":"Penicillin"}},"verificationStatus":{{"coding":[{{"code":"confirmed"}}]}}}}"#
    );
    let path = station.desk.path().join("allergy.ndjson");
    std::fs::write(&path, format!("{patient}\n{allergy}")).unwrap();
    let view = app.import(std::slice::from_ref(&path), |_, _| {}).unwrap();
    assert_eq!(view.files_empty, 0, "{view:?}");
    std::fs::remove_file(path).unwrap();
}

fn patient(app: &App<Station>) -> PatientId {
    call(app, api::FindPatients { query: "okello".into(), limit: 9 })[0].patient
}

fn task(app: &App<Station>) -> Task {
    let [task] = chart(app, patient(app)).tasks.try_into().unwrap();
    task
}

fn settle(app: &App<Station>) {
    let (patient, task) = (patient(app), task(app).id);
    let outcome = "watched closely".into();
    call(app, api::SettleTask { patient, task, outcome, seen: None });
}

/// Lets the computers meet in an order until nothing is new.
fn meet(apps: &[App<Station>; 2], order: [usize; 2]) {
    for at in order.into_iter().cycle().take(6) {
        synced(&apps[at]);
    }
    let [a, b] = apps;
    assert_eq!(chart(a, patient(a)), chart(b, patient(b)));
}

fn told(app: &App<Station>) -> (AlertTier, TaskStatus) {
    let task = task(app);
    (task.tier, task.status)
}

#[test]
fn a_settled_task_comes_back_when_it_is_louder_and_only_then() {
    for (order, settles) in [([0, 1], 0), ([0, 1], 1), ([1, 0], 0), ([1, 0], 1)] {
        let server = Server::default();
        let (stations, apps) = two(&server);
        let imports = 1 - settles;
        import(&stations[0], &apps[0], "low");
        synced(&apps[0]);
        synced(&apps[1]);
        let amoxicillin = medication("Amoxicillin", "500", "3");
        let at = patient(&apps[1]);
        call(&apps[1], api::RecordMedication { patient: at, draft: amoxicillin });
        meet(&apps, order);
        let all = |want: (AlertTier, TaskStatus)| {
            assert!(apps.iter().all(|app| told(app) == want), "{order:?} {settles}: {want:?}");
        };
        all((AlertTier::Interrupt, TaskStatus::Requested));
        let raised = task(&apps[0]).id;

        // One settles what it sees; another has made it louder and neither knows of the other.
        settle(&apps[settles]);
        import(&stations[imports], &apps[imports], "high");
        meet(&apps, order);
        all((AlertTier::Block, TaskStatus::Requested));
        assert_eq!(task(&apps[0]).id, raised);
        let entry = clinical::EntryRef::new(clinical::EntryKind::Task, raised.uuid());
        let past = call(&apps[1], api::GetHistory { patient: at, entry });
        let past = format!("{past:?}");
        assert!(past.contains("watched closely"), "what was settled is in the history: {past}");

        // As loud as it was settled, or less, it stays settled.
        settle(&apps[settles]);
        let history = |app| call(app, api::GetHistory { patient: at, entry });
        let closed = history(&apps[settles]).into_iter().find(|item| item.field == "status");
        meet(&apps, order);
        all((AlertTier::Block, TaskStatus::Completed));
        import(&stations[imports], &apps[imports], "low");
        meet(&apps, order);
        import(&stations[imports], &apps[imports], "high");
        meet(&apps, order);
        all((AlertTier::Block, TaskStatus::Completed));

        // Nobody closes it again: they are told who did, wherever that was.
        let before = history(&apps[imports]);
        let again = api::SettleTask { patient: at, task: raised, outcome: "n".into(), seen: None };
        let told = apps[imports].call(again, api::Origin::Host).unwrap_err();
        let by = format!("closed already, by Dr Ana Reyes, {};", closed.unwrap().stamp.at);
        assert!(told.code == ErrorCode::Invalid && told.detail.contains(&by), "{by} {told}");
        assert_eq!(history(&apps[imports]), before);
    }
}

#[test]
fn a_task_that_grew_louder_since_it_was_shown_is_not_closed() {
    let server = Server::default();
    let (stations, apps) = two(&server);
    import(&stations[0], &apps[0], "low");
    synced(&apps[0]);
    synced(&apps[1]);
    let patient = patient(&apps[1]);
    let record = |draft| {
        call(&apps[1], api::RecordMedication { patient, draft: medication(draft, "5", "1") })
    };
    record("Amoxicillin");
    meet(&apps, [0, 1]);
    let shown = || call(&apps[1], api::ListTasks { after: None, limit: 9 }).items.remove(0);
    let (quiet, close) = (shown(), |seen: String| {
        let (task, outcome) = (task(&apps[1]).id, "watched closely".into());
        api::SettleTask { patient, task, outcome, seen: Some(seen) }
    });
    assert_eq!(quiet.task.tier, AlertTier::Interrupt);
    import(&stations[0], &apps[0], "high");
    meet(&apps, [0, 1]);
    for seen in [quiet.heads, String::new()] {
        assert_eq!(refused(&apps[1], close(seen)), ErrorCode::Changed);
    }
    assert_eq!(told(&apps[1]), (AlertTier::Block, TaskStatus::Requested));
    // Who has looked again closes what they saw, whatever is written beside it.
    let loud = shown();
    record("Metformin");
    call(&apps[1], close(loud.heads));
    assert_eq!(told(&apps[1]), (AlertTier::Block, TaskStatus::Completed));
}
