//! What is told to the audit chain, and reading it.

mod reading;

pub(crate) use reading::read_audit;

use crate::{error::ToldResult, host::Host, open::Session};
use api::ApiError;
use clinical::PatientId;
use store::{AuditAction, AuditEvent, AuditOutcome, AuditPurpose};

/// What was done, in the words of the chain: the action and what it was about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Deed {
    /// The action.
    pub(crate) action: AuditAction,
    /// The command, as the contract names it.
    pub(crate) command: &'static str,
}

impl Deed {
    /// The deed of a command that writes.
    pub(crate) fn of(command: &'static str) -> Self {
        let action = match command {
            "register-patient" => AuditAction::Create,
            "withdraw-entry" => AuditAction::Withdraw,
            "decide" => AuditAction::Decide,
            "sign-note" => AuditAction::Sign,
            "import-files" | "demonstration" => AuditAction::Import,
            "find-patients" => AuditAction::Search,
            "open-chart" | "get-history" | "list-conflicts" | "list-tasks" | "read-draft"
            | "review-medication" | "read-audit" => AuditAction::Read,
            "export" => AuditAction::Export,
            "create-clinic"
            | "join-clinic"
            | "add-person"
            | "remove-person"
            | "recover-access"
            | "record-key"
            | "change-password"
            | "replace-recovery-code"
            | "make-device-code"
            | "revoke-device"
            | "set-server" => AuditAction::Administer,
            "sign-in" => AuditAction::SignIn,
            "lock" => AuditAction::Lock,
            "sync" => AuditAction::Merge,
            "check" | "rebuild" | "accept-loss" => AuditAction::Maintain,
            _ => AuditAction::Update,
        };
        Self { action, command }
    }
}

impl<H: Host> Session<'_, H> {
    /// The audit row of something done now by whoever is signed in.
    pub(crate) fn event(&self, deed: Deed, patient: Option<PatientId>) -> AuditEvent {
        let stamp = self.stamp();
        let purpose = if deed.command == "read-audit" {
            AuditPurpose::Administration
        } else {
            purpose(deed.action)
        };
        AuditEvent {
            at: stamp.at,
            author: stamp.author,
            device: stamp.device,
            action: deed.action,
            patient,
            resource: deed.command.to_owned(),
            outcome: AuditOutcome::Success,
            purpose,
        }
    }

    /// Keeps the row of a reading, before what was read is shown.
    pub(crate) fn audit_read(
        &self,
        command: &'static str,
        patient: Option<PatientId>,
    ) -> Result<(), ApiError> {
        self.open.store.record_audit(vec![self.event(Deed::of(command), patient)]).told()
    }
}

fn purpose(action: AuditAction) -> AuditPurpose {
    match action {
        AuditAction::Administer | AuditAction::Maintain => AuditPurpose::Administration,
        AuditAction::Merge => AuditPurpose::System,
        AuditAction::Create
        | AuditAction::Read
        | AuditAction::Update
        | AuditAction::Withdraw
        | AuditAction::Search
        | AuditAction::Print
        | AuditAction::Export
        | AuditAction::Import
        | AuditAction::SignIn
        | AuditAction::Lock
        | AuditAction::Sign
        | AuditAction::Decide => AuditPurpose::Treatment,
    }
}
