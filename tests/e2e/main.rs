//! The app itself, in real windows.
#![allow(missing_docs, unreachable_pub, reason = "a test binary")]

mod acts;
mod charting;
mod first_run;
mod story;
