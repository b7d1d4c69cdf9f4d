//! Who did what, and the recovery code.

use super::{Desk, parse, show};
use crate::{arguments::RecoveryCommand, failure::Failure, password};
use api::AuditFrom;

/// Shows a part of the audit log.
pub(super) fn audit(
    desk: &Desk,
    patient: Option<&str>,
    limit: u32,
    after: Option<u64>,
) -> Result<(), Failure> {
    let patient = patient.map(parse).transpose()?;
    desk.sign_in()?;
    let from = after.map_or(AuditFrom::Newest, AuditFrom::After);
    let page = desk.call(api::ReadAudit { patient, from, limit })?;
    desk.output.answer(&page, |page| show::audit(page, from));
    Ok(())
}

/// Replaces the recovery code.
pub(super) fn recovery(desk: &Desk, command: &RecoveryCommand) -> Result<(), Failure> {
    desk.sign_in()?;
    match command {
        RecoveryCommand::Replace => {
            let password = password::current()?;
            let code = desk.call(api::ReplaceRecoveryCode { password })?;
            desk.output.answer(&code, |code| {
                let dead = "The old recovery code opens nothing any more.";
                format!("{dead}\n{}", show::recovery_code(&code.recovery_code))
            });
        }
    }
    Ok(())
}
