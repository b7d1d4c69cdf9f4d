//! What went wrong below, in the words of the contract.

use api::{ApiError, ErrorCode};
use chart::EditError;
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

/// The entry is another by now than the one that was shown.
pub(crate) fn changed() -> ApiError {
    let detail = "This was changed meanwhile, here or on another computer; nothing was recorded. \
                  Look at it as it is now, and decide again.";
    ApiError::new(ErrorCode::Changed, detail)
}

/// The cause of a file that could not be written.
pub(crate) fn code_of(error: &std::io::Error) -> ErrorCode {
    use std::io::ErrorKind as Kind;
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
            Self::ViewMismatch
            | Self::Value(_)
            | Self::Io(_)
            | Self::DiskFailed(_)
            | Self::Database(_) => ErrorCode::Internal,
        };
        let lost = matches!(&self, Self::MissingCommits { .. } | Self::Damaged("its anchor"));
        let way_on = if lost {
            " An administrator can go on with what is there: `fieldchart check --accept-loss`; \
             what is missing comes back from other computers."
        } else {
            ""
        };
        ApiError::new(code, format!("Nothing was changed: {self}.{way_on}"))
    }
}

impl Told for EditError {
    fn told(self) -> ApiError {
        let code = match &self {
            Self::Disputed(_) => ErrorCode::Disputed,
            Self::UnknownConflict | Self::UnknownVersion | Self::UnknownEntry(_) => {
                ErrorCode::NotFound
            }
            Self::NewerSchema => ErrorCode::NewerVersion,
            Self::TooLarge { .. } => ErrorCode::Invalid,
            Self::Immutable(_) | Self::Refused => ErrorCode::Internal,
        };
        ApiError::new(code, format!("Nothing was changed: {self}."))
    }
}

impl Told for KeyringError {
    fn told(self) -> ApiError {
        let code = match &self {
            Self::Absent => ErrorCode::KeyringAbsent,
            Self::Empty => ErrorCode::KeyringEmpty,
            Self::Locked => ErrorCode::KeyringLocked,
            Self::TimedOut => ErrorCode::KeyringTimedOut,
            Self::BadData => ErrorCode::KeyringEmpty,
            Self::Failed(_) => ErrorCode::KeyringAbsent,
        };
        let help = "Your records are safe; the printed recovery code opens them without it.";
        ApiError::new(code, format!("The password could not be checked: {self}. {help}"))
    }
}

impl Told for KeyslotsError {
    fn told(self) -> ApiError {
        let code = match self {
            Self::DeviceSecretMissing(error) | Self::DeviceSecretNotStored(error) => {
                return error.told();
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
}
