//! What arrives between the look and the decision is not decided by who has not seen it.

use super::*;
use clinical::{EntryValue, MedicationStatus, Version, VitalsDraft};

/// Three computers of one clinic.
fn three(server: &Server) -> ([Station; 3], [App<Station>; 3]) {
    let ([first, second], [a, b]) = two(server);
    let third = Station::new(server);
    let c = join(&third, call(&a, api::MakeDeviceCode {}).code);
    synced(&a);
    ([first, second, third], [a, b, c])
}

fn weigh(app: &App<Station>, patient: PatientId) {
    let values = [("weight".to_owned(), "70".to_owned())].into();
    call(
        app,
        api::RecordVitals { patient, draft: VitalsDraft { values, ..VitalsDraft::default() } },
    );
}

#[test]
fn a_version_that_comes_after_the_card_was_shown_is_not_decided_away() {
    let server = Server::default();
    let (_stations, apps) = three(&server);
    let [a, b, c] = &apps;
    let patient = register(a, "Okello");
    let draft = medication("Metformin", "500", "1");
    let entry = call(a, api::RecordMedication { patient, draft }).entries[0];
    for app in &apps {
        synced(app);
    }
    for (app, dose) in [(a, "850"), (b, "1000"), (c, "250")] {
        let (medication, draft) =
            (MedicationId::from_uuid(entry.id), medication("Metformin", dose, "1"));
        call(app, api::ChangeDosage { patient, medication, seen: None, draft });
    }
    for app in [a, b, a] {
        synced(app);
    }
    let shown = conflicts(a).remove(0);
    assert_eq!(shown.conflict.versions.len(), 2);
    assert_eq!(shown.heads, call(a, api::OpenChart { patient }).heads);
    let decide = |seen: &str| {
        let (conflict, change) = (shown.conflict.id.clone(), &shown.conflict.versions[0].change);
        api::Decide { patient, conflict, change: change.clone(), seen: Some(seen.to_owned()) }
    };
    // The third dosage arrives between the card and the confirmation.
    synced(c);
    synced(a);
    for seen in [shown.heads.as_str(), "", "x"] {
        assert_eq!(refused(a, decide(seen)), ErrorCode::Changed, "{seen}");
    }
    let now = conflicts(a).remove(0);
    assert_eq!(now.conflict.versions.len(), 3, "all three are there to choose from");
    // What is written beside it is in nobody's way.
    weigh(a, patient);
    call(a, decide(&now.heads));
    assert_eq!(conflicts(a), []);
}

/// What two disagree on is decided before anything else is written into it, also where it is over
/// by each of its versions.
#[test]
fn a_medicine_that_one_stopped_and_one_marked_as_a_mistake_is_disputed_and_not_over() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    let draft = || medication("Metformin", "500", "1");
    let entry = call(&a, api::RecordMedication { patient, draft: draft() }).entries[0];
    let medication = MedicationId::from_uuid(entry.id);
    synced(&a);
    synced(&b);
    let change = || api::ChangeDosage { patient, medication, seen: None, draft: draft() };
    let stop = || api::StopMedication { patient, medication, seen: None, reason: String::new() };
    let renew = || api::RenewMedication { patient, medication, seen: None, note: String::new() };
    call(&a, stop());
    call(&b, api::WithdrawEntry { patient, entry, seen: None, reason: String::new() });
    for app in [&a, &b, &a] {
        synced(app);
    }
    for app in [&a, &b] {
        assert!(!chart(app, patient).medications[0].order.holds());
        assert_eq!(refused(app, change()), ErrorCode::Disputed);
        assert_eq!(refused(app, stop()), ErrorCode::Disputed);
        assert_eq!(refused(app, renew()), ErrorCode::Disputed);
    }
}

/// Why the side that holds was written stands with it again, on both computers, and what was decided
/// is told as that.
#[test]
fn a_medicine_that_is_decided_to_be_stopped_says_why_again() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    let draft = |dose| medication("Metformin", dose, "1");
    let entry = call(&a, api::RecordMedication { patient, draft: draft("500") }).entries[0];
    let medication = MedicationId::from_uuid(entry.id);
    synced(&a);
    synced(&b);
    let reason = "rash".to_owned();
    call(&a, api::StopMedication { patient, medication, seen: None, reason });
    let draft = MedicationDraft { note: "not enough".to_owned(), ..draft("850") };
    call(&b, api::ChangeDosage { patient, medication, seen: None, draft });
    for app in [&a, &b, &a] {
        synced(app);
    }
    let conflict = conflicts(&b).remove(0).conflict;
    let is_over = |version: &&Version| {
        let EntryValue::Medication(order) = &version.value else { return false };
        order.status == MedicationStatus::Stopped
    };
    let change = conflict.versions.iter().find(is_over).unwrap().change.clone();
    call(&b, api::Decide { patient, conflict: conflict.id, change, seen: None });
    synced(&b);
    synced(&a);
    for app in [&a, &b] {
        let chart = chart(app, patient);
        assert_eq!(chart.reason_of(entry).map(|why| why.text.as_str()), Some("rash"));
        let past = call(app, api::GetHistory { patient, entry });
        let decided = past.iter().filter(|item| item.decides).map(|item| item.field.as_str());
        assert_eq!(decided.collect::<Vec<_>>(), ["reason", "order"], "newest first");
    }
}
