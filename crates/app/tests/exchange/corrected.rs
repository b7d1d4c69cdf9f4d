//! A value that two computers corrected without knowing of each other.

use super::*;
use clinical::{EntryKind, EntryRef, Observation, ObservationId, VitalsDraft};

fn kilos(kilos: &str) -> VitalsDraft {
    let values = [("weight".to_owned(), kilos.to_owned())].into();
    VitalsDraft { values, ..VitalsDraft::default() }
}

/// The values that count, and those of which only one can be right.
fn counting(app: &App<Station>, patient: PatientId) -> (Vec<String>, Vec<Vec<ObservationId>>) {
    let view = call(app, api::OpenChart { patient });
    let all = view.chart.observations.iter();
    let counting = all.filter(|one| view.chart.is_in_force(&view.corrections, one));
    let mut values: Vec<String> = counting.map(Observation::value_label).collect();
    values.sort();
    (values, view.corrections.rivals)
}

#[test]
fn a_value_corrected_on_two_computers_is_shown_twice_until_one_is_a_mistake() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    let of = |recorded: api::Recorded| ObservationId::from_uuid(recorded.entries[0].id);
    let wrong = of(call(&a, api::RecordVitals { patient, draft: kilos("70") }));
    synced(&a);
    synced(&b);
    let correct = |app: &App<Station>, observation, to| {
        of(call(app, api::CorrectVitals { patient, observation, draft: kilos(to) }))
    };
    let mut both = vec![correct(&a, wrong, "71"), correct(&b, wrong, "72")];
    let by_b = both[1];
    both.sort();
    for app in [&a, &b, &a, &b] {
        synced(app);
    }
    let values =
        |some: &[&str]| some.iter().map(|one| format!("{one}\u{a0}kg")).collect::<Vec<_>>();
    for app in [&a, &b] {
        assert_eq!(counting(app, patient), (values(&["71", "72"]), vec![both.clone()]));
    }
    assert_eq!(chart(&a, patient), chart(&b, patient));
    let entry = EntryRef::new(EntryKind::Observation, by_b.uuid());
    call(&a, api::WithdrawEntry { patient, entry, seen: None, reason: "misread".into() });
    synced(&a);
    synced(&b);
    for app in [&a, &b] {
        assert_eq!(counting(app, patient), (values(&["71"]), Vec::new()));
    }
}

#[test]
fn what_came_from_elsewhere_since_it_was_shown_is_not_changed() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    let entry =
        call(&a, api::RecordMedication { patient, draft: medication("Metformin", "500", "1") })
            .entries[0];
    let metformin = MedicationId::from_uuid(entry.id);
    synced(&a);
    synced(&b);
    let seen = Some(call(&b, api::OpenChart { patient }).heads);
    // By a clock that is behind: which change came last, no clock decides.
    let draft = medication("Metformin", "1000", "1");
    call(&a, api::ChangeDosage { patient, medication: metformin, seen: None, draft });
    synced(&a);
    synced(&b);
    let stop = |seen| {
        let reason = String::new();
        api::StopMedication { patient, medication: metformin, seen, reason }
    };
    assert_eq!(refused(&b, stop(seen)), ErrorCode::Changed);
    let seen = Some(call(&b, api::OpenChart { patient }).heads);
    call(&b, stop(seen));
}
