//! Carrying the record in a file, as on a USB stick: where there is no network, or to be quicker
//! than one. What is in it is sealed as it is for the server, and whoever takes it in passes it on.

mod drives;
mod read;
mod write;

pub(crate) use drives::{drive_named, list_drives, read_from_drive, stamp, write_to_drive};
pub use write::NewBundle;
