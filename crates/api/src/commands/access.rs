//! Getting in and out.

use crate::{ClinicOpened, DemonstrationCreated, NewRecoveryCode, SessionView, StatusView};
use clinical::ClinicId;

crate::command::commands! {
    /// Asks what the window should show first.
    GetStatus "get-status" -> StatusView {}
    /// Makes a clinic, its first person (an admin) and the store on this computer.
    CreateClinic "create-clinic" -> ClinicOpened {
        /// The clinic's name.
        clinic_name: String,
        /// The name to sign in with.
        user_name: String,
        /// The name to show.
        name: String,
        /// The password.
        password: String,
        /// A name for this computer; its own when left out.
        device_name: Option<String>,
        /// The sync server's address with its pin, where there is one.
        server: Option<String>,
    }
    /// Makes a clinic of invented people to try the product with.
    CreateDemonstration "create-demonstration" -> DemonstrationCreated {
        /// How many patients.
        patients: u32,
    }
    /// Joins a clinic by the code of one of its devices and makes the store on this computer. What
    /// an earlier try has begun with the same code is brought to its end.
    JoinClinic "join-clinic" -> ClinicOpened {
        /// The code.
        code: String,
        /// A name for this computer.
        device_name: String,
        /// The password of the person who joins, for this computer.
        password: String,
    }
    /// Makes this computer one of a clinic that may have no other left, by its recovery kit.
    RecoverClinic "recover-clinic" -> ClinicOpened {
        /// The code of the kit.
        code: String,
        /// The clinic's id, as it stands on the paper.
        clinic: ClinicId,
        /// The address of its server with the pin, likewise.
        server: String,
        /// Whom to sign in as; who made the kit when left out.
        user_name: Option<String>,
        /// A name for this computer.
        device_name: String,
        /// That person's password, for this computer.
        password: String,
    }
    /// Brings a joining that was interrupted to its end.
    ResumeJoining "resume-joining" -> ClinicOpened {
        /// The password it was begun with.
        password: String,
    }
    /// Opens the store.
    SignIn "sign-in" -> SessionView {
        /// The name to sign in with.
        user_name: String,
        /// The password.
        password: String,
    }
    /// Opens the store by the printed recovery code and sets a new password.
    RecoverAccess "recover-access" -> SessionView {
        /// The recovery code.
        code: String,
        /// Whose password is set.
        user_name: String,
        /// The new password.
        password: String,
    }
    /// Closes the store: the keys leave the memory.
    Lock "lock" -> () {}
    /// Keeps the language the windows of this computer open in, whoever signs in.
    Speak "speak" -> () {
        /// Its tag, such as `sw`.
        language: String,
    }
    /// Sets a new password for whoever is signed in, on this computer.
    ChangePassword "change-password" -> () {
        /// The password so far.
        password: String,
        /// The new one.
        new_password: String,
    }
    /// Makes a new recovery code for this computer. The old one opens nothing any more.
    ReplaceRecoveryCode "replace-recovery-code" -> NewRecoveryCode {
        /// The password of whoever is signed in.
        password: String,
    }
}
