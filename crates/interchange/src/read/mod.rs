//! Files in: a Bundle, a single resource, or NDJSON, as patients' entries with findings.

mod asks;
mod bundle;
mod claim;
mod file;
mod group;
mod import;
mod intake;
mod named;
mod outline;
mod pending;
mod people;
mod remarks;
mod take;
mod unresolved;

pub use import::{Import, ImportError, Options};
pub use intake::{Intake, PatientIntake, Report, Taken};

use std::ops::ControlFlow;

/// Reads one file that is in memory.
pub fn read_bytes(file: &str, bytes: &[u8], options: &Options) -> Intake {
    let mut intake = Intake::default();
    let mut import = Import::new(options.clone());
    let mut keep = |taken: Taken| {
        intake.keep(taken);
        ControlFlow::Continue(())
    };
    // A slice in memory neither fails nor stops.
    let done = import.read(file, &mut &*bytes, &mut keep).is_ok();
    let report = import.finish(&mut keep);
    debug_assert!(done);
    intake.counts = report.counts;
    intake
}

/// The order in which files of one folder are best read: people and medicines before what refers
/// to them by identifier or by name. Sort by this, then by name.
pub fn reading_order(file_name: &str) -> u8 {
    let base = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let starts = |word: &str| base.starts_with(word);
    match () {
        () if starts("Organization") || starts("hospitalInformation") => 0,
        () if starts("Practitioner") || starts("practitionerInformation") => 1,
        () if starts("Location") => 2,
        () if starts("Patient") => 4,
        () if base == "Medication.ndjson" || starts("Medication.") || starts("Medication-") => 3,
        () if starts("Encounter") => 5,
        () => 6,
    }
}
