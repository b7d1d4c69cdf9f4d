//! The door: making a clinic, getting in, getting out, and the keys to it.

mod attempts;
mod create;
mod language;
mod opening;
mod password;
mod recover;
mod sign_in;
mod slots;
mod status;

pub(crate) use attempts::Way;
pub(crate) use create::{
    create_clinic, ensure_absent, lacks_keyring, make_clinic, make_folder, make_store_files,
};
pub(crate) use language::speak;
pub use language::spoken;
pub(crate) use opening::open_store;
pub(crate) use password::{check_new_password, store_keys};
pub(crate) use recover::recover_access;
pub(crate) use sign_in::{enter, lock, note_failure, sign_in};
pub(crate) use slots::{change_password, replace_recovery_code};
pub(crate) use status::status;
