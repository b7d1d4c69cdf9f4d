//! What the window should show first.

use crate::{
    App,
    error::Told,
    host::Host,
    sync::{self, Joining},
};
use api::{ApiError, GetStatus, Stage, StatusView};
use store::{Store, StoreError};
use vault::keyslots::{KeyslotsFile, KeyslotsFileError};

/// Tells where we stand without opening anything.
///
/// # Errors
/// None: what is wrong with the store is part of the answer.
pub(crate) fn status<H: Host>(app: &App<H>, _command: &GetStatus) -> Result<StatusView, ApiError> {
    let stage = match app.opened() {
        Some(open) => Stage::SignedIn(open.view()),
        None => closed(app),
    };
    Ok(StatusView { stage, version: env!("CARGO_PKG_VERSION").to_owned() })
}

fn closed<H: Host>(app: &App<H>) -> Stage {
    let host = app.host();
    match sync::joining_under_way(host) {
        Ok(Joining::None | Joining::Entered) => {}
        // Nobody has been told anything yet: whatever is begun next clears it away.
        Ok(Joining::Begun) => return Stage::FirstRun,
        Ok(Joining::Ready(user_name)) => return Stage::Joining { user_name },
        Err(error) => return Stage::Blocked(error),
    }
    match KeyslotsFile::at(host.directory()).read() {
        // Keys without their database are none either: nobody is asked for a password in vain.
        Ok(_) if !Store::has_database(host.directory()) => {
            Stage::Blocked(StoreError::NotFound.told())
        }
        Ok(loaded) => {
            let mut users: Vec<String> = loaded.keyslots.user_names().map(str::to_owned).collect();
            users.sort_unstable();
            Stage::SignedOut { users, clinic_name: app.clinic_before() }
        }
        // A database without its keyslots is not a first run: nothing new is made beside it.
        Err(KeyslotsFileError::Absent) if !Store::exists(host.directory()) => Stage::FirstRun,
        Err(KeyslotsFileError::Absent) => Stage::Blocked(KeyslotsFileError::DamagedSlots.told()),
        Err(error) => Stage::Blocked(error.told()),
    }
}
