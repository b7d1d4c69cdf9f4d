//! Two charts of one person: looked at side by side, merged, separated.

use super::{Desk, parse, show};
use crate::{arguments::PatientCommand, failure::Failure};
use api::{ComparePatients, MergePatients, SeparatePatients};
use clinical::PatientId;
use serde_json::json;

/// Carries out one of the commands.
pub(super) fn run(desk: &Desk, command: &PatientCommand) -> Result<(), Failure> {
    match command {
        PatientCommand::Merge { id, other, yes } => merge(desk, (parse(id)?, parse(other)?), *yes),
        PatientCommand::Separate { id, other } => separate(desk, (parse(id)?, parse(other)?)),
    }
}

fn merge(
    desk: &Desk,
    (patient, other): (PatientId, PatientId),
    merges: bool,
) -> Result<(), Failure> {
    desk.sign_in()?;
    let compared = desk.call(ComparePatients { patient, other })?;
    if merges {
        desk.call(MergePatients { patient, other })?;
    }
    desk.output.answer(&compared, |it| show::compared(it, merges));
    Ok(())
}

fn separate(desk: &Desk, (patient, other): (PatientId, PatientId)) -> Result<(), Failure> {
    desk.sign_in()?;
    desk.call(SeparatePatients { patient, other })?;
    let separated = json!({ "separated": other });
    desk.output.answer(&separated, |_| "each is shown by itself again".to_owned());
    Ok(())
}
