//! Every command, by family.

mod access;
mod chart;
mod clinic;
mod note;
mod patient;
mod record;

pub use access::{
    CreateClinic, CreateDemonstration, GetStatus, JoinClinic, Lock, RecoverAccess, SignIn,
};
pub use chart::{Decide, GetHistory, ListConflicts, ListTasks, OpenChart, SettleTask};
pub use clinic::{
    AddPerson, GetImport, GetSyncState, ImportFiles, ListDevices, ListPeople, MakeDeviceCode,
    RevokeDevice, SetServer, SyncNow,
};
pub use note::{OpenDraft, SaveDraft, SignNote};
pub use patient::{AmendPatient, FindPatients, RegisterPatient};
pub use record::{
    ChangeDosage, RecordAllergy, RecordCondition, RecordMedication, RecordVitals, ReviewMedication,
    StopMedication, WithdrawEntry,
};

/// The names of all commands, family by family: the router, the role table and the tests walk it.
pub fn command_names() -> Vec<&'static str> {
    [access::NAMES, chart::NAMES, clinic::NAMES, note::NAMES, patient::NAMES, record::NAMES]
        .concat()
}
