//! What went wrong below, in the words of the contract.

use api::{ApiError, ErrorCode};
use chart::EditError;
use std::{io, path::Path};
use store::StoreError;
use vault::{
    KeyringError,
    keyslots::{KeyslotsError, KeyslotsFileError},
};

/// Nobody is signed in.
pub(crate) fn signed_out() -> ApiError {
    ApiError::new(ErrorCode::SignedOut, "Nobody is signed in on this computer.")
}

/// There is no such thing.
pub(crate) fn not_found(what: &str) -> ApiError {
    ApiError::new(ErrorCode::NotFound, format!("There is no such {what} here."))
}

/// A chart stands at the server and not on this computer.
pub(crate) fn not_here() -> ApiError {
    let detail = "This chart is not on this computer, which holds a part of the clinic: nothing of \
                  it can be shown or recorded here before it was fetched. Open it to fetch it.";
    ApiError::new(ErrorCode::ChartNotHere, detail)
}

/// The entry is another by now than the one that was shown.
pub(crate) fn changed() -> ApiError {
    let detail = "This was changed meanwhile, here or on another computer; nothing was recorded. \
                  Look at it as it is now, and decide again.";
    ApiError::new(ErrorCode::Changed, detail)
}

/// The cause of a file that could not be written.
pub(crate) fn code_of(error: &io::Error) -> ErrorCode {
    use io::ErrorKind as Kind;
    let is = |kinds: &[Kind]| kinds.contains(&error.kind());
    if is(&[Kind::AlreadyExists]) {
        ErrorCode::AlreadyExists
    } else if is(&[Kind::StorageFull, Kind::QuotaExceeded]) {
        ErrorCode::DiskFull
    } else if is(&[Kind::PermissionDenied, Kind::ReadOnlyFilesystem]) {
        ErrorCode::ReadOnlyDisk
    } else {
        ErrorCode::Internal
    }
}

/// The folder of a store that is none, cannot be made or lets this program not in. Nothing was
/// made in it.
pub(crate) fn folder_refused(folder: &Path, error: &io::Error) -> ApiError {
    use io::ErrorKind as Kind;
    let known = [
        (Kind::NotADirectory, "is no folder"),
        (Kind::NotFound, "cannot be made: there is no place for a folder"),
        (
            Kind::PermissionDenied,
            "cannot be used: this user of the computer may not read or write it",
        ),
    ];
    let told = format!("Nothing was made or changed: the store's folder, {},", folder.display());
    match known.iter().find(|(kind, _)| *kind == error.kind()) {
        Some((_, cause)) => {
            let detail = format!("{told} {cause}. Name another by --store.");
            ApiError::new(ErrorCode::ReadOnlyDisk, detail)
        }
        None => ApiError::new(code_of(error), format!("{told} cannot be used: {error}.")),
    }
}

/// No keyring keeps the secret of a new store. There is nothing yet that a recovery code would
/// open.
pub(crate) fn not_made(error: &KeyringError) -> ApiError {
    let remedy = match error {
        KeyringError::Locked => "Unlock it",
        KeyringError::TimedOut => "Wait until it answers",
        KeyringError::Absent
        | KeyringError::Empty
        | KeyringError::BadData
        | KeyringError::Failed(_) => "Mend it",
    };
    let detail = format!(
        "Nothing was made: {error}. {remedy} and try again, or set FIELDCHART_KEYRING=none to let \
         the password alone protect the store on this computer."
    );
    ApiError::new(keyring_code(error), detail)
}

const fn keyring_code(error: &KeyringError) -> ErrorCode {
    match error {
        KeyringError::Absent | KeyringError::Failed(_) => ErrorCode::KeyringAbsent,
        KeyringError::Empty | KeyringError::BadData => ErrorCode::KeyringEmpty,
        KeyringError::Locked => ErrorCode::KeyringLocked,
        KeyringError::TimedOut => ErrorCode::KeyringTimedOut,
    }
}

/// A lower crate's error in the words of the contract.
pub(crate) trait Told {
    /// The error as the window and the command line get it.
    fn told(self) -> ApiError;
}

/// `result.told()?` in use-cases.
pub(crate) trait ToldResult<T> {
    /// The result with its error told.
    fn told(self) -> Result<T, ApiError>;
}

impl<T, E: Told> ToldResult<T> for Result<T, E> {
    fn told(self) -> Result<T, ApiError> {
        self.map_err(Told::told)
    }
}

/// Whoever opens a store has its keys: that it is not there is never a first run.
const WITHOUT_DATABASE: &str = "Nothing was changed: the keys of a store are in this folder, but its \
    database, fieldchart.db, is missing. Nothing new is made over the keys: put the database back \
    from a copy of this folder, or make or join a clinic in another folder; what was synced is safe \
    on the other computers.";

/// What is safe of a damaged store, and what to do next.
pub const OF_A_DAMAGED_STORE: &str = "What other computers and the server have of it is safe; what \
    was recorded here since the last sync is in this store alone; `fieldchart check` looks through it. \
    Record nothing more here and copy its folder away first. Then put a backup in its place, or \
    join the clinic anew in an empty folder with a code of another computer (`device code`).";

impl Told for StoreError {
    fn told(self) -> ApiError {
        if matches!(self, Self::NotFound) {
            return ApiError::new(ErrorCode::Damaged, WITHOUT_DATABASE);
        }
        let code = match &self {
            Self::AlreadyExists => ErrorCode::AlreadyExists,
            Self::Locked => ErrorCode::StoreInUse,
            Self::NotFound | Self::WrongKeyOrDamaged | Self::Damaged(_) | Self::Document(_) => {
                ErrorCode::Damaged
            }
            Self::NewerSchema { .. } => ErrorCode::NewerVersion,
            Self::DiskFull => ErrorCode::DiskFull,
            Self::ReadOnlyDisk => ErrorCode::ReadOnlyDisk,
            Self::MissingCommits { .. } => ErrorCode::MissingCommits,
            Self::Erased => ErrorCode::NotFound,
            Self::ViewMismatch
            | Self::GivenUp
            | Self::Value(_)
            | Self::Io(_)
            | Self::DiskFailed(_)
            | Self::Database(_) => ErrorCode::Internal,
        };
        let lost = matches!(&self, Self::MissingCommits { .. } | Self::Damaged("its anchor"));
        let way_on = if lost {
            "An administrator can go on with what is there: `fieldchart check --accept-loss`; \
             what is missing comes back from other computers."
        } else if code == ErrorCode::Damaged {
            OF_A_DAMAGED_STORE
        } else {
            ""
        };
        let detail = format!("Nothing was changed: {self}. {way_on}");
        ApiError::new(code, detail.trim_end())
    }
}

impl Told for EditError {
    fn told(self) -> ApiError {
        let code = match &self {
            Self::Disputed(_) => ErrorCode::Disputed,
            Self::UnknownConflict
            | Self::UnknownVersion
            | Self::UnknownEntry(_)
            | Self::UnknownHeads => ErrorCode::NotFound,
            Self::NewerSchema => ErrorCode::NewerVersion,
            Self::SeveralEdits(_) => ErrorCode::Changed,
            Self::TooLarge { .. } | Self::Immutable(_) => ErrorCode::Invalid,
            Self::Refused => ErrorCode::Internal,
        };
        ApiError::new(code, format!("Nothing was changed: {self}."))
    }
}

impl Told for KeyringError {
    fn told(self) -> ApiError {
        let code = keyring_code(&self);
        let help = "Your records are safe; the printed recovery code opens them without it.";
        ApiError::new(code, format!("The password could not be checked: {self}. {help}"))
    }
}

impl Told for KeyslotsError {
    fn told(self) -> ApiError {
        let code = match self {
            Self::DeviceSecretMissing(error) => return error.told(),
            Self::DeviceSecretNotStored(error) => {
                let help = "Your records are safe; mend or unlock it and try again.";
                let detail = format!("Nothing was changed: {error}. {help}");
                return ApiError::new(keyring_code(&error), detail);
            }
            Self::WrongPassword => ErrorCode::WrongPassword,
            Self::WrongRecoveryCode => ErrorCode::WrongRecoveryCode,
            Self::UnknownUser => ErrorCode::UnknownUser,
            Self::UserExists => ErrorCode::AlreadyExists,
            Self::BadUserName | Self::TooManyUsers | Self::LastUser => ErrorCode::Invalid,
            Self::WrongDatabaseKey => ErrorCode::Damaged,
            Self::Stretch(_) => ErrorCode::Internal,
        };
        ApiError::new(code, format!("Nothing was changed: {self}."))
    }
}

impl Told for KeyslotsFileError {
    fn told(self) -> ApiError {
        let code = match &self {
            Self::AlreadyExists(_) => ErrorCode::AlreadyExists,
            Self::Absent => ErrorCode::NoClinic,
            Self::DamagedSlots => ErrorCode::Damaged,
            Self::NewerFormat(_) => ErrorCode::NewerVersion,
            Self::Io { source, .. } => code_of(source),
        };
        ApiError::new(code, format!("Nothing was changed: {self}."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// What keeps a person out has a code and a sentence of its own, so that each can be helped.
    #[test]
    fn each_way_to_be_kept_out_is_told_in_words_of_its_own() {
        let newer_file = KeyslotsFileError::NewerFormat(9).told();
        let newer_store = StoreError::NewerSchema { found: 9, known: 1 }.told();
        assert_eq!((newer_file.code, newer_store.code), {
            (ErrorCode::NewerVersion, ErrorCode::NewerVersion)
        });
        let missing = KeyslotsError::DeviceSecretMissing;
        let told = [
            (
                KeyslotsError::WrongPassword.told(),
                ErrorCode::WrongPassword,
                "the password is wrong",
            ),
            (KeyslotsFileError::DamagedSlots.told(), ErrorCode::Damaged, "damaged"),
            (missing(KeyringError::Absent).told(), ErrorCode::KeyringAbsent, "keyring"),
            (missing(KeyringError::Empty).told(), ErrorCode::KeyringEmpty, "does not hold"),
            (missing(KeyringError::Locked).told(), ErrorCode::KeyringLocked, "locked"),
            (missing(KeyringError::TimedOut).told(), ErrorCode::KeyringTimedOut, "not answer"),
            (newer_file, ErrorCode::NewerVersion, "newer version"),
        ];
        for (error, code, words) in &told {
            assert_eq!(error.code, *code);
            assert!(error.detail.contains(words), "{words}: {error}");
        }
        let codes: BTreeSet<_> = told.iter().map(|(error, ..)| error.code).collect();
        let details: BTreeSet<_> = told.iter().map(|(error, ..)| &error.detail).collect();
        assert_eq!((codes.len(), details.len()), (told.len(), told.len()));
    }

    /// Each says what is so, what is safe and what to do, in words that fit where it is told.
    #[test]
    fn what_failed_is_told_with_what_is_safe_and_what_to_do() {
        let check = |told: &ApiError, code: ErrorCode, words: &[&str]| {
            assert_eq!(told.code, code, "{told}");
            let missing: Vec<_> =
                words.iter().filter(|word| !told.detail.contains(**word)).collect();
            assert!(missing.is_empty(), "{missing:?} in {told}");
        };
        let damaged =
            ["safe", "copy its folder away", "`fieldchart check`", "join the clinic anew"];
        check(&StoreError::Damaged("a page").told(), ErrorCode::Damaged, &damaged);
        check(&StoreError::WrongKeyOrDamaged.told(), ErrorCode::Damaged, &damaged);
        check(&StoreError::Damaged("its anchor").told(), ErrorCode::Damaged, &["--accept-loss"]);
        check(&StoreError::NotFound.told(), ErrorCode::Damaged, &["fieldchart.db, is missing"]);
        let refused = |kind: io::ErrorKind| folder_refused(Path::new("/x/y"), &kind.into());
        for (kind, words) in [
            (io::ErrorKind::NotADirectory, "folder, /x/y, is no folder."),
            (io::ErrorKind::NotFound, "folder, /x/y, cannot be made: there is no place"),
            (io::ErrorKind::PermissionDenied, "this user of the computer may not read or write it"),
        ] {
            let told = [words, "Nothing was made or changed", "--store"];
            check(&refused(kind), ErrorCode::ReadOnlyDisk, &told);
        }
        check(&refused(io::ErrorKind::StorageFull), ErrorCode::DiskFull, &["cannot be used: "]);
        for (error, code, remedy) in [
            (KeyringError::Locked, ErrorCode::KeyringLocked, "locked. Unlock it and try again"),
            (KeyringError::TimedOut, ErrorCode::KeyringTimedOut, "Wait until it answers"),
            (KeyringError::Failed("no".into()), ErrorCode::KeyringAbsent, "failed: no. Mend it"),
        ] {
            let told = not_made(&error);
            check(&told, code, &["Nothing was made: ", remedy, "FIELDCHART_KEYRING=none"]);
            assert!(!told.detail.contains("recovery code"), "there is none: {told}");
            let told = KeyslotsError::DeviceSecretNotStored(error).told();
            check(&told, code, &["Nothing was changed: ", "records are safe"]);
        }
    }
}
