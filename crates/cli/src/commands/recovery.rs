//! The recovery code: a new one, or a new password by it.

use super::{Desk, show};
use crate::{arguments::RecoveryCommand, failure::Failure, password};

/// Replaces the recovery code, or gets in by it.
pub(super) fn run(desk: &Desk, command: &RecoveryCommand) -> Result<(), Failure> {
    match command {
        RecoveryCommand::Replace => replace(desk),
        RecoveryCommand::Use { user_name } => recover(desk, user_name),
    }
}

fn replace(desk: &Desk) -> Result<(), Failure> {
    let (_, password) = desk.sign_in_keeping()?;
    let code = desk.call(api::ReplaceRecoveryCode { password })?;
    desk.output.answer(&code, |code| {
        let dead = "The old recovery code opens nothing any more.";
        format!("{dead}\n{}", show::recovery_code(&code.recovery_code))
    });
    Ok(())
}

fn recover(desk: &Desk, user_name: &str) -> Result<(), Failure> {
    let code = password::recovery_code()?;
    let password = password::next(user_name)?;
    let user_name = user_name.to_owned();
    let session = desk.call(api::RecoverAccess { code, user_name, password })?;
    desk.output.answer(&serde_json::json!({ "session": session }), |_| {
        let set = format!("the new password of {} is set on this computer", session.name);
        format!("{set}; the recovery code stays good until `fieldchart recovery replace`")
    });
    Ok(())
}
