//! Checking and rebuilding the store, and making a demonstration.

use super::{Desk, chart::tell_coming, show};
use crate::{failure::Failure, terminal::Progress};
use api::{ApiError, ErrorCode, Stage};
use app::OF_A_DAMAGED_STORE;

/// What it means for a check that not all is here.
const CHECKED: &str = "what is here was checked";

/// Checks the store.
pub(super) fn check(desk: &Desk, accept_loss: bool) -> Result<(), Failure> {
    let opened = if accept_loss { desk.accept_loss() } else { desk.sign_in() };
    opened?;
    let report = desk.app.check().map_err(|error| desk.failed(error))?;
    desk.output.answer(&report, show::check);
    if report.sound {
        return tell_coming(desk, CHECKED, CHECKED);
    }
    let detail = format!("The store is not sound, and was left as it is. {OF_A_DAMAGED_STORE}");
    Err(desk.failed(ApiError::new(ErrorCode::Damaged, detail)))
}

/// Makes projections and search index again.
pub(super) fn rebuild(desk: &Desk) -> Result<(), Failure> {
    desk.sign_in()?;
    let progress = Progress::new("rebuilding");
    let watch = |done, all| progress.at(done, all);
    let rebuilt = desk.app.rebuild(watch).map_err(|error| desk.failed(error))?;
    drop(progress);
    desk.output.answer(&serde_json::json!({ "documents": rebuilt }), |_| {
        format!("{rebuilt} documents projected again")
    });
    Ok(())
}

/// Makes a demonstration clinic where there is none, or adds people to one.
pub(super) fn demo(desk: &Desk, patients: u32) -> Result<(), Failure> {
    let first = matches!(desk.call(api::GetStatus {})?.stage, Stage::FirstRun);
    if !first {
        desk.sign_in()?;
    }
    let progress = Progress::new("inventing people");
    let watch = |done, all| progress.at(done, all);
    let made = desk.app.demonstrate(patients, watch).map_err(|error| desk.failed(error))?;
    drop(progress);
    desk.output.answer(&made, |made| {
        let door = format!("sign in as {} with the password: {}", made.user_name, made.password);
        let patients = u64::from(made.patients);
        format!("{}\n{door}", show::counted(patients, "invented patient", "invented patients"))
    });
    Ok(())
}
