//! Getting in: with a password, and with the key itself.

use crate::{
    clock::{Spread, time},
    desk::{Desk, call},
    outcome::Outcome,
    places::Places,
    population::{self, PASSWORD, USER},
    row::{Row, both, within},
};
use api::{Lock, SignIn};
use app::App;
use std::{path::Path, time::Duration};
use store::{Store, StoreError, StoreKeys};
use vault::{KeyslotsFile, keyring::NoKeyring};

const PASSWORD_MAX: Duration = Duration::from_secs(1);
const KEY_MAX: Duration = Duration::from_millis(20);
const PASSWORD_ROUNDS: u32 = 7;
const KEY_ROUNDS: u32 = 40;

/// Opens the population's store again and again.
pub(crate) fn measure(places: &Places) -> Outcome<Vec<Row>> {
    let folder = population::folder(places);
    let password = (0..PASSWORD_ROUNDS).map(|_| sign_in(&folder)).collect::<Outcome<Spread>>()?;
    let keys = keys(&folder)?;
    let key = (0..KEY_ROUNDS).map(|_| open(&folder, &keys));
    let key = key.collect::<Result<Spread, StoreError>>()?;
    let told =
        |spread: &Spread| format!("p50 {}, slowest {}", both(spread.at(50)), both(spread.at(100)));
    Ok(vec![
        Row::new(
            "unlocking with the password (Argon2id as new slots have it), store opened",
            told(&password),
            "≤ 1 s",
            within(&[(password.at(50), PASSWORD_MAX)]),
        ),
        Row::new(
            format!("opening the store of {} patients with its key", places.patients),
            told(&key),
            "≤ 20 ms",
            within(&[(key.at(50), KEY_MAX)]),
        ),
    ])
}

/// The store of a demonstration, opened past the use-cases.
pub(crate) fn open_raw(folder: &Path) -> Outcome<Store> {
    Ok(Store::open(folder, keys(folder)?)?)
}

fn keys(folder: &Path) -> Outcome<StoreKeys> {
    let slots = KeyslotsFile::at(folder).read()?.keyslots;
    let key = slots.unlock(USER, PASSWORD, &NoKeyring)?.database_key;
    Ok(StoreKeys::new(*key.expose(), *key.derive_anchor_key().expose()))
}

fn sign_in(folder: &Path) -> Outcome<crate::clock::Took> {
    let app = App::new(Desk::at(folder));
    let command = SignIn { user_name: USER.to_owned(), password: PASSWORD.to_owned() };
    let (_, took) = time(|| call(&app, command))?;
    call(&app, Lock {})?;
    Ok(took)
}

/// Opens and reads something, so that a page is really decrypted.
fn open(folder: &Path, keys: &StoreKeys) -> Result<crate::clock::Took, StoreError> {
    let read = || {
        let store = Store::open(folder, keys.clone())?;
        store.clinic_name().map(|_| store)
    };
    time(read).map(|(_store, took)| took)
}
