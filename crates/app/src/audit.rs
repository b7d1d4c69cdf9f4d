//! What is told to the audit chain, and reading it.

mod reading;

pub(crate) use reading::read_audit;

use crate::{error::ToldResult, host::Host, open::Session, permit::audit_action};
use api::ApiError;
use clinical::{PatientId, Stamp};
use store::{AuditAction, AuditEvent, AuditOutcome, AuditPurpose};

/// What was done, in the words of the chain: the action and what it was about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Deed {
    /// The action.
    pub(crate) action: AuditAction,
    /// The command, as the contract names it.
    pub(crate) command: &'static str,
    /// Why.
    pub(crate) purpose: AuditPurpose,
}

/// Deeds that are no command of someone who is signed in: the door's, the command line's, and
/// what follows by itself.
const OTHER_DEEDS: [(&str, AuditAction); 14] = [
    ("create-clinic", AuditAction::Administer),
    ("join-clinic", AuditAction::Administer),
    ("recover-access", AuditAction::Administer),
    ("resume-joining", AuditAction::Administer),
    ("record-key", AuditAction::Administer),
    ("sign-in", AuditAction::SignIn),
    ("lock", AuditAction::Lock),
    ("read-draft", AuditAction::Read),
    ("demonstration", AuditAction::Import),
    ("export", AuditAction::Export),
    ("sync", AuditAction::Merge),
    ("check", AuditAction::Maintain),
    ("rebuild", AuditAction::Maintain),
    ("accept-loss", AuditAction::Maintain),
];

impl Deed {
    /// What the decision rules did to the tasks of a chart: the program did it by itself, while
    /// the person it stands beside did something else.
    pub(crate) const RULES: Self = Self {
        action: AuditAction::Update,
        command: "decision-rules",
        purpose: AuditPurpose::System,
    };

    /// The deed of a command, as the command table says, or of this name among the others.
    pub(crate) fn of(command: &'static str) -> Self {
        let other = || OTHER_DEEDS.iter().find(|(name, _)| *name == command).map(|(_, of)| *of);
        let action = audit_action(command).or_else(other).unwrap_or(AuditAction::Read);
        let purpose =
            if command == "read-audit" { AuditPurpose::Administration } else { purpose(action) };
        Self { action, command, purpose }
    }

    /// The audit row of the deed.
    pub(crate) fn event(self, stamp: Stamp, patient: Option<PatientId>) -> AuditEvent {
        AuditEvent {
            at: stamp.at,
            author: stamp.author,
            device: stamp.device,
            action: self.action,
            patient,
            resource: self.command.to_owned(),
            outcome: AuditOutcome::Success,
            purpose: self.purpose,
        }
    }
}

impl<H: Host> Session<'_, H> {
    /// The audit row of something done now by whoever is signed in.
    pub(crate) fn event(&self, deed: Deed, patient: Option<PatientId>) -> AuditEvent {
        deed.event(self.stamp(), patient)
    }

    /// Keeps the row of what was not done: it was refused, or failed. What the disk says to that
    /// is told to the log alone: the answer is a refusal already.
    pub(crate) fn audit_undone(
        &self,
        command: &'static str,
        patient: Option<PatientId>,
        outcome: AuditOutcome,
    ) {
        let event = AuditEvent { outcome, ..self.event(Deed::of(command), patient) };
        if let Err(error) = self.open.store.record_audit(vec![event]) {
            tracing::warn!(%error, "what was not done was not audited");
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
