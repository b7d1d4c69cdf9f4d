//! The app itself, in real windows, and on a desktop's real keyring.
#![cfg(target_os = "linux")]
#![allow(missing_docs, unreachable_pub, reason = "a test binary")]

mod acts;
mod admitted;
mod charting;
mod copied;
mod drafts;
mod effort;
mod endings;
mod erasing;
mod first_run;
mod gallery;
mod guide;
mod hostile;
mod keyring;
mod keys;
#[allow(dead_code, reason = "the other tests do more with it")]
#[path = "../tests/line.rs"]
mod line;
mod live;
mod looked_into;
mod merging;
mod package;
mod palette;
mod paper;
mod parts;
mod planted;
mod prepared;
mod printer;
mod pseudo;
mod reception;
mod screens;
mod sharing;
mod sight;
mod slips;
mod slow;
mod states;
#[allow(dead_code, reason = "the other tests do more with it")]
#[path = "../tests/station.rs"]
mod station;
mod stick;
mod story;
mod told;
mod tongues;
mod typing;
mod visit;
mod walk;
mod whereabouts;
