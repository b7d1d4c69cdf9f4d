//! The living record from outside: its forms, its merges, its limits.

mod common;
mod decided;
mod given;
mod golden;
mod groups;
mod joined;
mod large;
mod merge;
mod refresh;
mod tasks;
mod visits;
