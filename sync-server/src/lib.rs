//! The sync server: carries sealed envelopes between the devices of clinics.
//!
//! It sees headers, sizes and times; it has no key and knows nothing of what is sealed. It is
//! trusted with availability, not with secrecy or truth: devices check signatures and the chain
//! over every envelope's id.

// The tests of this crate and those beside it share what makes a database.
#[cfg(test)]
extern crate self as sync_server;

mod accept;
mod asked;
mod auth;
mod backup;
mod bearer;
mod bench_serve;
mod blobs;
mod clinics;
mod clock;
mod config;
mod data_dir;
mod forwarded;
mod front;
mod guests;
mod handlers;
mod handles;
mod limits;
mod listen;
mod log;
#[cfg(feature = "measure")]
pub mod measure;
mod metrics;
mod opened;
mod operate;
mod over_quota;
mod preamble;
mod quota;
mod random;
mod refusals;
mod refuse;
mod router;
mod server;
mod stall;
mod state;
pub mod telemetry;
mod tls;
mod wakes;
mod words;

pub use backup::{BackupError, backup};
pub use bench_serve::{BenchError, bench_serve};
pub use blobs::BlobsError;
pub use config::{BackupOf, Cli, Config, Kept, Limits, LogFormat, PlaceOf, QuotaOf, Task};
pub use data_dir::DataDirError;
pub use front::{Front, Place, Subnet};
pub use log::OpenError;
pub use log::postgres::{DatabaseError, Migration, migrate};
pub use operate::{OperateError, clinics, place, quota};
pub use server::{ServeError, Server};
pub use tls::IdentityError;
