//! The use-cases: one file each, generic over a [`Host`].
//!
//! A host (the desktop, the command line) makes an [`App`] and hands commands to
//! [`App::dispatch`]. A use-case takes a [`Permit`] that only the role table can make, loads the
//! document, makes the edit, asks `care` for advice and commits through the store's one door;
//! what changed leaves as topics. Nothing here knows a window, a socket or a clock of its own.

mod access;
mod app;
mod audit;
mod commit;
pub mod demo;
mod demonstration;
mod error;
mod export;
mod files;
mod forms;
mod hex;
mod host;
mod import;
mod kept_chart;
mod kept_store;
mod last_signs;
mod lists;
mod load;
mod measured;
mod notes;
mod open;
mod people;
mod permit;
mod print;
mod read;
mod record;
mod router;
mod sampled;
mod sync;
mod turns;
mod upkeep;
mod weights;

pub use crate::sync::{
    Admission, Admitted, Awaited, Documents, Ended, Entrance, FloorMade, GivenChart, GivenFile,
    Heard, LanCallers, LanIdentity, MetAdmitter, MetJoiner, MetPeer, NewBundle, Waited,
    nobody_answers,
};
pub use access::spoken;
pub use app::App;
pub use care::{CONTRADICTION, diagnosis};
pub use demonstration::Demonstrated;
pub use error::OF_A_DAMAGED_STORE;
pub use export::{Export, Exported, Format, LeftOut};
pub use host::{Drive, Host, PrintJob};
pub use measured::{MeasuredChart, MeasuredEdits, UserNames};
pub use notes::signed_bytes;
pub use permit::{Action, Permit, ROLE_TABLE, may};
pub use upkeep::CheckReport;
pub use vault::{keyslots::same_user, sas::Number};
