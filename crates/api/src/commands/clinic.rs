//! The clinic: people, devices, sync, import.

use crate::{
    AlarmKind, AuditFrom, AuditPage, CopyIs, DeviceCode, DeviceView, ImportView, KeysRotated,
    KitPrinted, PersonView, RecoveryKit, SyncView,
};
use clinical::{DeviceId, Instant, PatientId, PractitionerId, Role};

crate::command::commands! {
    /// Lists the people of the clinic.
    ListPeople "list-people" -> Vec<PersonView> {}
    /// Adds a person who can sign in on this computer, or lets one in who works at the clinic and
    /// signs in elsewhere.
    AddPerson "add-person" -> PractitionerId {
        /// The name to sign in with.
        user_name: String,
        /// The name to show.
        name: String,
        /// What the person may do.
        role: Role,
        /// The first password.
        password: String,
    }
    /// Ends a person's work at the clinic: they sign in nowhere any more. What they wrote stays.
    RemovePerson "remove-person" -> () {
        /// Whom.
        person: PractitionerId,
    }
    /// Reads who did what on this computer. The reading is audited.
    ReadAudit "read-audit" -> AuditPage {
        /// With one patient's chart; with everything when there is none.
        patient: Option<PatientId>,
        /// Which part.
        from: AuditFrom,
        /// At most so many, with a cap.
        limit: u32,
    }
    /// Makes a code another computer can join with, once.
    MakeDeviceCode "make-device-code" -> DeviceCode {}
    /// Lists the clinic's computers.
    ListDevices "list-devices" -> Vec<DeviceView> {}
    /// Ends a computer's membership.
    RevokeDevice "revoke-device" -> () {
        /// Which.
        device: DeviceId,
    }
    /// Makes a new key for what the clinic's computers seal from now on; removes nobody.
    RotateKeys "rotate-keys" -> KeysRotated {}
    /// Answers the question whether this computer has a living copy. Whoever is signed in signs in
    /// again, but where it was only put back.
    SettleCopy "settle-copy" -> () {
        /// What the other is.
        answer: CopyIs,
        /// A name for this computer, where it gets keys of its own.
        device_name: String,
    }
    /// Makes a recovery kit of the clinic in the place of the one before, and a new key with it.
    MakeRecoveryKit "make-recovery-kit" -> RecoveryKit {
        /// The password of whoever is signed in.
        password: String,
    }
    /// Prints the sheet of a recovery kit that was just made, or writes it to a stick with the file
    /// a new computer reads. Nothing of it is kept here, and no viewer shows it.
    PrintRecoveryKit "print-recovery-kit" -> KitPrinted {
        /// The kit.
        kit: RecoveryKit,
        /// In which language (BCP 47); in the clinic's, when left out.
        language: Option<String>,
        /// The name of the stick; to the printer, when left out.
        drive: Option<String>,
    }
    /// Sets the server to sync with: its address and pin. Where it is the clinic's first, computers that
    /// were told of none use it too, once they hear of it.
    SetServer "set-server" -> () {
        /// `https://host:port#sha256:…`, or `https://host:port pin sha256:…` as the server prints it.
        server: String,
        /// That the computer is lost which keeps the list of computers ([`SyncView::list_at`]): this one
        /// brings it to the clinic's first server in its place.
        keeper_lost: bool,
    }
    /// Tells how the sync stands.
    GetSyncState "get-sync-state" -> SyncView {}
    /// Syncs now and tells how it went.
    SyncNow "sync-now" -> SyncView {}
    /// Says that an alarm of this computer was looked into: it warns no more, unless it is raised again.
    /// `not-found` where it is not there any more, or was raised again since.
    SeeAlarm "see-alarm" -> () {
        /// Which.
        alarm: AlarmKind,
        /// When it was raised, as it was shown.
        at: Instant,
    }
    /// Stops the exchange that goes on, if one does, also where it waits for what it asked for: what went
    /// over is kept, and the next one goes on from there.
    StopSync "stop-sync" -> () {}
    /// Stops what is being written to a stick, or taken in from one: no half file stays, and what was
    /// taken in does.
    StopFile "stop-file" -> () {}
    /// Begins to import FHIR files and folders; progress comes as events.
    ImportFiles "import-files" -> ImportView {
        /// Files and folders.
        paths: Vec<String>,
    }
    /// Tells how the import stands.
    GetImport "get-import" -> ImportView {}
}
