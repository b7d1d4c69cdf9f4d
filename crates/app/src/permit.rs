//! Who may do what: one table, and a proof that it was asked.

use api::{ApiError, Command, ErrorCode};
use clinical::Role;
use std::marker::PhantomData;

/// What a command does, as far as permission is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Finds patients by who they are.
    FindPatients,
    /// Registers patients and changes who they are.
    RegisterPatients,
    /// Reads clinical content.
    ReadChart,
    /// Writes clinical content.
    WriteChart,
    /// Decides what a chart disputes.
    DecideConflicts,
    /// Sees and runs the sync.
    Sync,
    /// Takes files in.
    Import,
    /// Takes the record out.
    Export,
    /// Manages people.
    ManagePeople,
    /// Manages computers and the server.
    ManageDevices,
    /// Checks and rebuilds the store.
    MaintainStore,
    /// Reads who did what, and keeps the recovery code.
    Oversee,
    /// Changes what is one's own: the password.
    OwnAccount,
}

/// Role by action. What is not here is denied.
pub const ROLE_TABLE: [(Role, &[Action]); 3] = [
    (
        Role::Admin,
        &[
            Action::FindPatients,
            Action::RegisterPatients,
            Action::ReadChart,
            Action::WriteChart,
            Action::DecideConflicts,
            Action::Sync,
            Action::Import,
            Action::Export,
            Action::ManagePeople,
            Action::ManageDevices,
            Action::MaintainStore,
            Action::Oversee,
            Action::OwnAccount,
        ],
    ),
    (
        Role::Clinician,
        &[
            Action::FindPatients,
            Action::RegisterPatients,
            Action::ReadChart,
            Action::WriteChart,
            Action::DecideConflicts,
            Action::Sync,
            Action::OwnAccount,
        ],
    ),
    (
        Role::Reception,
        &[Action::FindPatients, Action::RegisterPatients, Action::Sync, Action::OwnAccount],
    ),
];

/// The action of each command that needs someone signed in. The others are for the door itself.
const COMMAND_TABLE: [(&str, Action); 35] = [
    (api::FindPatients::NAME, Action::FindPatients),
    (api::RegisterPatient::NAME, Action::RegisterPatients),
    (api::AmendPatient::NAME, Action::RegisterPatients),
    (api::OpenChart::NAME, Action::ReadChart),
    (api::GetHistory::NAME, Action::ReadChart),
    (api::ListConflicts::NAME, Action::ReadChart),
    (api::ListTasks::NAME, Action::ReadChart),
    (api::RecordAllergy::NAME, Action::WriteChart),
    (api::RecordCondition::NAME, Action::WriteChart),
    (api::RecordMedication::NAME, Action::WriteChart),
    (api::ReviewMedication::NAME, Action::ReadChart),
    (api::ChangeDosage::NAME, Action::WriteChart),
    (api::StopMedication::NAME, Action::WriteChart),
    (api::RecordVitals::NAME, Action::WriteChart),
    (api::WithdrawEntry::NAME, Action::WriteChart),
    (api::OpenDraft::NAME, Action::WriteChart),
    (api::SaveDraft::NAME, Action::WriteChart),
    (api::SignNote::NAME, Action::WriteChart),
    (api::Decide::NAME, Action::DecideConflicts),
    (api::SettleTask::NAME, Action::WriteChart),
    (api::ListPeople::NAME, Action::ManagePeople),
    (api::AddPerson::NAME, Action::ManagePeople),
    (api::RemovePerson::NAME, Action::ManagePeople),
    (api::ReadAudit::NAME, Action::Oversee),
    (api::ChangePassword::NAME, Action::OwnAccount),
    (api::ReplaceRecoveryCode::NAME, Action::Oversee),
    (api::MakeDeviceCode::NAME, Action::ManageDevices),
    (api::ListDevices::NAME, Action::ManageDevices),
    (api::ListQuarantine::NAME, Action::ManageDevices),
    (api::RevokeDevice::NAME, Action::ManageDevices),
    (api::SetServer::NAME, Action::ManageDevices),
    (api::GetSyncState::NAME, Action::Sync),
    (api::SyncNow::NAME, Action::Sync),
    (api::ImportFiles::NAME, Action::Import),
    (api::GetImport::NAME, Action::Import),
];

/// Proof that the table allows `C` to the person who is signed in. It cannot be made elsewhere,
/// so a use-case that asks for one cannot be reached without the question.
#[derive(Debug)]
pub struct Permit<C> {
    command: PhantomData<fn(C)>,
}

/// Whether the table allows the command of this name to the role; unknown names are denied.
pub fn may(role: Role, command: &str) -> bool {
    let action = COMMAND_TABLE.iter().find(|(name, _)| *name == command).map(|(_, action)| action);
    let allowed = ROLE_TABLE.iter().find(|(known, _)| *known == role).map(|(_, allowed)| *allowed);
    action.is_some_and(|action| allowed.unwrap_or_default().contains(action))
}

/// Whether the role may do the action.
pub(crate) fn may_do(role: Role, action: Action) -> bool {
    ROLE_TABLE.iter().any(|(known, allowed)| *known == role && allowed.contains(&action))
}

/// Asks the table.
///
/// # Errors
/// `not-permitted`.
pub(crate) fn permit<C: Command>(role: Role) -> Result<Permit<C>, ApiError> {
    if may(role, C::NAME) { Ok(Permit { command: PhantomData }) } else { Err(denied()) }
}

/// Asks the table for an action that has no command of its own (the command line's).
///
/// # Errors
/// `not-permitted`.
pub(crate) fn permit_action<C>(role: Role, action: Action) -> Result<Permit<C>, ApiError> {
    if may_do(role, action) { Ok(Permit { command: PhantomData }) } else { Err(denied()) }
}

fn denied() -> ApiError {
    ApiError::new(ErrorCode::NotPermitted, "Your role may not do this; nothing was changed.")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Commands that work before anyone is signed in, or end the session.
    const DOOR: [&str; 8] = [
        "get-status",
        "create-clinic",
        "create-demonstration",
        "join-clinic",
        "resume-joining",
        "sign-in",
        "recover-access",
        "lock",
    ];

    #[test]
    fn every_command_has_a_row_or_is_the_door() {
        for name in api::command_names() {
            let rows = COMMAND_TABLE.iter().filter(|(known, _)| *known == name).count();
            assert_eq!(rows, usize::from(!DOOR.contains(&name)), "{name}");
        }
    }

    #[test]
    fn every_command_and_role_has_one_answer() {
        let reception = [
            "find-patients",
            "register-patient",
            "amend-patient",
            "get-sync-state",
            "sync-now",
            "change-password",
        ];
        let admin_alone = [
            "list-people",
            "add-person",
            "remove-person",
            "read-audit",
            "replace-recovery-code",
            "make-device-code",
            "list-devices",
            "list-quarantine",
            "revoke-device",
            "set-server",
            "import-files",
            "get-import",
        ];
        for name in api::command_names().into_iter().filter(|name| !DOOR.contains(name)) {
            assert!(may(Role::Admin, name), "admin {name}");
            assert_eq!(
                may(Role::Clinician, name),
                !admin_alone.contains(&name),
                "clinician {name}"
            );
            assert_eq!(may(Role::Reception, name), reception.contains(&name), "reception {name}");
        }
        for role in Role::ALL {
            assert!(!may(*role, "no-such-command"));
            assert!(DOOR.iter().all(|door| !may(*role, door)), "the door is not in the table");
        }
    }
}
