//! The app itself, in real windows.
#![allow(missing_docs, reason = "a test binary")]

mod first_run;
