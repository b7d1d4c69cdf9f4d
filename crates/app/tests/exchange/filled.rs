//! Small edits of many charts, as a computer has them that was away for long.

use super::*;
use app::{MeasuredChart, MeasuredEdits};
use clinical::{
    AdministrativeGender, CodeableConcept, HumanName, Identity, Observation, ObservationId,
    ObservationStatus, Patient, uuid_v7,
};

/// With [`EDITS`] edits each more than are read of the outbox at a time, and no whole number of
/// charts ends with those.
const CHARTS: u8 = 60;
const EDITS: u8 = 10;

fn observation(chart: u8, at: u8) -> Observation {
    Observation {
        id: ObservationId::from_uuid(uuid_v7(2000 + i64::from(at), [chart; 10])),
        status: ObservationStatus::Final,
        category: Vec::new(),
        code: CodeableConcept::from_text(format!("Finding {at}")),
        value: None,
        component: Vec::new(),
        effective: None,
        encounter: None,
        interpretation: Vec::new(),
        reference_range: None,
        note: None,
        replaces: None,
    }
}

fn patient(chart: u8) -> PatientId {
    PatientId::from_uuid(uuid_v7(1000, [chart; 10]))
}

fn begun(chart: u8) -> MeasuredChart {
    let identity = Identity {
        name: vec![HumanName::new("Okello", &format!("Grace{chart}"))],
        gender: AdministrativeGender::Unknown,
        birth_date: None,
        birth_date_estimated: false,
        identifier: Vec::new(),
    };
    let patient = Patient {
        id: patient(chart),
        identity,
        telecom: Vec::new(),
        address: Vec::new(),
        contact: Vec::new(),
        deceased: None,
        code_status: None,
    };
    MeasuredChart { patient, observations: vec![observation(chart, 0)] }
}

#[test]
fn edits_of_a_chart_go_in_one_envelope_wherever_the_outbox_is_cut() {
    let server = Server::default();
    let stations = [Station::new(&server), Station::new(&server)];
    let a = App::new(stations[0].clone());
    a.begin_measured("ana", PASSWORD).unwrap();
    call(&a, api::SetServer { server: address(), keeper_lost: false });
    a.record_measured((0..CHARTS).map(begun)).unwrap();
    synced(&a);
    let b = App::new(stations[1].clone());
    let code = call(&a, api::MakeDeviceCode {}).code;
    let device_name = "Consulting room 2".into();
    call(&b, api::JoinClinic { code, device_name, password: PASSWORD.into() });
    synced(&b);
    synced(&a);

    let edits = |chart| MeasuredEdits {
        patient: patient(chart),
        observations: (1..=EDITS).map(|at| observation(chart, at)).collect(),
    };
    a.amend_measured((0..CHARTS).map(edits)).unwrap();
    let sent = synced(&a).sent;
    assert!((1..=4).contains(&sent), "{sent} envelopes of {CHARTS} charts");
    assert_eq!(synced(&b).received, sent);
    let findings = |app: &App<Station>| {
        let mut findings = Vec::new();
        app.read_measured((0..CHARTS).map(patient), |_, chart, _| {
            findings.extend(chart.observations.clone());
            Ok(())
        })
        .unwrap();
        findings
    };
    assert_eq!(findings(&b).len(), usize::from(CHARTS) * usize::from(EDITS + 1));
    assert_eq!(findings(&a), findings(&b));
    assert!(b.check().unwrap().sound);
    // The rows that were made one by one are those that the charts make.
    let lists = findings(&b);
    b.rebuild(|_, _| {}).unwrap();
    assert_eq!(findings(&b), lists);
}

#[test]
fn charts_are_handed_in_among_invented_people_alone() {
    let (stations, [a, _]) = two(&Server::default());
    let told = a.record_measured([begun(1)].into_iter()).unwrap_err();
    assert_eq!(told.code, ErrorCode::NotPermitted);
    let edits = MeasuredEdits { patient: patient(1), observations: Vec::new() };
    let told = a.amend_measured([edits].into_iter()).unwrap_err();
    assert_eq!(told.code, ErrorCode::NotPermitted);
    drop(stations);
}
