//! Who may do what: one table, and a proof that it was asked.

use crate::{
    audit::{Deed, OtherDeed},
    host::Host,
    open::Session,
};
use api::{ApiError, Command, ErrorCode};
use clinical::{PatientId, Role};
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
    /// Gives a chart to another clinic, and takes one in.
    ShareCharts,
    /// Prints what a chart says, and sees what was printed.
    PrintSheets,
    /// Prints who somebody is.
    PrintLabels,
    /// Sees and runs the sync.
    Sync,
    /// Takes files in.
    Import,
    /// Takes the record out.
    Export,
    /// Says what the clinic's paper says.
    SetUpPaper,
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
            Action::ShareCharts,
            Action::PrintSheets,
            Action::PrintLabels,
            Action::Sync,
            Action::Import,
            Action::Export,
            Action::SetUpPaper,
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
            Action::ShareCharts,
            Action::PrintSheets,
            Action::PrintLabels,
            Action::Sync,
            Action::OwnAccount,
        ],
    ),
    (
        Role::Reception,
        &[
            Action::FindPatients,
            Action::RegisterPatients,
            Action::PrintLabels,
            Action::Sync,
            Action::OwnAccount,
        ],
    ),
];

/// What shows nothing of a patient and changes nothing leaves no audit row when it is done; who is
/// refused leaves one of this action.
const LOOK: AuditAction = AuditAction::Read;

/// Of each command that needs someone signed in: what it asks of the role, and what its audit row
/// says was done. The others are for the door itself.
const COMMAND_TABLE: [(&str, Action, AuditAction); 100] = [
    (api::FindPatients::NAME, Action::FindPatients, AuditAction::Search),
    (api::FindDuplicates::NAME, Action::FindPatients, AuditAction::Search),
    (api::RegisterPatient::NAME, Action::RegisterPatients, AuditAction::Create),
    (api::AmendPatient::NAME, Action::RegisterPatients, AuditAction::Update),
    (api::ComparePatients::NAME, Action::RegisterPatients, AuditAction::Read),
    (api::MergePatients::NAME, Action::RegisterPatients, AuditAction::Update),
    (api::SeparatePatients::NAME, Action::RegisterPatients, AuditAction::Update),
    (api::OpenChart::NAME, Action::ReadChart, AuditAction::Read),
    (api::GetHistory::NAME, Action::ReadChart, AuditAction::Read),
    (api::GetWhereabouts::NAME, Action::ReadChart, LOOK),
    (api::ListConflicts::NAME, Action::ReadChart, AuditAction::Read),
    (api::ListTasks::NAME, Action::ReadChart, AuditAction::Read),
    (api::RecordAllergy::NAME, Action::WriteChart, AuditAction::Update),
    (api::FindDiagnoses::NAME, Action::WriteChart, LOOK),
    (api::RecordCondition::NAME, Action::WriteChart, AuditAction::Update),
    (api::RecordMedication::NAME, Action::WriteChart, AuditAction::Update),
    (api::ReviewMedication::NAME, Action::ReadChart, AuditAction::Read),
    (api::ChangeDosage::NAME, Action::WriteChart, AuditAction::Update),
    (api::StopMedication::NAME, Action::WriteChart, AuditAction::Update),
    (api::RenewMedication::NAME, Action::WriteChart, AuditAction::Update),
    (api::ReadPrescription::NAME, Action::WriteChart, LOOK),
    (api::ReadInstruction::NAME, Action::WriteChart, LOOK),
    (api::EndCondition::NAME, Action::WriteChart, AuditAction::Update),
    (api::BeginEncounter::NAME, Action::WriteChart, AuditAction::Update),
    (api::EndEncounter::NAME, Action::WriteChart, AuditAction::Update),
    (api::CheckIn::NAME, Action::RegisterPatients, AuditAction::Update),
    (api::GetToday::NAME, Action::FindPatients, AuditAction::Read),
    (api::SeePatient::NAME, Action::WriteChart, AuditAction::Update),
    (api::CancelEncounter::NAME, Action::RegisterPatients, AuditAction::Update),
    (api::AmendEncounter::NAME, Action::WriteChart, AuditAction::Update),
    (api::RecordVitals::NAME, Action::WriteChart, AuditAction::Update),
    (api::CorrectVitals::NAME, Action::WriteChart, AuditAction::Update),
    (api::UndoEdit::NAME, Action::WriteChart, AuditAction::Update),
    (api::WithdrawEntry::NAME, Action::WriteChart, AuditAction::Withdraw),
    (api::KeepForm::NAME, Action::OwnAccount, LOOK),
    (api::ListKeptForms::NAME, Action::OwnAccount, LOOK),
    (api::AddDocument::NAME, Action::WriteChart, AuditAction::Update),
    (api::ListDocuments::NAME, Action::ReadChart, LOOK),
    (api::ShowDocument::NAME, Action::ReadChart, AuditAction::Read),
    (api::SaveDocument::NAME, Action::ReadChart, AuditAction::Export),
    (api::KeepDocuments::NAME, Action::ReadChart, AuditAction::Update),
    (api::OpenDraft::NAME, Action::WriteChart, AuditAction::Update),
    (api::SaveDraft::NAME, Action::WriteChart, AuditAction::Update),
    (api::SignNote::NAME, Action::WriteChart, AuditAction::Sign),
    (api::Decide::NAME, Action::DecideConflicts, AuditAction::Decide),
    (api::SettleTask::NAME, Action::WriteChart, AuditAction::Update),
    (api::GetLetterhead::NAME, Action::PrintLabels, LOOK),
    (api::SetLetterhead::NAME, Action::SetUpPaper, AuditAction::Administer),
    (api::SetCredentials::NAME, Action::SetUpPaper, AuditAction::Administer),
    (api::PreviewLetterhead::NAME, Action::SetUpPaper, LOOK),
    (api::PrintSheet::NAME, Action::PrintSheets, AuditAction::Print),
    (api::PreviewSheet::NAME, Action::PrintSheets, AuditAction::Read),
    (api::ReprintSheet::NAME, Action::PrintSheets, AuditAction::Print),
    (api::ShowSheet::NAME, Action::PrintSheets, AuditAction::Read),
    (api::PreviewLabel::NAME, Action::PrintLabels, AuditAction::Read),
    (api::PrintLabel::NAME, Action::PrintLabels, AuditAction::Print),
    (api::ListSheets::NAME, Action::PrintSheets, AuditAction::Read),
    (api::VerifySheet::NAME, Action::PrintSheets, AuditAction::Read),
    (api::ListPeople::NAME, Action::ManagePeople, LOOK),
    (api::AddPerson::NAME, Action::ManagePeople, AuditAction::Administer),
    (api::RemovePerson::NAME, Action::ManagePeople, AuditAction::Administer),
    (api::ReadAudit::NAME, Action::Oversee, AuditAction::Read),
    (api::ChangePassword::NAME, Action::OwnAccount, AuditAction::Administer),
    (api::ReplaceRecoveryCode::NAME, Action::Oversee, AuditAction::Administer),
    (api::MakeDeviceCode::NAME, Action::ManageDevices, AuditAction::Administer),
    // Of admitting a computer the row is kept where its invitation is made, or refused.
    (api::OpenRoom::NAME, Action::ManageDevices, LOOK),
    (api::GetAdmission::NAME, Action::ManageDevices, LOOK),
    (api::AnswerAdmission::NAME, Action::ManageDevices, LOOK),
    (api::EndAdmission::NAME, Action::ManageDevices, LOOK),
    (api::ListDevices::NAME, Action::ManageDevices, LOOK),
    (api::EraseChart::NAME, Action::Oversee, AuditAction::Administer),
    (api::ListErased::NAME, Action::Oversee, LOOK),
    (api::GetCard::NAME, Action::ShareCharts, LOOK),
    (api::ReadCard::NAME, Action::ShareCharts, LOOK),
    (api::ShareChart::NAME, Action::ShareCharts, AuditAction::Export),
    (api::LookAtGiven::NAME, Action::ShareCharts, AuditAction::Read),
    (api::TakeInGiven::NAME, Action::ShareCharts, AuditAction::Import),
    (api::ListShared::NAME, Action::Oversee, AuditAction::Read),
    (api::ListQuarantine::NAME, Action::ManageDevices, AuditAction::Read),
    (api::RetrySetAside::NAME, Action::ManageDevices, AuditAction::Administer),
    (api::DecideSetAside::NAME, Action::ManageDevices, AuditAction::Decide),
    (api::RevokeDevice::NAME, Action::ManageDevices, AuditAction::Administer),
    (api::RotateKeys::NAME, Action::ManageDevices, AuditAction::Administer),
    (api::SettleCopy::NAME, Action::ManageDevices, AuditAction::Administer),
    (api::MakeRecoveryKit::NAME, Action::ManageDevices, AuditAction::Administer),
    (api::PrintRecoveryKit::NAME, Action::ManageDevices, AuditAction::Print),
    (api::SeeAlarm::NAME, Action::ManageDevices, AuditAction::Administer),
    (api::SetServer::NAME, Action::ManageDevices, AuditAction::Administer),
    (api::SetLan::NAME, Action::ManageDevices, AuditAction::Administer),
    (api::SetHold::NAME, Action::Sync, AuditAction::Administer),
    (api::FetchChart::NAME, Action::FindPatients, AuditAction::Update),
    (api::GetSyncState::NAME, Action::Sync, LOOK),
    (api::SyncNow::NAME, Action::Sync, LOOK),
    (api::StopSync::NAME, Action::Sync, LOOK),
    (api::StopFile::NAME, Action::Sync, LOOK),
    (api::ListDrives::NAME, Action::Sync, LOOK),
    (api::WriteBundle::NAME, Action::Sync, AuditAction::Export),
    (api::ReadBundle::NAME, Action::Sync, AuditAction::Import),
    (api::ImportFiles::NAME, Action::Import, AuditAction::Import),
    (api::GetImport::NAME, Action::Import, LOOK),
];

/// What a deed that is no command of its own asks of the role.
const fn action_of(deed: OtherDeed) -> Action {
    match deed {
        OtherDeed::CreateClinic => Action::ManagePeople,
        OtherDeed::AdmitDevice => Action::ManageDevices,
        OtherDeed::JoinClinic
        | OtherDeed::RecoverAccess
        | OtherDeed::RecoverClinic
        | OtherDeed::ResumeJoining
        | OtherDeed::RecordKey
        | OtherDeed::SignIn
        | OtherDeed::Lock => Action::OwnAccount,
        OtherDeed::ReadDraft => Action::WriteChart,
        // What is typed was allowed to whoever typed it; whoever meets the others next, of any
        // role, makes it part of the draft before theirs is merged into it. So it is with a server that
        // an administrator set.
        OtherDeed::SettleDraft
        | OtherDeed::Sync
        | OtherDeed::SayServer
        | OtherDeed::WriteBundle
        | OtherDeed::ReadBundle => Action::Sync,
        OtherDeed::Demonstration
        | OtherDeed::Check
        | OtherDeed::Rebuild
        | OtherDeed::AcceptLoss => Action::MaintainStore,
        OtherDeed::Export => Action::Export,
    }
}

/// Proof that the table allows `C` to the person who is signed in. It cannot be made elsewhere,
/// so a use-case that asks for one cannot be reached without the question.
#[derive(Debug)]
pub struct Permit<C> {
    deed: Deed,
    command: PhantomData<fn(C)>,
}

impl<C> Permit<C> {
    /// What its audit row says was done.
    pub(crate) fn deed(&self) -> Deed {
        self.deed
    }
}

impl<C> From<&Permit<C>> for Deed {
    fn from(permit: &Permit<C>) -> Self {
        permit.deed
    }
}

/// Whether the table allows the command of this name to the role; unknown names are denied.
pub fn may(role: Role, command: &str) -> bool {
    let action =
        COMMAND_TABLE.iter().find(|(name, ..)| *name == command).map(|(_, action, _)| action);
    let allowed = ROLE_TABLE.iter().find(|(known, _)| *known == role).map(|(_, allowed)| *allowed);
    action.is_some_and(|action| allowed.unwrap_or_default().contains(action))
}

/// What the audit row of a command says was done; `None` of one that is not in the table.
fn deed_of(command: &'static str) -> Option<Deed> {
    let row = COMMAND_TABLE.iter().find(|(name, ..)| *name == command);
    row.map(|(name, _, action)| Deed::new(name, *action))
}

/// Whether the table allows the role a deed that is no command of its own.
pub(crate) fn may_other(role: Role, deed: OtherDeed) -> bool {
    let action = action_of(deed);
    ROLE_TABLE.iter().any(|(known, allowed)| *known == role && allowed.contains(&action))
}

impl<H: Host> Session<'_, H> {
    /// Asks the table whether whoever is signed in may do a command. Who is refused leaves a row,
    /// with the patient it was about.
    ///
    /// # Errors
    /// `not-permitted`.
    pub(crate) fn permit<C: Command>(
        &self,
        patient: Option<PatientId>,
    ) -> Result<Permit<C>, ApiError> {
        let deed = deed_of(C::NAME).ok_or_else(denied)?;
        self.ask_table(may(self.open.person.role, C::NAME), deed, patient)
    }

    /// The same of a deed that is no command of its own.
    ///
    /// # Errors
    /// `not-permitted`.
    pub(crate) fn permit_other(&self, deed: OtherDeed) -> Result<Permit<OtherDeed>, ApiError> {
        self.ask_table(may_other(self.open.person.role, deed), deed.into(), None)
    }

    fn ask_table<C>(
        &self,
        may: bool,
        deed: Deed,
        patient: Option<PatientId>,
    ) -> Result<Permit<C>, ApiError> {
        if may {
            return Ok(Permit { deed, command: PhantomData });
        }
        self.audit_undone(deed, patient, AuditOutcome::Refused);
        Err(denied())
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
    const DOOR: [&str; 16] = [
        "get-status",
        "create-clinic",
        "create-demonstration",
        "join-clinic",
        "resume-joining",
        "enter-room",
        "get-entrance",
        "answer-entrance",
        "leave-room",
        "join-admitted",
        "read-invitation",
        "sign-in",
        "recover-access",
        "recover-clinic",
        "lock",
        "speak",
    ];

    /// Whoever runs the clinic reads the log in words.
    #[test]
    fn every_deed_that_leaves_a_row_has_words_in_the_log() {
        let texts = include_str!("../../../assets/locales/en.json");
        let texts: std::collections::BTreeMap<String, String> =
            serde_json::from_str(texts).unwrap();
        let others = OtherDeed::ALL.map(Deed::from).into_iter().chain([Deed::RULES]);
        let commands = COMMAND_TABLE.iter().filter(|(.., action)| *action != LOOK);
        let commands = commands.map(|(name, _, action)| Deed::new(name, *action));
        for deed in others.chain(commands) {
            assert!(texts.contains_key(&format!("audit.of.{}", deed.command)), "{}", deed.command);
        }
    }

    #[test]
    fn every_command_has_a_row_or_is_the_door() {
        for name in api::command_names() {
            let rows = COMMAND_TABLE.iter().filter(|(known, ..)| *known == name).count();
            assert_eq!(rows, usize::from(!DOOR.contains(&name)), "{name}");
        }
    }

    #[test]
    fn every_command_has_a_deed_of_its_own() {
        for name in api::command_names() {
            let deed = deed_of(name);
            assert_eq!(deed.is_some(), !DOOR.contains(&name), "{name}");
            assert!(deed.is_none_or(|deed| deed.command == name));
        }
        // What bears a command's name says what the command does.
        for other in OtherDeed::ALL.map(Deed::from) {
            assert!(deed_of(other.command).is_none_or(|deed| deed == other), "{other:?}");
        }
    }

    #[test]
    fn every_other_deed_and_role_has_one_answer() {
        let all = OtherDeed::ALL.len();
        let admin_alone = [
            OtherDeed::CreateClinic,
            OtherDeed::AdmitDevice,
            OtherDeed::Demonstration,
            OtherDeed::Export,
            OtherDeed::Check,
            OtherDeed::Rebuild,
            OtherDeed::AcceptLoss,
        ];
        let check = |role: Role, denied: &[OtherDeed]| {
            let may = OtherDeed::ALL.into_iter().filter(|deed| may_other(role, *deed));
            let may: Vec<OtherDeed> = may.collect();
            assert_eq!(may.len() + denied.len(), all, "{role:?} {may:?}");
            assert!(denied.iter().all(|deed| !may.contains(deed)), "{role:?} {may:?}");
        };
        check(Role::Admin, &[]);
        check(Role::Clinician, &admin_alone);
        check(Role::Reception, &[&admin_alone[..], &[OtherDeed::ReadDraft]].concat());
    }

    #[test]
    fn every_command_and_role_has_one_answer() {
        let reception = [
            "get-letterhead",
            "preview-label",
            "print-label",
            "find-patients",
            "find-duplicates",
            "get-today",
            "check-in",
            "cancel-encounter",
            "keep-form",
            "list-kept-forms",
            "register-patient",
            "amend-patient",
            "compare-patients",
            "merge-patients",
            "separate-patients",
            "get-sync-state",
            "stop-sync",
            "stop-file",
            "sync-now",
            "set-hold",
            "fetch-chart",
            "list-drives",
            "write-bundle",
            "read-bundle",
            "change-password",
        ];
        let admin_alone = [
            "set-letterhead",
            "set-credentials",
            "preview-letterhead",
            "list-people",
            "add-person",
            "remove-person",
            "read-audit",
            "replace-recovery-code",
            "make-device-code",
            "open-room",
            "get-admission",
            "answer-admission",
            "end-admission",
            "list-devices",
            "erase-chart",
            "list-erased",
            "list-shared",
            "list-quarantine",
            "retry-set-aside",
            "decide-set-aside",
            "revoke-device",
            "rotate-keys",
            "make-recovery-kit",
            "print-recovery-kit",
            "settle-copy",
            "see-alarm",
            "set-server",
            "set-lan",
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
