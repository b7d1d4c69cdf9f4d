//! Signing in and locking.

use super::{
    attempts::{self, Way},
    open_store, store_keys,
};
use crate::{
    App,
    audit::{Deed, OtherDeed},
    error::{Told, ToldResult},
    hex::hex,
    host::{Host, HostEntropy},
    open::{Open, Session},
    people::at_work,
    permit::{denied, may_other},
    sync,
};
use api::{ApiError, ErrorCode, Event, Lock, Origin, SessionView, SignIn, Topic};
use clinical::{DeviceId, Practitioner, Stamp};
use store::{Store, StoreError};
use uuid::Uuid;
use vault::{
    Keyslots, KeyslotsFile, Unlocked, UserKeys,
    keyslots::{KeyslotsError, NewPassword, same_user},
};

/// Opens the store for a person.
///
/// # Errors
/// `wrong-password`, `unknown-user`, a cause of the keyring's, or one of the store's: each its
/// own.
pub(crate) fn sign_in<H: Host>(app: &App<H>, command: &SignIn) -> Result<SessionView, ApiError> {
    let host = app.host();
    sync::refuse_unfinished(host)?;
    let file = KeyslotsFile::at(host.directory());
    let mut keyslots = file.read().told()?.keyslots;
    let unlocked = keyslots
        .unlock(&command.user_name, &command.password, host.keyring())
        .inspect_err(|error| note_failure(app, &keyslots, &command.user_name, (error, Way::SignIn)))
        .told()?;
    strengthen(&file, &mut keyslots, &unlocked, command, host);
    enter(app, &keyslots, unlocked)
}

impl<H: Host> App<H> {
    /// Opens a store of which acknowledged entries are missing, or whose anchor is lost, and
    /// goes on with what is there: an administrator's decision, which is audited. What is
    /// missing comes back from other computers with the next exchange.
    ///
    /// # Errors
    /// As signing in; `not-permitted` for everyone but an administrator.
    pub fn accept_loss(&self, user_name: &str, password: &str) -> Result<SessionView, ApiError> {
        sync::refuse_unfinished(self.host())?;
        let keyslots = KeyslotsFile::at(self.host().directory()).read().told()?.keyslots;
        let unlocked = keyslots
            .unlock(user_name, password, self.host().keyring())
            .inspect_err(|error| note_failure(self, &keyslots, user_name, (error, Way::SignIn)))
            .told()?;
        let keys = store_keys(&unlocked.database_key);
        self.set_open(None);
        let found = Store::find(self.host().directory(), keys)
            .map_err(|error| opening(error, &keyslots, &unlocked))?;
        // Nothing may be written before the role is known: a new anchor would hide the loss from
        // everyone after.
        let person = person(found.people().told()?, &unlocked.user_name, &unlocked.user_keys)?;
        if !may_other(person.role, OtherDeed::AcceptLoss) {
            note(self, &keyslots, user_name, Way::AcceptLoss);
            return Err(denied());
        }
        let device = DeviceId::from_uuid(Uuid::from_bytes(keyslots.device()));
        let stamp = Stamp { author: person.id, device, at: self.host().now() };
        drop(found.accept_loss(Deed::from(OtherDeed::AcceptLoss).event(stamp, None)).told()?);
        enter(self, &keyslots, unlocked)
    }
}

/// Keeps that a password or recovery code was wrong.
pub(crate) fn note_failure<H: Host>(
    app: &App<H>,
    keyslots: &Keyslots,
    user_name: &str,
    (error, way): (&KeyslotsError, Way),
) {
    if !matches!(error, KeyslotsError::WrongPassword | KeyslotsError::WrongRecoveryCode) {
        return;
    }
    note(app, keyslots, user_name, way);
}

/// Keeps that somebody did not get in: in the chain at once where the store is open for somebody,
/// and with the next sign-in where it is not.
pub(super) fn note<H: Host>(app: &App<H>, keyslots: &Keyslots, user_name: &str, way: Way) {
    let is_it = |name: &&str| same_user(name, user_name);
    attempts::keep(app.host(), keyslots.user_names().find(is_it).unwrap_or_default(), way);
    let Some(open) = app.opened() else { return };
    let session = Session::of_host(app.host(), &open);
    let told = attempts::hand_over(&session, |rows| open.store.record_audit(&rows));
    if let Err(error) = told {
        tracing::warn!(%error, "a failed sign-in was not audited yet");
    }
}

/// Opens the store with keys that were unlocked, and signs their person in.
pub(crate) fn enter<H: Host>(
    app: &App<H>,
    keyslots: &Keyslots,
    unlocked: Unlocked,
) -> Result<SessionView, ApiError> {
    // Whoever is signed in leaves first: it is the same file.
    app.set_open(None);
    let store = open_store(app, &unlocked.database_key)
        .map_err(|error| opening(error, keyslots, &unlocked))?;
    let mut people = store.people().told()?;
    people.extend(sync::joining_person(&store).told()?);
    let person = person(people, &unlocked.user_name, &unlocked.user_keys)?;
    let open = Open::new(app.host(), store, keyslots, unlocked, person)?;
    let session = Session::of_host(app.host(), &open);
    attempts::hand_over(&session, |failed| {
        let mut events = failed;
        events.push(session.event(OtherDeed::SignIn, None));
        session.open.store.record_audit(&events)
    })
    .told()?;
    sync::end_entered(app.host());
    let view = open.view();
    app.set_open(Some(open));
    changed(app);
    Ok(view)
}

/// Closes the store and wipes the keys.
///
/// # Errors
/// None.
pub(crate) fn lock<H: Host>(app: &App<H>, _command: &Lock) -> Result<(), ApiError> {
    if let Some(open) = app.opened() {
        let session = Session::of_host(app.host(), &open);
        // Locking is never held up: a full disk must not keep the chart on the screen.
        if let Err(error) = session.audit(OtherDeed::Lock, None) {
            tracing::warn!(code = ?error.code, "the locking was not audited");
        }
    }
    app.set_open(None);
    changed(app);
    Ok(())
}

fn changed<H: Host>(app: &App<H>) {
    let topics = vec![Topic::Session];
    app.host().emit(Event::Changed { topics, origin: Origin::Host });
}

/// SQLCipher gives one error for a wrong key and a damaged first page. The key's check value
/// tells: it agreed when the slot opened, so the file is damaged.
fn opening(error: StoreError, keyslots: &Keyslots, unlocked: &Unlocked) -> ApiError {
    let right_key = unlocked.database_key.derive_check() == keyslots.key_check();
    if right_key && matches!(error, StoreError::WrongKeyOrDamaged) {
        return StoreError::Damaged("its first page").told();
    }
    error.told()
}

/// The person of a user name. A key that is not the person's is refused: the slot was exchanged.
fn person(
    people: Vec<Practitioner>,
    user_name: &str,
    keys: &UserKeys,
) -> Result<Practitioner, ApiError> {
    let key = hex(&keys.public());
    let mut same_name =
        at_work(people).into_iter().filter(|person| same_user(&person.user_name, user_name));
    same_name.find(|person| person.public_keys.contains(&key)).ok_or_else(|| {
        let detail = "This person no longer works at the clinic, or the account was changed \
                      elsewhere; ask an administrator.";
        ApiError::new(ErrorCode::UnknownUser, detail)
    })
}

/// Raises a weak stretching to what this computer can bear. A failure costs nothing: the old slot stands.
fn strengthen<H: Host>(
    file: &KeyslotsFile,
    keyslots: &mut Keyslots,
    unlocked: &Unlocked,
    command: &SignIn,
    host: &H,
) {
    let standard = host.stretching();
    if !unlocked.params.is_weaker_than(standard) {
        return;
    }
    let new =
        NewPassword { user: &command.user_name, password: &command.password, params: standard };
    let mut stronger = keyslots.clone();
    let entropy = &mut HostEntropy(host);
    let raised = stronger.change_password(&command.password, new, host.keyring(), entropy);
    if raised.is_ok() && file.write(&mut stronger).is_ok() {
        *keyslots = stronger;
    }
}
