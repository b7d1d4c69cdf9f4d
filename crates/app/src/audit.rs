//! What is told to the audit chain, and reading it.

mod reading;

pub(crate) use reading::read_audit;

use crate::{error::ToldResult, host::Host, open::Session};
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OtherDeed {
    CreateClinic,
    AdmitDevice,
    JoinClinic,
    RecoverAccess,
    RecoverClinic,
    ResumeJoining,
    RecordKey,
    SignIn,
    Lock,
    SayServer,
    ReadDraft,
    SettleDraft,
    Demonstration,
    Export,
    WriteBundle,
    ReadBundle,
    Sync,
    Check,
    Rebuild,
    AcceptLoss,
}

impl From<OtherDeed> for Deed {
    fn from(deed: OtherDeed) -> Self {
        let (command, action) = match deed {
            OtherDeed::CreateClinic => ("create-clinic", AuditAction::Administer),
            OtherDeed::AdmitDevice => ("admit-device", AuditAction::Administer),
            OtherDeed::JoinClinic => ("join-clinic", AuditAction::Administer),
            OtherDeed::RecoverAccess => ("recover-access", AuditAction::Administer),
            OtherDeed::RecoverClinic => ("recover-clinic", AuditAction::Administer),
            OtherDeed::ResumeJoining => ("resume-joining", AuditAction::Administer),
            OtherDeed::RecordKey => ("record-key", AuditAction::Administer),
            OtherDeed::SignIn => ("sign-in", AuditAction::SignIn),
            OtherDeed::Lock => ("lock", AuditAction::Lock),
            OtherDeed::SayServer => ("say-server", AuditAction::Administer),
            OtherDeed::ReadDraft => ("read-draft", AuditAction::Read),
            OtherDeed::SettleDraft => ("settle-draft", AuditAction::Update),
            OtherDeed::Demonstration => ("demonstration", AuditAction::Import),
            OtherDeed::Export => ("export", AuditAction::Export),
            OtherDeed::WriteBundle => ("write-bundle", AuditAction::Export),
            OtherDeed::ReadBundle => ("read-bundle", AuditAction::Import),
            OtherDeed::Sync => ("sync", AuditAction::Merge),
            OtherDeed::Check => ("check", AuditAction::Maintain),
            OtherDeed::Rebuild => ("rebuild", AuditAction::Maintain),
            OtherDeed::AcceptLoss => ("accept-loss", AuditAction::Maintain),
        };
        Self::new(command, action)
    }
}

#[cfg(test)]
impl OtherDeed {
    pub(crate) const ALL: [Self; 19] = [
        Self::CreateClinic,
        Self::AdmitDevice,
        Self::JoinClinic,
        Self::RecoverAccess,
        Self::RecoverClinic,
        Self::ResumeJoining,
        Self::RecordKey,
        Self::SignIn,
        Self::Lock,
        Self::ReadDraft,
        Self::SettleDraft,
        Self::Demonstration,
        Self::Export,
        Self::WriteBundle,
        Self::ReadBundle,
        Self::Sync,
        Self::Check,
        Self::Rebuild,
        Self::AcceptLoss,
    ];
}

impl Deed {
    /// What the decision rules did to the tasks of a chart: the program did it by itself, while
    /// the person it stands beside did something else.
    pub(crate) const RULES: Self = Self {
        action: AuditAction::Update,
        command: "decision-rules",
        purpose: AuditPurpose::System,
    };

    /// Two lists of computers that grew apart were made one, while somebody was signed in.
    pub(crate) const MENDING: Self = Self {
        action: AuditAction::Administer,
        command: "mend-list",
        purpose: AuditPurpose::System,
    };

    /// What was done under a name.
    pub(crate) fn new(command: &'static str, action: AuditAction) -> Self {
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
    pub(crate) fn event(&self, deed: impl Into<Deed>, patient: Option<PatientId>) -> AuditEvent {
        deed.into().event(self.stamp(), patient)
    }

    /// Keeps the row of what was not done: it was refused, or failed. What the disk says to that
    /// is told to the log alone: the answer is a refusal already.
    pub(crate) fn audit_undone(
        &self,
        deed: Deed,
        patient: Option<PatientId>,
        outcome: AuditOutcome,
    ) {
        let event = AuditEvent { outcome, ..self.event(deed, patient) };
        if let Err(error) = self.open.store.record_audit(&[event]) {
            tracing::warn!(%error, "what was not done was not audited");
        }
    }

    /// Keeps the row of what is about to be shown or done: neither happens without it.
    pub(crate) fn audit(
        &self,
        deed: impl Into<Deed>,
        patient: Option<PatientId>,
    ) -> Result<(), ApiError> {
        self.open.store.record_audit(&[self.event(deed, patient)]).told()
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
