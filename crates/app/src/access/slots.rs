//! Changing the key slots of this computer: a password, the recovery code.

use super::check_new_password;
use crate::{
    audit::Deed,
    error::ToldResult,
    host::{Host, HostEntropy},
    open::Session,
    permit::Permit,
};
use api::{ApiError, ChangePassword, NewRecoveryCode, ReplaceRecoveryCode};
use std::sync::PoisonError;
use store::AuditOutcome;
use vault::{
    Keyslots, KeyslotsFile,
    keyslots::{KeyslotsError, NewPassword},
};

/// Sets a new password for whoever is signed in. They go on signing with the same key.
///
/// # Errors
/// `wrong-password` for the password so far; `invalid` for the new one; the keyring's; the
/// store's.
pub(crate) fn change_password<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<ChangePassword>,
    command: &ChangePassword,
) -> Result<(), ApiError> {
    let user = session.open.person.user_name.as_str();
    check_new_password(&command.new_password, user)?;
    session.change_slots(|slots| {
        let new = NewPassword {
            user,
            password: &command.new_password,
            params: session.host.stretching(),
        };
        let (keyring, entropy) = (session.host.keyring(), &mut HostEntropy(session.host));
        slots
            .change_password(&command.password, new, keyring, entropy)
            .inspect_err(|error| session.note_wrong(error, permit.deed()))
            .told()?;
        session.audit(permit, None)
    })
}

/// Makes a new recovery code and answers it, once. The old one is dead when this returns.
///
/// # Errors
/// `wrong-password`; the keyring's; the store's.
pub(crate) fn replace_recovery_code<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<ReplaceRecoveryCode>,
    command: &ReplaceRecoveryCode,
) -> Result<NewRecoveryCode, ApiError> {
    let user = session.open.person.user_name.as_str();
    let code = session.change_slots(|slots| {
        // Whoever finds a window open does not get a key to it for ever.
        slots
            .unlock(user, &command.password, session.host.keyring())
            .inspect_err(|error| session.note_wrong(error, permit.deed()))
            .told()?;
        let entropy = &mut HostEntropy(session.host);
        let code = slots.replace_recovery_code(&session.open.database_key, entropy).told()?;
        session.audit(permit, None)?;
        Ok(code)
    })?;
    Ok(NewRecoveryCode { recovery_code: code.to_text().expose().clone() })
}

impl<H: Host> Session<'_, H> {
    /// Whether it is the password of whoever is signed in: whoever finds a window open gets nothing
    /// that lasts.
    ///
    /// # Errors
    /// `wrong-password`, which leaves its row; the keyring's; the disk's.
    pub(crate) fn check_password(
        &self,
        password: &str,
        deed: impl Into<Deed>,
    ) -> Result<(), ApiError> {
        let file = KeyslotsFile::at(self.host.directory());
        let slots = file.read().told()?.keyslots;
        slots
            .unlock(self.open.person.user_name.as_str(), password, self.host.keyring())
            .inspect_err(|error| self.note_wrong(error, deed.into()))
            .told()?;
        Ok(())
    }

    /// A wrong password of whoever is signed in leaves its row.
    fn note_wrong(&self, error: &KeyslotsError, deed: Deed) {
        if matches!(error, KeyslotsError::WrongPassword) {
            self.audit_undone(deed, None, AuditOutcome::Failure);
        }
    }

    /// Reads the key slots, changes them and writes them back, one at a time. What is audited is
    /// audited in `change`, before it counts.
    pub(crate) fn change_slots<T>(
        &self,
        change: impl FnOnce(&mut Keyslots) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let turn = &self.open.store.turns().changing_slots;
        let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        let file = KeyslotsFile::at(self.host.directory());
        let mut slots = file.read().told()?.keyslots;
        let answer = change(&mut slots)?;
        file.write(&mut slots).told()?;
        Ok(answer)
    }
}
