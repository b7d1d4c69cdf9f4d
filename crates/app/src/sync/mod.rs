//! Sync: the use-cases that found a clinic's membership, enrol and remove computers, and
//! exchange sealed changes with a server.
//!
//! The decisions are `sync`'s, the keys `vault`'s, the rows `store`'s; here they meet. What
//! arrives goes through the same commit and the same refresh as what is edited here.

mod alarms;
mod devices;
mod document_keys;
mod documents;
mod exchange;
mod failure;
mod join;
mod joining;
mod keys;
mod names;
mod receive;
mod seal;
mod server;
mod state;

pub(crate) use devices::{list_devices, make_device_code, revoke_device};
pub(crate) use join::join_clinic;
pub(crate) use joining::joining_person;
pub(crate) use keys::{device_names, found_clinic};
pub(crate) use server::{check_server, keep_server};
pub(crate) use state::{get_sync_state, set_server, sync_now};
