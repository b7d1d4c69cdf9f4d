//! The app itself, in real windows.
#![cfg(target_os = "linux")]
#![allow(missing_docs, unreachable_pub, reason = "a test binary")]

mod acts;
mod charting;
mod first_run;
mod story;
