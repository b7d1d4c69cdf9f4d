//! Files that come in, and what is told of them.

use super::{Desk, call};
use api::ImportView;
use app::App;
use clinical::Chart;

pub(crate) const PATIENT: &str = r#"{"resourceType":"Patient","id":"p1","name":[{"family":"Okello","given":["Amina"]}],"gender":"female","birthDate":"1988-03-14"}"#;
pub(crate) const OTHER: &str = r#"{"resourceType":"Patient","id":"p1","name":[{"family":"Berg","given":["Ole"]}],"gender":"male","birthDate":"1951-01-01"}"#;
pub(crate) const MEDICINE: &str = r#"{"resourceType":"MedicationRequest","id":"m1","status":"active","intent":"order","subject":{"reference":"Patient/p1"},"medicationCodeableConcept":{"text":"Metformin"}}"#;

/// Imports a file of these lines.
pub(crate) fn import(app: &App<Desk>, desk: &Desk, name: &str, lines: &[&str]) -> ImportView {
    let path = desk.path().join(name);
    std::fs::write(&path, lines.join("\n")).unwrap();
    app.import(&[path], |_, _| {}).unwrap()
}

/// The chart of the one patient there is.
pub(crate) fn chart(app: &App<Desk>) -> Chart {
    let hits = call(app, api::FindPatients { query: String::new(), limit: 9 });
    let [hit] = hits.as_slice() else { panic!("{hits:?}") };
    call(app, api::OpenChart { patient: hit.patient }).chart
}

/// The codes of what an import told.
pub(crate) fn codes(view: &ImportView) -> Vec<&str> {
    view.findings.iter().map(|found| found.finding.code.as_str()).collect()
}
