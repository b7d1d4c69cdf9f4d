//! Every command, by family.

mod access;
mod admission;
mod chart;
mod clinic;
mod diagnosis;
mod document;
mod erasing;
mod form;
mod note;
mod paper;
mod patient;
mod prescribing;
mod queue;
mod record;
mod sharing;
mod sync;

pub use access::{
    ChangePassword, CreateClinic, CreateDemonstration, GetStatus, JoinClinic, Lock, RecoverAccess,
    RecoverClinic, ReplaceRecoveryCode, ResumeJoining, SignIn, Speak,
};
pub use admission::{
    AnswerAdmission, AnswerEntrance, EndAdmission, EnterRoom, GetAdmission, GetEntrance,
    JoinAdmitted, LeaveRoom, OpenRoom, ReadInvitation,
};
pub use chart::{
    Decide, GetHistory, GetWhereabouts, ListConflicts, ListTasks, OpenChart, SettleTask,
};
pub use clinic::{
    AddPerson, GetImport, GetSyncState, ImportFiles, ListDevices, ListPeople, MakeDeviceCode,
    MakeRecoveryKit, PrintRecoveryKit, ReadAudit, RemovePerson, RevokeDevice, RotateKeys, SeeAlarm,
    SetServer, SettleCopy, StopFile, StopSync, SyncNow,
};
pub use diagnosis::FindDiagnoses;
pub use document::{AddDocument, KeepDocuments, ListDocuments, SaveDocument, ShowDocument};
pub use erasing::{EraseChart, ListErased};
pub use form::{KeepForm, ListKeptForms};
pub use note::{OpenDraft, SaveDraft, SignNote, WhichDraft};
pub use paper::{
    GetLetterhead, ListSheets, PreviewLabel, PreviewLetterhead, PreviewSheet, PrintLabel,
    PrintSheet, ReprintSheet, SetCredentials, SetLetterhead, ShowSheet, VerifySheet,
};
pub use patient::{
    AmendPatient, ComparePatients, FindDuplicates, FindPatients, MergePatients, RegisterPatient,
    SeparatePatients,
};
pub use prescribing::{ReadInstruction, ReadPrescription, RenewMedication};
pub use queue::{AmendEncounter, CancelEncounter, CheckIn, GetToday, SeePatient};
pub use record::{
    BeginEncounter, ChangeDosage, CorrectVitals, EndCondition, EndEncounter, RecordAllergy,
    RecordCondition, RecordMedication, RecordVitals, ReviewMedication, StopMedication, UndoEdit,
    WithdrawEntry,
};
pub use sharing::{GetCard, ListShared, LookAtGiven, ReadCard, ShareChart, TakeInGiven};
pub use sync::{
    DecideSetAside, FetchChart, ListDrives, ListQuarantine, ReadBundle, RetrySetAside, SetHold,
    SetLan, WriteBundle,
};

/// The names of all commands, family by family: the tests hold the router and the role table to it.
pub fn command_names() -> Vec<&'static str> {
    [
        access::NAMES,
        admission::NAMES,
        chart::NAMES,
        clinic::NAMES,
        diagnosis::NAMES,
        erasing::NAMES,
        document::NAMES,
        form::NAMES,
        note::NAMES,
        paper::NAMES,
        patient::NAMES,
        prescribing::NAMES,
        queue::NAMES,
        record::NAMES,
        sharing::NAMES,
        sync::NAMES,
    ]
    .concat()
}
