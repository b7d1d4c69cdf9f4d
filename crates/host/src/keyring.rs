//! The computer's keyring: Keychain, Credential Manager or the Secret Service.

use keyring::Error;
use keyring::v1::Entry;
use vault::Sensitive;
use vault::keyring::{KeyringError, KeyringPort};

/// The service our entries are listed under.
const SERVICE: &str = "org.fieldchart";

/// The keyring of the user's session. It may take for ever: wrap it in
/// [`vault::keyring::TimeLimited`].
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SystemKeyring;

impl KeyringPort for SystemKeyring {
    fn get(&self, name: &str) -> Result<Sensitive<Vec<u8>>, KeyringError> {
        entry(name)?.get_secret().map(Sensitive::new).map_err(reason)
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyringError> {
        entry(name)?.set_secret(secret).map_err(reason)
    }

    fn delete(&self, name: &str) -> Result<(), KeyringError> {
        entry(name)?.delete_credential().map_err(reason)
    }
}

fn entry(name: &str) -> Result<Entry, KeyringError> {
    Entry::new(SERVICE, name).map_err(reason)
}

/// Which remedy the user needs; what the system says about itself is kept, what it holds is not.
#[allow(clippy::wildcard_enum_match_arm, reason = "the keyring's errors are an open list")]
fn reason(error: Error) -> KeyringError {
    match error {
        Error::NoEntry => KeyringError::Empty,
        Error::NoDefaultStore => KeyringError::Absent,
        Error::NoStorageAccess(_) => KeyringError::Locked,
        Error::BadEncoding(_)
        | Error::BadDataFormat(..)
        | Error::BadStoreFormat(_)
        | Error::Ambiguous(_) => KeyringError::BadData,
        Error::PlatformFailure(cause) => KeyringError::Failed(cause.to_string()),
        other => KeyringError::Failed(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_of_the_system_has_its_remedy() {
        let check = |error: Error, expected: KeyringError| assert_eq!(reason(error), expected);
        check(Error::NoEntry, KeyringError::Empty);
        check(Error::NoDefaultStore, KeyringError::Absent);
        check(Error::NoStorageAccess("prompt dismissed".into()), KeyringError::Locked);
        check(Error::BadEncoding(vec![1, 2]), KeyringError::BadData);
        check(Error::BadDataFormat(vec![1], "hex".into()), KeyringError::BadData);
        check(Error::Ambiguous(Vec::new()), KeyringError::BadData);
        check(Error::PlatformFailure("dbus".into()), KeyringError::Failed("dbus".to_owned()));
        assert!(matches!(reason(Error::TooLong("a".to_owned(), 1)), KeyringError::Failed(_)));
    }
}
