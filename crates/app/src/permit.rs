//! Who may do what: one table, and a proof that it was asked.

use crate::{host::Host, open::Session};
use api::{ApiError, Command, ErrorCode};
use clinical::Role;
use std::marker::PhantomData;
use store::{AuditAction, AuditOutcome};

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

/// What shows nothing of a patient and changes nothing leaves no audit row of its own.
const NO_ROW: Option<AuditAction> = None;

/// Of each command that needs someone signed in: what it asks of the role, and what its audit row
/// says was done. The others are for the door itself.
const COMMAND_TABLE: [(&str, Action, Option<AuditAction>); 39] = [
    (api::FindPatients::NAME, Action::FindPatients, Some(AuditAction::Search)),
    (api::RegisterPatient::NAME, Action::RegisterPatients, Some(AuditAction::Create)),
    (api::AmendPatient::NAME, Action::RegisterPatients, Some(AuditAction::Update)),
    (api::OpenChart::NAME, Action::ReadChart, Some(AuditAction::Read)),
    (api::GetHistory::NAME, Action::ReadChart, Some(AuditAction::Read)),
    (api::ListConflicts::NAME, Action::ReadChart, Some(AuditAction::Read)),
    (api::ListTasks::NAME, Action::ReadChart, Some(AuditAction::Read)),
    (api::RecordAllergy::NAME, Action::WriteChart, Some(AuditAction::Update)),
    (api::RecordCondition::NAME, Action::WriteChart, Some(AuditAction::Update)),
    (api::RecordMedication::NAME, Action::WriteChart, Some(AuditAction::Update)),
    (api::ReviewMedication::NAME, Action::ReadChart, Some(AuditAction::Read)),
    (api::ChangeDosage::NAME, Action::WriteChart, Some(AuditAction::Update)),
    (api::StopMedication::NAME, Action::WriteChart, Some(AuditAction::Update)),
    (api::EndCondition::NAME, Action::WriteChart, Some(AuditAction::Update)),
    (api::BeginEncounter::NAME, Action::WriteChart, Some(AuditAction::Update)),
    (api::EndEncounter::NAME, Action::WriteChart, Some(AuditAction::Update)),
    (api::RecordVitals::NAME, Action::WriteChart, Some(AuditAction::Update)),
    (api::CorrectVitals::NAME, Action::WriteChart, Some(AuditAction::Update)),
    (api::WithdrawEntry::NAME, Action::WriteChart, Some(AuditAction::Withdraw)),
    (api::OpenDraft::NAME, Action::WriteChart, Some(AuditAction::Update)),
    (api::SaveDraft::NAME, Action::WriteChart, Some(AuditAction::Update)),
    (api::SignNote::NAME, Action::WriteChart, Some(AuditAction::Sign)),
    (api::Decide::NAME, Action::DecideConflicts, Some(AuditAction::Decide)),
    (api::SettleTask::NAME, Action::WriteChart, Some(AuditAction::Update)),
    (api::ListPeople::NAME, Action::ManagePeople, NO_ROW),
    (api::AddPerson::NAME, Action::ManagePeople, Some(AuditAction::Administer)),
    (api::RemovePerson::NAME, Action::ManagePeople, Some(AuditAction::Administer)),
    (api::ReadAudit::NAME, Action::Oversee, Some(AuditAction::Read)),
    (api::ChangePassword::NAME, Action::OwnAccount, Some(AuditAction::Administer)),
    (api::ReplaceRecoveryCode::NAME, Action::Oversee, Some(AuditAction::Administer)),
    (api::MakeDeviceCode::NAME, Action::ManageDevices, Some(AuditAction::Administer)),
    (api::ListDevices::NAME, Action::ManageDevices, NO_ROW),
    (api::ListQuarantine::NAME, Action::ManageDevices, NO_ROW),
    (api::RevokeDevice::NAME, Action::ManageDevices, Some(AuditAction::Administer)),
    (api::SetServer::NAME, Action::ManageDevices, Some(AuditAction::Administer)),
    (api::GetSyncState::NAME, Action::Sync, NO_ROW),
    (api::SyncNow::NAME, Action::Sync, NO_ROW),
    (api::ImportFiles::NAME, Action::Import, Some(AuditAction::Import)),
    (api::GetImport::NAME, Action::Import, NO_ROW),
];

/// Proof that the table allows `C` to the person who is signed in. It cannot be made elsewhere,
/// so a use-case that asks for one cannot be reached without the question.
#[derive(Debug)]
pub struct Permit<C> {
    command: PhantomData<fn(C)>,
}

/// Whether the table allows the command of this name to the role; unknown names are denied.
pub fn may(role: Role, command: &str) -> bool {
    let action =
        COMMAND_TABLE.iter().find(|(name, ..)| *name == command).map(|(_, action, _)| action);
    let allowed = ROLE_TABLE.iter().find(|(known, _)| *known == role).map(|(_, allowed)| *allowed);
    action.is_some_and(|action| allowed.unwrap_or_default().contains(action))
}

/// What the audit row of a command says was done.
pub(crate) fn audit_action(command: &str) -> Option<AuditAction> {
    COMMAND_TABLE.iter().find(|(name, ..)| *name == command).and_then(|(.., audit)| *audit)
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

/// Asks the table for an action that has no command of its own (the command line's), and tells
/// nobody of it.
fn ask_table<C>(role: Role, action: Action) -> Result<Permit<C>, ApiError> {
    if may_do(role, action) { Ok(Permit { command: PhantomData }) } else { Err(denied()) }
}

impl<H: Host> Session<'_, H> {
    /// Asks the table for an action that has no command of its own, of whoever is signed in. Who
    /// is refused leaves a row of the deed `name`.
    ///
    /// # Errors
    /// `not-permitted`.
    pub(crate) fn permit_action<C>(
        &self,
        action: Action,
        name: &'static str,
    ) -> Result<Permit<C>, ApiError> {
        ask_table(self.open.person.role, action)
            .inspect_err(|_| self.audit_undone(name, None, AuditOutcome::Refused))
    }
}

/// The answer to what one's role may not do.
pub(crate) fn denied() -> ApiError {
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
            let rows = COMMAND_TABLE.iter().filter(|(known, ..)| *known == name).count();
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
