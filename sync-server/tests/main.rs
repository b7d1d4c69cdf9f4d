//! The server from outside: over its answers, and as a process.

#![allow(
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test may panic"
)]

mod backup;
mod blobs;
mod carrier;
mod common;
mod durability;
mod exchange;
mod hostile;
mod operator;
mod patience;
mod process;
mod proxied;
mod regions;
mod restored;
mod sessions;
mod shared;
