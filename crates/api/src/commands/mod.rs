//! Every command, by family.

mod access;
mod chart;
mod clinic;
mod note;
mod patient;
mod record;
mod sync;

pub use access::{
    ChangePassword, CreateClinic, CreateDemonstration, GetStatus, JoinClinic, Lock, RecoverAccess,
    ReplaceRecoveryCode, ResumeJoining, SignIn,
};
pub use chart::{Decide, GetHistory, ListConflicts, ListTasks, OpenChart, SettleTask};
pub use clinic::{
    AddPerson, GetImport, GetSyncState, ImportFiles, ListDevices, ListPeople, MakeDeviceCode,
    ReadAudit, RemovePerson, RevokeDevice, SetServer, SyncNow,
};
pub use note::{OpenDraft, SaveDraft, SignNote, WhichDraft};
pub use patient::{AmendPatient, FindPatients, RegisterPatient};
pub use record::{
    BeginEncounter, ChangeDosage, CorrectVitals, EndCondition, EndEncounter, RecordAllergy,
    RecordCondition, RecordMedication, RecordVitals, ReviewMedication, StopMedication,
    WithdrawEntry,
};
pub use sync::ListQuarantine;

/// The names of all commands, family by family: the router, the role table and the tests walk it.
pub fn command_names() -> Vec<&'static str> {
    [
        access::NAMES,
        chart::NAMES,
        clinic::NAMES,
        note::NAMES,
        patient::NAMES,
        record::NAMES,
        sync::NAMES,
    ]
    .concat()
}
