//! The computer the program runs on: its clock, its randomness, its keyring and its folders.
//!
//! Both hosts, the desktop and the command line, are this one with another way of telling what
//! changed. This is the only place that reads the clock, and that waits for something.

mod computer;
mod drives;
mod exchange;
mod keyring;
mod lan;
mod printing;
mod rooms;
mod store_folder;
mod zone;

pub use computer::{Computer, Listener};
pub use exchange::{Bell, Exchange, Exchanging, Pace};
pub use lan::{Lan, LanSettings, Meeting, NoLan, meet_nearby};
pub use link::{Patience, Tally};
pub use rooms::{Looking, RoomBell, Rooms};
pub use store_folder::{NoStoreFolder, resolve as resolve_store_folder};
