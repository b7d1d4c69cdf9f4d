//! What the window is given.

mod access;
mod chart;
mod clinic;
mod intake;
mod lists;

pub use access::{
    ClinicOpened, DemonstrationCreated, NewRecoveryCode, SessionView, Stage, StatusView,
};
pub use chart::{
    ChartView, ComparedPatient, DuplicateHit, ExpectedWeight, HistoryItem, KeptForm, LinkedChart,
    PatientHit, PatientsCompared, Recorded,
};
pub use clinic::{DeviceCode, DeviceView, KeysRotated, PersonView, RecoveryKit};
pub use intake::{FileFinding, FileIntake, ImportView};
pub use lists::{ConflictItem, Listed, TaskItem};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, Origin, SyncPhase, Topic};
    use clinical::PatientId;

    #[test]
    fn what_travels_keeps_its_form() {
        let check = |value: serde_json::Value, want: &str| assert_eq!(value.to_string(), want);
        let id = PatientId::from_uuid(clinical::uuid_v7(1, [0; 10]));
        let topics = vec![Topic::Chart(id), Topic::Tasks];
        let event = Event::Changed { topics, origin: Origin::Window("main".into()) };
        check(
            serde_json::to_value(&event).unwrap(),
            r#"{"event":"changed","body":{"topics":[{"kind":"chart","id":"00000000-0001-7000-8000-000000000000"},{"kind":"tasks"}],"origin":{"kind":"window","name":"main"}}}"#,
        );
        check(serde_json::to_value(Stage::FirstRun).unwrap(), r#"{"kind":"firstRun"}"#);
        let failed = SyncPhase::Failed(crate::ApiError::new(crate::ErrorCode::Unreachable, "x"));
        check(
            serde_json::to_value(failed).unwrap(),
            r#"{"kind":"failed","body":{"code":"unreachable","detail":"x"}}"#,
        );
    }

    #[test]
    fn every_command_has_a_name_of_its_own() {
        let names = crate::command_names();
        let distinct: std::collections::BTreeSet<_> = names.iter().collect();
        assert_eq!(names.len(), distinct.len());
        assert!(names.iter().all(|n| n.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')));
    }
}
