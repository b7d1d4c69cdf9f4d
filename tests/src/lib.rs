//! What the tests of the whole product share: starting its programs, driving its windows.
//!
//! Everything here is for tests alone: what goes wrong ends the test, with words that say what
//! was being waited for.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "this crate is only ever part of a test"
)]

pub mod bulky;
pub mod computer;
pub mod disk;
pub mod golden;
// The desktop session of GNOME and its likes.
#[cfg(target_os = "linux")]
pub mod keyring;
#[cfg(target_os = "linux")]
pub mod line;
#[cfg(target_os = "linux")]
pub mod network;
pub mod pictures;
pub mod planted;
pub mod power;
pub mod process;
pub mod programs;
pub mod scene;
pub mod server;
// The app is driven by WebKitGTK's WebDriver.
#[cfg(target_os = "linux")]
pub mod window;
